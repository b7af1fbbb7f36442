import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { submit } from '../support/capture-form.ts';
import { newServer, ORIGIN, type TestServer, type TestWorkspace } from '../support/server.ts';
import { TEN_FIELDS } from '../support/ten-field-form.ts';

const LEAST: FormDefinition = {
  steps: [{ id: 'one', fields: [{ id: 'email', type: 'email', label: 'E-mail', maps_to: 'contact.email' }] }],
};
/** One that takes submissions without a proof of work. */
const UNPROVEN: FormDefinition = { ...LEAST, spam: { proof: false } };
/** A definition that says something else each time. */
const titled = (title: string): FormDefinition => ({ ...LEAST, title });
const BROKEN: FormDefinition = {
  steps: [{ id: 'one', fields: [{ id: 'plan', type: 'select', label: 'Plan', maps_to: 'lead.gone' }] }],
};

describe('forms', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  const forms = () => ours.client.forms;
  const newForm = (draft = LEAST, name = `Form ${newId()}`) => forms().create({ name, draft });
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    server.fetch(`${ORIGIN}/api/v2${path}`, {
      ...json(method, body ?? {}, { ...bearing(ours.owner.token), ...headers }),
      ...(method === 'GET' && { body: null }),
    });

  test('are kept as they are written, unpublished at first', async () => {
    const made = await newForm(TEN_FIELDS, 'Quote');
    assert.partialDeepStrictEqual(made, {
      name: 'Quote',
      workspace_id: ours.id,
      created_by: ours.owner.userId,
      version: 1,
      published_version: null,
      published_at: null,
      has_changes: true,
      is_active: true,
      submissions_count: 0,
      last_submission_at: null,
      problems: [],
    });
    assert.deepEqual(made.draft, TEN_FIELDS);
    assert.deepEqual(await forms().get(made.id), made);
    const [entry] = (await ours.client.audit.list({ resource: 'form', record_id: made.id })).data;
    assert.equal(entry?.action, 'form.created');
  });

  test('are refused where they are no forms at all, each part by its place', async () => {
    const field = { id: 'a', type: 'select', label: 'A' };
    const refused = async (draft: unknown) => {
      const response = await call('POST', '/forms', { name: 'X', draft });
      assert.equal(response.status, 400);
      return ((await response.json()) as any).issues.map(({ path, code }: any) => `${path} ${code}`);
    };
    assert.deepEqual(await refused({}), ['draft.steps required']);
    assert.deepEqual(await refused({ steps: [{ id: 'one', fields: [{ ...field, options: [{ label: 'No value' }] }] }] }), [
      'draft.steps.0.fields.0.options.0.value required',
    ]);
    assert.deepEqual(await refused({ steps: [{ id: 'one', fields: [{ ...field, id: '_key' }] }] }), [
      'draft.steps.0.fields.0.id not_format',
    ]);
    assert.deepEqual(await refused({ ...LEAST, colour: 'red' }), ['draft.colour unknown']);
    assert.deepEqual(await refused({ ...LEAST, success: { kind: 'redirect', url: 'javascript:alert(1)' } }), [
      'draft.success.url not_url',
    ]);
  });

  test('may be drafts with problems, which are listed, and publishing refuses by their places', async () => {
    const made = await newForm(BROKEN);
    const problems = ['steps.0.fields.0.options required', 'steps.0.fields.0.maps_to not_target', 'steps no_identity'];
    assert.deepEqual(
      made.problems.map(({ path, code }) => `${path} ${code}`),
      problems,
    );
    const response = await call('POST', `/forms/${made.id}/publish`);
    const body = (await response.json()) as any;
    assert.deepEqual([response.status, body.code], [400, 'VALIDATION_ERROR']);
    assert.deepEqual(
      body.issues.map(({ path, code }: any) => `${path} ${code}`),
      problems.map((problem) => `draft.${problem}`),
    );
    assert.equal(body.error, 'The list of options of “Plan” is required. (and 2 more)');
    assert.deepEqual(await forms().get(made.id), made);
    const mended = await forms().update(made.id, { draft: LEAST });
    assert.deepEqual(mended.problems, []);
  });

  test('are held against the records of their own workspace', async () => {
    const theirs = await server.newWorkspace();
    const lead = async (at: TestWorkspace) => {
      const pipeline = await at.client.pipelines.create({ name: newId(), stages: [{ name: 'New', category: 'new' }] });
      const source = await at.client.leadSources.create({ name: newId() });
      return {
        source_id: source.id,
        pipeline_id: pipeline.id,
        stage_id: pipeline.stages[0]!.id,
        owner: { kind: 'fixed', user_id: at.member.userId },
      } as const;
    };
    assert.deepEqual((await newForm({ ...LEAST, lead: await lead(ours) })).problems, []);
    const foreign = await newForm({ ...LEAST, lead: await lead(theirs) });
    assert.deepEqual(
      foreign.problems.map(({ path, code }) => `${path} ${code}`),
      ['source_id', 'pipeline_id', 'stage_id', 'owner.user_id'].map((place) => `lead.${place} not_found`),
    );
  });

  test('go to custom fields that are in use', async () => {
    const field = await ours.client.customFields.create({
      context: 'lead',
      name: 'region',
      label: 'Region',
      field_type: 'select',
      configuration: { options: [{ value: 'north' }] },
    });
    const region = (value: string): FormDefinition => ({
      steps: [
        ...LEAST.steps,
        {
          id: 'two',
          fields: [{ id: 'region', type: 'radio', label: 'Region', options: [{ value }], maps_to: 'lead.custom.region' }],
        },
      ],
    });
    const good = await newForm(region('north'));
    assert.deepEqual(good.problems, []);
    assert.equal((await newForm(region('east'))).problems[0]!.path, 'steps.1.fields.0.options.0.value');
    await ours.client.customFields.update(field.id, { is_active: false });
    assert.deepEqual(
      (await forms().get(good.id)).problems.map(({ code }) => code),
      ['not_target'],
    );
  });

  test('are met by visitors as they were published last', async () => {
    const { id } = await newForm(titled('First'));
    const first = await forms().publish(id);
    assert.partialDeepStrictEqual(first, { published_version: 1, has_changes: false, version: 2 });
    assert.ok(first.published_at);
    const changed = await forms().update(id, { draft: titled('Second') });
    assert.partialDeepStrictEqual(changed, { published_version: 1, has_changes: true });
    assert.equal((await server.visitor.capture.form(id)).title, 'First');
    assert.equal((await forms().update(id, { draft: titled('First') })).has_changes, false);
    await forms().update(id, { draft: titled('Second') });
    await forms().publish(id);
    assert.partialDeepStrictEqual(await server.visitor.capture.form(id), { title: 'Second', version: 2 });
    const { data, pagination } = await forms().versions(id);
    assert.deepEqual(
      data.map(({ number, definition, published_by }) => [number, definition.title, published_by]),
      [
        [2, 'Second', ours.owner.userId],
        [1, 'First', ours.owner.userId],
      ],
    );
    assert.equal(pagination.total, 2);
    assert.deepEqual(
      (await forms().versions(id, { page_size: 1, page: 2 })).data.map(({ number }) => number),
      [1],
    );
    const actions = (await ours.client.audit.list({ resource: 'form', record_id: id })).data.map(({ action }) => action);
    assert.equal(actions.filter((action) => action === 'form.published').length, 2);
  });

  test('that are closed show no version, and show it again', async () => {
    const { id } = await newForm();
    await forms().publish(id);
    assert.equal((await forms().update(id, { is_active: false })).published_version, null);
    assert.equal((await forms().update(id, { is_active: true })).published_version, 1);
  });

  test('published at once become versions one after the other, and none is lost', async () => {
    const { id } = await newForm();
    const done = await Promise.all(Array.from({ length: 5 }, () => forms().publish(id)));
    assert.deepEqual(done.map(({ published_version }) => published_version).toSorted(), [1, 2, 3, 4, 5]);
    assert.deepEqual(
      (await forms().versions(id, { sort_order: 'asc' })).data.map(({ number }) => number),
      [1, 2, 3, 4, 5],
    );
  });

  test('published at once from the same version become one', async () => {
    const { id } = await newForm();
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => (await call('POST', `/forms/${id}/publish`, {}, { 'If-Match': '"1"' })).status),
    );
    assert.deepEqual(statuses.toSorted(), [200, 412, 412, 412, 412]);
    assert.equal((await forms().versions(id)).data.length, 1);
  });

  test('published again with the same key stay as they were published', async () => {
    const { id } = await newForm();
    const publish = () => call('POST', `/forms/${id}/publish`, {}, { 'Idempotency-Key': id });
    const [first, second] = [await publish(), await publish()];
    assert.equal(second.headers.get('Idempotent-Replayed'), 'true');
    assert.equal(await second.text(), await first.text());
    assert.equal((await forms().versions(id)).data.length, 1);
  });

  test('are changed from the version that was seen, and told by their ETags', async () => {
    const { id } = await newForm();
    const seen = await call('GET', `/forms/${id}`);
    const etag = seen.headers.get('ETag')!;
    assert.equal((await call('GET', `/forms/${id}`, undefined, { 'If-None-Match': etag })).status, 304);
    const renamed = await call('PATCH', `/forms/${id}`, { name: 'Renamed' }, { 'If-Match': etag });
    assert.equal(renamed.status, 200);
    const late = await call('PATCH', `/forms/${id}`, { name: 'Late' }, { 'If-Match': etag });
    const body = (await late.json()) as any;
    assert.deepEqual(
      [late.status, body.code, body.current.name, body.current.problems],
      [412, 'VERSION_MISMATCH', 'Renamed', []],
    );
    for (const [method, path] of [
      ['POST', `/forms/${id}/publish`],
      ['DELETE', `/forms/${id}`],
    ] as const)
      assert.equal((await call(method, path, {}, { 'If-Match': etag })).status, 412, path);
    // Nothing different is no change.
    assert.equal((await forms().update(id, { name: 'Renamed', draft: LEAST })).version, 2);
  });

  test('tell in their ETag that something else came to be wrong with them', async () => {
    const source = await ours.client.leadSources.create({ name: newId() });
    const { id } = await newForm({ ...LEAST, lead: { source_id: source.id } });
    const etag = (await call('GET', `/forms/${id}`)).headers.get('ETag')!;
    await ours.client.leadSources.remove(source.id);
    assert.equal((await call('GET', `/forms/${id}`, undefined, { 'If-None-Match': etag })).status, 200);
  });

  test('are listed the newest first, sorted, searched and filtered', async () => {
    const at = await server.newWorkspace();
    const make = (name: string, is_active = true) => at.client.forms.create({ name, draft: LEAST, is_active });
    for (const [name, isActive] of [
      ['Zoë asks', true],
      ['Àrea contact', false],
      ['Newsletter', true],
    ] as const)
      await make(name, isActive);
    const names = async (query: object) => (await at.client.forms.list(query)).data.map(({ name }) => name);
    assert.deepEqual(await names({}), ['Newsletter', 'Àrea contact', 'Zoë asks']);
    assert.deepEqual(await names({ sort_by: 'name', sort_order: 'asc' }), ['Àrea contact', 'Newsletter', 'Zoë asks']);
    assert.deepEqual(await names({ search: 'AREA' }), ['Àrea contact']);
    assert.deepEqual(await names({ search: 'con area' }), ['Àrea contact']);
    assert.deepEqual(await names({ search: 'e_t%' }), []);
    assert.deepEqual(await names({ is_active: false }), ['Àrea contact']);
    assert.equal((await names({ sort_by: 'last_submission_at' })).length, 3);
    const first = await at.client.forms.list({ page_size: 2, sort_by: 'updated_at' });
    const rest = await at.client.forms.list({ page_size: 2, sort_by: 'updated_at', cursor: first.pagination.next_cursor! });
    assert.deepEqual(
      [...first.data, ...rest.data].map(({ name }) => name),
      ['Newsletter', 'Àrea contact', 'Zoë asks'],
    );
    assert.ok(!('problems' in first.data[0]!));
  });

  test('count what they brought, and when it came last', async () => {
    const at = await server.newWorkspace();
    const asked = await at.client.forms.create({ name: 'Asked', draft: UNPROVEN });
    const other = await at.client.forms.create({ name: 'Other', draft: LEAST });
    await at.client.forms.publish(asked.id);
    for (const email of ['one@example.test', 'two@example.test'])
      await submit(server, asked.id, { answers: { email } }, { origin: null });
    const suspected = await submit(
      server,
      asked.id,
      { answers: { email: 'three@example.test' }, elapsed_ms: 5 },
      { origin: null },
    );
    assert.equal(suspected.status, 201);
    const { data } = await at.client.forms.list({ sort_by: 'last_submission_at' });
    assert.deepEqual(
      data.map(({ id, submissions_count }) => [id, submissions_count]),
      [
        [asked.id, 2],
        [other.id, 0],
      ],
    );
    const [last] = (await at.client.forms.submissions(asked.id, { state: ['accepted'] })).data;
    assert.equal(data[0]!.last_submission_at, last!.created_at);
    assert.equal((await at.client.forms.get(asked.id)).submissions_count, 2);
  });

  test('have their patterns tried where none takes for ever', async () => {
    const slow = { id: 'slow', type: 'text', label: 'Slow', pattern: '(a+)+b', default: `${'a'.repeat(60)}!` } as const;
    const draft = { steps: [{ id: 'one', fields: [...LEAST.steps[0]!.fields, slow, { ...slow, id: 'right', default: 'aab' }] }] };
    const { problems } = await newForm(draft);
    assert.deepEqual(
      problems.map(({ path, code }) => `${path} ${code}`),
      ['steps.0.fields.1.default not_answer'],
    );
  });

  test('are copied under a name of their own', async () => {
    const at = await server.newWorkspace();
    const made = await at.client.forms.create({ name: 'Contact', draft: TEN_FIELDS });
    await at.client.forms.publish(made.id);
    const copies = [await at.client.forms.duplicate(made.id, {}), await at.client.forms.duplicate(made.id, {})];
    assert.deepEqual(
      copies.map(({ name }) => name),
      ['Copy of Contact', 'Copy of Contact (2)'],
    );
    assert.partialDeepStrictEqual(copies[0], { published_version: null, has_changes: true, version: 1, submissions_count: 0 });
    assert.deepEqual(copies[0]!.draft, TEN_FIELDS);
    assert.equal((await at.client.forms.duplicate(made.id, { name: 'Another' })).name, 'Another');
    const long = await at.client.forms.create({ name: 'x'.repeat(100), draft: LEAST });
    for (const end of ['', ' (2)']) {
      const { name } = await at.client.forms.duplicate(long.id, {});
      assert.ok(name.length <= 100 && name.startsWith('Copy of x') && name.endsWith(end), name);
    }
  });

  test('are previewed as visitors would meet them', async () => {
    const { id } = await newForm(TEN_FIELDS);
    assert.partialDeepStrictEqual(await forms().preview(id), { id, version: 1, locale: 'en', title: 'Ask for a quote' });
    await forms().publish(id);
    assert.partialDeepStrictEqual(await forms().preview(id, { lang: 'de' }), {
      version: 2,
      locale: 'de',
      title: 'Angebot anfragen',
    });
    assert.ok(await forms().preview((await newForm(BROKEN)).id));
  });

  test('that are deleted are gone, and what came of them stays', async () => {
    const { id } = await newForm(UNPROVEN);
    await forms().publish(id);
    const email = `${newId()}@example.test`;
    await submit(server, id, { answers: { email } }, { origin: null });
    const [lead] = (await ours.client.leads.list({ search: email })).data;
    await forms().remove(id);
    const gone = { code: 'NOT_FOUND' };
    await assert.rejects(forms().get(id), gone);
    await assert.rejects(forms().update(id, { name: 'Again' }), gone);
    await assert.rejects(forms().remove(id), gone);
    await assert.rejects(forms().publish(id), gone);
    await assert.rejects(forms().versions(id), gone);
    await assert.rejects(forms().duplicate(id, {}), gone);
    await assert.rejects(forms().snippet(id), gone);
    await assert.rejects(forms().preview(id), gone);
    await assert.rejects(server.visitor.capture.form(id), gone);
    assert.ok(!(await forms().list({ page_size: 100 })).data.some((form) => form.id === id));
    assert.equal((await ours.client.leads.get(lead!.id)).form_id, id);
  });

  test('are made and changed by managers and above, and seen by everyone', async () => {
    const { id } = await newForm();
    for (const role of ['member', 'viewer'] as const) {
      const { client } = ours[role];
      assert.equal((await client.forms.get(id)).id, id);
      assert.ok(await client.forms.snippet(id));
      for (const refused of [
        () => client.forms.create({ name: 'X', draft: LEAST }),
        () => client.forms.update(id, { name: 'X' }),
        () => client.forms.publish(id),
        () => client.forms.duplicate(id, {}),
        () => client.forms.remove(id),
      ])
        await assert.rejects(refused(), { code: 'FORBIDDEN' });
    }
    assert.equal((await ours.manager.client.forms.publish(id)).published_version, 1);
  });
});

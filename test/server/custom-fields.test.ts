import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { FIELD_TYPES, type FieldContext, type NewCustomField } from '../../src/contract/custom-field.ts';
import { newId } from '../../server/ids.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

const OPTIONS = [{ value: 'slate' }, { value: 'tiles', label: 'Clay tiles', color: '#aa3311' }];

describe('custom fields', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  let count = 0;
  /** A field of its own name; a lead's text unless said. */
  const newField = (given: Partial<NewCustomField> = {}, at = ours) => {
    const name = `field_${++count}`;
    return at.client.customFields.create({ context: 'lead', name, label: name, field_type: 'text', ...given });
  };
  const newLead = (custom_fields: Record<string, unknown>, at = ours) =>
    at.client.leads.create({ contact: { email: `${newId()}@example.test` }, custom_fields });
  const eventsOf = (id: string) =>
    server.database.asOwner(`select name, data from events where record_id = $1 order by seq`, [id]);

  test('are kept as they were sent, and need a context, a name, a label and a type', async () => {
    const made = await ours.client.customFields.create({
      context: 'contact',
      name: 'roof',
      label: ' Roof ',
      field_type: 'select',
      configuration: { options: OPTIONS, placeholder: 'Choose', default: 'slate' },
      description: 'What it is\ncovered with',
      is_required: true,
    });
    assert.deepEqual(await ours.client.customFields.get(made.id), made);
    assert.partialDeepStrictEqual(made, {
      label: 'Roof',
      configuration: { options: OPTIONS, placeholder: 'Choose', default: 'slate' },
      description: 'What it is\ncovered with',
      is_required: true,
      is_active: true,
      is_searchable: false,
      version: 1,
      created_by: ours.owner.userId,
    });
    const least = await newField();
    assert.partialDeepStrictEqual(least, { configuration: {}, description: null, is_required: false, is_active: true });
    assert.deepEqual(await eventsOf(least.id), [{ name: 'custom_field.updated', data: least }]);
    const { data } = await ours.client.audit.list({ record_id: least.id });
    assert.deepEqual(
      data.map(({ action, resource, after }) => [action, resource, after!['label']]),
      [['custom_field.created', 'custom_field', least.label]],
    );
    for (const [wrong, path] of [
      [{ context: 'company' }, 'context'],
      [{ name: 'Roof' }, 'name'],
      [{ name: '1st' }, 'name'],
      [{ name: 'a'.repeat(51) }, 'name'],
      [{ name: '' }, 'name'],
      [{ label: '' }, 'label'],
      [{ label: 'x'.repeat(101) }, 'label'],
      [{ field_type: 'money' }, 'field_type'],
      [{ display_order: 3 }, 'display_order'],
      [{ version: 3 }, 'version'],
      [{ field_type: 'number', is_searchable: true }, 'is_searchable'],
    ] as const) {
      await assert.rejects(newField(wrong as object), (error: any) => {
        assert.deepEqual([error.code, Object.keys(error.details)], ['VALIDATION_ERROR', [path]], JSON.stringify(wrong));
        return true;
      });
    }
  });

  test('have a configuration that their type knows and that fits together', async () => {
    const right: [NewCustomField['field_type'], object][] = [
      ['text', { min_length: 2, max_length: 5, pattern: '[A-Z]+', placeholder: 'ABC', default: 'ABC' }],
      ['number', { min: -1.5, max: -1.5, default: -1.5 }],
      ['date', { min: '2026-01-01', max: '2026-12-31', default: '2026-02-28' }],
      ['boolean', { default: false }],
      ['select', { options: OPTIONS, default: 'tiles' }],
      ['multi_select', { options: OPTIONS, default: ['tiles', 'slate'] }],
    ];
    for (const [field_type, configuration] of right) {
      assert.deepEqual((await newField({ field_type, configuration })).configuration, configuration);
    }
    const wrong: [NewCustomField['field_type'], object, path: string, code: string][] = [
      ['text', { options: OPTIONS }, 'options', 'only_for'],
      ['text', { min: 1 }, 'min', 'only_for'],
      ['number', { max_length: 1 }, 'max_length', 'only_for'],
      ['boolean', { placeholder: 'x' }, 'placeholder', 'only_for'],
      ['text', { colour: 'red' }, 'colour', 'unknown'],
      ['text', { min_length: 3, max_length: 2 }, 'max_length', 'too_small'],
      ['text', { max_length: 5_001 }, 'max_length', 'too_large'],
      ['text', { max_length: 2, default: 'long' }, 'default', 'too_long'],
      ['text', { pattern: '\\d+', default: 'x' }, 'default', 'not_format'],
      ['number', { min: '2026-01-01' }, 'min', 'wrong_type'],
      ['number', { min: 2, max: 1 }, 'max', 'too_small'],
      ['number', { max: 2, default: 3 }, 'default', 'too_large'],
      ['date', { min: 1 }, 'min', 'not_date'],
      ['date', { min: '2026-02-30' }, 'min', 'not_date'],
      ['date', { min: '2026-02-02', max: '2026-02-01' }, 'max', 'too_small'],
      ['boolean', { default: 1 }, 'default', 'wrong_type'],
      ['select', {}, 'options', 'required'],
      ['select', { options: [] }, 'options', 'too_few'],
      ['select', { options: [{ value: 'a' }, { value: 'a' }] }, 'options.1.value', 'taken'],
      ['select', { options: [{ value: 'x'.repeat(101) }] }, 'options.0.value', 'too_long'],
      ['select', { options: [{ value: 'a', color: 'red' }] }, 'options.0.color', 'not_format'],
      ['select', { options: OPTIONS, default: 'metal' }, 'default', 'not_option'],
      ['multi_select', { options: OPTIONS, default: 'tiles' }, 'default', 'wrong_type'],
    ];
    for (const [field_type, configuration, path, code] of wrong) {
      await assert.rejects(newField({ field_type, configuration }), (error: any) => {
        const [issue] = error.issues;
        assert.deepEqual([issue.path, issue.code], [`configuration.${path}`, code], JSON.stringify(configuration));
        return true;
      });
    }
    const many = Array.from({ length: 201 }, (_, index) => ({ value: String(index) }));
    await assert.rejects(newField({ field_type: 'select', configuration: { options: many } }), { code: 'VALIDATION_ERROR' });
    assert.ok(await newField({ field_type: 'select', configuration: { options: many.slice(1) } }));
  });

  test('take patterns that mean the same to JavaScript and to the database, and no others', async () => {
    const samples = ['12345', '1234', 'AB-12', 'ab', 'a b', 'a\u00a0b', 'é', 'aé9_', '😀', '(x)', 'x.y@z', '', '٣', 'a\nb'];
    for (const pattern of [
      '\\d{5}',
      '[A-Z]{2}-\\d+',
      '\\w+',
      '.',
      '.*',
      'a\\sb',
      'a|b|ab',
      '(?:a|\\d){1,4}',
      '[^a]*',
      '\\(x\\)',
      '\\S+@\\S+',
      '^ab$',
      '[😀-😂]',
    ]) {
      const field = await newField({ configuration: { pattern } });
      for (const sample of samples.filter((text) => text !== '')) {
        const isOneLine = !/[\n\u00a0]/.test(sample);
        const matches = isOneLine && new RegExp(`^(?:${pattern})$`, 'u').test(sample);
        const made = newLead({ [field.name]: sample });
        if (matches) assert.equal((await made).custom_fields[field.name], sample, pattern);
        else await assert.rejects(made, { code: 'VALIDATION_ERROR' }, `${pattern} ${sample}`);
      }
      await ours.client.customFields.update(field.id, { is_active: false });
    }
    for (const pattern of [
      '(',
      'a**',
      '(?=a)a',
      '(?<!a)b',
      '(a)\\1',
      '(?<n>a)\\k<n>',
      'a+?',
      'a{256}',
      '(?:a{255}){255}',
      '(?i)a',
      '[[:alpha:]]',
      '[^]',
      '\\bx\\b',
      '\\p{L}',
      '[\\w--a]',
      '***:a',
      '\\x41',
      'x'.repeat(501),
    ]) {
      await assert.rejects(newField({ configuration: { pattern } }), { code: 'VALIDATION_ERROR' }, pattern);
    }
  });

  test('have a name that no other of their context has, and that stays', async () => {
    const at = await server.newWorkspace();
    const first = await newField({ name: 'size' }, at);
    const taken = { code: 'DUPLICATE', existingId: first.id, details: { name: 'Name is already taken.' } };
    await assert.rejects(newField({ name: 'size', field_type: 'number' }, at), taken);
    assert.equal((await newField({ name: 'size', context: 'contact' }, at)).name, 'size');
    assert.equal((await newField({ name: 'size' }, ours)).name, 'size');
    await assert.rejects(at.client.customFields.update(first.id, { name: 'width' } as any), { code: 'VALIDATION_ERROR' });
    await at.client.customFields.update(first.id, { is_active: false });
    await assert.rejects(newField({ name: 'size' }, at), taken);
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => newField({ name: 'at_once' }, at)));
    assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1);
    const { data } = await at.client.customFields.list({ context: 'lead' });
    assert.deepEqual(
      data.map(({ name, display_order }) => [name, display_order]),
      [
        ['size', 1],
        ['at_once', 2],
      ],
    );
  });

  test('are at most two hundred of a context', async () => {
    const at = await server.newWorkspace();
    await server.database.asOwner(
      `insert into custom_fields (workspace_id, context, name, label, field_type, display_order)
       select $1, 'lead', 'many_' || n, 'Many', 'text', n from generate_series(1, 199) n`,
      [at.id],
    );
    const made = await Promise.allSettled([newField({}, at), newField({}, at)]);
    assert.deepEqual(made.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    await assert.rejects(newField({}, at), { code: 'CONFLICT', message: /200 custom fields of leads/ });
    assert.ok(await newField({ context: 'contact' }, at));
  });

  test('stand in the order that they are given, each named once', async () => {
    const at = await server.newWorkspace();
    const made = [];
    for (const name of ['b', 'c', 'a']) made.push(await newField({ name, label: name.toUpperCase() }, at));
    const other = await newField({ context: 'contact' }, at);
    const names = async (query: object) =>
      (await at.client.customFields.list({ context: 'lead', ...query })).data.map(({ name }) => name);
    assert.deepEqual(await names({}), ['b', 'c', 'a']);
    assert.deepEqual(await names({ sort_order: 'desc' }), ['a', 'c', 'b']);
    assert.deepEqual(await names({ sort_by: 'label', sort_order: 'asc' }), ['a', 'b', 'c']);
    assert.deepEqual(await names({ sort_by: 'created_at' }), ['a', 'c', 'b']);
    const [b, c, a] = made.map(({ id }) => id) as [string, string, string];
    const ordered = await at.client.customFields.order({ context: 'lead', ids: [a, b, c] });
    assert.deepEqual(
      ordered.map(({ name, display_order, version }) => [name, display_order, version]),
      [
        ['a', 1, 2],
        ['b', 2, 2],
        ['c', 3, 2],
      ],
    );
    assert.deepEqual(await names({}), ['a', 'b', 'c']);
    assert.equal((await eventsOf(a)).length, 2);
    assert.deepEqual((await at.client.customFields.order({ context: 'lead', ids: [a, b, c] }))[0]!.version, 2);
    for (const [ids, path] of [
      [[a, b], 'ids'],
      [[a, b, b], 'ids.2'],
      [[a, b, c, other.id], 'ids.3'],
    ] as const) {
      await assert.rejects(at.client.customFields.order({ context: 'lead', ids: [...ids] }), (error: any) => {
        assert.deepEqual(Object.keys(error.details), [path]);
        return true;
      });
    }
  });

  test('are listed by context and by whether they are active', async () => {
    const at = await server.newWorkspace();
    for (const context of ['lead', 'contact'] as FieldContext[])
      for (const is_active of [true, false]) await newField({ name: `${context}_${is_active}`, context, is_active }, at);
    const names = async (query: object) => (await at.client.customFields.list(query)).data.map(({ name }) => name).sort();
    assert.deepEqual(await names({}), ['contact_false', 'contact_true', 'lead_false', 'lead_true']);
    assert.deepEqual(await names({ context: 'contact' }), ['contact_false', 'contact_true']);
    assert.deepEqual(await names({ is_active: true }), ['contact_true', 'lead_true']);
    assert.deepEqual(await names({ is_active: false, context: 'lead' }), ['lead_false']);
  });

  test('are changed as the next version, and only from the version that was expected', async () => {
    const { id } = await newField({ description: 'Before' });
    const changed = await ours.client.customFields.update(
      id,
      { label: 'After', description: '', is_required: true },
      { ifMatch: 1 },
    );
    assert.partialDeepStrictEqual(changed, { label: 'After', description: null, is_required: true, version: 2 });
    await ours.client.customFields.update(id, { is_required: false });
    assert.equal((await ours.client.customFields.update(id, { label: 'After' })).version, 3);
    await assert.rejects(ours.client.customFields.update(id, { label: 'X' }, { ifMatch: 1 }), { code: 'VERSION_MISMATCH' });
    await assert.rejects(ours.client.customFields.delete(id, {}, { ifMatch: 1 }), { code: 'VERSION_MISMATCH' });
    assert.equal((await eventsOf(id)).length, 3);
  });

  test('change their type only where every value is one of the new type as it stands', async () => {
    const field = await newField();
    const { update } = ours.client.customFields;
    const values = ['2026-01-31', '2026-02-28', 'tiles'];
    const leads = [];
    for (const value of values) leads.push(await newLead({ [field.name]: value }));
    // What is archived or deleted may come back.
    await ours.client.leads.update(leads[1]!.id, { is_archived: true });
    await ours.client.leads.remove(leads[2]!.id);
    const options = (some: string[]) => ({ options: some.map((value) => ({ value })) });
    const orphans = (count: number) => ({ code: 'CONFLICT', message: new RegExp(`^${count} leads? ha`) });
    for (const [change, count] of [
      [{ field_type: 'number' }, 3],
      [{ field_type: 'boolean' }, 3],
      [{ field_type: 'multi_select', configuration: options(values) }, 3],
      [{ field_type: 'date' }, 1],
      [{ field_type: 'select', configuration: options(['tiles']) }, 2],
      [{ field_type: 'select', configuration: options(['metal']) }, 3],
    ] as const) {
      await assert.rejects(update(field.id, change as any), orphans(count), JSON.stringify(change));
    }
    assert.equal((await ours.client.customFields.get(field.id)).version, 1);
    await assert.rejects(update(field.id, { field_type: 'select' }), { code: 'VALIDATION_ERROR' });

    const select = await update(field.id, { field_type: 'select', configuration: options([...values, 'metal']) });
    assert.equal(select.field_type, 'select');
    await assert.rejects(update(field.id, { configuration: options(['tiles', 'metal']) }), orphans(2));
    assert.ok(await update(field.id, { configuration: options(values) }));
    const text = await update(field.id, { field_type: 'text', is_searchable: true });
    assert.deepEqual([text.field_type, text.configuration], ['text', {}]);
    await ours.client.leads.restore(leads[2]!.id);
    await ours.client.leads.update(leads[2]!.id, { custom_fields: { [field.name]: null } });
    await assert.rejects(update(field.id, { field_type: 'date', configuration: { min: '2026-02-01' } }), orphans(1));
    const date = await update(field.id, { field_type: 'date' });
    assert.deepEqual([date.field_type, date.is_searchable], ['date', false]);
    assert.equal((await ours.client.leads.get(leads[0]!.id)).custom_fields[field.name], '2026-01-31');
  });

  test('of several choices lose no option that is chosen', async () => {
    const field = await newField({ field_type: 'multi_select', configuration: { options: OPTIONS } });
    await newLead({ [field.name]: ['slate', 'tiles'] });
    await newLead({ [field.name]: ['tiles'] });
    const { update } = ours.client.customFields;
    await assert.rejects(update(field.id, { configuration: { options: [{ value: 'tiles' }] } }), {
      code: 'CONFLICT',
      message: /^1 lead has a value that is none of these options/,
    });
    assert.ok(await update(field.id, { configuration: { options: [...OPTIONS, { value: 'metal' }].toReversed() } }));
    await assert.rejects(update(field.id, { field_type: 'select', configuration: { options: OPTIONS } }), { code: 'CONFLICT' });
  });

  test('without values take any type', async () => {
    for (const from of FIELD_TYPES) {
      for (const to of FIELD_TYPES) {
        const configuration = (type: string) => (type.includes('select') ? { options: OPTIONS } : {});
        const { id } = await newField({ field_type: from, configuration: configuration(from) }, ours);
        const changed = await ours.client.customFields.update(id, { field_type: to, configuration: configuration(to) });
        assert.equal(changed.field_type, to);
        await ours.client.customFields.delete(id, {});
      }
    }
  });

  test('are deleted where they have no values, and otherwise only together with them', async () => {
    const at = await server.newWorkspace();
    const field = await newField({}, at);
    const { id: unused } = await newField({}, at);
    await at.client.customFields.delete(unused, {});
    await assert.rejects(at.client.customFields.get(unused), { code: 'NOT_FOUND' });
    const lead = await newLead({ [field.name]: 'Kept' }, at);
    await assert.rejects(at.client.customFields.delete(field.id, {}), {
      code: 'CONFLICT',
      message: /^1 lead has a value in this field: send values=delete/,
    });
    await at.client.customFields.delete(field.id, { values: 'delete' });
    await assert.rejects(at.client.customFields.get(field.id), { code: 'NOT_FOUND' });
    const { custom_fields, version } = await at.client.leads.get(lead.id);
    assert.deepEqual([custom_fields, version], [{}, lead.version]);
    assert.deepEqual(await server.database.asOwner(`select custom_fields from leads where id = $1`, [lead.id]), [
      { custom_fields: {} },
    ]);
    assert.deepEqual((await eventsOf(field.id)).at(-1), {
      name: 'custom_field.updated',
      data: { id: field.id, context: 'lead', name: field.name },
    });
    for (const id of [field.id, unused]) {
      const { data } = await at.client.audit.list({ record_id: id, action: 'custom_field.deleted' });
      assert.equal(data.length, 1);
    }
    const anew = await newField({ name: field.name, field_type: 'number' }, at);
    assert.deepEqual((await newLead({ [anew.name]: 5 }, at)).custom_fields, { [anew.name]: 5 });
  });

  test('with many values are gone at once, and their name is free once a job has taken the last', async () => {
    const at = await server.newWorkspace();
    const field = await newField({ context: 'contact', name: 'many', is_searchable: true }, at);
    await server.database.db.unit({ role: 'app', workspaceId: at.id, actorId: at.owner.userId, requestId: 'test' }, [
      {
        sql: `insert into contacts (firstname, custom_fields, is_archived, deleted_at)
          select 'Many', '{"many": "Findable"}', n % 3 = 0, case when n % 3 = 1 then now() end from generate_series(1, 1010) n`,
        parameters: [],
      },
    ]);
    const left = async () =>
      (
        await server.database.asOwner(
          `select count(*) filter (where custom_fields ? 'many')::integer as values,
            count(*) filter (where search_text like '%findable%')::integer as found from contacts where workspace_id = $1`,
          [at.id],
        )
      )[0];
    assert.deepEqual(await left(), { values: 1010, found: 1010 });
    await at.client.customFields.delete(field.id, { values: 'delete' });
    assert.deepEqual(await left(), { values: 510, found: 510 });
    await assert.rejects(at.client.customFields.get(field.id), { code: 'NOT_FOUND' });
    assert.deepEqual((await at.client.customFields.list({})).data, []);
    const named = { firstname: 'Named', custom_fields: { many: 'X' } };
    await assert.rejects(at.client.contacts.create(named), { code: 'VALIDATION_ERROR' });
    for (const { custom_fields } of (await at.client.contacts.list({ page_size: 100 })).data) assert.deepEqual(custom_fields, {});
    await assert.rejects(newField({ context: 'contact', name: 'many' }, at), {
      code: 'CONFLICT',
      message: /still losing its values/,
    });
    await assert.rejects(at.client.customFields.update(field.id, { is_active: true }), { code: 'NOT_FOUND' });
    await server.app.worker.runDue();
    assert.deepEqual(await left(), { values: 0, found: 0 });
    assert.equal((await at.client.audit.list({ record_id: field.id, action: 'custom_field.deleted' })).data.length, 1);
    assert.ok(await newField({ context: 'contact', name: 'many', field_type: 'number' }, at));
  });

  test('are seen by every member, managed with workspace:fields, and stay inside their workspace', async () => {
    const { id } = await newField({}, ours);
    assert.equal((await ours.viewer.client.customFields.get(id)).id, id);
    const { customFields } = ours.manager.client;
    for (const call of [
      () => customFields.create({ context: 'lead', name: 'x', label: 'X', field_type: 'text' }),
      () => customFields.update(id, { label: 'X' }),
      () => customFields.order({ context: 'lead', ids: [id] }),
      () => customFields.delete(id, {}),
    ]) {
      await assert.rejects(call, { code: 'FORBIDDEN', message: /workspace:fields/ }, String(call));
    }
    const theirs = (await server.newWorkspace()).client.customFields;
    for (const call of [
      () => theirs.get(id),
      () => theirs.update(id, { label: 'X' }),
      () => theirs.delete(id, { values: 'delete' }),
    ]) {
      await assert.rejects(call, { code: 'NOT_FOUND' }, String(call));
    }
    await assert.rejects(theirs.order({ context: 'lead', ids: [id] }), { code: 'VALIDATION_ERROR' });
  });
});

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { newId } from '../../server/ids.ts';
import { allowPage, CONTACT_FORM, PAGE, proofFor, publish, submit } from '../support/capture-form.ts';
import { newKey } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let workspace: TestWorkspace;
let formId: string;

before(async () => {
  server = await newServer();
  workspace = await server.newWorkspace();
  await allowPage(workspace);
  formId = await publish(server.database, workspace, CONTACT_FORM);
});

const address = () => `${newId()}@example.test`;

/** Sends what a visitor would, with a proof. */
const send = async (answers: Record<string, any>, more: object = {}, sent: object = {}) =>
  submit(server, formId, { answers, proof: await proofFor(server, formId), ...more }, sent);

const leadsOf = async (email: string) => (await workspace.client.leads.list({ form_id: formId, search: email })).data;
const submissionOf = (id: string) => workspace.client.submissions.get(id);

describe('a form', () => {
  const read = (headers: Record<string, string> = {}, id = formId, query = '') =>
    server.fetch(`${API_PREFIX}/public/forms/${id}${query}`, { headers });

  test('is read by any page, kept for a minute, and asked for again by its ETag', async () => {
    for (const origin of ['https://anywhere.example', 'null']) {
      const response = await read({ Origin: origin });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      assert.equal(response.headers.get('cache-control'), 'public, max-age=60, stale-while-revalidate=86400');
      const again = await read({ Origin: origin, 'If-None-Match': response.headers.get('etag')! });
      assert.equal(again.status, 304);
    }
  });

  test('tells nothing of where its answers go, nor of the workspace', async () => {
    const text = await (await read()).text();
    assert.doesNotMatch(text, /maps_to|contact\./);
    assert.ok(!text.includes(workspace.id));
  });

  test('is in the language that is asked for', async () => {
    assert.equal((await (await read({}, formId, '?lang=de-AT')).json()).data.locale, 'de');
  });

  test('that there is none of, that was never published or is deleted is 404', async () => {
    const [draft, deleted] = [newId(), await publish(server.database, workspace, CONTACT_FORM)];
    await server.database.asOwner(`insert into forms (workspace_id, id, name, draft) values ($1, $2, 'Draft', $3)`, [
      workspace.id,
      draft,
      JSON.stringify(CONTACT_FORM),
    ]);
    await server.database.asOwner('update forms set deleted_at = now() where id = $1', [deleted]);
    for (const id of [newId(), draft, deleted, 'no-id']) assert.equal((await read({}, id)).status, 404, id);
  });

  test('knows a publishable key of its own workspace, and no other key', async () => {
    const other = await server.newWorkspace();
    const keys = await Promise.all([
      newKey(workspace, { kind: 'publishable', permissions: [] }),
      newKey(other, { kind: 'publishable', permissions: [] }),
      newKey(workspace, { permissions: ['crm:access'] }),
    ]);
    const statuses = await Promise.all(keys.map(async ({ key }) => (await read({ Authorization: `Bearer ${key}` })).status));
    assert.deepEqual(statuses, [200, 404, 403]);
  });

  test('answers a preflight of any page', async () => {
    const response = await server.fetch(`${API_PREFIX}/public/forms/${formId}/submissions`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://anywhere.example', 'Access-Control-Request-Method': 'POST' },
    });
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.match(response.headers.get('access-control-allow-headers')!, /Authorization.*Idempotency-Key/);
  });
});

describe('a submission', () => {
  test('becomes a contact and a lead, with events, entries, consent and what was said', async () => {
    const email = address();
    const { status, body } = await send(
      { name: 'Ada Lovelace', email, phone: '030 901820', message: 'Hello', terms: true },
      {
        page: 'https://www.example.test/pricing?plan=pro',
        referrer: 'https://search.example/',
        attribution: { first: { utm_source: 'news' }, last: { utm_source: 'ads' } },
        traits: { plan: 'free' },
        locale: 'en',
      },
      { headers: { 'User-Agent': 'x'.repeat(600) } },
    );
    assert.equal(status, 201, JSON.stringify(body));
    assert.deepEqual(Object.keys(body.data).sort(), ['id', 'state', 'success']);
    const [lead, ...others] = await leadsOf(email);
    assert.equal(others.length, 0);
    assert.partialDeepStrictEqual(lead, {
      contact: { name: 'Ada Lovelace', email, phone_number: '+4930901820' },
      title: 'Ada Lovelace',
      notes: 'Hello',
      form_id: formId,
      created_by: null,
      attribution: { first: { utm_source: 'news' }, last: { utm_source: 'ads' } },
    });
    const detail = await workspace.client.leads.get(lead!.id);
    assert.equal(detail.source!.name, 'Website');
    assert.deepEqual(detail.activities.map(({ activity_type }) => activity_type).sort(), ['form_submission', 'system']);
    const submission = await submissionOf(body.data.id);
    assert.partialDeepStrictEqual(submission, {
      form_id: formId,
      form_version: 1,
      state: 'accepted',
      spam_reasons: [],
      answers: { name: 'Ada Lovelace', email, phone: '030 901820', message: 'Hello', terms: true },
      traits: { plan: 'free' },
      page: 'https://www.example.test/pricing?plan=pro',
      referrer: 'https://search.example/',
      contact_id: lead!.contact_id,
      lead_id: lead!.id,
      not_mapped: {},
      user_agent: 'x'.repeat(500),
      consents: [
        {
          field: 'terms',
          text: 'I agree to be called.',
          version: '1',
          locale: 'en',
          page: 'https://www.example.test/pricing?plan=pro',
        },
      ],
    });
    const events = await server.database.asOwner(
      'select name, actor_id from events where record_id = any ($1::uuid[]) order by name',
      [[lead!.id, lead!.contact_id, submission.id]],
    );
    assert.deepEqual(events, [
      { name: 'contact.created', actor_id: null },
      { name: 'form.submitted', actor_id: null },
      { name: 'lead.created', actor_id: null },
    ]);
  });

  test('holds nothing of the address but a salted hash', async () => {
    const { body } = await send({ email: address() }, {}, { address: '198.51.100.77' });
    const [row] = await server.database.asOwner('select to_jsonb(s) as row from submissions s where id = $1', [body.data.id]);
    assert.doesNotMatch(JSON.stringify(row), /198\.51\.100/);
  });

  test('needs a key', async () => {
    const response = await server.fetch(`${API_PREFIX}/public/forms/${formId}/submissions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ version: 1, answers: { email: address() } }),
    });
    assert.equal(response.status, 400);
  });

  test('is refused with each problem, by its place and in the language of the visitor', async () => {
    const { status, body } = await send({ email: 'nobody', phone: '12' }, { locale: 'de' });
    assert.equal(status, 400);
    assert.deepEqual(
      body.issues.map(({ path, code, params }: any) => [path, code, params.problem]),
      [
        ['answers.email', 'not_email', 'email'],
        ['answers.phone', 'not_phone', 'tel'],
      ],
    );
    assert.match(body.issues[0].message, /E-Mail/);
  });

  test('with what the form does not ask, or the body does not know, is refused by its name', async () => {
    const unknown = await send({ email: address(), role: 'owner' });
    assert.deepEqual([unknown.status, unknown.body.issues[0].path], [400, 'answers.role']);
    const field = await send({ email: address() }, { workspace_id: workspace.id });
    assert.deepEqual([field.status, field.body.issues[0].path], [400, 'workspace_id']);
  });

  test('of more than 64 KB is refused', async () => {
    const { status } = await send({ email: address(), message: 'x'.repeat(70_000) });
    assert.equal(status, 413);
  });

  test('comes from pages that are allowed, and the refusal can be read by the others', async () => {
    const foreign = await send({ email: address() }, {}, { origin: 'https://elsewhere.example' });
    assert.deepEqual([foreign.status, foreign.body.code], [403, 'ORIGIN_NOT_ALLOWED']);
    assert.equal(foreign.response.headers.get('access-control-allow-origin'), '*');
    const hidden = await send({ email: address() }, {}, { origin: 'null' });
    assert.equal(hidden.status, 403);
    assert.match(hidden.body.error, /sandboxed frame/);
    assert.equal((await send({ email: address() }, {}, { origin: 'http://millrace.test' })).status, 201);
    assert.equal((await send({ email: address() }, {}, { origin: null })).status, 201);
  });

  test('comes from the pages that its form names, where it names some', async () => {
    const own = await publish(server.database, workspace, { ...CONTACT_FORM, allowed_origins: ['https://only.example'] });
    const answers = { email: address() };
    const from = async (origin: string) =>
      (await submit(server, own, { answers, proof: await proofFor(server, own) }, { origin })).status;
    assert.deepEqual([await from(PAGE), await from('https://only.example')], [403, 201]);
  });

  test('of a version that visitors still have open is taken, and of one that never was is not', async () => {
    const changing = await publish(server.database, workspace, CONTACT_FORM);
    const newer = structuredClone(CONTACT_FORM);
    newer.steps[0]!.fields[4] = { id: 'terms', type: 'consent', label: 'I agree to more.', version: '2', required: true };
    await publish(server.database, workspace, newer, { id: changing });
    server.later(6_000);
    const answers = { email: address(), terms: true };
    const sendTo = async (version: number) =>
      submit(server, changing, { version, answers, proof: await proofFor(server, changing) });
    const [older, latest, never] = [await sendTo(1), await sendTo(2), await sendTo(3)];
    assert.deepEqual([older.status, latest.status, never.status], [201, 201, 400]);
    assert.equal((await submissionOf(older.body.data.id)).consents[0]!.text, 'I agree to be called.');
    assert.equal((await submissionOf(latest.body.data.id)).consents[0]!.text, 'I agree to more.');
  });

  test('of a closed form is refused with its sentence', async () => {
    const closed = await publish(server.database, workspace, CONTACT_FORM);
    await server.database.asOwner('update forms set is_active = false where id = $1', [closed]);
    const { status, body } = await submit(server, closed, { answers: { email: address() }, locale: 'de' });
    assert.deepEqual([status, body.code], [409, 'CONFLICT']);
    assert.match(body.error, /Formular/);
  });

  test('takes nothing from what its address may ask for beside it', async () => {
    const limited = await newServer({ database: server.database, limits: { public: { name: 'public', quota: 3, seconds: 60 } } });
    const key = newId();
    const answers = { email: address() };
    const sent = [];
    for (let tries = 0; tries < 4; tries++) sent.push((await submit(limited, formId, { answers }, { key })).status);
    const read = await limited.fetch(`${API_PREFIX}/public/forms/${formId}`);
    assert.deepEqual([sent, read.status], [[201, 201, 201, 429], 200]);
  });

  test('is limited for each address and form', async () => {
    const limited = await newServer({
      database: server.database,
      limits: {
        captures: { name: 'captures', quota: 2, seconds: 900 },
        'plain-captures': { name: 'plain-captures', quota: 1, seconds: 900 },
      },
    });
    const status = async (sent: object) => (await submit(limited, formId, { answers: { email: address() } }, sent)).status;
    assert.deepEqual([await status({}), await status({}), await status({})], [201, 201, 429]);
    assert.equal(await status({ address: '198.51.100.9' }), 201);
    await allowPage(workspace, 'http://plain.example');
    server.later(6_000);
    limited.later(6_000);
    const plain = { origin: 'http://plain.example', address: '198.51.100.10' };
    assert.deepEqual([await status(plain), await status(plain)], [201, 429]);
    await allowPage(workspace);
    server.later(6_000);
  });
});

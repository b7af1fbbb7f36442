import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { newId } from '../../server/ids.ts';
import { allowPage, CONTACT_FORM, PAGE, publish } from '../support/capture-form.ts';
import { newServer, ORIGIN, type TestServer, type TestWorkspace } from '../support/server.ts';

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

interface Posted {
  to?: string;
  origin?: string | null;
  from?: string;
  at?: TestServer;
  body?: BodyInit;
}

/** Sends a form as a browser does by itself. */
async function post(
  fields: Record<string, string> | [string, string][],
  { to = formId, origin = PAGE, from, at = server, body }: Posted = {},
) {
  const response = await at.fetch(`${API_PREFIX}/public/forms/${to}/submissions`, {
    method: 'POST',
    headers: origin === null ? {} : { Origin: origin },
    body: body ?? new URLSearchParams(fields),
    redirect: 'manual',
    ...(from !== undefined && { address: from }),
  });
  return { status: response.status, location: response.headers.get('location'), html: await response.text(), response };
}

const submissions = async (of = formId) =>
  server.database.asOwner(
    'select state, spam_reasons, answers, page, lead_id from submissions where form_id = $1 order by created_at desc',
    [of],
  );

describe('a form that is plain HTML', () => {
  test('becomes a lead, and its visitor is sent on', async () => {
    const email = address();
    const { status, location } = await post({
      name: 'Ada',
      email,
      message: 'One\r\ntwo',
      terms: 'true',
      _page: `${PAGE}/contact`,
      _lang: 'de',
    });
    assert.deepEqual([status, location], [303, `${ORIGIN}/f/${formId}/done?lang=de`]);
    const [row] = await submissions();
    assert.partialDeepStrictEqual(row, {
      state: 'accepted',
      answers: { name: 'Ada', email, message: 'One\ntwo', terms: true },
      page: `${PAGE}/contact`,
    });
    assert.equal((await workspace.client.leads.list({ search: email })).data.length, 1);
  });

  test('may come in parts, without files', async () => {
    const [email, parts] = [address(), new FormData()];
    parts.set('email', email);
    assert.equal((await post({}, { body: parts })).status, 303);
    parts.set('name', new File(['x'], 'x.txt'));
    assert.equal((await post({}, { body: parts })).status, 415);
  });

  test('sends its visitor where the form says', async () => {
    const to = await publish(server.database, workspace, {
      ...CONTACT_FORM,
      success: { kind: 'redirect', url: 'https://www.example.test/thanks' },
    });
    assert.equal((await post({ email: address() }, { to })).location, 'https://www.example.test/thanks');
  });

  test('tells of the campaign that its page was reached by', async () => {
    const page = `${PAGE}/contact?utm_source=letter&utm_campaign=may&email=ada%40example.test`;
    const { status } = await post({ email: address(), _page: page });
    assert.equal(status, 303);
    const [row] = await server.database.asOwner(
      'select l.attribution as lead, s.attribution from submissions s join leads l on l.id = s.lead_id order by s.created_at desc limit 1',
    );
    assert.deepEqual(row.attribution, { last: { utm_source: 'letter', utm_campaign: 'may', page } });
    assert.deepEqual(row.lead, row.attribution);
    await post({ email: address(), _page: 'javascript:alert(1)?utm_source=x' });
    const [plain] = await server.database.asOwner('select attribution from submissions order by created_at desc limit 1');
    assert.deepEqual(plain.attribution, {});
  });

  test('sends its visitor to an address in any script, spelled as a header can hold it', async () => {
    const to = await publish(server.database, workspace, {
      ...CONTACT_FORM,
      success: { kind: 'redirect', url: 'https://www.example.test/ありがとう' },
    });
    const { status, location } = await post({ email: address() }, { to });
    assert.deepEqual([status, location], [303, encodeURI('https://www.example.test/ありがとう')]);
    assert.equal((await server.fetch(`/f/${to}/done`)).headers.get('location'), location);
  });

  test('that is refused is shown again with every answer, and what is wrong beside it', async () => {
    const { status, html, response } = await post({
      name: '<script>alert(1)</script>',
      email: 'nobody',
      _key: 'kept-key',
      _lang: 'de',
    });
    assert.equal(status, 400);
    assert.match(response.headers.get('content-type')!, /^text\/html/);
    assert.match(response.headers.get('content-security-policy')!, /default-src 'none'/);
    assert.match(html, /value="nobody"/);
    assert.match(html, /kept-key/);
    assert.match(html, /E-Mail-Adresse wie name@example\.com/);
    assert.doesNotMatch(html, /<script>alert/);
  });

  test('is one submission for its key, and an edited one is shown again under another', async () => {
    const fields = { email: address(), ['_key']: newId() };
    const sent = await Promise.all(Array.from({ length: 20 }, () => post(fields)));
    assert.equal(new Set(sent.map(({ status, location }) => `${status} ${location}`)).size, 1);
    assert.equal((await submissions()).filter(({ answers }) => answers.email === fields.email).length, 1);
    const edited = await post({ ...fields, name: 'Ada' });
    assert.equal(edited.status, 422);
    assert.ok(!edited.html.includes(fields['_key']));
    assert.match(edited.html, /value="Ada"/);
  });

  test('that was sent before its form was deleted leads where it led, by its key or its place; nothing else is taken', async () => {
    const visited = await newServer({ database: server.database });
    const form = await publish(server.database, workspace, CONTACT_FORM);
    const [keyed, keyless] = [{ email: address(), ['_key']: newId() }, { email: address() }];
    const to = { to: form, at: visited };
    const first = [await post(keyed, to), await post(keyless, to)];
    await server.database.asOwner('update forms set deleted_at = now() where id = $1', [form]);
    visited.later(6_000);
    const again = [await post(keyed, to), await post(keyless, to)];
    assert.deepEqual(
      again.map(({ status, location }) => [status, location]),
      first.map(({ location }) => [303, location]),
    );
    assert.equal((await post({ email: address() }, to)).status, 404);
    assert.equal((await submissions(form)).length, 2);
  });

  test('without a key is one for the same answers from the same place within ten minutes', async () => {
    const fields = { email: address() };
    const mine = async () => (await submissions()).filter(({ answers }) => answers.email === fields.email).length;
    await Promise.all(Array.from({ length: 10 }, () => post(fields)));
    assert.equal(await mine(), 1);
    await post(fields, { from: '198.51.100.8' });
    assert.equal(await mine(), 2);
    await post({ ...fields, name: 'Ada' });
    assert.equal(await mine(), 3);
    await server.database.asOwner(`update submissions set created_at = now() - interval '11 minutes' where form_id = $1`, [
      formId,
    ]);
    await post(fields);
    assert.equal(await mine(), 4);
  });

  test('is suspected by its trap, its time and a page that hides itself', async () => {
    const page = await (await server.fetch(`/f/${formId}`)).text();
    const started = /name="_started"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="_started"/.exec(page)!.slice(1).find(Boolean)!;
    const trap = (await (await server.fetch(`${API_PREFIX}/public/forms/${formId}`)).json()).data.trap;
    const reasons = async (fields: Record<string, string>, origin = PAGE) => {
      const email = address();
      assert.equal((await post({ email, ...fields }, { origin })).status, 303);
      const row = (await submissions()).find(({ answers }) => answers.email === email);
      return [row.state, ...row.spam_reasons];
    };
    assert.deepEqual(await reasons({ [trap]: 'x' }), ['quarantined', 'honeypot']);
    assert.deepEqual(await reasons({ _started: started }), ['quarantined', 'too_fast']);
    server.later(10_000);
    assert.deepEqual(await reasons({ _started: started }), ['accepted']);
    assert.deepEqual(await reasons({}, 'null'), ['quarantined', 'origin']);
  });

  test('comes from pages that are allowed, in numbers that are stricter', async () => {
    assert.equal((await post({ email: address() }, { origin: 'https://elsewhere.example' })).status, 403);
    const strict = await newServer({
      database: server.database,
      limits: { 'plain-captures': { name: 'plain-captures', quota: 1, seconds: 900 } },
    });
    assert.equal((await post({ email: address() }, { at: strict })).status, 303);
    const refused = await post({ email: 'kept@example.test' }, { at: strict });
    assert.equal(refused.status, 429);
    assert.match(refused.html, /kept@example\.test/);
    assert.ok(Number(refused.response.headers.get('retry-after')) > 0);
  });

  test('that is closed, unknown or too large is answered by a page', async () => {
    const closed = await publish(server.database, workspace, CONTACT_FORM as FormDefinition);
    await server.database.asOwner('update forms set is_active = false where id = $1', [closed]);
    for (const [answer, expected] of [
      [await post({ email: address() }, { to: closed }), 409],
      [await post({ email: address() }, { to: newId() }), 404],
      [await post({ email: address(), message: 'x'.repeat(70_000) }), 413],
      [await post({ email: address(), _version: '77' }), 400],
    ] as const) {
      assert.equal(answer.status, expected);
      assert.match(answer.html, /^<!doctype html>/);
    }
  });
});

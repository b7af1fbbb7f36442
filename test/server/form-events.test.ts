import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { CaptureEvent } from '../../src/contract/capture.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { newId } from '../../server/ids.ts';
import { publishedForm } from '../support/published-form.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

const EVENTS = '/api/v2/public/events';
const DAY_MS = 86_400_000;

const FORM: FormDefinition = {
  locale: 'en',
  steps: [
    { id: 'one', fields: [{ id: 'email', type: 'email', label: 'E-mail', required: true, maps_to: 'contact.email' }] },
    { id: 'two', fields: [{ id: 'wish', type: 'text', label: 'Wish' }] },
  ],
};

describe('Events of forms', () => {
  let server: TestServer;
  let workspace: TestWorkspace;
  let form: string;

  before(async () => {
    server = await newServer();
    workspace = await server.newWorkspace();
    form = await publishedForm(workspace, FORM);
  });

  const event = (given: Partial<CaptureEvent> = {}): CaptureEvent => ({ form_id: form, event: 'view', id: newId(), ...given });

  const send = (events: unknown[], headers: Record<string, string> = {}, type = 'application/json') =>
    server.fetch(EVENTS, { method: 'POST', body: JSON.stringify({ events }), headers: { 'content-type': type, ...headers } });

  const stored = (id: string) => server.database.asOwner('select * from form_events where id = $1', [id]).then((rows) => rows[0]);

  const counted = async (of = form) =>
    (
      await server.database.asOwner(
        'select coalesce(sum(count), 0)::integer as count from form_event_totals where form_id = $1',
        [of],
      )
    )[0].count;

  test('are counted with what they say of the form, and nothing of the visitor', async () => {
    const id = newId();
    const page = 'https://shop.example.com/roofs?email=eva@example.com#eva';
    const response = await send([event({ id, event: 'close', step: 'two', field: 'wish', version: 1, page })], {
      'user-agent': 'Test',
    });
    assert.equal(response.status, 204);
    assert.equal(await response.text(), '');
    const row = await stored(id);
    assert.deepEqual(
      { ...row, workspace_id: undefined, happened_at: undefined, created_at: undefined },
      {
        workspace_id: undefined,
        id,
        form_id: form,
        form_version: 1,
        event: 'close',
        step: 'two',
        field: 'wish',
        name: null,
        surface: null,
        page: 'https://shop.example.com/roofs',
        happened_at: undefined,
        created_at: undefined,
      },
    );
    assert.equal(row.workspace_id, workspace.id);
  });

  test('are taken as the plain text that a beacon is', async () => {
    const id = newId();
    const response = await send([event({ id })], { origin: 'http://millrace.test' }, 'text/plain;charset=UTF-8');
    assert.equal(response.status, 204);
    assert.ok(await stored(id));
  });

  test('count once, however often they are sent, and at the same time', async () => {
    const before = await counted();
    const twice = event();
    const sends = Array.from({ length: 8 }, () => send([twice, twice, event()]));
    for (const response of await Promise.all(sends)) assert.equal(response.status, 204);
    assert.equal((await counted()) - before, 9);
  });

  test('of forms that nobody has published are taken like any other, and are nobody’s', async () => {
    const draft = await workspace.client.forms.create({ name: 'Draft', draft: FORM });
    const id = newId();
    const response = await send([event({ form_id: newId() }), event({ form_id: draft.id }), event({ id })]);
    assert.equal(response.status, 204);
    assert.ok(await stored(id));
    assert.equal(await counted(draft.id), 0);
  });

  test('name only steps and fields that the form has', async () => {
    const id = newId();
    await send([event({ id, event: 'error', step: 'nine', field: '__proto__' })]);
    const { step, field } = await stored(id);
    assert.deepEqual([step, field], [null, null]);
  });

  test('happen when the browser says, unless its clock can not be right', async () => {
    const now = Date.now();
    const times: [at: string, kept: boolean][] = [
      [new Date(now - DAY_MS).toISOString(), true],
      [new Date(now - 30 * DAY_MS).toISOString(), false],
      [new Date(now + DAY_MS).toISOString(), false],
    ];
    for (const [at, kept] of times) {
      const id = newId();
      await send([event({ id, at })]);
      assert.equal((await stored(id)).happened_at.toISOString() === at, kept, at);
    }
  });

  test('are not counted of whoever asks not to be followed', async () => {
    for (const headers of [{ 'sec-gpc': '1' }, { dnt: '1' }]) {
      const id = newId();
      assert.equal((await send([event({ id })], headers)).status, 204);
      assert.equal(await stored(id), undefined);
    }
  });

  test('come from the pages that may submit the form', async () => {
    const origins = ['https://shop.example.com'];
    const own = await publishedForm(workspace, { ...FORM, allowed_origins: origins });
    const from = (origin: string, of: string) => send([event({ form_id: of })], { origin });
    assert.equal((await from('https://shop.example.com', own)).status, 204);
    assert.equal((await from('http://millrace.test', own)).status, 204);
    const refused = await from('https://evil.example.com', own);
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get('access-control-allow-origin'), '*');
    assert.match((await refused.json()).error, /https:\/\/evil\.example\.com/);
    assert.equal((await from('null', own)).status, 403);
    assert.equal(await counted(own), 2);
    // An origin that is foreign to one form may be another's own.
    assert.equal((await send([event({ form_id: own }), event()], { origin: 'https://shop.example.com' })).status, 204);
    assert.equal(await counted(own), 3);
  });

  test('are counted without a version that no form can have', async () => {
    for (const version of [-1, 9e15]) {
      const id = newId();
      assert.equal((await send([event({ id, version })])).status, 204);
      assert.equal((await stored(id)).form_version, null);
    }
  });

  test('are refused where they are none, too many or too large', async () => {
    assert.equal((await send([event({ event: 'hover' as 'view' })])).status, 400);
    assert.equal((await send([event({ id: 'x' })])).status, 400);
    assert.equal((await send([{ ...event(), ip: '203.0.113.7' }])).status, 400);
    assert.equal((await send([])).status, 400);
    assert.equal((await send(Array.from({ length: 51 }, () => event()))).status, 400);
    assert.equal(
      (await send(Array.from({ length: 50 }, () => event({ page: `https://a.example/${'a'.repeat(1_900)}` })))).status,
      413,
    );
    assert.equal((await send([event()], {}, 'text/html')).status, 415);
  });

  test('go after ninety days, and their totals stay', async () => {
    const [old, young] = [newId(), newId()];
    const form = await publishedForm(workspace, FORM);
    await send([event({ id: old, form_id: form }), event({ id: young, form_id: form })]);
    await server.database.asOwner(`update form_events set created_at = now() - interval '91 days' where id = $1`, [old]);
    await server.app.purge();
    assert.equal(await stored(old), undefined);
    assert.ok(await stored(young));
    assert.equal(await counted(form), 2);
  });
});

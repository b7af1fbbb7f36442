import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { bearing, json } from '../support/calls.ts';
import { newServer, ORIGIN, PASSWORD, type TestServer, type TestWorkspace } from '../support/server.ts';

const OURS = 'https://app.ours.test';
const THEIRS = 'https://app.theirs.test';
const UNKNOWN = 'https://evil.test';

describe('a page', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
    const theirs = await server.newWorkspace();
    await ours.client.workspace.update({ allowed_origins: [OURS, 'http://localhost:5173'] });
    await theirs.client.workspace.update({ allowed_origins: [THEIRS] });
  });

  const read = (origin: string | undefined, on = server) =>
    on.fetch('/api/v2/contacts', { headers: { ...bearing(ours.member.token), ...(origin !== undefined && { Origin: origin }) } });
  const signIn = (origin: string) =>
    server.fetch('/api/v2/auth/sign-in', json('POST', { email: ours.member.email, password: PASSWORD }, { Origin: origin }));
  const preflight = (origin: string | undefined, path = '/api/v2/contacts') =>
    server.fetch(path, {
      method: 'OPTIONS',
      headers: {
        ...(origin !== undefined && { Origin: origin }),
        'Access-Control-Request-Method': 'PATCH',
        'Access-Control-Request-Headers': 'authorization',
      },
    });
  const corsOf = ({ headers }: Response) => headers.get('Access-Control-Allow-Origin');
  const assertRefused = async (response: Response, origin: string) => {
    assert.equal(response.status, 403, origin);
    const body = (await response.json()) as any;
    assert.equal(body.code, 'ORIGIN_NOT_ALLOWED', origin);
    assert.ok(body.error.includes(origin), 'the sentence names the origin');
  };

  test("of the server's own origin, or without one, may call and needs no headers for it", async () => {
    for (const origin of [ORIGIN, undefined]) {
      const response = await read(origin);
      assert.equal(response.status, 200);
      assert.equal(corsOf(response), null);
    }
  });

  test('of the public address is at home behind a proxy that calls the server by another', async () => {
    const behind = await newServer({ database: server.database, publicUrl: 'https://crm.example.test/some/path' });
    assert.equal((await read('https://crm.example.test', behind)).status, 200);
    assert.equal((await read('https://crm.example.test:8443', behind)).status, 403);
  });

  test('of an origin that the workspace allows may call, and read what it needs of the answer', async () => {
    const response = await read(OURS);
    assert.equal(response.status, 200);
    assert.equal(corsOf(response), OURS);
    assert.equal(response.headers.get('Access-Control-Allow-Credentials'), null);
    assert.match(response.headers.get('Vary')!, /\bOrigin\b/);
    const exposed = response.headers.get('Access-Control-Expose-Headers')!.split(', ');
    for (const name of ['ETag', 'X-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'Idempotent-Replayed'])
      assert.ok(exposed.includes(name), name);
    const refusal = await server.fetch('/api/v2/contacts/unknown', { headers: { ...bearing(ours.member.token), Origin: OURS } });
    assert.equal(refusal.status, 404);
    assert.equal(corsOf(refusal), OURS, 'a refusal can be read as well');
  });

  test('of an unknown origin is refused, with a credential or without, and reads nothing', async () => {
    for (const origin of [
      UNKNOWN,
      'null',
      `${OURS}.evil.test`,
      'http://app.ours.test',
      `${OURS}:444`,
      'http://localhost:5174',
      'x'.repeat(400),
    ]) {
      for (const response of [await read(origin), await signIn(origin)]) {
        assert.equal(corsOf(response), null, origin);
        await assertRefused(response, origin);
      }
    }
  });

  test('of an origin that another workspace allows may not call ours', async () => {
    await assertRefused(await read(THEIRS), THEIRS);
    const { length } = (await ours.client.contacts.list()).data;
    await assertRefused(
      await server.fetch('/api/v2/contacts', json('POST', { firstname: 'X' }, { ...bearing(ours.member.token), Origin: THEIRS })),
      THEIRS,
    );
    assert.equal((await ours.client.contacts.list()).data.length, length);
  });

  test('may sign in from whatever origin some workspace allows, for it is not yet known where', async () => {
    for (const origin of [OURS, THEIRS]) {
      const response = await signIn(origin);
      assert.equal(response.status, 200);
      assert.equal(corsOf(response), origin);
    }
  });

  test('asks before it calls: an allowed origin is told what it may send', async () => {
    for (const origin of [OURS, THEIRS]) {
      const response = await preflight(origin);
      assert.equal(response.status, 204);
      assert.equal(corsOf(response), origin);
      const methods = response.headers.get('Access-Control-Allow-Methods')!.split(', ');
      for (const method of ['GET', 'POST', 'PATCH', 'PUT', 'DELETE']) assert.ok(methods.includes(method), method);
      const sent = response.headers.get('Access-Control-Allow-Headers')!.split(', ');
      for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match'])
        assert.ok(sent.includes(name), name);
    }
  });

  test('asks before it calls: an unknown origin is told no', async () => {
    for (const path of ['/api/v2/contacts', '/api/v2/auth/sign-in', '/api/v2/nowhere']) {
      const response = await preflight(UNKNOWN, path);
      assert.equal(corsOf(response), null);
      assert.equal(response.headers.get('Access-Control-Allow-Methods'), null);
      await assertRefused(response, UNKNOWN);
    }
    assert.equal((await preflight(ORIGIN)).status, 204);
    assert.equal((await preflight(undefined)).status, 204);
  });

  test('is let in and out as the workspace says: at once here, within five seconds elsewhere', async () => {
    const at = await server.newWorkspace();
    const elsewhere = await newServer({ database: server.database });
    const origin = 'https://new.example.test';
    const call = (on: TestServer) => on.fetch('/api/v2/contacts', { headers: { ...bearing(at.member.token), Origin: origin } });
    assert.equal((await call(server)).status, 403);
    assert.equal((await call(elsewhere)).status, 403);

    await at.client.workspace.update({ allowed_origins: [origin] });
    const allowed = await call(server);
    assert.equal(allowed.status, 200);
    assert.equal(corsOf(allowed), origin);
    elsewhere.later(5_000);
    assert.equal(corsOf(await call(elsewhere)), origin);

    await at.client.workspace.update({ allowed_origins: [] });
    const refused = await call(server);
    assert.equal(corsOf(refused), null);
    await assertRefused(refused, origin);
    elsewhere.later(5_000);
    assert.equal((await call(elsewhere)).status, 403);
  });

  test('of a deleted workspace is unknown again', async () => {
    const at = await server.newWorkspace();
    const origin = 'https://gone.example.test';
    await at.client.workspace.update({ allowed_origins: [origin] });
    assert.equal((await preflight(origin)).status, 204);
    await at.client.workspace.remove({ name: at.name });
    assert.equal((await preflight(origin)).status, 403);
  });
});

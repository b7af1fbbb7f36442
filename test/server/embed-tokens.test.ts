import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { AccessTokens } from '../../server/auth/access-tokens.ts';
import { DEFAULT_LIMITS } from '../../server/http/limits.ts';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { EMBEDDABLE, newEmbedToken, newKey } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

const SECRET = 'a secret for tests that is long enough';
const SHOP = 'https://shop.example.com';
const MINUTE = 60_000;

let server: TestServer;
let ours: TestWorkspace;
let key: string;
let keyId: string;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
  await ours.client.workspace.update({ allowed_origins: [SHOP, 'https://other.example.com'] });
  ({ key, id: keyId } = await newKey(ours));
});

const memberOf = async (workspace: TestWorkspace, role: string) =>
  (await workspace.client.members.list()).data.find((member) => member.role === role)!;

interface Sent {
  on?: TestServer;
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Calls with a token, and tells what came of it. */
async function call(token: string, path: string, { on = server, method = 'GET', body, headers = {} }: Sent = {}) {
  const all = { ...bearing(token), ...headers };
  const response = await on.fetch(`/api/v2${path}`, body === undefined ? { method, headers: all } : json(method, body, all));
  const text = await response.text();
  return { status: response.status, headers: response.headers, ...(text === '' ? {} : JSON.parse(text)) };
}

const ask = (by: string, body: object) => call(by, '/embed-tokens', { method: 'POST', body });
const statusOf = async (token: string, path = '/auth/me', sent: Sent = {}) => (await call(token, path, sent)).status;

describe('making an embed token', () => {
  test('takes a secret key, and tells whoever comes without one', async () => {
    const refused = {
      status: 403,
      code: 'FORBIDDEN',
      error: 'This needs a secret key: call it from your server, with Authorization: Bearer sk_live_….',
    };
    const body = { permissions: ['crm:access'] };
    assert.partialDeepStrictEqual(await ask(ours.owner.token, body), refused);
    assert.partialDeepStrictEqual(await ask(await newEmbedToken(server, key), body), refused);
    assert.equal((await ask(key, body)).status, 201);
  });

  test('gives one that lasts ten minutes unless said, and an hour at most', async () => {
    const lifeOf = async (body: object) => {
      const { data } = await ask(key, { permissions: ['crm:access'], ...body });
      const { exp, iat } = decodeJwt(data.token);
      assert.equal(Date.parse(data.expires_at), exp! * 1_000);
      return exp! - iat!;
    };
    assert.equal(await lifeOf({}), 600);
    assert.equal(await lifeOf({ expires_in: 3_600 }), 3_600);
    assert.equal((await ask(key, { permissions: ['crm:access'], expires_in: 3_601 })).status, 400);
  });

  test('gives it no permission that the key lacks, nor one to make keys', async () => {
    const { key: weak } = await newKey(ours, { permissions: ['crm:access'] });
    assert.partialDeepStrictEqual(await ask(weak, { permissions: ['crm:access', 'crm:companies:view'] }), {
      status: 403,
      error: 'A token gets no permission that its key does not have: this key lacks crm:companies:view.',
    });
    const codes = async (body: object) => (await ask(key, body)).issues.map(({ path, code }: any) => `${path} ${code}`);
    assert.deepEqual(await codes({ permissions: ['workspace:api_keys'] }), ['permissions not_embeddable']);
    assert.deepEqual(await codes({ permissions: [] }), ['permissions too_few']);
    assert.deepEqual(await codes({}), ['permissions required']);
    assert.deepEqual(await codes({ permissions: ['workspace:members'], owner_scope: ours.member.userId }), [
      'permissions not_embeddable',
    ]);
  });

  test('takes members of the workspace alone', async () => {
    const theirs = await server.newWorkspace();
    const invited = await ours.client.members.invite({ email: 'embedded@example.test', role: 'viewer' });
    const codes = async (body: object) =>
      (await ask(key, { permissions: ['crm:access'], ...body })).issues.map(({ path, code }: any) => `${path} ${code}`);
    for (const id of [newId(), (await memberOf(theirs, 'member')).id, invited.id])
      assert.deepEqual(await codes({ member_id: id }), ['member_id not_found']);
    for (const id of [newId(), theirs.member.userId])
      assert.deepEqual(await codes({ owner_scope: id }), ['owner_scope not_found']);
    assert.deepEqual(await codes({ origin: 'https://unknown.example.com' }), ['origin not_allowed_origin']);
    assert.deepEqual(await codes({ components: ['script'] }), ['components.0 not_format']);
  });
});

describe('an embed token', () => {
  test('does what it was made for in the name of its key, and is told what that is', async () => {
    const token = await newEmbedToken(server, key, {
      permissions: ['crm:access', 'crm:companies:create'],
      components: ['mill-contact-table'],
    });
    const made = await call(token, '/companies', { method: 'POST', body: { name: 'Embedded' } });
    assert.equal(made.status, 201);
    assert.equal(made.data.created_by, keyId);
    assert.partialDeepStrictEqual(await call(token, '/companies'), {
      status: 403,
      error: 'This needs the permission crm:companies:view, which this token does not have.',
    });
    assert.deepEqual((await call(token, '/auth/me')).data, {
      user: null,
      role: null,
      workspace: { id: ours.id, name: ours.name },
      permissions: ['crm:access', 'crm:companies:create'],
      workspaces: [],
      components: ['mill-contact-table'],
    });
  });

  test('of a member acts as them, within their role', async () => {
    const member_id = (await memberOf(ours, 'member')).id;
    const token = await newEmbedToken(server, key, { member_id });
    const made = await call(token, '/companies', { method: 'POST', body: { name: 'By a member' } });
    assert.equal(made.data.created_by, ours.member.userId);
    assert.equal((await call(token, `/companies/${made.data.id}`, { method: 'DELETE' })).status, 403);
    const { data } = await call(token, '/auth/me');
    assert.partialDeepStrictEqual(data, {
      user: { id: ours.member.userId, email: ours.member.email },
      role: 'member',
      workspaces: [],
    });
    assert.ok(data.permissions.includes('crm:companies:edit') && !data.permissions.includes('crm:companies:delete'));

    const narrow = await newEmbedToken(server, key, { member_id, permissions: ['crm:access', 'crm:companies:delete'] });
    assert.deepEqual((await call(narrow, '/auth/me')).data.permissions, ['crm:access']);
  });

  test('is no sign-in, not even of the owner', async () => {
    const token = await newEmbedToken(server, key, { member_id: (await memberOf(ours, 'owner')).id });
    const calls: [string, Sent][] = [
      ['/auth/change-password', { method: 'POST', body: { current_password: 'x', new_password: 'long enough now' } }],
      ['/auth/switch-workspace', { method: 'POST', body: { workspace_id: ours.id } }],
      ['/workspace/transfer', { method: 'POST', body: { user_id: ours.admin.userId } }],
      [`/workspace?name=${encodeURIComponent(ours.name)}`, { method: 'DELETE' }],
    ];
    for (const [path, sent] of calls) {
      assert.partialDeepStrictEqual(
        await call(token, path, sent),
        { status: 403, error: "This needs someone who is signed in: an embed token can't do it." },
        path,
      );
    }
    assert.equal(await statusOf(token, '/api-keys'), 403);
  });

  test('is never taken for an access token, nor the other way round', async () => {
    const token = await newEmbedToken(server, key);
    assert.notEqual(decodeProtectedHeader(token).typ, decodeProtectedHeader(ours.owner.token).typ);
    assert.notEqual(decodeJwt(token).aud, decodeJwt(ours.owner.token).aud);
    const secret = new TextEncoder().encode(SECRET);
    const signed = (claims: object, typ: string, alg = 'HS256', by = secret) =>
      new SignJWT(claims as {}).setProtectedHeader({ alg, typ }).sign(by);
    const [embed, access] = [decodeJwt(token), decodeJwt(ours.owner.token)];
    assert.equal(await statusOf(await signed(embed, 'embed+jwt')), 200, 'made here as the server makes them');
    const bad: Record<string, string> = {
      'its claims as an access token': await signed(embed, 'JWT'),
      'its claims with the other audience': await signed({ ...embed, aud: access.aud }, 'embed+jwt'),
      'both changed': await signed({ ...embed, aud: access.aud }, 'JWT'),
      'an access token as an embed token': await signed({ ...access, aud: embed.aud }, 'embed+jwt'),
      'another algorithm': await signed(embed, 'embed+jwt', 'HS512'),
      'another secret': await signed(embed, 'embed+jwt', 'HS256', new TextEncoder().encode('another secret, also long enough')),
      'no end': await signed({ ...embed, exp: undefined }, 'embed+jwt'),
      'another workspace': await signed({ ...embed, ws: (await server.newWorkspace()).id }, 'embed+jwt'),
      'another key': await signed({ ...embed, key: newId() }, 'embed+jwt'),
      'a stranger': await signed({ ...embed, sub: (await server.newWorkspace()).owner.userId }, 'embed+jwt'),
      'no signature': token.replace(/[^.]+$/, ''),
      'other claims': token.replace(
        /\.[^.]+\./,
        `.${Buffer.from(JSON.stringify({ ...embed, owner: undefined })).toString('base64url')}x.`,
      ),
    };
    for (const [what, one] of Object.entries(bad)) assert.equal(await statusOf(one), 401, what);
    const tokens = new AccessTokens([SECRET], Date.now);
    assert.equal(await tokens.verify(token), undefined);
  });

  test('is used by pages of its origin alone', async () => {
    const token = await newEmbedToken(server, key, { origin: SHOP });
    const from = (Origin: string) => call(token, '/auth/me', { headers: { Origin } });
    const allowed = await from(SHOP);
    assert.equal(allowed.status, 200);
    assert.equal(allowed.headers.get('Access-Control-Allow-Origin'), SHOP);
    assert.partialDeepStrictEqual(await from('https://other.example.com'), {
      status: 403,
      code: 'ORIGIN_NOT_ALLOWED',
      error: `Pages of https://other.example.com may not use this token: it was made for ${SHOP}.`,
    });
    for (const other of ['null', 'http://millrace.test', 'https://unknown.example.com', `${SHOP}.evil.test`])
      assert.partialDeepStrictEqual(await from(other), { status: 403, code: 'ORIGIN_NOT_ALLOWED' }, other);
    assert.equal(await statusOf(token), 200, 'what comes from no page is not held to one');
  });

  test('may call from where its key may not, for the host has addresses and its visitors have others', async () => {
    const bound = await newKey(ours, { allowed_addresses: ['203.0.113.7'] });
    const token = await newEmbedToken(server, bound.key);
    const elsewhere = await server.fetch('/api/v2/auth/me', { headers: bearing(token), address: '198.51.100.1' });
    assert.equal(elsewhere.status, 200);
  });

  test('makes six hundred calls a minute, counted for itself', async () => {
    const limited = await newServer({ database: server.database, limits: { people: { ...DEFAULT_LIMITS.people, quota: 2 } } });
    const [one, other] = [await newEmbedToken(server, key), await newEmbedToken(server, key)];
    const first = await call(one, '/auth/me', { on: limited });
    assert.equal(first.headers.get('RateLimit-Policy'), '"people";q=2;w=60');
    assert.deepEqual(
      [await statusOf(one, '/auth/me', { on: limited }), await statusOf(one, '/auth/me', { on: limited })],
      [200, 429],
    );
    assert.equal(await statusOf(other, '/auth/me', { on: limited }), 200);
  });

  test("replays no answer to another token, nor to the member's own session", async () => {
    const member_id = (await memberOf(ours, 'member')).id;
    const make = (token: string) =>
      call(token, '/companies', { method: 'POST', body: { name: 'Once for a token' }, headers: { 'Idempotency-Key': 'shared' } });
    const wide = await newEmbedToken(server, key, { member_id });
    const narrow = await newEmbedToken(server, key, { member_id, permissions: ['crm:access', 'crm:companies:create'] });
    const scoped = await newEmbedToken(server, key, {
      member_id,
      permissions: EMBEDDABLE.filter((one) => one.startsWith('crm:')),
      owner_scope: ours.member.userId,
    });
    assert.equal((await make(wide)).status, 201);
    assert.equal((await make(wide)).headers.get('Idempotent-Replayed'), 'true');
    for (const other of [narrow, scoped, ours.member.token]) assert.equal((await make(other)).code, 'IDEMPOTENCY_MISMATCH');
  });
});

describe('an embed token is dead', () => {
  test('when its time is over', async () => {
    const own = await newServer({ database: server.database });
    const token = await newEmbedToken(server, key, { expires_in: 60 });
    assert.equal(await statusOf(token, '/auth/me', { on: own }), 200);
    own.later(MINUTE);
    assert.partialDeepStrictEqual(await call(token, '/auth/me', { on: own }), { status: 401, code: 'TOKEN_EXPIRED' });
  });

  test('with its key: at once here and within five seconds elsewhere', async () => {
    const elsewhere = await newServer({ database: server.database });
    const made = await newKey(ours);
    const token = await newEmbedToken(server, made.key);
    for (const on of [server, elsewhere]) assert.equal(await statusOf(token, '/auth/me', { on }), 200);
    await ours.client.apiKeys.rotate(made.id, {});
    assert.equal(await statusOf(token), 200, 'a rotation leaves the key what it is');
    await ours.client.apiKeys.remove(made.id);
    assert.partialDeepStrictEqual(await call(token, '/auth/me'), { status: 401, code: 'UNAUTHORIZED' });
    elsewhere.later(5_000);
    assert.equal(await statusOf(token, '/auth/me', { on: elsewhere }), 401);
  });

  test('when its key has expired, and has less when its key has', async () => {
    const own = await newServer({ database: server.database });
    const made = await newKey(ours, { expires_at: new Date(Date.now() + MINUTE).toISOString() });
    const token = await newEmbedToken(server, made.key);
    await ours.client.apiKeys.update(made.id, { permissions: ['crm:access'] });
    assert.deepEqual((await call(token, '/auth/me', { on: own })).data.permissions, ['crm:access']);
    own.later(MINUTE + 1_000);
    assert.equal((await call(token, '/auth/me', { on: own })).code, 'TOKEN_EXPIRED');
  });

  test('when its member leaves, also if they come back, and does less when they may', async () => {
    const there = await server.newWorkspace();
    const made = await newKey(there);
    const member = await memberOf(there, 'manager');
    const token = await newEmbedToken(server, made.key, { member_id: member.id });
    assert.equal((await call(token, '/auth/me')).data.role, 'manager');
    await there.client.members.update(member.id, { role: 'viewer' });
    const { data } = await call(token, '/auth/me');
    assert.equal(data.role, 'viewer');
    assert.ok(!data.permissions.includes('crm:companies:create'));
    await there.client.members.remove(member.id, {});
    assert.equal(await statusOf(token), 401);
    await server.database.asOwner(
      `insert into members (workspace_id, user_id, role, status, joined_at) values ($1, $2, 'manager', 'active', now() + interval '2 seconds')`,
      [there.id, there.manager.userId],
    );
    assert.equal(await statusOf(token, '/auth/me', { on: await newServer({ database: server.database }) }), 401);
  });
});

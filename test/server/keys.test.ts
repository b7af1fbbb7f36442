import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { DEFAULT_LIMITS } from '../../server/http/limits.ts';
import { isWithin, spellNetwork } from '../../server/http/networks.ts';
import { spell } from '../../server/http/address.ts';
import { ROLE_PERMISSIONS } from '../../src/contract/permissions.ts';
import { bearing, json } from '../support/calls.ts';
import { newKey } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

const MINUTE = 60_000;

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

interface Sent {
  on?: TestServer;
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  address?: string;
}

/** Calls with a key, and tells what came of it. */
async function call(key: string, path: string, { on = server, method = 'GET', body, headers = {}, address }: Sent = {}) {
  const response = await on.fetch(`/api/v2${path}`, {
    ...(body === undefined
      ? { method, headers: { ...bearing(key), ...headers } }
      : json(method, body, { ...bearing(key), ...headers })),
    ...(address !== undefined && { address }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, ...(text === '' ? {} : JSON.parse(text)) };
}

const refusal = ({ status, code, error }: any) => ({ status, code, error });

describe('an API key', () => {
  test('is shown once, and kept by its hash alone', async () => {
    const made = await newKey(ours, { name: 'Shop', permissions: ['crm:access', 'crm:companies:view'] });
    assert.match(made.key, /^sk_live_[\w-]{43}$/);
    assert.partialDeepStrictEqual(made, {
      name: 'Shop',
      kind: 'secret',
      last_four: made.key.slice(-4),
      permissions: ['crm:access', 'crm:companies:view'],
      expires_at: null,
      allowed_addresses: [],
      rate_limit: null,
      last_used_at: null,
      state: 'active',
      revoked_at: null,
      former_secret_until: null,
      created_by: ours.owner.userId,
      version: 1,
    });
    const { key: _, ...rest } = made;
    assert.deepEqual(await ours.client.apiKeys.get(made.id), rest);
    assert.deepEqual(
      (await ours.client.apiKeys.list()).data.find(({ id }) => id === made.id),
      rest,
    );

    const [row] = await server.database.asOwner('select t::text as text from api_keys t where id = $1', [made.id]);
    assert.ok(!row.text.includes(made.key.slice(8)));
    const log = await server.database.asOwner('select t::text as text from audit_log t where record_id = $1', [made.id]);
    assert.ok(log.length > 0 && log.every(({ text }) => !/_hash|sk_live/.test(text)));
    await assert.rejects(
      server.database.db.unit({ role: 'app', workspaceId: ours.id, requestId: 'test' }, [
        { sql: 'select secret_hash from api_keys', parameters: [] },
      ]),
      { code: '42501' },
    );
  });

  test('calls in its own name, which the record and the audit log keep, also when it is revoked', async () => {
    const { id, key } = await newKey(ours, { name: 'Importer' });
    const made = await call(key, '/companies', { method: 'POST', body: { name: 'Made by a key' } });
    assert.equal(made.status, 201);
    assert.equal(made.data.created_by, id);
    await ours.client.apiKeys.remove(id);
    const { data } = await ours.client.audit.list({ record_id: made.data.id });
    assert.partialDeepStrictEqual(data[0], { actor_id: id, actor_name: 'Importer', action: 'company.created' });
  });

  test('may do what it was given and nothing else, and is told what is missing', async () => {
    const { key } = await newKey(ours, { permissions: ['crm:access', 'crm:companies:view'] });
    assert.equal((await call(key, '/companies')).status, 200);
    assert.deepEqual(refusal(await call(key, '/companies', { method: 'POST', body: { name: 'No' } })), {
      status: 403,
      code: 'FORBIDDEN',
      error: 'This needs the permission crm:companies:create, which this key does not have.',
    });
    assert.deepEqual(refusal(await call(key, '/api-keys')), {
      status: 403,
      code: 'FORBIDDEN',
      error: 'This needs the permission workspace:api_keys, which this key does not have.',
    });
  });

  test('is nobody: what needs a person refuses it', async () => {
    const { key } = await newKey(ours);
    const calls: [string, Sent][] = [
      ['/auth/switch-workspace', { method: 'POST', body: { workspace_id: ours.id } }],
      ['/auth/change-password', { method: 'POST', body: { current_password: 'x', new_password: 'long enough now' } }],
      ['/workspace/transfer', { method: 'POST', body: { user_id: ours.admin.userId } }],
      [`/workspace?name=${encodeURIComponent(ours.name)}`, { method: 'DELETE' }],
    ];
    for (const [path, sent] of calls) {
      assert.deepEqual(
        refusal(await call(key, path, sent)),
        { status: 403, code: 'FORBIDDEN', error: "This needs someone who is signed in: a key can't do it." },
        path,
      );
    }
  });

  test('is told what it may do', async () => {
    const { key } = await newKey(ours, { permissions: ['crm:leads:view', 'crm:access'] });
    const { status, data } = await call(key, '/auth/me');
    assert.equal(status, 200);
    assert.deepEqual(data, {
      user: null,
      role: null,
      workspace: { id: ours.id, name: ours.name },
      permissions: ['crm:access', 'crm:leads:view'],
      workspaces: [],
      components: null,
    });
  });

  test('sees its own workspace alone', async () => {
    const theirs = await server.newWorkspace();
    await theirs.client.companies.create({ name: 'Not to be seen' });
    const { key } = await newKey(ours);
    assert.equal((await call(key, '/companies?search=not+to+be+seen')).pagination.total, 0);
  });

  test('gives nobody a role that may do more than the key', async () => {
    const { key } = await newKey(ours, { permissions: ['crm:access', 'workspace:members'] });
    const refused = await call(key, '/members', { method: 'POST', body: { email: 'up@by-key.test', role: 'admin' } });
    assert.equal(refused.status, 403);
    assert.match(refused.error, /^The role admin comes with the permission crm:reports:view, which this key does not have\.$/);
    const viewer = (await ours.client.members.list()).data.find(({ user_id }) => user_id === ours.viewer.userId)!;
    assert.equal((await call(key, `/members/${viewer.id}`, { method: 'PATCH', body: { role: 'admin' } })).status, 403);
    const reads = await newKey(ours, { permissions: ['workspace:members', ...ROLE_PERMISSIONS.viewer] });
    const invite = (role: string) =>
      call(reads.key, '/members', { method: 'POST', body: { email: `${role}@by-key.test`, role } });
    assert.equal((await invite('member')).status, 403);
    assert.equal((await invite('viewer')).status, 201);
  });

  test('with the permission gives roles up to admin, and changes no owner', async () => {
    const { key } = await newKey(ours);
    const invite = (role: string) => call(key, '/members', { method: 'POST', body: { email: `${role}@by-key.test`, role } });
    assert.equal((await invite('admin')).status, 201);
    assert.equal((await invite('viewer')).status, 201);
    assert.equal((await invite('owner')).status, 400);
    const members = (await ours.client.members.list()).data;
    const memberOf = (role: string) => members.find((member) => member.role === role && member.status === 'active')!;
    assert.equal(
      (await call(key, `/members/${memberOf('manager').id}`, { method: 'PATCH', body: { role: 'admin' } })).status,
      200,
    );
    assert.equal(
      (await call(key, `/members/${memberOf('owner').id}`, { method: 'PATCH', body: { role: 'viewer' } })).status,
      403,
    );
    assert.equal((await call(key, `/members/${memberOf('owner').id}`, { method: 'DELETE' })).status, 403);
  });
});

describe('whoever makes or changes a key', () => {
  test('needs the permission to', async () => {
    const there = await server.newWorkspace();
    for (const role of ['viewer', 'member', 'manager'] as const)
      await assert.rejects(there[role].client.apiKeys.list(), { code: 'FORBIDDEN' });
    assert.equal((await newKey({ ...there, client: there.admin.client })).created_by, there.admin.userId);
  });

  test('gives no permission that they do not hold', async () => {
    const { key } = await newKey(ours, { permissions: ['workspace:api_keys', 'crm:access'] });
    const make = (permissions: string[]) => call(key, '/api-keys', { method: 'POST', body: { name: 'Child', permissions } });
    assert.deepEqual(refusal(await make(['crm:access', 'crm:leads:view'])), {
      status: 403,
      code: 'FORBIDDEN',
      error: 'Nobody gives a key the permission crm:leads:view, which this key does not have.',
    });
    const child = await make(['crm:access']);
    assert.equal(child.status, 201);
    const widen = await call(key, `/api-keys/${child.data.id}`, { method: 'PATCH', body: { permissions: ['crm:export'] } });
    assert.equal(widen.status, 403);
    assert.deepEqual((await ours.client.apiKeys.get(child.data.id)).permissions, ['crm:access']);
  });

  test('gets no secret of a key that may do more than they', async () => {
    const strong = await newKey(ours);
    const { key } = await newKey(ours, { permissions: ['workspace:api_keys'] });
    for (const sent of [
      [`/api-keys/${strong.id}/rotate`, { method: 'POST', body: {} }],
      [`/api-keys/${strong.id}`, { method: 'PATCH', body: { allowed_addresses: [] } }],
    ] as [string, Sent][])
      assert.match(
        (await call(key, ...sent)).error,
        /by those only who hold the permission crm:access, which this key does not have/,
      );
    assert.equal((await call(strong.key, '/companies')).status, 200);
    assert.equal((await call(key, `/api-keys/${strong.id}`, { method: 'DELETE' })).status, 204, 'but may end it');
  });

  test('says what it may do, once each, and nothing that no key has', async () => {
    const make = (body: object) => ours.client.apiKeys.create({ name: 'Odd', ...body } as any);
    const issues = async (body: object) =>
      (await make(body).catch((error) => error)).issues.map(({ path, code }: any) => `${path} ${code}`);
    assert.deepEqual(await issues({}), ['permissions too_few']);
    assert.deepEqual(await issues({ kind: 'publishable', permissions: ['crm:access'] }), ['permissions too_many']);
    assert.deepEqual(await issues({ permissions: ['crm:everything'] }), ['permissions.0 not_option']);
    assert.deepEqual(await issues({ permissions: ['crm:access'], expires_at: '2001-01-01T00:00:00Z' }), [
      'expires_at not_future',
    ]);
    assert.deepEqual(await issues({ permissions: ['crm:access'], rate_limit: 0 }), ['rate_limit too_small']);
    assert.deepEqual(await issues({ permissions: ['crm:access'], allowed_addresses: ['10.0.0.1', 'example.com'] }), [
      'allowed_addresses.1 not_address',
    ]);
    for (const name of ['secret_hash', 'last_four', 'key', 'created_by', 'last_used_at', 'state'])
      assert.deepEqual(await issues({ permissions: ['crm:access'], [name]: 'x' }), [`${name} unknown`]);
    assert.deepEqual((await make({ permissions: ['crm:leads:view', 'crm:access', 'crm:leads:view'] })).permissions, [
      'crm:access',
      'crm:leads:view',
    ]);
  });

  test('changes a version, and is refused another', async () => {
    const made = await newKey(ours);
    const changed = await ours.client.apiKeys.update(made.id, { name: 'Renamed', rate_limit: 5 }, { ifMatch: 1 });
    assert.partialDeepStrictEqual(changed, { name: 'Renamed', rate_limit: 5, version: 2, updated_by: ours.owner.userId });
    for (const change of [
      () => ours.client.apiKeys.update(made.id, { name: 'Late' }, { ifMatch: 1 }),
      () => ours.client.apiKeys.rotate(made.id, {}, { ifMatch: 1 }),
      () => ours.client.apiKeys.remove(made.id, { ifMatch: 1 }),
    ])
      await assert.rejects(change, { code: 'VERSION_MISMATCH' });
    assert.equal((await call(made.key, '/auth/me')).status, 200);
  });

  test('is in the audit log, without a secret', async () => {
    const { id, key } = await newKey(ours, { name: 'Logged' });
    await ours.client.apiKeys.update(id, { name: 'Logged twice' });
    const rotated = await ours.client.apiKeys.rotate(id, { expires_in: 60 });
    await call(rotated.key, '/auth/me');
    await ours.client.apiKeys.remove(id);
    const { data } = await ours.client.audit.list({ record_id: id });
    assert.deepEqual(
      data.map(({ action }) => action),
      ['api_key.revoked', 'api_key.rotated', 'api_key.updated', 'api_key.created'],
    );
    assert.deepEqual(data[2]!.after, { name: 'Logged twice' });
    assert.doesNotMatch(JSON.stringify(data), new RegExp(`hash|${key}|${rotated.key}`));
  });

  test('is answered once: a repeat of a creation or a rotation is a conflict', async () => {
    const sent = { method: 'POST', headers: { 'Idempotency-Key': 'once' } };
    const first = await call(ours.owner.token, '/api-keys', { ...sent, body: { name: 'Once', permissions: ['crm:access'] } });
    assert.equal(first.status, 201);
    const again = await call(ours.owner.token, '/api-keys', { ...sent, body: { name: 'Once', permissions: ['crm:access'] } });
    assert.equal(again.status, 409);
    assert.equal(again.data, undefined);
    const [{ count }] = (await server.database.asOwner(
      `select count(*)::integer as count from api_keys where name = 'Once'`,
    )) as [any];
    assert.equal(count, 1);
    const [kept] = await server.database.asOwner(
      `select count(*)::integer as count from idempotency_keys where body like '%_live_%'`,
    );
    assert.equal(kept.count, 0);
  });
});

describe('a list of keys', () => {
  test('leaves revoked ones out unless they are asked for, and is filtered and sorted', async () => {
    const there = await server.newWorkspace();
    const [a, b, c] = [
      await newKey(there, { name: 'Ärger' }),
      await newKey(there, { name: 'beta', kind: 'publishable' }),
      await newKey(there, { name: 'Zulu', expires_at: new Date(Date.now() + MINUTE).toISOString() }),
    ];
    await server.database.asOwner(`update api_keys set expires_at = now() where id = $1`, [c.id]);
    await there.client.apiKeys.remove(a.id);
    const names = async (query: object) => (await there.client.apiKeys.list(query)).data.map(({ name }) => name);
    assert.deepEqual(await names({}), ['Zulu', 'beta']);
    assert.deepEqual(await names({ state: ['revoked'] }), ['Ärger']);
    assert.deepEqual(await names({ state: ['active'] }), ['beta']);
    assert.deepEqual(await names({ state: ['expired', 'revoked'], sort_by: 'name', sort_order: 'asc' }), ['Ärger', 'Zulu']);
    assert.deepEqual(await names({ kind: 'publishable' }), ['beta']);
    assert.equal((await there.client.apiKeys.get(a.id)).state, 'revoked');
    assert.equal(b.kind, 'publishable');
  });
});

describe('a key is dead', () => {
  test('at once here and within five seconds elsewhere, when it is revoked', async () => {
    const elsewhere = await newServer({ database: server.database });
    const { id, key } = await newKey(ours);
    for (const on of [server, elsewhere]) assert.equal((await call(key, '/companies', { on })).status, 200);
    await ours.client.apiKeys.remove(id);
    assert.deepEqual(refusal(await call(key, '/companies')), {
      status: 401,
      code: 'UNAUTHORIZED',
      error: 'This key is not known: it was revoked, or never was one.',
    });
    elsewhere.later(5_000);
    assert.equal((await call(key, '/companies', { on: elsewhere })).status, 401);

    assert.equal((await call(ours.owner.token, `/api-keys/${id}`, { method: 'DELETE' })).status, 204, 'a repeat is no fault');
    for (const [path, body] of [
      [`/api-keys/${id}`, { name: 'Back' }],
      [`/api-keys/${id}/rotate`, {}],
    ] as const)
      assert.equal(
        (await call(ours.owner.token, path, { method: path.endsWith('rotate') ? 'POST' : 'PATCH', body })).status,
        409,
      );
  });

  test('in what it may do within five seconds elsewhere, when a permission is taken from it', async () => {
    const elsewhere = await newServer({ database: server.database });
    const { id, key } = await newKey(ours, { permissions: ['crm:access', 'crm:companies:view'] });
    assert.equal((await call(key, '/companies', { on: elsewhere })).status, 200);
    await ours.client.apiKeys.update(id, { permissions: ['crm:access'] });
    assert.equal((await call(key, '/companies')).status, 403);
    elsewhere.later(5_000);
    assert.equal((await call(key, '/companies', { on: elsewhere })).status, 403);
  });

  test('when its time is over, to the moment, also while it is remembered', async () => {
    const expiring = await newServer({ database: server.database });
    const { id, key } = await newKey(ours, { expires_at: new Date(Date.now() + MINUTE).toISOString() });
    expiring.later(MINUTE - 2_000);
    assert.equal((await call(key, '/auth/me', { on: expiring })).status, 200);
    expiring.later(2_500);
    assert.deepEqual(refusal(await call(key, '/auth/me', { on: expiring })), {
      status: 401,
      code: 'TOKEN_EXPIRED',
      error: 'This key has expired: take a new one.',
    });
    await ours.client.apiKeys.update(id, { expires_at: null });
    expiring.later(5_000);
    assert.equal((await call(key, '/auth/me', { on: expiring })).status, 200, 'and is given more');
  });

  test('when its workspace is deleted', async () => {
    const there = await server.newWorkspace();
    const { key } = await newKey(there);
    assert.equal((await call(key, '/auth/me')).status, 200);
    await there.client.workspace.remove({ name: there.name });
    assert.equal((await call(key, '/auth/me')).status, 401);
  });

  test('where it never lived', async () => {
    const { key } = await newKey(ours);
    for (const wrong of [
      key.slice(0, -1),
      `${key}x`,
      key.replace('sk_', 'pk_'),
      key.slice(8),
      `sk_live_${'A'.repeat(43)}`,
      'sk_live_',
      "sk_live_' or true --",
    ])
      assert.equal((await call(wrong, '/auth/me')).status, 401, wrong);
    const inUrl = await server.fetch(`/api/v2/auth/me?key=${key}&access_token=${key}`);
    assert.equal(inUrl.status, 401);
    assert.equal((await server.fetch('/api/v2/auth/me', { headers: { 'X-Api-Key': key } })).status, 401);
  });
});

describe('rotating a key', () => {
  test('gives it a new secret, and ends the old one at once', async () => {
    const { id, key } = await newKey(ours);
    const elsewhere = await newServer({ database: server.database });
    assert.equal((await call(key, '/auth/me', { on: elsewhere })).status, 200);
    const rotated = await ours.client.apiKeys.rotate(id, {});
    assert.notEqual(rotated.key, key);
    assert.partialDeepStrictEqual(rotated, { id, last_four: rotated.key.slice(-4), former_secret_until: null, version: 2 });
    assert.equal((await call(key, '/auth/me')).status, 401);
    assert.equal((await call(rotated.key, '/auth/me')).status, 200);
    elsewhere.later(5_000);
    assert.equal((await call(key, '/auth/me', { on: elsewhere })).status, 401);
  });

  test('lets the old one live on for as long as it is asked, a day at most', async () => {
    const own = await newServer({ database: server.database });
    const { id, key } = await newKey(ours);
    const { key: next, former_secret_until } = await ours.client.apiKeys.rotate(id, { expires_in: 60 });
    assert.ok(former_secret_until);
    for (const either of [key, next]) assert.equal((await call(either, '/auth/me', { on: own })).status, 200);
    own.later(MINUTE + 1_000);
    assert.deepEqual(
      [(await call(key, '/auth/me', { on: own })).code, (await call(next, '/auth/me', { on: own })).status],
      ['TOKEN_EXPIRED', 200],
    );

    const last = await ours.client.apiKeys.rotate(id, {});
    assert.equal((await call(next, '/auth/me')).status, 401, 'and the next rotation ends it all the same');
    assert.equal((await call(key, '/auth/me')).status, 401);
    assert.equal((await call(last.key, '/auth/me')).status, 200);
    await assert.rejects(ours.client.apiKeys.rotate(id, { expires_in: 86_401 }), { code: 'VALIDATION_ERROR' });
  });

  test('is refused where it has expired', async () => {
    const { id } = await newKey(ours, { expires_at: new Date(Date.now() + MINUTE).toISOString() });
    const later = await newServer({ database: server.database });
    later.later(2 * MINUTE);
    assert.equal((await call(ours.owner.token, `/api-keys/${id}/rotate`, { on: later, method: 'POST', body: {} })).status, 409);
  });
});

describe('a key bound to addresses', () => {
  test('is taken from these alone, however they are written, at every request', async () => {
    const { id, key, allowed_addresses } = await newKey(ours, {
      allowed_addresses: ['203.0.113.99/24', '2001:DB8:0::1', '::ffff:192.0.2.1', '192.0.2.1/32'],
    });
    assert.deepEqual(allowed_addresses, ['203.0.113.0/24', '2001:db8::1', '192.0.2.1']);
    const from = async (address: string) => (await call(key, '/auth/me', { address })).status;
    for (const allowed of ['203.0.113.1', '::ffff:203.0.113.200', '2001:db8:0:0:0:0:0:1', '192.0.2.1'])
      assert.equal(await from(allowed), 200, allowed);
    for (const other of ['203.0.114.1', '2001:db8::2', '192.0.2.2', '::1']) assert.equal(await from(other), 403, other);
    assert.deepEqual(refusal(await call(key, '/auth/me', { address: '198.51.100.1' })), {
      status: 403,
      code: 'FORBIDDEN',
      error: 'This key may not be used from the address 198.51.100.1.',
    });
    await ours.client.apiKeys.update(id, { allowed_addresses: ['198.51.100.1'] });
    assert.deepEqual([await from('198.51.100.1'), await from('203.0.113.1')], [200, 403]);
  });

  test('believes X-Forwarded-For of trusted proxies only', async () => {
    const proxied = await newServer({ database: server.database, trustedProxies: ['10.0.0.2'] });
    const { key } = await newKey(ours, { allowed_addresses: ['203.0.113.1'] });
    const headers = { 'X-Forwarded-For': '203.0.113.1' };
    assert.equal((await call(key, '/auth/me', { on: proxied, address: '10.0.0.2', headers })).status, 200);
    assert.equal((await call(key, '/auth/me', { on: proxied, address: '10.0.0.3', headers })).status, 403);
  });

  test('knows a network in any spelling, and what is none', () => {
    for (const [given, spelled] of Object.entries({
      '203.0.113.7': '203.0.113.7',
      '203.0.113.77/24': '203.0.113.0/24',
      '0.0.0.0/0': '0.0.0.0/0',
      '2001:DB8::1/32': '2001:db8::/32',
      '2001:0db8::1': '2001:db8::1',
      '::/0': '::/0',
      '::ffff:203.0.113.7/120': '203.0.113.0/24',
    }))
      assert.equal(spellNetwork(given), spelled);
    for (const none of [
      '',
      'x',
      '1.2.3',
      '1.2.3.4:80',
      '[::1]',
      '1.2.3.4/33',
      '::1/129',
      '01.2.3.4',
      '1.2.3.04',
      'fe80::1%eth0',
      '::ffff:1.2.3.4/64',
    ])
      assert.equal(spellNetwork(none), undefined, none);
    const within = (address: string, network: string) => isWithin(spell(address), spellNetwork(network)!);
    assert.ok(
      within('10.255.0.1', '10.0.0.0/8') && within('10.0.0.1', '0.0.0.0/0') && within('2001:db8:ffff::1', '2001:db8::/32'),
    );
    assert.ok(!within('11.0.0.1', '10.0.0.0/8') && !within('10.0.0.1', '::/0') && !within('2001:db9::1', '2001:db8::/32'));
    assert.ok(!isWithin('', '0.0.0.0/0'), 'an address that is none is nowhere');
  });
});

describe('a publishable key', () => {
  test('reaches nothing but what is public', async () => {
    const { key, permissions } = await newKey(ours, { kind: 'publishable' });
    assert.match(key, /^pk_live_[\w-]{43}$/);
    assert.deepEqual(permissions, []);
    for (const path of ['/auth/me', '/companies', '/api-keys', '/workspace']) {
      assert.deepEqual(
        refusal(await call(key, path)),
        { status: 403, code: 'FORBIDDEN', error: 'A publishable key reaches /public only: use a secret key, from your server.' },
        path,
      );
    }
    const token = await call(key, '/embed-tokens', { method: 'POST', body: { permissions: ['crm:access'] } });
    assert.equal(token.status, 403);
  });
});

describe('the calls of a key', () => {
  test('are a thousand in fifteen minutes, counted for the key alone', async () => {
    assert.deepEqual(DEFAULT_LIMITS.keys, { name: 'keys', quota: 1000, seconds: 900 });
    const limited = await newServer({ database: server.database, limits: { keys: { ...DEFAULT_LIMITS.keys, quota: 2 } } });
    const { key } = await newKey(ours);
    const other = await newKey(ours);
    const first = await call(key, '/auth/me', { on: limited });
    assert.equal(first.headers.get('RateLimit-Policy'), '"keys";q=2;w=900');
    assert.match(first.headers.get('RateLimit'), /^"keys";r=1;t=\d+$/);
    await call(key, '/companies/nothing', { on: limited });
    const refused = await call(key, '/auth/me', { on: limited });
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('Retry-After')) > 0);
    assert.equal((await call(other.key, '/auth/me', { on: limited })).status, 200);
  });

  test('have a quota of their own where the key carries one', async () => {
    const { key } = await newKey(ours, { rate_limit: 3 });
    const answers = [];
    for (let index = 0; index < 4; index++) answers.push(await call(key, '/auth/me'));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 429],
    );
    assert.equal(answers[0]!.headers.get('RateLimit-Policy'), '"keys";q=3;w=900');
  });

  test('that it may not make count as well', async () => {
    const { key } = await newKey(ours, { rate_limit: 1, permissions: ['crm:access'] });
    assert.deepEqual([(await call(key, '/companies')).status, (await call(key, '/companies')).status], [403, 429]);
  });

  test('with keys that nobody has are counted by address, and cost no look-up beyond', async () => {
    const limited = await newServer({ database: server.database, limits: { public: { ...DEFAULT_LIMITS.public, quota: 3 } } });
    const guess = (index: number) => call(`sk_live_${String(index).padStart(43, 'x')}`, '/auth/me', { on: limited });
    const statuses = [];
    for (let index = 0; index < 5; index++) statuses.push((await guess(index)).status);
    assert.deepEqual(statuses, [401, 401, 401, 429, 429]);
    const { key } = await newKey(ours);
    assert.equal((await call(key, '/auth/me', { on: limited, address: '198.51.100.9' })).status, 200);
  });

  test('with keys that are right do not count as guesses, however many come at once', async () => {
    const limited = await newServer({ database: server.database, limits: { public: { ...DEFAULT_LIMITS.public, quota: 1 } } });
    const { key } = await newKey(ours);
    const answers = await Promise.all(Array.from({ length: 30 }, () => call(key, '/auth/me', { on: limited })));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal((await call((await newKey(ours)).key, '/auth/me', { on: limited })).status, 200);
  });
});

describe('the last use of a key', () => {
  const lastUse = async (id: string) => (await ours.client.apiKeys.get(id)).last_used_at;
  /** What is written beside the request is there soon. */
  const until = async (id: string, isThere: (at: string | null) => boolean) => {
    for (;;) {
      const at = await lastUse(id);
      if (isThere(at)) return at;
    }
  };

  test('is written once a minute, and is no change of the key', async () => {
    const own = await newServer({ database: server.database });
    const { id, key } = await newKey(ours);
    assert.equal(await lastUse(id), null);
    await call(key, '/auth/me', { on: own });
    const first = await until(id, (at) => at !== null);
    own.later(MINUTE - 1_000);
    await call(key, '/auth/me', { on: own });
    own.later(2_000);
    await call(key, '/auth/me', { on: own });
    const second = await until(id, (at) => at !== first);
    assert.ok(Date.parse(second!) - Date.parse(first!) >= MINUTE);
    assert.partialDeepStrictEqual(await ours.client.apiKeys.get(id), { version: 1, updated_by: ours.owner.userId });
    assert.equal((await ours.client.audit.list({ record_id: id })).pagination.total, 1);
  });
});

describe('a key is told to nobody', () => {
  test('by a log, an error or an answer', async () => {
    const own = await newServer({ database: server.database });
    const { key } = await newKey(ours, { permissions: ['crm:access'], allowed_addresses: ['203.0.113.7'] });
    const answers = [
      await call(key, '/auth/me', { on: own }),
      await call(key, '/companies', { on: own }),
      await call(key, '/nothing', { on: own }),
      await call(`${key}x`, '/auth/me', { on: own }),
      await call(key, '/auth/me', { on: own, address: '198.51.100.1' }),
    ];
    const told = JSON.stringify([own.logged, answers.map(({ headers, ...rest }) => [[...headers], rest])]);
    assert.ok(own.logged.length >= answers.length);
    assert.ok(!told.includes(key.slice(8)) && !told.includes(key.slice(-12)));
  });
});

describe('an Idempotency-Key', () => {
  test('is answered to the credential alone that it was first sent with', async () => {
    const { key } = await newKey(ours);
    const { key: other } = await newKey(ours);
    const make = (by: string) =>
      call(by, '/companies', { method: 'POST', body: { name: 'Idempotent' }, headers: { 'Idempotency-Key': 'the-same' } });
    const first = await make(key);
    const again = await make(key);
    assert.equal(again.data.id, first.data.id);
    assert.equal(again.headers.get('Idempotent-Replayed'), 'true');
    assert.equal((await make(other)).code, 'DUPLICATE', 'another key has its own');
  });

  test('of a key that may see less since is not answered again', async () => {
    const { id, key } = await newKey(ours);
    const make = () =>
      call(key, '/companies', { method: 'POST', body: { name: 'Seen once' }, headers: { 'Idempotency-Key': 'narrowed' } });
    assert.equal((await make()).status, 201);
    await ours.client.apiKeys.update(id, { permissions: ['crm:access', 'crm:companies:create'] });
    assert.equal((await make()).code, 'IDEMPOTENCY_MISMATCH');
  });
});

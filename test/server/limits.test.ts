import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { clientAddress, networkOf, spell } from '../../server/http/address.ts';
import { DEFAULT_LIMITS, type Limits } from '../../server/http/limits.ts';
import { MemoryLimits } from '../../server/http/limits-memory.ts';
import { bearing, json } from '../support/calls.ts';
import {
  newServer,
  PASSWORD,
  type TestServer,
  type TestServerOptions,
  type TestWorkspace,
  quietMetrics,
} from '../support/server.ts';

const MINUTE = 60_000;
const few = (name: keyof Limits, quota: number) => ({ [name]: { ...DEFAULT_LIMITS[name], quota } });

let plain: TestServer;
let ours: TestWorkspace;

before(async () => {
  plain = await newServer();
  ours = await plain.newWorkspace();
});

/** A server with limits, over the same database but with counts of its own; its time stands still but for `later`. */
const limited = async (limits: Partial<Limits>, more: Partial<TestServerOptions> = {}): Promise<TestServer> => {
  let now = Date.now();
  const clock = () => now;
  const server = await newServer({ database: plain.database, limits, clock, limitStore: new MemoryLimits(clock), ...more });
  return { ...server, later: (milliseconds) => void (now += milliseconds) };
};

const signIn = (server: TestServer, email: string, password: string, { address = '203.0.113.7', headers = {} } = {}) =>
  server.fetch('/api/v2/auth/sign-in', { ...json('POST', { email, password }, headers), address });
const statuses = async (calls: (() => Promise<Response>)[]) => {
  const came: number[] = [];
  for (const call of calls) came.push((await call()).status);
  return came;
};
const times = <T>(count: number, one: (index: number) => T) => Array.from({ length: count }, (_, index) => one(index));

describe('the limits', () => {
  test('are those of the documentation', () => {
    assert.deepEqual(DEFAULT_LIMITS['sign-in'], { name: 'sign-in', quota: 5, seconds: 900 });
    assert.deepEqual(DEFAULT_LIMITS.people, { name: 'people', quota: 600, seconds: 60 });
  });
});

describe('signing in', () => {
  test('by many at once from one address locks nobody out who has the right password', async () => {
    const server = await limited({ 'sign-in': DEFAULT_LIMITS['sign-in'] });
    await Promise.all(times(12, () => signIn(server, ours.member.email, PASSWORD)));
    assert.equal((await signIn(server, ours.owner.email, PASSWORD)).status, 200);
  });

  test('may fail five times per account in fifteen minutes, from wherever', async () => {
    const server = await limited({ 'sign-in': DEFAULT_LIMITS['sign-in'] });
    const wrong = times(
      6,
      (index) => () =>
        signIn(server, index % 2 ? ours.member.email : ours.member.email.toUpperCase(), 'wrong', {
          address: `203.0.113.${index}`,
        }),
    );
    assert.deepEqual(await statuses(wrong), [401, 401, 401, 401, 401, 429]);

    const refused = await signIn(server, ours.member.email, PASSWORD, { address: '198.51.100.1' });
    assert.equal(refused.status, 429, 'also with the right password');
    assert.equal(refused.headers.get('Retry-After'), '900');
    assert.equal(refused.headers.get('RateLimit-Policy'), '"sign-in";q=5;w=900');
    assert.match(refused.headers.get('RateLimit')!, /^"sign-in";r=0;t=\d+$/);
    assert.partialDeepStrictEqual(await refused.json(), {
      success: false,
      code: 'RATE_LIMITED',
      error: 'Too many calls: try again in 900 seconds.',
    });
    assert.equal(
      (await signIn(server, ours.viewer.email, PASSWORD, { address: '198.51.100.1' })).status,
      200,
      'nobody else is kept out',
    );

    server.later(15 * MINUTE);
    assert.equal((await signIn(server, ours.member.email, PASSWORD)).status, 200);
  });

  test('may fail five times per address in fifteen minutes, with whatever account', async () => {
    const server = await limited({ 'sign-in': DEFAULT_LIMITS['sign-in'] });
    const wrong = times(5, (index) => () => signIn(server, `nobody${index}@example.test`, 'wrong'));
    assert.deepEqual(await statuses(wrong), [401, 401, 401, 401, 401]);
    assert.equal((await signIn(server, ours.viewer.email, PASSWORD)).status, 429);
    assert.equal((await signIn(server, ours.viewer.email, PASSWORD, { address: '198.51.100.1' })).status, 200);
  });

  test('counts no success', async () => {
    const server = await limited({ 'sign-in': DEFAULT_LIMITS['sign-in'] });
    const mixed = times(20, (index) => () => signIn(server, ours.member.email, index % 5 === 0 ? 'wrong' : PASSWORD));
    assert.deepEqual(
      await statuses(mixed),
      times(20, (index) => (index % 5 === 0 ? 401 : 200)),
    );
  });

  test('that one count refuses is not held against the others', async () => {
    const server = await limited({ 'sign-in': DEFAULT_LIMITS['sign-in'] });
    await statuses(times(5, (index) => () => signIn(server, ours.member.email, 'wrong', { address: `192.0.2.${index}` })));
    const office = { address: '198.51.100.1' };
    assert.deepEqual(
      await statuses(times(6, () => () => signIn(server, ours.member.email, PASSWORD, office))),
      times(6, () => 429),
    );
    assert.equal((await signIn(server, ours.viewer.email, PASSWORD, office)).status, 200);
  });

  test('is guessed five times at most, also by a hundred at once', async () => {
    const server = await limited({ 'sign-in': DEFAULT_LIMITS['sign-in'] });
    const answers = await Promise.all(
      times(100, (index) => signIn(server, ours.admin.email, `wrong ${index}`, { address: `192.0.2.${index}` })),
    );
    assert.equal(answers.filter(({ status }) => status === 401).length, 5);
    assert.equal(answers.filter(({ status }) => status === 429).length, 95);
  });

  test('limits guesses by an invitation alike', async () => {
    const server = await limited({ 'sign-in': DEFAULT_LIMITS['sign-in'] });
    const theirs = await plain.newWorkspace();
    await theirs.client.members.invite({ email: ours.manager.email, role: 'viewer' });
    await plain.app.worker.runDue();
    const token = /invitation\/(\S+)/.exec(plain.mails.at(-1)!.text)![1]!;
    const accept = (password: string, index: number) =>
      server.fetch(`/api/v2/invitations/${token}/accept`, { ...json('POST', { password }), address: `192.0.2.${index}` });
    const guesses = times(6, (index) => () => accept('a wrong password', index));
    assert.deepEqual(await statuses(guesses), [400, 400, 400, 400, 400, 429]);
    assert.equal((await signIn(server, ours.manager.email, PASSWORD)).status, 429, 'the account has one count for both');
  });

  test('limits guesses of the current password alike', async () => {
    const server = await limited({ 'sign-in': DEFAULT_LIMITS['sign-in'] });
    const change = (current_password: string) =>
      server.fetch(
        '/api/v2/auth/change-password',
        json('POST', { current_password, new_password: 'another password' }, bearing(ours.manager.token)),
      );
    assert.deepEqual(await statuses(times(6, () => () => change('wrong'))), [400, 400, 400, 400, 400, 429]);
    assert.equal((await change(PASSWORD)).status, 429);
  });
});

describe('a session', () => {
  const me = (server: TestServer, token: string) => server.fetch('/api/v2/auth/me', { headers: bearing(token) });

  test('may make so many calls a minute, and every answer says how many are left', async () => {
    const server = await limited(few('people', 3));
    const first = await me(server, ours.member.token);
    assert.equal(first.headers.get('RateLimit-Policy'), '"people";q=3;w=60');
    assert.match(first.headers.get('RateLimit')!, /^"people";r=2;t=60$/);
    assert.equal(first.headers.get('Retry-After'), null);
    const unknown = await server.fetch('/api/v2/contacts/nothing', { headers: bearing(ours.member.token) });
    assert.equal(unknown.status, 404);
    assert.match(unknown.headers.get('RateLimit')!, /^"people";r=1;/, 'a refusal says it as well');
    assert.equal((await me(server, ours.member.token)).status, 200);

    const refused = await me(server, ours.member.token);
    assert.equal(refused.status, 429);
    assert.match(refused.headers.get('RateLimit')!, /^"people";r=0;t=\d+$/);
    const seconds = Number(refused.headers.get('Retry-After'));
    assert.ok(seconds > 0 && seconds <= 60, String(seconds));
    assert.equal((await me(server, ours.viewer.token)).status, 200, 'another session has calls of its own');

    server.later(seconds * 1000);
    assert.match((await me(server, ours.member.token)).headers.get('RateLimit')!, /^"people";r=2;/);
  });

  test('has six hundred calls a minute', async () => {
    const server = await limited({ people: DEFAULT_LIMITS.people });
    const calls = times(601, () => () => server.fetch('/api/v2/contacts/nothing', { headers: bearing(ours.member.token) }));
    const came = await statuses(calls);
    assert.equal(came.indexOf(429), 600);
  });

  test('has one count for all its access tokens', async () => {
    const server = await limited(few('people', 2));
    const { access_token, refresh_token } = await plain.visitor.auth.signIn({ email: ours.admin.email, password: PASSWORD });
    await statuses(times(2, () => () => me(server, access_token)));
    const next = await plain.visitor.auth.refresh({ refresh_token: refresh_token! });
    assert.equal((await me(server, next.access_token)).status, 429);
  });

  test('is counted in /metrics when it is refused', async () => {
    const counted: string[] = [];
    const server = await limited(
      { ...few('people', 1), ...few('sign-in', 1) },
      { metrics: { ...quietMetrics, limited: (name) => void counted.push(name) } },
    );
    await statuses(times(2, () => () => me(server, ours.member.token)));
    await statuses(times(2, () => () => signIn(server, 'nobody@example.test', 'wrong')));
    assert.deepEqual(counted, ['people', 'sign-in']);
  });
});

describe('calls without a credential', () => {
  const open = (server: TestServer, address: string, headers: Record<string, string> = {}) =>
    server.fetch('/api/v2/auth/sign-out', { ...json('POST', {}, headers), address });
  const allowed = async (server: TestServer, calls: [address: string, forwardedFor?: string][]) =>
    statuses(
      calls.map(
        ([address, forwarded]) =>
          () =>
            open(server, address, forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded }),
      ),
    );

  test('are limited by address', async () => {
    const server = await limited(few('public', 2));
    assert.deepEqual(
      await allowed(server, [['203.0.113.1'], ['203.0.113.1'], ['203.0.113.1'], ['203.0.113.2']]),
      [204, 204, 429, 204],
    );
  });

  test('have one quota for all spellings of an IPv6 address, and for its whole network', async () => {
    const server = await limited(few('public', 3));
    const same = [
      '2001:db8::1',
      '2001:0DB8:0000:0000:0000:0000:0000:0001',
      '2001:db8:0:0:0:0:0:1%eth0',
      '2001:db8::ffff:2',
      '2001:db8:0:0:1::',
    ].map((address): [string] => [address]);
    assert.deepEqual(await allowed(server, [...same, ['2001:db8:0:1::1']]), [204, 204, 204, 429, 429, 204]);
  });

  test('have one quota for IPv4, also where IPv6 holds it', async () => {
    const server = await limited(few('public', 2));
    assert.deepEqual(
      await allowed(server, [['203.0.113.9'], ['::ffff:203.0.113.9'], ['::FFFF:cb00:7109'], ['::ffff:203.0.113.8']]),
      [204, 204, 429, 204],
    );
  });

  test('gain nothing by an X-Forwarded-For of their own', async () => {
    const server = await limited(few('public', 1), { trustedProxies: ['10.0.0.2'] });
    assert.deepEqual(
      await allowed(server, [
        ['203.0.113.1', '1.1.1.1'],
        ['203.0.113.1', '2.2.2.2'],
        ['203.0.113.1', '10.0.0.2'],
      ]),
      [204, 429, 429],
    );
  });

  test('that come through a trusted proxy count for the address before it', async () => {
    const server = await limited(few('public', 1), { trustedProxies: ['10.0.0.2', '::1'] });
    assert.deepEqual(
      await allowed(server, [
        ['10.0.0.2', '203.0.113.1'],
        ['10.0.0.2', '203.0.113.2'],
        ['10.0.0.2', '9.9.9.9, 203.0.113.1'],
        ['::1', '203.0.113.1'],
        ['::1', '203.0.113.3, 10.0.0.2'],
        ['203.0.113.3'],
      ]),
      [204, 204, 429, 429, 204, 429],
    );
  });
});

describe('an address', () => {
  test('has one spelling', () => {
    for (const [given, spelled] of Object.entries({
      '203.0.113.7': '203.0.113.7',
      ' 203.0.113.7 ': '203.0.113.7',
      '203.0.113.7:8080': '203.0.113.7',
      '203.000.113.007': '203.0.113.7',
      '::ffff:203.0.113.7': '203.0.113.7',
      '::FFFF:CB00:7107': '203.0.113.7',
      '0:0:0:0:0:ffff:203.0.113.7': '203.0.113.7',
      '[::ffff:203.0.113.7]:443': '203.0.113.7',
      '::1': '0:0:0:0:0:0:0:1',
      '::': '0:0:0:0:0:0:0:0',
      '[2001:DB8::1]:443': '2001:db8:0:0:0:0:0:1',
      '2001:db8:0:0::0001': '2001:db8:0:0:0:0:0:1',
      '2001:db8:1:2:3:4:5:6': '2001:db8:1:2:3:4:5:6',
      '2001:db8:1:2:3:4:5::': '2001:db8:1:2:3:4:5:0',
      'fe80::1%eth0': 'fe80:0:0:0:0:0:0:1',
    })) {
      assert.equal(spell(given), spelled, given);
    }
  });

  test('is none where it is anything else', () => {
    for (const given of [
      '',
      'unknown',
      '_hidden',
      '256.1.1.1',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.4, 5.6.7.8',
      ':::',
      '1::2::3',
      '2001:db8',
      'localhost',
      '::1]@evil',
      '12345::',
    ]) {
      assert.equal(spell(given), '', given);
    }
  });

  test('is the nearest that no trusted proxy has', () => {
    const from = (socket: string, forwarded: string | null, ...trusted: string[]) => clientAddress(socket, forwarded, trusted);
    assert.equal(from('203.0.113.1', null), '203.0.113.1');
    assert.equal(from('203.0.113.1', '1.1.1.1'), '203.0.113.1');
    assert.equal(from('10.0.0.2', '1.1.1.1, 2.2.2.2', '10.0.0.2'), '2.2.2.2');
    assert.equal(from('10.0.0.2', '1.1.1.1, 2.2.2.2, 10.0.0.3', '10.0.0.2', '10.0.0.3'), '2.2.2.2');
    assert.equal(from('::ffff:10.0.0.2', '1.1.1.1', '10.0.0.2'), '1.1.1.1');
    assert.equal(from('10.0.0.2', '1.1.1.1, nonsense', '10.0.0.2'), '10.0.0.2', 'what is no address ends the chain');
    assert.equal(from('10.0.0.2', '', '10.0.0.2'), '10.0.0.2');
    assert.equal(from('10.0.0.2', '10.0.0.2', '10.0.0.2'), '10.0.0.2');
  });

  test('of a trusted IPv6 proxy is that one address, not its network', () => {
    assert.equal(clientAddress('2001:db8:0:0:0:0:0:1', '1.1.1.1', ['2001:DB8::1']), '1.1.1.1');
    assert.equal(clientAddress('2001:db8::2', '1.1.1.1', ['2001:db8::1']), '2001:db8:0:0:0:0:0:2');
  });

  test('is counted with its whole network where it is IPv6, else by itself', () => {
    assert.equal(networkOf('2001:db8:0:0:0:0:0:2'), '2001:db8:0:0::/64');
    assert.equal(networkOf('203.0.113.7'), '203.0.113.7');
  });
});

describe('counting in memory', () => {
  const limit = { name: 'some', quota: 2, seconds: 10 };

  test('keeps callers and limits apart, and begins anew when the window has ended', async () => {
    let now = 0;
    const counts = new MemoryLimits(() => now);
    assert.deepEqual(await counts.take(limit, 'a'), { allowed: true, remaining: 1, reset: 10 });
    now = 3_500;
    assert.deepEqual(await counts.take(limit, 'a'), { allowed: true, remaining: 0, reset: 7 });
    assert.deepEqual(await counts.take(limit, 'a'), { allowed: false, remaining: 0, reset: 7 });
    assert.equal((await counts.take(limit, 'b')).allowed, true);
    assert.equal((await counts.take({ ...limit, name: 'other' }, 'a')).allowed, true);
    now = 10_000;
    assert.deepEqual(await counts.take(limit, 'a'), { allowed: true, remaining: 1, reset: 10 });
  });

  test('takes a call back, but never below none', async () => {
    const counts = new MemoryLimits(() => 0);
    await counts.giveBack(limit, 'a');
    assert.equal((await counts.take(limit, 'a')).remaining, 1);
    await counts.giveBack(limit, 'a');
    await counts.giveBack(limit, 'a');
    assert.equal((await counts.take(limit, 'a')).remaining, 1);
  });
});

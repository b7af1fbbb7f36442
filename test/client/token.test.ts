import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clientOver } from '../../src/client/client.ts';
import { type ApiError, createClient } from '../../src/client/index.ts';
import { createTransport } from '../../src/client/transport.ts';
import { data, type Reaction, refusal, rejectionOf, reset, ScriptedServer } from './scripted-server.ts';
import { jwt, tokenSource } from './tokens.ts';

const refused = refusal(401, 'TOKEN_EXPIRED');

/** Answers whoever brings one of these tokens. */
const openTo =
  (...tokens: string[]): Reaction =>
  (response, arrival) =>
    (tokens.some((token) => arrival.headers.authorization === `Bearer ${token}`) ? data({ id: '1' }) : refused)(
      response,
      arrival,
    );

const bearers = (tokens: string[]) => tokens.map((token) => `Bearer ${token}`);

describe('a token', () => {
  test('is asked for once and held, whoever calls at the same time', async (test) => {
    const server = await ScriptedServer.start(test, data({}));
    const { getToken, given } = tokenSource();
    const client = createClient({ baseUrl: server.origin, getToken });

    await Promise.all([client.contacts.get('1'), client.companies.list(), client.contacts.create({ email: 'a@example.com' })]);
    await client.contacts.get('1');

    assert.equal(given.length, 1);
    assert.deepEqual(new Set(server.sent('authorization')), new Set(bearers(given)));
  });

  test('is asked for again thirty seconds before it ends, by its life and not by the clock it was issued with', async (test) => {
    test.mock.timers.enable({ apis: ['Date'], now: 5_000_000_000_000 });
    const server = await ScriptedServer.start(test, data({}));
    const { getToken, given } = tokenSource({ life: 600 });
    const client = createClient({ baseUrl: server.origin, getToken });
    await client.contacts.get('1');

    test.mock.timers.tick(569_999);
    await client.contacts.get('1');
    assert.equal(given.length, 1);

    test.mock.timers.tick(1);
    await client.contacts.get('1');
    assert.equal(given.length, 2);
  });

  test('tells its life also where its claims hold letters of any script', async (test) => {
    test.mock.timers.enable({ apis: ['Date'] });
    const server = await ScriptedServer.start(test, data({}));
    const { getToken, given } = tokenSource({ sub: 'Zoë ⩾ 漢字 ~~~ ???' });
    const client = createClient({ baseUrl: server.origin, getToken });
    await client.contacts.get('1');
    assert.match(given[0]!, /-.*_|_.*-/);

    test.mock.timers.tick(570_000);
    await client.contacts.get('1');
    assert.equal(given.length, 2);
  });

  test('that does not tell its life is held until it is refused', async (test) => {
    test.mock.timers.enable({ apis: ['Date'] });
    for (const opaque of ['opaque', 'a.b.c', 'a.bnVsbA.c', jwt({ sub: 'anna' })]) {
      const server = await ScriptedServer.start(test, data({}), data({}), refused, data({ id: '1' }));
      let asked = 0;
      const client = createClient({ baseUrl: server.origin, getToken: async () => `${opaque}${asked++}` });

      await client.contacts.get('1');
      test.mock.timers.tick(10 * 365 * 86_400_000);
      await client.contacts.get('1');
      assert.equal(asked, 1);

      assert.deepEqual(await client.contacts.get('1'), { id: '1' });
      assert.equal(asked, 2);
    }
  });

  test('whose source fails, thrown or rejected, is asked for again by the next call', async (test) => {
    const server = await ScriptedServer.start(test, data({ id: '1' }));
    const troubles = [
      () => {
        throw new Error('thrown');
      },
      () => Promise.reject(new Error('rejected')),
      async () => 'token',
    ];
    const client = createClient({ baseUrl: server.origin, getToken: () => troubles.shift()!() });

    for (const message of ['thrown', 'rejected']) {
      const error = (await rejectionOf(client.contacts.get('1'))) as Error;
      assert.equal(error.name, 'ConnectionError');
      assert.equal((error.cause as Error).message, message);
    }
    assert.deepEqual(await client.contacts.get('1'), { id: '1' });
  });

  test('is neither sent nor asked for by routes that are open to everyone', async (test) => {
    const server = await ScriptedServer.start(test, data({}));
    const client = createClient({ baseUrl: server.origin, getToken: () => assert.fail('asked for a token') });

    await client.auth.signIn({ email: 'a@example.com', password: 'a long password' });
    await client.auth.refresh({});
    await client.auth.signOut({});
    await client.auth.signUp({ email: 'a@example.com', password: 'a long password', name: 'Anna', workspace: 'Acme' });
    await client.members.acceptInvitation('invitation', {});

    assert.deepEqual(server.sent('authorization'), Array(5).fill(undefined));
  });

  test('may come from a session that the same client refreshes', async (test) => {
    const server = await ScriptedServer.start(test, data({ access_token: 'fresh' }), openTo('fresh'));
    const client = createClient({
      baseUrl: server.origin,
      getToken: async () => (await client.auth.refresh({})).access_token,
    });

    assert.deepEqual(await client.contacts.get('1'), { id: '1' });
  });

  test('stays with the other callers where one of them aborts', async (test) => {
    const server = await ScriptedServer.start(test, openTo('late'));
    const { promise, resolve } = Promise.withResolvers<string>();
    const controller = new AbortController();
    const client = createClient({ baseUrl: server.origin, getToken: () => promise });

    const leaving = client.contacts.get('1', { signal: controller.signal });
    const staying = client.contacts.get('1');
    controller.abort('gone');
    await assert.rejects(leaving, (error) => error === 'gone');
    resolve('late');

    assert.deepEqual(await staying, { id: '1' });
  });
});

describe('a refused token', () => {
  test('is exchanged once by fifty calls that were refused in parallel', async (test) => {
    const { getToken, given } = tokenSource();
    const server = await ScriptedServer.start(test, data({}));
    const heard: unknown[] = [];
    const client = createClient({ baseUrl: server.origin, getToken, onUnauthorized: (error) => heard.push(error) });
    await client.contacts.get('1');

    // Nobody is answered before all fifty have come with the old token.
    const waiting: (() => void)[] = [];
    server.react(async (response, arrival) => {
      if (arrival.headers.authorization !== `Bearer ${given[0]}`) return data({ id: '1' })(response, arrival);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 50) for (const goOn of waiting) goOn();
      });
      return refused(response, arrival);
    });
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.contacts.get('1')));

    assert.deepEqual(
      answers,
      Array.from({ length: 50 }, () => ({ id: '1' })),
    );
    assert.equal(given.length, 2);
    assert.deepEqual(heard, []);
  });

  test('is exchanged for any method, for it did no work', async (test) => {
    const server = await ScriptedServer.start(test, refused, data({ id: '1' }));
    const { getToken, given } = tokenSource();
    const client = createClient({ baseUrl: server.origin, getToken });

    assert.deepEqual(await client.contacts.update('1', { notes: 'called' }), { id: '1' });
    assert.deepEqual(server.sent('authorization'), bearers(given));
    assert.equal(server.arrivals[0]!.body, server.arrivals[1]!.body);
  });

  test('does not cost the token that replaced it meanwhile', async (test) => {
    const { getToken, given } = tokenSource();
    const server = await ScriptedServer.start(test, data({}));
    const client = createClient({ baseUrl: server.origin, getToken });
    await client.contacts.get('1');

    const slow = Promise.withResolvers<void>();
    server.react(
      async (response, arrival) => {
        await slow.promise;
        return refused(response, arrival);
      },
      (response, arrival) => openTo(given[1] ?? 'none')(response, arrival),
    );
    const late = client.contacts.get('late');
    await client.contacts.get('prompt');
    slow.resolve();

    assert.deepEqual(await late, { id: '1' });
    assert.equal(given.length, 2);
  });

  test('is exchanged once per call; a second refusal is told to the host and thrown', async (test) => {
    const server = await ScriptedServer.start(test, refused);
    const { getToken, given } = tokenSource();
    const heard: unknown[] = [];
    const client = createClient({ baseUrl: server.origin, getToken, onUnauthorized: (error) => heard.push(error) });

    const error = (await rejectionOf(client.contacts.get('1'))) as Error;

    assert.equal((error as ApiError).code, 'TOKEN_EXPIRED');
    assert.deepEqual(heard, [error]);
    assert.equal(server.arrivals.length, 2);
    assert.equal(given.length, 2);
  });

  test('that is fixed is told to the host at once, by each call', async (test) => {
    const server = await ScriptedServer.start(test, refused);
    const heard: unknown[] = [];
    const client = createClient({ baseUrl: server.origin, token: 'fixed', onUnauthorized: (error) => heard.push(error) });

    const errors = [await rejectionOf(client.contacts.get('1')), await rejectionOf(client.contacts.get('2'))];

    assert.deepEqual(heard, errors);
    assert.deepEqual(server.sent('authorization'), ['Bearer fixed', 'Bearer fixed']);
  });

  test('is told to the host where the session that gives tokens has ended', async (test) => {
    const server = await ScriptedServer.start(test, refusal(401, 'UNAUTHORIZED'));
    const heard: unknown[] = [];
    const client = createClient({
      baseUrl: server.origin,
      getToken: async () => (await client.auth.refresh({})).access_token,
      onUnauthorized: (error) => heard.push(error),
    });

    const error = (await rejectionOf(client.contacts.get('1'))) as Error;
    assert.deepEqual(heard, [error]);
  });

  test('is no matter of signing in, whose own refusal goes to the caller only', async (test) => {
    const server = await ScriptedServer.start(test, refusal(401, 'UNAUTHORIZED'));
    const client = createClient({
      baseUrl: server.origin,
      getToken: () => assert.fail('asked for a token'),
      onUnauthorized: () => assert.fail('told to the host'),
    });

    const error = await rejectionOf(client.auth.signIn({ email: 'a@example.com', password: 'wrong' }));
    assert.equal((error as ApiError).status, 401);
    assert.equal(server.arrivals.length, 1);
  });
});

describe('forgetting', () => {
  test('drops the token, given or fixed', async (test) => {
    const server = await ScriptedServer.start(test, data({}));
    const { getToken, given } = tokenSource();
    const asking = createClient({ baseUrl: server.origin, getToken });
    await asking.contacts.get('1');
    asking.forget();
    await asking.contacts.get('1');
    assert.equal(given.length, 2);

    const fixed = createClient({ baseUrl: server.origin, token: 'fixed' });
    fixed.forget();
    await fixed.contacts.get('1');
    assert.equal(server.last.headers.authorization, undefined);
  });

  test('ends the asking for a token: the source is told, its late token is never used, and the next call asks anew', async (test) => {
    const server = await ScriptedServer.start(test, openTo('new'));
    const old = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const sources = [() => old.promise, async () => 'new'];
    const client = createClient({
      baseUrl: server.origin,
      getToken: ({ signal }) => {
        signals.push(signal);
        asked.resolve();
        return sources.shift()!();
      },
    });

    const forgotten = client.contacts.get('1');
    await asked.promise;
    client.forget();
    const next = client.contacts.get('2');
    old.resolve('old');

    await assert.rejects(forgotten, { name: 'AbortError' });
    assert.deepEqual(await next, { id: '1' });
    assert.deepEqual(await client.contacts.get('3'), { id: '1' });
    assert.deepEqual(server.sent('authorization'), ['Bearer new', 'Bearer new']);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, false],
    );
  });

  test('keeps a call of one user from being repeated as another, after a refusal or a failure', async (test) => {
    for (const failure of [refused, refusal(503, 'UNAVAILABLE'), reset]) {
      const server = await ScriptedServer.start(test);
      const source = tokenSource({ sub: 'anna' });
      const heard: unknown[] = [];
      const client = clientOver(
        createTransport(
          { baseUrl: server.origin, getToken: source.getToken, onUnauthorized: (error) => heard.push(error) },
          { random: Math.random, pause: async () => {} },
        ),
      );
      server.react((response, arrival) => {
        client.forget();
        source.sub = 'ben';
        return failure(response, arrival);
      });

      await assert.rejects(client.contacts.create({ email: 'a@example.com' }), { name: 'AbortError' });
      assert.equal(server.arrivals.length, 1);
      assert.deepEqual(heard, []);
    }
  });

  test('keeps the refusal of a former user from ending the session of the next', async (test) => {
    const server = await ScriptedServer.start(test);
    const heard: unknown[] = [];
    const client = createClient({ baseUrl: server.origin, token: 'fixed', onUnauthorized: (error) => heard.push(error) });
    server.react((response, arrival) => {
      client.forget();
      return refused(response, arrival);
    });

    await assert.rejects(client.contacts.get('1'), { name: 'AbortError' });
    assert.deepEqual(heard, []);
  });

  test('is not needed for that where the source gives a token of someone else', async (test) => {
    const server = await ScriptedServer.start(test, refused, data({}));
    const source = tokenSource({ sub: 'anna' });
    const client = createClient({ baseUrl: server.origin, getToken: source.getToken });
    server.react((response, arrival) => {
      source.sub = 'ben';
      return refused(response, arrival);
    }, data({}));

    await assert.rejects(client.contacts.create({ email: 'a@example.com' }), { name: 'AbortError' });
    assert.equal(server.arrivals.length, 1);
  });

  test('is not needed for that either where the source gives a token with the scope of another owner', async (test) => {
    const server = await ScriptedServer.start(test, refused, data({}));
    const claims = { ws: 'acme', iat: 1_000, exp: 1_600, owner: 'anna' };
    const client = createClient({ baseUrl: server.origin, getToken: async () => jwt(claims) });
    server.react((response, arrival) => {
      claims.owner = 'ben';
      return refused(response, arrival);
    }, data({}));

    await assert.rejects(client.contacts.create({ email: 'a@example.com' }), { name: 'AbortError' });
    assert.equal(server.arrivals.length, 1);
  });
});

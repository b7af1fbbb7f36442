import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { clientOver } from '../../src/client/client.ts';
import { pauseBefore, secondsOf } from '../../src/client/retry.ts';
import { createTransport } from '../../src/client/transport.ts';
import { ApiError, ConnectionError, createClient } from '../../src/client/index.ts';
import {
  cutOff,
  data,
  nothing,
  page,
  type Reaction,
  refusal,
  rejectionOf,
  reset,
  ScriptedServer,
  text,
} from './scripted-server.ts';

/** A client of a scripted server that notes its pauses instead of waiting. */
async function start(test: TestContext, ...reactions: Reaction[]) {
  const server = await ScriptedServer.start(test, ...reactions);
  const pauses: number[] = [];
  const pause = async (milliseconds: number) => void pauses.push(milliseconds);
  const client = clientOver(createTransport({ baseUrl: server.origin, token: 'secret' }, { random: () => 0.5, pause }));
  return { server, client, pauses };
}

const unavailable = refusal(503, 'UNAVAILABLE');
const limited = refusal(429, 'RATE_LIMITED');

describe('a call that fails in passing', () => {
  test('is tried again after a reset, a broken answer, an unreadable one, 429 and 503', async (test) => {
    for (const reaction of [reset, cutOff, text(502, '<h1>Bad gateway</h1>'), limited, unavailable]) {
      const { server, client } = await start(test, reaction, data({ id: '1' }));

      assert.deepEqual(await client.contacts.get('1'), { id: '1' });
      assert.equal(server.arrivals.length, 2);
    }
  });

  test('is tried again by a client as hosts make it', async (test) => {
    test.mock.method(Math, 'random', () => 0);
    const server = await ScriptedServer.start(test, unavailable, data({ id: '1' }));

    assert.deepEqual(await createClient({ baseUrl: server.origin }).contacts.get('1'), { id: '1' });
  });

  test('is given up after three retries, with the last error', async (test) => {
    const { server, client } = await start(test, reset, reset, reset, unavailable);
    const error = await rejectionOf(client.contacts.list());

    assert.ok(error instanceof ApiError);
    assert.equal(error.code, 'UNAVAILABLE');
    assert.equal(server.arrivals.length, 4);
  });

  test('waits at random up to a bound that doubles', async (test) => {
    const { client, pauses } = await start(test, unavailable);
    await rejectionOf(client.contacts.list());
    assert.deepEqual(pauses, [500, 1_000, 2_000]);

    const error = new ConnectionError();
    assert.deepEqual(
      [0, 1, 2].map((retry) => pauseBefore(retry, error, () => 0)),
      [0, 0, 0],
    );
  });

  test('is repeated as it was, a POST with the same idempotency key', async (test) => {
    const { server, client } = await start(test, reset, unavailable, data({ id: '1' }, {}, 201));

    await client.contacts.create({ email: 'a@example.com' }, { headers: { 'X-Own': 'mine' } });

    const [first, ...repeats] = server.arrivals.map(({ method, url, body, headers }) => ({
      method,
      url,
      body,
      key: headers['idempotency-key'],
      own: headers['x-own'],
    }));
    assert.equal(typeof first!.key, 'string');
    assert.deepEqual(repeats, [first, first]);
  });

  test('is not tried again where it is a PATCH', async (test) => {
    for (const reaction of [reset, limited, unavailable]) {
      const { server, client, pauses } = await start(test, reaction, data({}));

      await rejectionOf(client.contacts.update('1', { notes: 'called' }));
      assert.equal(server.arrivals.length, 1);
      assert.deepEqual(pauses, []);
    }
  });

  test('is not tried again where the refusal stands', async (test) => {
    for (const [status, code] of [
      [400, 'VALIDATION_ERROR'],
      [401, 'UNAUTHORIZED'],
      [404, 'NOT_FOUND'],
      [409, 'CONFLICT'],
      [500, 'INTERNAL'],
    ] as const) {
      const { server, client } = await start(test, refusal(status, code), data({}));

      assert.partialDeepStrictEqual({ ...((await rejectionOf(client.contacts.list())) as ApiError) }, { status, code });
      assert.equal(server.arrivals.length, 1);
    }
  });
});

describe('Retry-After', () => {
  test('is waited for, in seconds or as a date, and never cut short by chance', async (test) => {
    test.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-01-31T09:30:00Z') });
    const { client, pauses } = await start(
      test,
      refusal(429, 'RATE_LIMITED', {}, { 'Retry-After': '60' }),
      refusal(503, 'UNAVAILABLE', {}, { 'Retry-After': 'Sat, 31 Jan 2026 09:30:20 GMT' }),
      data({}),
    );

    await client.contacts.get('1');
    assert.deepEqual(pauses, [60_500, 21_000]);
  });

  test('of more than a minute gives the error at once', async (test) => {
    const { server, client, pauses } = await start(test, refusal(429, 'RATE_LIMITED', {}, { 'Retry-After': '61' }), data({}));

    assert.equal(((await rejectionOf(client.contacts.get('1'))) as ApiError).retryAfter, 61);
    assert.equal(server.arrivals.length, 1);
    assert.deepEqual(pauses, []);
  });

  test('counts as none where it can not be read, and as now where it has passed', () => {
    const given = (value: string) => secondsOf(new Headers({ 'Retry-After': value }));

    assert.equal(given('soon'), undefined);
    assert.equal(given('Thu, 01 Jan 1970 00:00:00 GMT'), 0);
    assert.equal(secondsOf(new Headers()), undefined);
  });
});

describe('a DELETE', () => {
  test('succeeded where a repeat after a lost answer finds nothing', async (test) => {
    for (const lost of [[reset], [cutOff, unavailable]]) {
      const { server, client } = await start(test, ...lost, refusal(404, 'NOT_FOUND'));

      assert.equal(await client.contacts.remove('1'), undefined);
      assert.equal(server.arrivals.length, lost.length + 1);
    }
  });

  test('failed where nothing was found and no answer was lost before', async (test) => {
    for (const before of [[], [unavailable]]) {
      const { client } = await start(test, ...before, refusal(404, 'NOT_FOUND'));

      assert.equal(((await rejectionOf(client.contacts.remove('1'))) as ApiError).code, 'NOT_FOUND');
    }
  });

  test('is tried again like a GET', async (test) => {
    const { client } = await start(test, unavailable, nothing);

    assert.equal(await client.contacts.remove('1'), undefined);
  });
});

test('a walk goes on after a page that failed in passing', async (test) => {
  const { client } = await start(test, page([1], 'two'), reset, page([2]));
  const rows: unknown[] = [];

  for await (const contact of client.contacts.all()) rows.push(contact);

  assert.deepEqual(rows, [1, 2]);
});

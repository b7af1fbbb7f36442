import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createClient } from '@redis/client';
import { MemoryLimits } from '../../server/http/limits-memory.ts';
import { RedisLimits } from '../../server/http/limits-redis.ts';
import type { Limit } from '../../server/http/limits.ts';
import { bearing, json } from '../support/calls.ts';
import { Line } from '../support/line.ts';
import { runCommand, ServerProcess } from '../support/process.ts';
import { newServer } from '../support/server.ts';

const given = process.env['MILLRACE_TEST_REDIS_URL'];
if (!given) throw new Error('MILLRACE_TEST_REDIS_URL is not set: run the tests by npm test, which starts a Redis server.');
const REDIS: string = given;

/** Every test counts by names of its own, for the server is shared. */
const newLimit = (quota: number, seconds = 60): Limit => ({ name: `test-${randomUUID()}`, quota, seconds });

const opened: { close(): Promise<void> }[] = [];
after(() => Promise.all(opened.map((one) => one.close())));

/** One process's counts, with what it said of Redis; `told` waits until it says so. */
async function openLimits(url = REDIS) {
  const said: string[] = [];
  let state: boolean | undefined;
  const waiting: { wanted: boolean; resolve: () => void }[] = [];
  const limits = await RedisLimits.open(url, {
    meanwhile: new MemoryLimits(),
    log: { info: (_, sentence) => void said.push(sentence), error: (_, sentence) => void said.push(sentence) },
    shared: (isShared) => {
      state = isShared;
      for (const { wanted, resolve } of waiting) if (wanted === isShared) resolve();
    },
  });
  opened.push(limits);
  const told = (wanted: boolean) =>
    state === wanted ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ wanted, resolve }));
  return { limits, said, told };
}

describe('counting in Redis', () => {
  let redis: ReturnType<typeof createClient>;

  before(async () => {
    redis = createClient({ url: REDIS });
    await redis.connect();
    opened.push({ close: async () => redis.destroy() });
  });

  const keysOf = (limit: Limit) => redis.keys(`millrace:limit:${limit.name}:*`);

  test('is one count for all processes', async () => {
    const [one, other] = [(await openLimits()).limits, (await openLimits()).limits];
    const limit = newLimit(3);
    assert.partialDeepStrictEqual(await one.take(limit, 'a'), { allowed: true, remaining: 2 });
    assert.partialDeepStrictEqual(await other.take(limit, 'a'), { allowed: true, remaining: 1 });
    assert.partialDeepStrictEqual(await one.take(limit, 'a'), { allowed: true, remaining: 0 });
    assert.partialDeepStrictEqual(await other.take(limit, 'a'), { allowed: false, remaining: 0 });
    assert.equal((await other.take(limit, 'b')).allowed, true, 'another caller');
    assert.equal((await other.take(newLimit(3), 'a')).allowed, true, 'another limit');
  });

  test('lets in no more than the quota, also of two hundred calls at once by two processes', async () => {
    const processes = [(await openLimits()).limits, (await openLimits()).limits];
    const limit = newLimit(50);
    const standings = await Promise.all(Array.from({ length: 200 }, (_, index) => processes[index % 2]!.take(limit, 'a')));
    assert.equal(standings.filter(({ allowed }) => allowed).length, 50);
  });

  test('ends with its window, and leaves nothing behind', async () => {
    const { limits } = await openLimits();
    const limit = newLimit(1, 900);
    assert.deepEqual(await limits.take(limit, 'a'), { allowed: true, remaining: 0, reset: 900 });
    await limits.take(limit, 'a');
    const [key] = await keysOf(limit);
    const left = await redis.pTTL(key!);
    assert.ok(left > 0 && left <= 900_000, 'the second call did not make it longer');
    await redis.pExpire(key!, 1);
    while (await redis.exists(key!));
    assert.equal((await limits.take(limit, 'a')).allowed, true);
  });

  test('takes a call back in the same window, but never below none', async () => {
    const { limits } = await openLimits();
    const limit = newLimit(2);
    await limits.giveBack(limit, 'a');
    assert.deepEqual(await keysOf(limit), [], 'and makes no window');
    assert.equal((await limits.take(limit, 'a')).remaining, 1);
    await limits.giveBack(limit, 'a');
    await limits.giveBack(limit, 'a');
    assert.equal((await limits.take(limit, 'a')).remaining, 1);
    assert.ok((await redis.pTTL((await keysOf(limit))[0]!)) > 0);
  });

  test('tells Redis neither address nor e-mail of anyone', async () => {
    const { limits } = await openLimits();
    const limit = newLimit(2);
    await limits.take(limit, 'account person@example.test');
    await limits.take(limit, 'address 203.0.113.7');
    const keys = await keysOf(limit);
    assert.equal(keys.length, 2);
    assert.doesNotMatch(keys.join(), /person|example|203/);
  });

  test('holds two servers to one limit', async () => {
    const first = await newServer({
      limitStore: (await openLimits()).limits,
      limits: { people: { name: 'people', quota: 3, seconds: 60 } },
    });
    const ours = await first.newWorkspace();
    const second = await newServer({
      database: first.database,
      limitStore: (await openLimits()).limits,
      limits: { people: { name: 'people', quota: 3, seconds: 60 } },
    });
    const statuses = [];
    for (const server of [first, second, first, second])
      statuses.push((await server.fetch('/api/v2/auth/me', { headers: bearing(ours.member.token) })).status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
  });
});

describe('while Redis is away', () => {
  test('each process counts for itself, says so once, and shares again when Redis is back', async () => {
    const line = await Line.to(REDIS);
    opened.push({ close: () => line.cut() });
    const { limits, said, told } = await openLimits(line.url);
    const limit = newLimit(2);
    await limits.take(limit, 'a');
    await line.cut();
    await told(false);
    const standings = [await limits.take(limit, 'a'), await limits.take(limit, 'a'), await limits.take(limit, 'a')];
    assert.deepEqual(
      standings.map(({ allowed }) => allowed),
      [true, true, false],
    );
    await limits.giveBack(limit, 'a');
    assert.deepEqual(said, ['REDIS_AWAY']);

    await line.mend();
    await told(true);
    assert.partialDeepStrictEqual(await limits.take(limit, 'a'), { allowed: true, remaining: 0 }, 'the count of before');
    assert.deepEqual(said, ['REDIS_AWAY', 'Redis counts the calls of all processes again']);
  });

  test('calls are answered also where Redis takes them and stands still', async () => {
    const line = await Line.to(REDIS);
    opened.push({ close: () => line.cut() });
    const { limits, said, told } = await openLimits(line.url);
    line.standStill();
    const limit = newLimit(10);
    const standings = await Promise.all(Array.from({ length: 5 }, () => limits.take(limit, 'a')));
    assert.deepEqual(
      standings.map(({ remaining }) => remaining).sort((a, b) => b - a),
      [9, 8, 7, 6, 5],
    );
    assert.deepEqual(said, ['REDIS_AWAY']);
    await line.mend();
    await told(true);
  });

  test('a start is refused', async () => {
    const line = await Line.to(REDIS);
    const { url } = line;
    await line.cut();
    await assert.rejects(openLimits(url), { code: 'ECONNREFUSED' });
  });
});

describe('a server with REDIS_URL', () => {
  const newDirectory = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-redis-'));
    opened.push({ close: () => rm(directory, { recursive: true, force: true }) });
    return join(directory, 'data');
  };

  test('counts in Redis, goes on without it, and tells its operator', async () => {
    const line = await Line.to(REDIS);
    opened.push({ close: () => line.cut() });
    const server = await ServerProcess.start({ DATA_DIR: await newDirectory(), REDIS_URL: line.url });
    const signIn = () =>
      fetch(`${server.url}/api/v2/auth/sign-in`, json('POST', { email: `${randomUUID()}@example.test`, password: 'unknown' }));
    const isShared = async () => /^millrace_limits_shared (\d)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())![1];
    assert.equal((await signIn()).status, 401);
    assert.equal(await isShared(), '1');
    await line.cut();
    while ((await isShared()) === '1');
    assert.equal((await signIn()).status, 401);
    assert.equal(server.lines.filter((text) => text.includes('REDIS_AWAY')).length, 1);
    await line.mend();
    while ((await isShared()) === '0');
    assert.equal((await signIn()).status, 401);
    assert.equal((await server.stop()).code, 0);
  });

  test('that answers wrongly or not at all does not start, and repeats no password', async () => {
    const line = await Line.to(REDIS);
    const gone = new URL(line.url);
    await line.cut();
    gone.password = 'hunter2';
    const wrong = new URL(REDIS);
    wrong.username = 'nobody';
    wrong.password = 'hunter2';
    for (const url of [gone, wrong]) {
      const { code, stderr } = await runCommand(['start'], { PORT: '0', DATA_DIR: await newDirectory(), REDIS_URL: url.href });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^REDIS_URL names a Redis that can't be used \(.+\): see that it runs and that the address is right, or leave REDIS_URL out\.\n$/,
      );
      assert.ok(!stderr.includes('hunter2'));
    }
  });
});

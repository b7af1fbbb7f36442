import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Db } from '../../server/db/db.ts';
import { enqueue } from '../../server/jobs/enqueue.ts';
import { engine } from '../support/database.ts';
import { gate, newJobRoom, type JobRoom } from '../support/jobs.ts';

let room: JobRoom;
before(async () => {
  room = await newJobRoom();
});
beforeEach(() => room.empty());

const SECOND = 1_000;
const add = (text: string) => room.write((unit) => enqueue(unit, 'test-note', { text }));
const names = async () =>
  (await room.database.asOwner('select name from companies order by name')).map(({ name }) => name as string);
const outcomes = () => room.logged.map(({ sentence }) => sentence);

/** A worker whose jobs hang until they are let go, outside of any transaction. */
function hanging() {
  const worker = room.newWorker();
  const [began, letGo] = [gate(), gate()];
  const signals: AbortSignal[] = [];
  worker.outside('test-note', async (_job, signal) => {
    signals.push(signal);
    began.open();
    await letGo.opened;
  });
  return { worker, began: began.opened, letGo: () => letGo.open(), signals };
}

/** A worker that notes what it ran. */
function quick() {
  const worker = room.newWorker();
  const ran: [text: string, attempt: number][] = [];
  worker.outside('test-note', async ({ payload, attempt }) => void ran.push([payload.text, attempt]));
  return { worker, ran };
}

describe('a job that a process works on', () => {
  test('is run by no other process', async () => {
    const [first, second] = [hanging(), quick()];
    await add('one');
    const all = first.worker.runDue();
    await first.began;
    await second.worker.runDue();
    assert.deepEqual(second.ran, []);
    first.letGo();
    await all;
    assert.equal((await room.job()).state, 'done');
  });

  test('is shared out: of many jobs each is run once, whichever process comes to it', async () => {
    await room.write(async (unit) => {
      for (let number = 0; number < 200; number++) await enqueue(unit, 'test-note', { text: String(number) });
    });
    const workers = [quick(), quick(), quick()];
    await Promise.all(workers.map(({ worker }) => worker.runDue()));
    const ran = workers.flatMap(({ ran }) => ran.map(([text]) => Number(text)));
    assert.deepEqual(
      ran.sort((one, other) => one - other),
      Array.from({ length: 200 }, (_, number) => number),
    );
  });

  test('stays with it as long as it is heard of', async () => {
    const [first, second] = [hanging(), quick()];
    await add('long');
    const all = first.worker.runDue();
    await first.began;
    for (let beats = 0; beats < 6; beats++) {
      room.now += 20 * SECOND;
      await first.worker.beat();
      await second.worker.runDue();
    }
    assert.deepEqual(second.ran, []);
    assert.equal(first.signals[0]!.aborted, false);
    first.letGo();
    await all;
    assert.partialDeepStrictEqual(await room.job(), { state: 'done', attempts: 1 });
  });

  test('goes to another thirty seconds after it was last heard of, which counts as an attempt', async () => {
    const [first, second] = [hanging(), quick()];
    await add('lost');
    const all = first.worker.runDue();
    await first.began;
    room.now += 30 * SECOND - 1;
    await second.worker.runDue();
    assert.deepEqual(second.ran, []);
    room.now += 1;
    await second.worker.runDue();
    assert.deepEqual(second.ran, [['lost', 2]]);
    await first.worker.beat();
    assert.equal(first.signals[0]!.aborted, true, 'the first is told');
    first.letGo();
    await all;
    assert.partialDeepStrictEqual(await room.job(), { state: 'done', attempts: 2 });
    assert.deepEqual(outcomes(), ['JOB_RESCUED', 'job', 'JOB_LOST']);
    assert.deepEqual(
      room.counted.map(([, outcome]) => outcome),
      ['lost', 'done', 'lost'],
    );
  });

  test('that ends with its process each time is given up after five attempts', async () => {
    await add('deadly');
    const { worker, ran } = quick();
    for (let attempt = 1; attempt <= 5; attempt++) {
      const claimed = await room.system.jobs.claim(new Map([['test-note', 1]]), new Date(room.now), new Date(room.now + SECOND));
      assert.deepEqual(
        claimed.map(({ attempts }) => attempts),
        [attempt],
      );
      room.now += SECOND;
      if (attempt < 5) await room.system.jobs.rescue(new Date(room.now));
    }
    await worker.runDue();
    assert.deepEqual(ran, []);
    assert.partialDeepStrictEqual(await room.job(), { state: 'failed', attempts: 5, error: 'ClaimExpired' });
    assert.partialDeepStrictEqual(room.logged, [{ sentence: 'JOB_RESCUED', facts: { state: 'failed' } }]);
  });
});

describe('a process that lost its claim', () => {
  /** The same database for one whose next transaction of a workspace waits, as if the process slept before it. */
  function sleepy(): { db: Db; asleep: Promise<void>; wake(): void } {
    const { db } = room.database;
    const [asleep, awake] = [gate(), gate()];
    return {
      asleep: asleep.opened,
      wake: () => awake.open(),
      db: {
        engine: db.engine,
        unit: (scope, statements, options) => db.unit(scope, statements, options),
        transaction: async (scope, work) => {
          asleep.open();
          await awake.opened;
          return db.transaction(scope, work);
        },
        close: () => db.close(),
      },
    };
  }

  for (const [what, moves] of [
    ['to a process that has ended it', async (other: { runDue(): Promise<void> }) => other.runDue()],
    ['to one that still works on it', async () => void (await room.system.jobs.rescue(new Date(room.now)))],
  ] as const) {
    test(`${what} leaves nothing of its work`, async () => {
      await add('Mine');
      const { db, asleep, wake } = sleepy();
      const [first, second] = [room.newWorker(db), room.newWorker()];
      for (const [worker, who] of [
        [first, 'first'],
        [second, 'second'],
      ] as const)
        worker.inTransaction(
          'test-note',
          async (unit) => void (await sql`insert into companies (name) values (${who})`.execute(unit.db)),
        );
      const all = first.runDue();
      await asleep;
      room.now += 30 * SECOND;
      await moves(second);
      const before = await names();
      wake();
      await all;
      assert.deepEqual(before, what === 'to a process that has ended it' ? ['second'] : []);
      await second.runDue();
      assert.equal((await names()).length, 1);
      assert.equal((await room.job()).state, 'done');
      assert.ok(outcomes().includes('JOB_LOST'));
      await room.database.asOwner('delete from companies');
    });
  }

  test('neither fails, extends, hands back nor goes on with what another has', async () => {
    await add('fenced');
    const claim = async () =>
      (await room.system.jobs.claim(new Map([['test-note', 1]]), new Date(room.now), new Date(room.now + SECOND)))[0]!;
    const { jobs } = room.system;
    const old = await claim();
    room.now += SECOND;
    await jobs.rescue(new Date(room.now));
    const held = await claim();
    assert.equal(held.claim, old.claim + 1);
    const before = await room.job();
    for (const change of [
      () => jobs.finish([old]),
      () => jobs.fail(old, 'Error', undefined),
      () => jobs.fail(old, 'Error', new Date(room.now)),
      () => jobs.extend([old], new Date(room.now + 99 * SECOND)),
      () => jobs.handBack([old]),
    ]) {
      assert.deepEqual(await change(), new Set());
      assert.deepEqual(await room.job(), before);
    }
    const goOn = room.write((unit) => sql`select continue_job(${old.id}, ${old.claim}, '{}', now())`.execute(unit.db));
    await assert.rejects(goOn, { code: 'MJ001' });
    assert.deepEqual(await room.job(), before);
    assert.deepEqual(await jobs.finish([held]), new Set([held.id]));
  });
});

describe('a worker that stops', () => {
  test('takes no more jobs, and lets those that run end', async () => {
    const { worker, began, letGo, signals } = hanging();
    await add('running');
    const all = worker.runDue();
    await began;
    const stopped = worker.stop();
    letGo();
    await Promise.all([stopped, all]);
    assert.equal(signals[0]!.aborted, false);
    assert.partialDeepStrictEqual(await room.job(), { state: 'done', attempts: 1 });
    await add('late');
    worker.wake();
    await worker.stop();
    assert.equal((await room.jobs()).filter(({ state }) => state === 'waiting').length, 1);
  });

  test('hands back what has not ended in time, which is no attempt', async () => {
    const { worker, began, letGo, signals } = hanging();
    await add('handed back');
    const due = (await room.job()).run_at;
    const all = worker.runDue();
    await began;
    await worker.stop(0);
    assert.equal(signals[0]!.aborted, true);
    assert.partialDeepStrictEqual(await room.job(), { state: 'waiting', attempts: 0, claimed_until: null, run_at: due });
    const next = quick();
    await next.worker.runDue();
    assert.deepEqual(next.ran, [['handed back', 1]]);
    letGo();
    await all;
    assert.deepEqual(outcomes(), ['JOBS_HANDED_BACK', 'job', 'JOB_LOST']);
  });
});

test('a worker that starts finds what a killed process held at once where no other can hold it, and not otherwise', async () => {
  await add('held');
  const until = new Date(room.now + 30 * SECOND);
  await room.system.jobs.claim(new Map([['test-note', 1]]), new Date(room.now), until);
  const worker = room.newWorker();
  const ran = gate();
  worker.outside('test-note', async ({ attempt }) => {
    assert.equal(attempt, 2);
    ran.open();
  });
  worker.start();
  if (engine === 'pglite') await ran.opened;
  await worker.stop();
  assert.equal((await room.job()).state, engine === 'pglite' ? 'done' : 'running');
});

test('claims go by an index, however many jobs there are', async () => {
  await room.database.asOwner(`
    insert into jobs (workspace_id, kind, state, finished_at) select '${room.workspaceId}', 'test-note', 'done', now() from generate_series(1, 20000)`);
  await room.database.asOwner(`
    insert into jobs (workspace_id, kind) select '${room.workspaceId}', (array['test-note', 'test-other'])[1 + n % 2] from generate_series(1, 2000) n`);
  await room.database.asOwner('analyze jobs');
  const plans: string[] = [];
  const { db } = room.database;
  const listening: Db = {
    ...db,
    engine: db.engine,
    unit: async (scope, statements, options) => {
      const [plan] = await db.unit(
        scope,
        statements.map(({ sql, parameters }) => ({ sql: `explain ${sql}`, parameters })),
      );
      plans.push(plan!.rows.map((row) => row['QUERY PLAN']).join('\n'));
      return db.unit(scope, statements, options);
    },
  };
  const worker = room.newWorker(listening);
  worker.outside('test-note', async () => {}, { limit: 100 });
  worker.outside('test-other', async () => {}, { limit: 100 });
  await worker.runDue();
  assert.ok(plans.length > 20);
  const whole = plans.filter((plan) => /Seq Scan on jobs/.test(plan));
  assert.equal(whole.length, 0, whole[0]);
});

import assert from 'node:assert/strict';
import { before, beforeEach, describe, mock, test } from 'node:test';
import { sql } from 'kysely';
import { enqueue } from '../../server/jobs/enqueue.ts';
import type { Scope } from '../../server/db/db.ts';
import { gate, newJobRoom, type JobRoom } from '../support/jobs.ts';

let room: JobRoom;
before(async () => {
  room = await newJobRoom();
});
beforeEach(() => room.empty());

const MINUTE = 60_000;
const add = (text: string, options?: Parameters<typeof enqueue>[3]) =>
  room.write((unit) => enqueue(unit, 'test-note', { text }, options));
const names = async () =>
  (await room.database.asOwner('select name from companies order by name')).map(({ name }) => name as string);

describe('a job', () => {
  test('is carried out once, with what it was given, for the workspace and request that it came from', async () => {
    const given: unknown[] = [];
    const worker = room.newWorker();
    worker.outside('test-note', async ({ payload, workspaceId, attempt, requestId }) => {
      given.push({ payload, workspaceId, attempt, requestId });
    });
    await add('first');
    await worker.runDue();
    await worker.runDue();
    assert.deepEqual(given, [{ payload: { text: 'first' }, workspaceId: room.workspaceId, attempt: 1, requestId: 'test' }]);
    assert.partialDeepStrictEqual(await room.job(), {
      state: 'done',
      attempts: 1,
      error: null,
      claimed_until: null,
      payload: {},
    });
    assert.deepEqual(room.counted, [['test-note', 'done']]);
  });

  test('is not there when the change that asked for it was rolled back', async () => {
    const refused = room.write(async (unit) => {
      await enqueue(unit, 'test-note', { text: 'never' });
      throw new Error('changed my mind');
    });
    await assert.rejects(refused, /changed my mind/);
    assert.deepEqual(await room.jobs(), []);
  });

  test('that fails runs again 2, 4, 8 and 16 minutes after, exactly, and then stays as failed', async () => {
    const ran: number[] = [];
    const worker = room.newWorker();
    worker.outside('test-note', async () => {
      ran.push(room.now);
      throw new TypeError('Ada Lovelace, ada@example.test');
    });
    await add('fails');
    const began = room.now;
    await worker.runDue();
    for (const pause of [2, 4, 8, 16]) {
      assert.partialDeepStrictEqual(await room.job(), { state: 'waiting', run_at: new Date(room.now + pause * MINUTE) });
      room.now += pause * MINUTE - 1;
      await worker.runDue();
      room.now += 1;
      await worker.runDue();
    }
    assert.deepEqual(
      ran.map((at) => (at - began) / MINUTE),
      [0, 2, 6, 14, 30],
    );
    assert.partialDeepStrictEqual(await room.job(), {
      state: 'failed',
      attempts: 5,
      error: 'TypeError',
      payload: { text: 'fails' },
    });
    room.now += 1_000 * MINUTE;
    await worker.runDue();
    assert.equal(ran.length, 5);
    assert.deepEqual(
      room.counted.map(([, outcome]) => outcome),
      ['retried', 'retried', 'retried', 'retried', 'failed'],
    );
    const kept = JSON.stringify([room.logged, await room.jobs()]);
    assert.ok(!kept.includes('Ada') && !kept.includes('ada@'), 'nothing of the message is kept');
    assert.deepEqual(await room.system.jobs.standing(new Date(room.now)), [
      { kind: 'test-note', state: 'failed', count: 1, age: 1_000 * 60 },
    ]);
  });

  test('with a delay begins when that is over and not before', async () => {
    let ran = 0;
    const worker = room.newWorker();
    worker.outside('test-note', async () => void ran++);
    await add('later', { delay: 90 * MINUTE });
    const due = (await room.job()).run_at.getTime();
    const [{ made }] = (await room.database.asOwner('select created_at as made from jobs')) as [{ made: Date }];
    assert.ok(Math.abs(due - made.getTime() - 90 * MINUTE) <= 1);
    room.now = due - 1;
    await worker.runDue();
    assert.equal(ran, 0);
    room.now = due;
    await worker.runDue();
    assert.equal(ran, 1);
  });

  test('whose kind a process does not know is left to one that does', async () => {
    const old = room.newWorker();
    old.outside('test-other', async () => assert.fail());
    await add('new kind');
    await old.runDue();
    assert.partialDeepStrictEqual(await room.job(), { state: 'waiting', attempts: 0 });
  });

  test('of one kind does not keep those of another from running, and no more of a kind run at a time than may', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const worker = room.newWorker();
    const [stuck, three, allOthers] = [gate(), gate(), gate()];
    let running = 0;
    let most = 0;
    worker.outside(
      'test-note',
      async () => {
        most = Math.max(most, ++running);
        if (running === 3) three.open();
        await stuck.opened;
        running--;
      },
      { limit: 3 },
    );
    let others = 0;
    worker.outside('test-other', async () => {
      if (++others === 5) allOthers.open();
    });
    worker.start();
    try {
      for (let number = 0; number < 10; number++) await add(`stuck ${number}`);
      worker.wake();
      await three.opened;
      for (const text of ['a', 'b', 'c', 'd', 'e']) await room.write((unit) => enqueue(unit, 'test-other', { text }));
      worker.wake();
      await allOthers.opened;
      assert.equal(most, 3);
    } finally {
      stuck.open();
      mock.timers.reset();
      await worker.stop();
    }
    await worker.runDue();
    assert.equal(most, 3);
    assert.ok((await room.jobs()).every(({ state }) => state === 'done'));
  });

  test('begins at once when its worker is woken, without waiting for the next look', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const worker = room.newWorker();
    const ran = gate();
    worker.outside('test-note', async () => ran.open());
    worker.start();
    try {
      await add('woken');
      worker.wake();
      await ran.opened;
    } finally {
      mock.timers.reset();
      await worker.stop();
    }
    assert.equal((await room.job()).state, 'done');
  });
});

describe('a job in a transaction', () => {
  test('takes effect and ends together: where it can’t end, nothing of it is there', async () => {
    const worker = room.newWorker();
    worker.inTransaction('test-note', async (unit, { payload, attempt }) => {
      await sql`insert into companies (name) values (${payload.text})`.execute(unit.db);
      if (attempt === 1) throw new Error('after its effect');
    });
    await add('Once');
    await worker.runDue();
    assert.deepEqual(await names(), []);
    room.now += 2 * MINUTE;
    await worker.runDue();
    assert.deepEqual(await names(), ['Once']);
    assert.equal((await room.job()).state, 'done');
    await room.database.asOwner('delete from companies');
  });

  test('goes on piece by piece, each committed by itself, and from the last one after a failure', async () => {
    const worker = room.newWorker();
    const ran: string[] = [];
    let fails = true;
    worker.inTransaction('test-note', async (unit, { payload: { text } }) => {
      ran.push(text);
      await sql`insert into companies (name) values (${`Piece ${text}`})`.execute(unit.db);
      if (text === '3' && fails) throw new Error('in the third');
      return Number(text) < 5 ? { remains: { text: String(Number(text) + 1) } } : undefined;
    });
    await add('1');
    await worker.runDue();
    assert.deepEqual(await names(), ['Piece 1', 'Piece 2']);
    assert.partialDeepStrictEqual(await room.job(), { state: 'waiting', attempts: 1, payload: { text: '3' } });
    fails = false;
    room.now += 2 * MINUTE;
    await worker.runDue();
    assert.deepEqual(ran, ['1', '2', '3', '3', '4', '5']);
    assert.deepEqual(await names(), ['Piece 1', 'Piece 2', 'Piece 3', 'Piece 4', 'Piece 5']);
    assert.equal((await room.job()).state, 'done');
    await room.database.asOwner('delete from companies');
  });

  test('may ask for another, which follows', async () => {
    const worker = room.newWorker();
    const ran: string[] = [];
    worker.inTransaction('test-note', async (unit, { payload }) => {
      ran.push(payload.text);
      await enqueue(unit, 'test-other', { text: `after ${payload.text}` });
    });
    worker.outside('test-other', async ({ payload }) => void ran.push(payload.text));
    await add('first');
    await worker.runDue();
    assert.deepEqual(ran, ['first', 'after first']);
  });
});

describe('a key', () => {
  test('makes one job of those that have not begun, with the newest payload and the earliest time', async () => {
    await add('old', { key: 'same', delay: 10 * MINUTE });
    const { run_at } = await room.job();
    await add('new', { key: 'same', delay: 20 * MINUTE });
    assert.partialDeepStrictEqual(await room.job(), { payload: { text: 'new' }, run_at });
    await add('at once', { key: 'same' });
    assert.ok((await room.job()).run_at < run_at);
    await add('another', { key: 'other' });
    await room.write((unit) => enqueue(unit, 'test-other', { text: 'another kind' }, { key: 'same' }));
    await room.write((unit) => enqueue(unit, 'test-note', { text: 'elsewhere' }, { key: 'same' }), await room.newWorkspace());
    assert.equal((await room.jobs()).length, 4);
  });

  test('is free again once its job has begun', async () => {
    const worker = room.newWorker();
    const ran: string[] = [];
    const [began, goOn] = [gate(), gate()];
    worker.outside('test-note', async ({ payload }) => {
      ran.push(payload.text);
      began.open();
      await goOn.opened;
    });
    await add('running', { key: 'same' });
    const all = worker.runDue();
    await began.opened;
    await add('next', { key: 'same' });
    goOn.open();
    await all;
    assert.deepEqual(ran, ['running', 'next']);
  });

  test('holds its job until the change that came later is committed', async () => {
    const worker = room.newWorker();
    const ran: string[] = [];
    worker.outside('test-note', async ({ payload }) => void ran.push(payload.text));
    await add('before', { key: 'same' });
    let meanwhile: Promise<void> | undefined;
    await room.write(async (unit) => {
      await enqueue(unit, 'test-note', { text: 'with the change' }, { key: 'same' });
      meanwhile = worker.runDue();
      // On a database with several connections it can look now, and finds the job held.
      if (room.database.db.engine === 'postgres') await meanwhile;
      assert.deepEqual(ran, []);
    });
    await meanwhile;
    await worker.runDue();
    assert.deepEqual(ran, ['with the change']);
  });
});

describe('jobs of a workspace', () => {
  const as = (workspaceId: string): Scope => ({ role: 'app', workspaceId, requestId: 'tenancy' });
  const run = (workspaceId: string, text: string, ...parameters: unknown[]) =>
    room.database.db.unit(as(workspaceId), [{ sql: text, parameters }]);

  test('are seen by it alone', async () => {
    await add('ours');
    const [seen] = await run(room.workspaceId, 'select id from jobs');
    assert.equal(seen!.rows.length, 1);
    const [foreign] = await run(await room.newWorkspace(), 'select id from jobs');
    assert.deepEqual(foreign!.rows, []);
  });

  test('are written by it alone, waiting and never under another name', async () => {
    const theirs = await room.newWorkspace();
    const refused = { code: '42501' };
    for (const column of ['workspace_id', 'state', 'attempts', 'claim', 'actor_id']) {
      const value = { workspace_id: `'${theirs}'`, state: `'done'`, actor_id: `'${theirs}'` }[column] ?? '7';
      await assert.rejects(
        run(room.workspaceId, `insert into jobs (kind, ${column}) values ('test-note', ${value})`),
        refused,
        column,
      );
    }
    assert.deepEqual(await room.jobs(), []);
  });

  test('are not changed or ended by requests, whosoever they are', async () => {
    await add('ours');
    const { id } = await room.job();
    const [changed] = await run(room.workspaceId, `update jobs set run_at = now() + interval '1 year'`);
    assert.equal(changed!.count, 0, 'one that has no key');
    for (const text of [
      `update jobs set state = 'done'`,
      `update jobs set unique_key = 'x'`,
      'delete from jobs',
      'truncate jobs',
    ])
      await assert.rejects(run(room.workspaceId, text), { code: '42501' }, text);
    const [claimed] = await room.system.jobs.claim(new Map([['test-note', 1]]), new Date(room.now), new Date(room.now + MINUTE));
    await assert.rejects(run(await room.newWorkspace(), 'select finish_job($1, $2)', id, claimed!.claim), { code: 'MJ001' });
    await assert.rejects(run(room.workspaceId, 'select finish_job($1, $2)', id, claimed!.claim + 1), { code: 'MJ001' });
    assert.equal((await room.job()).state, 'running');
  });

  test('go with it', async () => {
    const theirs = await room.newWorkspace();
    await room.write((unit) => enqueue(unit, 'test-note', { text: 'theirs' }), theirs);
    await room.database.asOwner(`update workspaces set deleted_at = now() - interval '31 days' where id = $1`, [theirs]);
    while ((await room.system.purge()) > 0);
    assert.deepEqual(await room.jobs(), []);
  });
});

test('jobs that are done go after three days, failed ones after thirty', async () => {
  const states = async () => (await room.jobs()).map(({ state }) => state);
  const age = (days: number) =>
    room.database.asOwner(`update jobs set finished_at = now() - interval '${days} days' - interval '1 minute'`);
  await room.database.asOwner(
    `insert into jobs (workspace_id, kind, state, finished_at) values ('${room.workspaceId}', 'test-note', 'done', now()), (null, 'test-note', 'failed', now())`,
  );
  await age(2);
  await room.system.purge();
  assert.equal((await states()).length, 2);
  await age(3);
  await room.system.purge();
  assert.deepEqual(await states(), ['failed']);
  await age(30);
  await room.system.purge();
  assert.deepEqual(await states(), []);
});

import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { latestTick } from '../../server/jobs/recurrence.ts';
import { newJobRoom, type JobRoom } from '../support/jobs.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a recurring job', () => {
  let room: JobRoom;
  before(async () => {
    room = await newJobRoom();
  });
  beforeEach(async () => {
    await room.empty();
    room.now = Math.ceil(room.now / HOUR) * HOUR;
  });

  /** A worker of another process with the same recurring job, which notes when it ran. */
  function process(ran: number[], run = async () => {}) {
    const worker = room.newWorker();
    worker.recurring('test-recurring', { cron: '*/10 * * * *' }, async () => {
      ran.push(room.now);
      await run();
    });
    return worker;
  }

  test('is carried out by one process each time it is due, however many there are', async () => {
    const ran: number[] = [];
    const workers = [process(ran), process(ran), process(ran)];
    const began = room.now;
    for (let minute = 0; minute < 60; minute++) {
      // By turns at the same time, and one after the other has ended its job.
      if (minute % 20 < 10) await Promise.all(workers.map((worker) => worker.runDue()));
      else for (const worker of workers) await worker.runDue();
      room.now += MINUTE;
    }
    assert.deepEqual(
      ran.map((at) => (at - began) / MINUTE),
      [0, 10, 20, 30, 40, 50],
    );
    assert.ok((await room.jobs()).every(({ workspace_id, state }) => workspace_id === null && state === 'done'));
  });

  test('is caught up with once after a pause, not as often as it was missed', async () => {
    const ran: number[] = [];
    await process(ran).runDue();
    room.now += 5 * HOUR + 3 * MINUTE;
    const later = room.now;
    const [one, other] = [process(ran), process(ran)];
    await Promise.all([one.runDue(), other.runDue()]);
    await one.runDue();
    assert.deepEqual(ran.slice(1), [later]);
    room.now += 7 * MINUTE;
    await Promise.all([one.runDue(), other.runDue()]);
    assert.deepEqual(ran.slice(2), [later + 7 * MINUTE]);
  });

  test('that failed is tried again by the schedule, and waits once however often it is due meanwhile', async () => {
    const ran: number[] = [];
    let fails = true;
    const worker = process(ran, async () => {
      if (fails) throw new Error('not yet');
    });
    const began = room.now;
    await worker.runDue();
    fails = false;
    room.now += 2 * MINUTE;
    await worker.runDue();
    assert.deepEqual(
      ran.map((at) => (at - began) / MINUTE),
      [0, 2],
    );
    assert.equal((await room.job()).attempts, 2);
    // Nobody serves it for an hour, but one process sees that it is due.
    const watching = room.newWorker();
    watching.recurring('test-recurring', { cron: '*/10 * * * *' }, async () => {});
    for (let ticks = 0; ticks < 6; ticks++) {
      room.now += 10 * MINUTE;
      await room.system.jobs.tick('test-recurring', new Date(room.now), new Date(room.now));
    }
    assert.equal((await room.jobs()).filter(({ state }) => state === 'waiting').length, 1);
  });
});

describe('a recurrence', () => {
  const at = (text: string) => Date.parse(`${text}Z`);
  const last = (cron: string, now: string) => new Date(latestTick({ cron }, at(now))).toISOString().slice(0, 16);

  test('by a number of milliseconds is counted from 1970', () => {
    assert.equal(latestTick({ every: HOUR }, at('2026-03-01T10:59:59.999')), at('2026-03-01T10:00'));
    assert.equal(latestTick({ every: HOUR }, at('2026-03-01T11:00')), at('2026-03-01T11:00'));
  });

  test('by cron is due at the minute, in UTC', () => {
    assert.equal(last('* * * * *', '2026-03-01T10:59:59.999'), '2026-03-01T10:59');
    assert.equal(last('0 3 * * *', '2026-03-01T02:59:59'), '2026-02-28T03:00');
    assert.equal(last('0 3 * * *', '2026-03-01T03:00'), '2026-03-01T03:00');
    assert.equal(last('15,45 8-10 * * *', '2026-03-01T09:44'), '2026-03-01T09:15');
    assert.equal(last('*/20 */6 * * *', '2026-03-01T05:00'), '2026-03-01T00:40');
    assert.equal(last('5/25 0 * * *', '2026-03-01T05:00'), '2026-03-01T00:55');
    assert.equal(last('10-30/10 0 * * *', '2026-03-01T00:29'), '2026-03-01T00:20');
  });

  test('by cron knows the days of months and weeks', () => {
    assert.equal(last('0 0 31 * *', '2026-03-01T00:00'), '2026-01-31T00:00');
    assert.equal(last('0 0 29 2 *', '2027-06-01T00:00'), '2024-02-29T00:00');
    assert.equal(last('0 0 29 2 *', '2104-02-28T00:00'), '2096-02-29T00:00', 'eight years where a century has none');
    // The 1st of March 2026 is a Sunday.
    assert.equal(last('0 0 * * 0', '2026-03-04T00:00'), '2026-03-01T00:00');
    assert.equal(last('0 0 * * 7', '2026-03-04T00:00'), '2026-03-01T00:00');
    assert.equal(last('0 0 * * 1-5', '2026-03-01T12:00'), '2026-02-27T00:00');
    assert.equal(last('0 0 15 * 1', '2026-02-18T00:00'), '2026-02-16T00:00', 'either day will do');
    assert.equal(last('0 0 15 * 1', '2026-02-15T12:00'), '2026-02-15T00:00');
    assert.equal(last('0 0 1 1,7 *', '2026-06-30T00:00'), '2026-01-01T00:00');
  });

  test('that is none is refused with what is wrong', () => {
    for (const cron of [
      '',
      '* * * *',
      '* * * * * *',
      '60 * * * *',
      '* 24 * * *',
      '* * 0 * *',
      '* * * 13 *',
      '* * * * 8',
      '5-1 * * * *',
      '*/0 * * * *',
      'a * * * *',
      '1,,2 * * * *',
      '-1 * * * *',
    ])
      assert.throws(() => latestTick({ cron }, at('2026-03-01T00:00')), TypeError, cron);
    assert.throws(() => latestTick({ cron: '0 0 30 2 *' }, at('2026-03-01T00:00')), /names no day that there is/);
  });
});

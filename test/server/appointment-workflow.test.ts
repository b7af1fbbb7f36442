import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { APPOINTMENT_STATUSES, OUTCOMES, type AppointmentChange } from '../../src/contract/appointment.ts';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { keyed } from '../support/embedded.ts';
import { seededRandom } from '../support/random.ts';
import { newServer, type TestMember, type TestServer, type TestWorkspace } from '../support/server.ts';

type Status = (typeof APPOINTMENT_STATUSES)[number];
type Outcome = (typeof OUTCOMES)[number];

let server: TestServer;
let ours: TestWorkspace;
let leadId: string;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
  const lead = await ours.client.leads.create({ contact: { email: `${newId()}@example.test` }, owner_id: ours.member.userId });
  leadId = lead.id;
});

const WHEN = '2031-05-06T07:00:00.000Z';
const book = (given: object = {}) => ours.client.appointments.create({ lead_id: leadId, appointment_date: WHEN, ...given });

/** What a move is answered with, as it comes. */
async function call(id: string, what: string, body: object, by: Pick<TestMember, 'token'> = ours.owner) {
  const [method, path] = what === '' ? ['PATCH', ''] : ['POST', `/${what}`];
  const response = await server.fetch(`/api/v2/appointments/${id}${path}`, json(method, body, bearing(by.token)));
  return { status: response.status, ...((await response.json()) as any) };
}

/** An appointment that was taken to a status the straight way. */
async function bookedAs(status: Status, outcome?: Outcome) {
  const { id } = await book();
  if (status === 'scheduled') return id;
  const given = status === 'completed' ? { status, outcome: outcome ?? 'showed' } : { status, ...(outcome && { outcome }) };
  await ours.client.appointments.update(id, given);
  return id;
}

/** The moves that the domain allows from a status, said once more in full. */
const ALLOWED: Record<Status, string[]> = {
  scheduled: ['set', 'verified', 'confirmed', 'completed', 'cancelled', 'reschedule'],
  set: ['verified', 'confirmed', 'completed', 'cancelled', 'reschedule'],
  verified: ['confirmed', 'completed', 'cancelled', 'reschedule'],
  confirmed: ['completed', 'cancelled', 'reschedule'],
  completed: [],
  cancelled: ['reschedule'],
};

describe('the workflow of an appointment', () => {
  for (const from of APPOINTMENT_STATUSES) {
    test(`goes from ${from} where it may, and answers 409 with the moves that are allowed otherwise`, async () => {
      for (const to of APPOINTMENT_STATUSES) {
        const id = await bookedAs(from);
        const answer = await call(id, '', { status: to, ...(to === 'completed' && { outcome: 'no_show' }) });
        if (to === from || ALLOWED[from].includes(to)) {
          assert.deepEqual([answer.status, answer.data.status], [200, to]);
          continue;
        }
        assert.deepEqual([answer.status, answer.code, answer.allowed], [409, 'CONFLICT', ALLOWED[from]], to);
        for (const move of ALLOWED[from].filter((one) => one !== 'reschedule'))
          assert.ok(answer.error.includes(move), answer.error);
        assert.equal((await ours.client.appointments.get(id)).status, from);
      }
    });
  }

  test('is rescheduled from every status, but not once the contact was there', async () => {
    for (const from of APPOINTMENT_STATUSES) {
      for (const outcome of from === 'completed' ? OUTCOMES : [undefined]) {
        const id = await bookedAs(from, outcome);
        const answer = await call(id, 'reschedule', { appointment_date: '2031-06-01T07:00:00Z' });
        const wasThere = outcome === 'showed' || outcome === 'sold' || outcome === 'not_interested';
        assert.equal(answer.status, wasThere ? 409 : 200, `${from} ${outcome}`);
        if (wasThere) assert.deepEqual(answer.allowed, []);
        else assert.equal(answer.data.status, 'scheduled');
      }
    }
  });

  test('is completed with an outcome, sent in the same call or held', async () => {
    const { id } = await book();
    const refused = await call(id, '', { status: 'completed' });
    assert.deepEqual([refused.status, refused.details], [400, { outcome: 'Outcome is required.' }]);
    assert.equal((await call(id, '', { status: 'completed', outcome: null })).status, 400);
    await ours.client.appointments.update(id, { outcome: 'sold' });
    const completed = await ours.client.appointments.update(id, { status: 'completed' });
    assert.deepEqual([completed.status, completed.outcome], ['completed', 'sold']);
    assert.ok(completed.completed_at! >= completed.created_at);
    const corrected = await ours.client.appointments.update(id, { outcome: 'no_show' });
    assert.deepEqual([corrected.outcome, corrected.completed_at], ['no_show', completed.completed_at]);
    assert.equal((await call(id, '', { outcome: null })).status, 400, 'none is not an outcome');
  });

  test('has the outcome cancelled when it is cancelled, unless another is sent that was not held', async () => {
    assert.equal((await ours.client.appointments.get(await bookedAs('cancelled'))).outcome, 'cancelled');
    const { id } = await book();
    await ours.client.appointments.update(id, { outcome: 'showed' });
    assert.equal((await ours.client.appointments.update(id, { status: 'cancelled' })).outcome, 'cancelled');
    for (const outcome of OUTCOMES) {
      const other = await book();
      const answer = await call(other.id, '', { status: 'cancelled', outcome });
      const isHeld = outcome === 'showed' || outcome === 'sold' || outcome === 'not_interested';
      assert.equal(answer.status, isHeld ? 400 : 200, outcome);
      if (!isHeld) assert.equal(answer.data.outcome, outcome);
    }
    const cancelled = await ours.client.appointments.update((await book()).id, { status: 'cancelled', reason: 'Fell ill' });
    assert.deepEqual([cancelled.cancel_reason, cancelled.history[0]!.reason], ['Fell ill', 'Fell ill']);
    assert.notEqual(cancelled.cancelled_at, null);
  });

  test('is left as it is by the status that it has', async () => {
    for (const status of APPOINTMENT_STATUSES) {
      const id = await bookedAs(status);
      const before = await ours.client.appointments.get(id);
      assert.deepEqual(await ours.client.appointments.update(id, { status, reason: 'Again' }), { ...before, warnings: [] });
    }
  });

  test('keeps its whole history when it is rescheduled, and begins again', async () => {
    const { id } = await book();
    await ours.client.appointments.update(id, { status: 'set' });
    await ours.manager.client.appointments.update(id, { status: 'confirmed' });
    await ours.client.appointments.update(id, { status: 'completed', outcome: 'no_show', reason: 'Nobody there' });
    const again = await ours.client.appointments.reschedule(id, {
      appointment_date: '2031-05-13T09:00:00+02:00',
      duration_minutes: 45,
      timezone: 'America/New_York',
      reason: 'Second try',
    });
    assert.partialDeepStrictEqual(again, {
      status: 'scheduled',
      outcome: null,
      set_by: null,
      set_date: null,
      confirmed_by: null,
      confirmed_date: null,
      completed_at: null,
      appointment_date: '2031-05-13T07:00:00.000Z',
      ends_at: '2031-05-13T07:45:00.000Z',
      timezone: 'America/New_York',
    });
    const told = again.history.map(({ from_status, to_status, from_outcome, to_outcome, to_date, reason }) =>
      [from_status, to_status, from_outcome, to_outcome, to_date, reason].map(String).join(' '),
    );
    assert.deepEqual(told, [
      'completed scheduled no_show null 2031-05-13T07:00:00.000Z Second try',
      `confirmed completed null no_show ${WHEN} Nobody there`,
      `set confirmed null null ${WHEN} null`,
      `scheduled set null null ${WHEN} null`,
      `null scheduled null null ${WHEN} null`,
    ]);
    assert.partialDeepStrictEqual(again.history[0], { from_date: WHEN, from_duration_minutes: 30, to_duration_minutes: 45 });
    assert.equal(again.history[2]!.person!.name, 'Test manager');
  });

  test('to the time that it has changes nothing while it is scheduled, and takes it back otherwise', async () => {
    const { id } = await book();
    const same = { appointment_date: '2031-05-06T09:00:00+02:00', duration_minutes: 30 };
    const { warnings: _, ...before } = await ours.client.appointments.reschedule(id, same);
    assert.deepEqual([before.version, before.history.length], [1, 1]);
    await ours.client.appointments.update(id, { status: 'confirmed' });
    assert.partialDeepStrictEqual(await ours.client.appointments.reschedule(id, same), {
      status: 'scheduled',
      version: 3,
      sequence: 0,
    });
  });

  test('counts for calendars what they must see, and nothing else', async () => {
    const { id } = await book({ location: 'Here' });
    const at = async (given: AppointmentChange) => (await ours.client.appointments.update(id, given)).sequence;
    const moved = async (given: object) =>
      (await ours.client.appointments.reschedule(id, { appointment_date: WHEN, ...given })).sequence;
    assert.equal(await at({ notes: 'Nothing to see', owner_id: ours.manager.userId }), 0);
    assert.equal(await at({ status: 'set' }), 0);
    assert.equal(await at({ location: 'There' }), 1);
    assert.equal(await at({ meeting_url: 'https://meet.example.test/1' }), 2);
    assert.equal(await moved({ duration_minutes: 60 }), 3);
    assert.equal(await moved({ appointment_date: '2031-05-07T07:00:00Z' }), 4);
    assert.equal(await at({ status: 'cancelled' }), 5);
    assert.equal(await at({ notes: 'Still nothing' }), 5);
    assert.equal(await moved({ appointment_date: '2031-05-07T07:00:00Z' }), 6);
  });

  test('over random moves is where a model of it is', async () => {
    const random = seededRandom(4_711);
    for (let round = 0; round < 12; round++) {
      const { id } = await book();
      let status = 'scheduled' as Status;
      let outcome = null as Outcome | null;
      let entries = 1;
      for (let step = 0; step < 12; step++) {
        const before: string = [status, outcome, entries].join(' ');
        const isHeld: boolean = outcome === 'showed' || outcome === 'sold' || outcome === 'not_interested';
        let answer: any;
        let isAllowed: boolean;
        if (random.below(4) === 0) {
          isAllowed = !(status === 'completed' && isHeld);
          if (isAllowed) [status, outcome] = ['scheduled', null];
          // Every time is another one.
          const date = new Date(Date.parse(WHEN) + (round * 100 + step + 1) * 86_400_000).toISOString();
          answer = await call(id, 'reschedule', { appointment_date: date });
          if (isAllowed) entries++;
        } else {
          const to = random.oneOf(APPOINTMENT_STATUSES);
          const given: Outcome | null | undefined = random.oneOf([undefined, undefined, null, ...OUTCOMES]);
          const goes: boolean = to !== status;
          const next: Outcome | null = given === undefined ? (goes && to === 'cancelled' ? 'cancelled' : outcome) : given;
          isAllowed = !goes || ALLOWED[status].includes(to);
          if (to === 'completed' && next === null) isAllowed = false;
          if (to === 'cancelled' && ['showed', 'sold', 'not_interested'].includes(next!)) isAllowed = false;
          answer = await call(id, '', { status: to, ...(given !== undefined && { outcome: given }) });
          if (isAllowed && (goes || next !== outcome)) entries++;
          if (isAllowed) [status, outcome] = [to, next];
        }
        const what = `seed 4711, round ${round}, step ${step}: from ${before}: ${answer.error}`;
        assert.equal(answer.status === 200, isAllowed, what);
        if (!isAllowed) assert.ok(answer.status === 409 || answer.status === 400, what);
        const now = await ours.client.appointments.get(id);
        assert.deepEqual([now.status, now.outcome, now.history.length], [status, outcome, entries], what);
      }
    }
  });
});

describe('who set, verified and confirmed an appointment', () => {
  const BY = { set: 'set_by', verified: 'verified_by', confirmed: 'confirmed_by' } as const;
  const random = seededRandom(7);

  test('is whoever takes it there', async () => {
    const { id } = await book();
    for (const [status, by] of Object.entries(BY)) {
      const who = random.oneOf([ours.member, ours.manager, ours.admin]);
      const taken: any = await who.client.appointments.update(id, { status: status as Status });
      assert.equal(taken[by], who.userId);
      assert.ok(taken[by.replace('_by', '_date')] >= taken.created_at);
    }
  });

  test('is nobody at a step that was skipped, until a manager says so', async () => {
    const { id } = await book();
    const confirmed = await ours.member.client.appointments.update(id, { status: 'confirmed' });
    assert.deepEqual([confirmed.set_by, confirmed.set_date, confirmed.confirmed_by], [null, null, ours.member.userId]);
    const told = await ours.manager.client.appointments.update(id, { set_by: ours.viewer.userId });
    assert.equal(told.set_by, ours.viewer.userId);
    assert.notEqual(told.set_date, null);
  });

  test('may be said by managers and above alone, and is a member', async () => {
    for (const [status, by] of Object.entries(BY)) {
      const { id } = await book();
      const given = { status: status as Status, [by]: ours.viewer.userId };
      const refused = await call(id, '', given, ours.member);
      assert.deepEqual([refused.status, refused.code], [403, 'FORBIDDEN']);
      assert.equal((await call(id, '', { ...given, [by]: ours.member.userId }, ours.member)).status, 403, 'not even themselves');
      const unknown = await call(id, '', { ...given, [by]: (await server.newWorkspace()).owner.userId }, ours.manager);
      assert.deepEqual(Object.keys(unknown.details), [by]);
      const named: any = await ours.manager.client.appointments.update(id, given);
      assert.deepEqual([named[by], named.history[0].changed_by], [ours.viewer.userId, ours.manager.userId]);
    }
  });

  test('is not said of a step that is still ahead', async () => {
    const { id } = await book();
    const early = await call(id, '', { verified_by: ours.member.userId });
    assert.deepEqual(early.details, { verified_by: 'Verified by is for appointments that are verified only.' });
    const cancelled = await bookedAs('cancelled');
    assert.equal((await call(cancelled, '', { set_by: ours.member.userId })).status, 400);
  });

  test('is nobody where a key does it, unless that names somebody', async () => {
    const key = await keyed(server, ours, ['crm:appointments:view', 'crm:appointments:edit']);
    const { id } = await book();
    const set = await key.appointments.update(id, { status: 'set' });
    assert.equal(set.set_by, null);
    assert.notEqual(set.set_date, null);
    const verified = await key.appointments.update(id, { status: 'verified', verified_by: ours.member.userId });
    assert.equal(verified.verified_by, ours.member.userId);
  });
});

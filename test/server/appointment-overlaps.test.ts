import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { embedded } from '../support/embedded.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;

before(async () => {
  server = await newServer();
});

const newLead = (at: TestWorkspace, owner_id: string | null = at.member.userId) =>
  at.client.leads.create({ contact: { email: `${newId()}@example.test` }, owner_id });

/** A workspace with a lead, and what books at a time of one day. */
async function furnished() {
  const at = await server.newWorkspace();
  const lead = await newLead(at);
  const book = (time: string, given: object = {}) =>
    at.client.appointments.create({ lead_id: lead.id, appointment_date: `2031-05-06T${time}:00Z`, ...given });
  return { at, lead, book };
}

const idsIn = (answer: { warnings: { code: string; appointment_ids: string[] }[] }) =>
  answer.warnings.flatMap(({ code, appointment_ids }) => (code === 'overlap' ? appointment_ids : []));

describe('appointments at the same time', () => {
  test('are taken with a warning that names the others', async () => {
    const { at, book } = await furnished();
    const first = await book('10:00', { duration_minutes: 60 });
    assert.deepEqual(first.warnings, []);
    const inside = await book('10:15', { duration_minutes: 15 });
    assert.deepEqual(inside.warnings, [
      { code: 'overlap', message: 'The owner has another appointment at this time.', appointment_ids: [first.id] },
    ]);
    const around = await book('09:00', { duration_minutes: 180 });
    assert.deepEqual(idsIn(around), [first.id, inside.id]);
    assert.equal(around.warnings[0]!.message, 'The owner has 2 other appointments at this time.');
    for (const [time, minutes] of [
      ['08:30', 30],
      ['12:00', 30],
    ] as const)
      assert.deepEqual((await book(time, { duration_minutes: minutes })).warnings, [], 'what ends as another begins');
    assert.deepEqual((await book('10:00', { owner_id: at.manager.userId })).warnings, [], 'of somebody else');
    assert.deepEqual((await book('10:00', { owner_id: null })).warnings, [], 'of nobody');
    const long = await book('13:00', { duration_minutes: 1_440 });
    const next = await at.client.appointments.create({ lead_id: first.lead_id, appointment_date: '2031-05-07T12:59:00Z' });
    assert.deepEqual(idsIn(next), [long.id]);
  });

  test('are those that stand: cancelled and deleted ones take no time, completed ones theirs', async () => {
    const { at, book } = await furnished();
    const [cancelled, deleted, completed] = [await book('10:00'), await book('10:00'), await book('10:00')];
    await at.client.appointments.update(cancelled.id, { status: 'cancelled' });
    await at.client.appointments.remove(deleted.id);
    await at.client.appointments.update(completed.id, { status: 'completed', outcome: 'showed' });
    assert.deepEqual(idsIn(await book('10:00')), [completed.id]);
  });

  test('are told of when an appointment is moved, given to another, taken up again or brought back', async () => {
    const { at, book } = await furnished();
    const { appointments } = at.client;
    const first = await book('10:00');
    const second = await book('11:00');
    const moved = await appointments.reschedule(second.id, { appointment_date: '2031-05-06T10:10:00Z' });
    assert.deepEqual(idsIn(moved), [first.id]);
    assert.deepEqual((await appointments.update(second.id, { notes: 'x' })).warnings, [], 'only where it is about time');
    const other = await book('10:00', { owner_id: at.manager.userId });
    assert.deepEqual(idsIn(await appointments.update(other.id, { owner_id: at.member.userId })), [first.id, second.id]);
    await appointments.update(other.id, { status: 'cancelled' });
    const again = await appointments.reschedule(other.id, { appointment_date: '2031-05-06T10:00:00Z' });
    assert.deepEqual(idsIn(again), [first.id, second.id]);
    await appointments.remove(other.id);
    assert.deepEqual(idsIn(await appointments.restore(other.id)), [first.id, second.id]);
  });

  test('outside of the ownerʼs working hours are warned of as well', async () => {
    const { at, book } = await furnished();
    const member = (await at.client.members.list({ role: ['member'] })).data[0]!;
    const hours = { timezone: 'Europe/Berlin', tue: [{ from: '09:00', to: '17:00' }] };
    await at.client.members.update(member.id, { working_hours: hours });
    const codes = async (time: string, given: object = {}) => (await book(time, given)).warnings.map(({ code }) => code);
    assert.deepEqual(await codes('07:00', { duration_minutes: 60 }), []);
    assert.deepEqual(await codes('06:59', { duration_minutes: 15 }), ['overlap', 'outside_working_hours']);
    assert.deepEqual(await codes('14:30'), []);
    assert.deepEqual(await codes('14:45'), ['overlap', 'outside_working_hours']);
    assert.deepEqual(await codes('20:00', { owner_id: at.manager.userId }), [], 'who has no hours works always');
  });

  test('that a token does not see are warned of without their names', async () => {
    const { at, lead } = await furnished();
    const hidden = await newLead(at, at.manager.userId);
    const given = { appointment_date: '2031-05-06T10:00:00Z', owner_id: at.member.userId };
    const unseen = await at.client.appointments.create({ lead_id: hidden.id, ...given });
    const scoped = await embedded(server, at, { owner_scope: at.member.userId });
    const { warnings } = await scoped.appointments.create({ lead_id: lead.id, appointment_date: given.appointment_date });
    assert.deepEqual(warnings, [
      { code: 'overlap', message: 'The owner has another appointment at this time.', appointment_ids: [] },
    ]);
    assert.ok(!JSON.stringify(warnings).includes(unseen.id));
  });
});

describe('where the workspace forbids overlaps', () => {
  async function strict() {
    const room = await furnished();
    await room.at.client.workspace.update({ policies: { forbid_overlaps: true } });
    return room;
  }
  const refused = { code: 'CONFLICT', status: 409, message: /^The owner has another appointment at this time: / };

  test('a second appointment is a 409 that names the first', async () => {
    const { at, book, lead } = await strict();
    const first = await book('10:00');
    await assert.rejects(book('10:15'), { ...refused, existingId: first.id });
    await assert.rejects(at.client.leads.addAppointment(lead.id, { appointment_date: '2031-05-06T09:45:00Z' }), refused);
    await book('10:30');
    await book('10:00', { owner_id: at.manager.userId });
  });

  test('so are a move, another owner, the way back from cancelled, and the return of a deleted one', async () => {
    const { at, book } = await strict();
    const { appointments } = at.client;
    const [cancelled, deleted] = [await book('10:00'), await book('12:00')];
    await appointments.update(cancelled.id, { status: 'cancelled' });
    await appointments.remove(deleted.id);
    const [first, second] = [await book('10:00'), await book('12:00')];
    const other = await book('10:00', { owner_id: at.manager.userId });
    const untouched = await appointments.get(other.id);
    await assert.rejects(appointments.reschedule(second.id, { appointment_date: '2031-05-06T10:00:00Z' }), refused);
    await assert.rejects(appointments.reschedule(second.id, { appointment_date: '2031-05-06T09:00:00Z', duration_minutes: 90 }), {
      ...refused,
      existingId: first.id,
    });
    await assert.rejects(appointments.update(other.id, { owner_id: at.member.userId }), refused);
    assert.deepEqual(await appointments.get(other.id), untouched);
    await assert.rejects(appointments.reschedule(cancelled.id, { appointment_date: '2031-05-06T10:00:00Z' }), refused);
    await assert.rejects(appointments.restore(deleted.id), { ...refused, existingId: second.id });
    // An appointment does not stand in its own way.
    await appointments.reschedule(first.id, { appointment_date: '2031-05-06T10:10:00Z' });
    await appointments.update(first.id, { owner_id: at.manager.userId, status: 'cancelled' });
    await appointments.update(other.id, { owner_id: at.member.userId });
  });

  test('of two that take the same time at once one is refused, whatever they do', async () => {
    const { at, book } = await strict();
    const mine = await Promise.all([newLead(at), newLead(at), newLead(at), newLead(at)]);
    for (let round = 0; round < 5; round++) {
      const time = `2031-06-0${round + 1}T10:00:00Z`;
      const waiting = await at.client.appointments.create({
        lead_id: mine[3]!.id,
        appointment_date: `2031-07-0${round + 1}T10:00:00Z`,
      });
      const given = await book(`1${round}:00`, { owner_id: at.manager.userId, appointment_date: time });
      const ended = await Promise.allSettled([
        ...mine.slice(0, 3).map(({ id }) => at.client.appointments.create({ lead_id: id, appointment_date: time })),
        at.client.appointments.reschedule(waiting.id, { appointment_date: time }),
        at.client.appointments.update(given.id, { owner_id: at.member.userId }),
      ]);
      const refusals = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
      assert.deepEqual(refusals, ['CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT']);
      const overlapping = await server.database.asOwner(
        `select from appointments a join appointments b on b.workspace_id = a.workspace_id and b.owner_id = a.owner_id and b.id > a.id
         where a.workspace_id = $1 and a.status <> 'cancelled' and b.status <> 'cancelled'
           and a.appointment_date < b.ends_at and b.appointment_date < a.ends_at`,
        [at.id],
      );
      assert.equal(overlapping.length, 0);
    }
  });

  test('a token is refused by what it does not see, without its name', async () => {
    const { at, lead } = await strict();
    const hidden = await newLead(at, at.manager.userId);
    const appointment_date = '2031-05-06T10:00:00Z';
    const unseen = await at.client.appointments.create({ lead_id: hidden.id, appointment_date, owner_id: at.member.userId });
    const scoped = await embedded(server, at, { owner_scope: at.member.userId });
    await assert.rejects(scoped.appointments.create({ lead_id: lead.id, appointment_date }), {
      ...refused,
      existingId: undefined,
    });
    const answer = await server.fetch(
      '/api/v2/appointments',
      json('POST', { lead_id: lead.id, appointment_date }, bearing(at.owner.token)),
    );
    assert.equal(((await answer.json()) as any).existing_id, unseen.id);
  });
});

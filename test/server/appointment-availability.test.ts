import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { WorkingHours } from '../../src/contract/working-hours.ts';
import { newId } from '../../server/ids.ts';
import { embedded } from '../support/embedded.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;
let leadId: string;
/** The membership of the one who is asked for. */
let memberId: string;

const HOUR = 3_600_000;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
  leadId = (await ours.client.leads.create({ contact: { email: `${newId()}@example.test` }, owner_id: ours.member.userId })).id;
  const { data } = await ours.client.members.list({ role: ['member'] });
  memberId = data[0]!.id;
});

const book = (appointment_date: string, given: object = {}) =>
  ours.client.appointments.create({ lead_id: leadId, appointment_date, ...given });
const works = (working_hours: WorkingHours | null) => ours.client.members.update(memberId, { working_hours });
const ask = (from: string, to: string, given: object = {}) =>
  ours.client.appointments.availability({ member_id: ours.member.userId, from, to, ...given });
const texts = (spans: { from: string; to: string }[]) => spans.map(({ from, to }) => `${from} ${to}`.replaceAll(':00.000Z', 'Z'));

const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Span = { from: string; to: string };
const daily = (timezone: string, ...spans: Span[]): WorkingHours => ({
  timezone,
  ...Object.fromEntries(EVERY_DAY.map((day) => [day, spans])),
});

/** What the clocks of a zone show: the day and the time. */
function clockAt(zone: string) {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (moment: number) => {
    const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
    return { day: `${parts['year']}-${parts['month']}-${parts['day']}`, time: `${parts['hour']}:${parts['minute']}` };
  };
}

describe('availability across a change of the clocks', () => {
  /** Each with the days around the change, and how long the day of the change is. */
  const CHANGES = [
    ['Europe/Berlin', '2031-03-29', '2031-03-31', 23],
    ['Europe/Berlin', '2031-10-25', '2031-10-27', 25],
    ['America/New_York', '2031-03-08', '2031-03-10', 23],
    ['America/New_York', '2031-11-01', '2031-11-03', 25],
    ['Australia/Lord_Howe', '2031-10-04', '2031-10-06', 23.5],
    ['Australia/Lord_Howe', '2031-04-05', '2031-04-07', 24.5],
  ] as const;
  const HOURS: Span[][] = [
    [{ from: '09:00', to: '17:00' }],
    [
      { from: '00:00', to: '04:15' },
      { from: '08:00', to: '12:00' },
      { from: '22:30', to: '24:00' },
    ],
    [{ from: '00:00', to: '24:00' }],
  ];

  for (const [zone, first, last, hours] of CHANGES) {
    test(`of ${zone} around ${last} is what the clocks on the wall say`, async () => {
      const clock = clockAt(zone);
      for (const spans of HOURS) {
        await works(daily(zone, ...spans));
        const answer = await ask(first, last);
        assert.equal(answer.timezone, zone);
        const isFree = (moment: number) =>
          answer.free.some(({ from, to }) => Date.parse(from) <= moment && moment < Date.parse(to));
        for (let moment = Date.parse(first) - 12 * HOUR; moment < Date.parse(last) + 12 * HOUR; moment += HOUR / 4) {
          const { day, time } = clock(moment);
          const expected = first <= day && day <= last && spans.some(({ from, to }) => from <= time && time < to);
          assert.equal(isFree(moment), expected, `${new Date(moment).toISOString()} is ${time} in ${zone}`);
        }
        const total = answer.free.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0);
        if (spans[0]!.to === '24:00') assert.equal(total / HOUR, 48 + hours, 'three days, one of them short or long');
      }
    });
  }

  test('begins and ends in a skipped hour when the clocks skip it, and in a doubled one the second time', async () => {
    await works(daily('Europe/Berlin', { from: '01:00', to: '02:20' }, { from: '02:40', to: '05:00' }));
    assert.deepEqual(texts((await ask('2031-03-30', '2031-03-30')).free), ['2031-03-30T00:00Z 2031-03-30T03:00Z']);
    assert.deepEqual(texts((await ask('2031-10-26', '2031-10-26')).free), [
      '2031-10-25T23:00Z 2031-10-26T01:20Z',
      '2031-10-26T01:40Z 2031-10-26T04:00Z',
    ]);
    await works(daily('Europe/Berlin', { from: '02:10', to: '02:50' }));
    assert.deepEqual((await ask('2031-03-30', '2031-03-30')).free, [], 'there is no such time');
  });

  test('takes an appointment for what it is, an hour by every clock', async () => {
    await works(daily('Europe/Berlin', { from: '00:00', to: '06:00' }));
    const night = await book('2031-10-26T00:30:00Z', { duration_minutes: 60 });
    assert.deepEqual(texts((await ask('2031-10-26', '2031-10-26')).free), [
      '2031-10-25T22:00Z 2031-10-26T00:30Z',
      '2031-10-26T01:30Z 2031-10-26T05:00Z',
    ]);
    await ours.client.appointments.remove(night.id);
  });
});

describe('availability', () => {
  test('is the working hours less what is booked, in the time that is asked for', async () => {
    await works({ timezone: 'Europe/Berlin', mon: [{ from: '09:00', to: '12:00' }, { from: '13:00', to: '17:00' }] }); // prettier-ignore
    const first = await book('2031-05-05T08:00:00Z', { duration_minutes: 60 });
    const second = await book('2031-05-05T08:30:00Z', { duration_minutes: 90 });
    const evening = await book('2031-05-05T18:00:00Z', { duration_minutes: 60 });
    const cancelled = await book('2031-05-05T13:00:00Z');
    await ours.client.appointments.update(cancelled.id, { status: 'cancelled' });
    const deleted = await book('2031-05-05T13:00:00Z');
    await ours.client.appointments.remove(deleted.id);
    const others = await book('2031-05-05T13:00:00Z', { owner_id: ours.manager.userId });
    const done = await book('2031-05-05T14:30:00Z', { duration_minutes: 15 });
    await ours.client.appointments.update(done.id, { status: 'completed', outcome: 'no_show' });

    const answer = await ask('2031-05-04', '2031-05-06');
    assert.deepEqual(Object.keys(answer).sort(), ['busy', 'free', 'member_id', 'timezone']);
    assert.deepEqual(texts(answer.free), [
      '2031-05-05T07:00Z 2031-05-05T08:00Z',
      '2031-05-05T11:00Z 2031-05-05T14:30Z',
      '2031-05-05T14:45Z 2031-05-05T15:00Z',
    ]);
    assert.deepEqual(texts(answer.busy), [
      '2031-05-05T08:00Z 2031-05-05T10:00Z',
      '2031-05-05T14:30Z 2031-05-05T14:45Z',
      '2031-05-05T18:00Z 2031-05-05T19:00Z',
    ]);
    const long = await ask('2031-05-05', '2031-05-05', { duration_minutes: 60 });
    assert.deepEqual(texts(long.free), ['2031-05-05T07:00Z 2031-05-05T08:00Z', '2031-05-05T11:00Z 2031-05-05T14:30Z']);
    const within = await ask('2031-05-05T09:30:00Z', '2031-05-05T11:30:00+00:00');
    assert.deepEqual(texts(within.free), ['2031-05-05T11:00Z 2031-05-05T11:30Z']);
    assert.deepEqual(texts(within.busy), ['2031-05-05T09:30Z 2031-05-05T10:00Z']);
    assert.deepEqual(await ours.viewer.client.appointments.availability({ member_id: ours.member.userId, from: '2031-05-04', to: '2031-05-06' }), answer); // prettier-ignore
    for (const { id } of [first, second, evening, others, done]) await ours.client.appointments.remove(id);
  });

  test('names a member by their user or by their membership, and nobody else', async () => {
    await works(null);
    const { member_id, ...byUser } = await ask('2031-05-05', '2031-05-05');
    assert.equal(member_id, ours.member.userId);
    const { member_id: asked, ...byMembership } = await ask('2031-05-05', '2031-05-05', { member_id: memberId });
    assert.equal(asked, memberId);
    assert.deepEqual(byMembership, byUser);
    const unknown = { details: { member_id: 'Member id names a record that does not exist.' } };
    const theirs = await server.newWorkspace();
    for (const member_id of [newId(), theirs.member.userId, leadId])
      await assert.rejects(ask('2031-05-05', '2031-05-05', { member_id }), unknown);
  });

  test('is by the workspaceʼs hours for those who have none, and around the clock where that has none', async () => {
    await works(null);
    assert.deepEqual(texts((await ask('2031-05-05', '2031-05-05')).free), ['2031-05-04T22:00Z 2031-05-05T22:00Z']);
    const at = await server.newWorkspace();
    await at.client.workspace.update({ policies: { working_hours: { mon: [{ from: '10:00', to: '11:00' }] } } });
    const askThere = async () => {
      const answer = await at.client.appointments.availability({
        member_id: at.member.userId,
        from: '2031-05-05',
        to: '2031-05-06',
      });
      return [answer.timezone, ...texts(answer.free)];
    };
    // What is known of a caller is forgotten with the change.
    assert.deepEqual(await askThere(), ['Europe/Berlin', '2031-05-05T08:00Z 2031-05-05T09:00Z']);
    const member = (await at.client.members.list({ role: ['member'] })).data[0]!;
    await at.client.members.update(member.id, { working_hours: { timezone: 'UTC', tue: [{ from: '10:00', to: '11:00' }] } });
    assert.deepEqual(await askThere(), ['UTC', '2031-05-06T10:00Z 2031-05-06T11:00Z']);
    await at.client.members.update(member.id, { working_hours: { mon: [], tue: [] } });
    assert.deepEqual(await askThere(), ['Europe/Berlin'], 'who works on no day is never free');
  });

  test('is told for 62 days at most, and for a time that is one', async () => {
    await works(daily('Europe/Berlin', { from: '09:00', to: '10:00' }));
    assert.equal((await ask('2031-03-01', '2031-05-01')).free.length, 62);
    await assert.rejects(ask('2031-03-01', '2031-05-02'), { details: { to: 'To must be at most 2031-05-01.' } });
    await assert.rejects(ask('2031-03-01T00:00:00Z', '2031-05-02T00:00:01Z'), { code: 'VALIDATION_ERROR' });
    await assert.rejects(ask('2031-03-02', '2031-03-01'), { details: { to: 'To must be more than 2031-03-02.' } });
    await assert.rejects(ask('2031-03-02T00:00:00Z', '2031-03-02T00:00:00Z'), { code: 'VALIDATION_ERROR' });
    await assert.rejects(ask('soon', '2031-03-01'), { code: 'VALIDATION_ERROR' });
    assert.equal((await ask('0001-01-01', '0001-01-02')).timezone, 'Europe/Berlin');
    assert.equal((await ask('9999-12-30', '9999-12-30')).free.length, 1);
  });

  test('is whole for a token with an owner scope, which is told of that owner alone', async () => {
    await works(daily('UTC', { from: '09:00', to: '10:00' }));
    const hidden = await ours.client.leads.create({
      contact: { email: `${newId()}@example.test` },
      owner_id: ours.manager.userId,
    });
    const unseen = await ours.client.appointments.create({
      lead_id: hidden.id,
      owner_id: ours.member.userId,
      appointment_date: '2031-05-05T09:00:00Z',
    });
    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    const query = { from: '2031-05-05', to: '2031-05-05' };
    const answer = await scoped.appointments.availability({ ...query, member_id: ours.member.userId });
    assert.deepEqual(texts(answer.free), ['2031-05-05T09:30Z 2031-05-05T10:00Z']);
    assert.ok(!JSON.stringify(answer).includes(unseen.id));
    await assert.rejects(scoped.appointments.availability({ ...query, member_id: ours.manager.userId }), { code: 'FORBIDDEN' });
  });
});

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { AppointmentChange } from '../../src/contract/appointment.ts';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { embedded, keyed } from '../support/embedded.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

const WHEN = '2031-05-06T07:00:00.000Z';
const HOUR = 3_600_000;
const newLead = (given: object = {}, at = ours) =>
  at.client.leads.create({ contact: { email: `${newId()}@example.test`, name: 'Ann Example' }, title: 'Roof', ...given });
const book = (leadId: string, given: object = {}, at = ours) =>
  at.client.leads.addAppointment(leadId, { appointment_date: WHEN, ...given });
const ids = (records: { id: string }[]) => records.map(({ id }) => id);
const plain = <T extends { warnings: unknown }>({ warnings: _, ...rest }: T) => rest;
const unknown = (field: string) => ({
  details: { [field]: `${field[0]!.toUpperCase()}${field.slice(1).replace('_', ' ')} names a record that does not exist.` },
});

describe('an appointment', () => {
  test('is booked for half an hour with the leadʼs contact and owner, in the ownerʼs zone', async () => {
    const lead = await newLead({ owner_id: ours.member.userId });
    const made = await ours.client.appointments.create({ lead_id: lead.id, appointment_date: '2031-05-06T09:00:00+02:00' });
    assert.deepEqual(await ours.client.appointments.get(made.id), plain(made));
    assert.partialDeepStrictEqual(made, {
      lead_id: lead.id,
      lead: { id: lead.id, title: 'Roof' },
      contact_id: lead.contact_id,
      contact: { id: lead.contact_id, name: 'Ann Example', email: lead.contact.email, phone_number: null },
      owner_id: ours.member.userId,
      owner: { name: 'Test member' },
      appointment_date: WHEN,
      duration_minutes: 30,
      ends_at: '2031-05-06T07:30:00.000Z',
      timezone: 'Europe/Berlin',
      location: null,
      meeting_url: null,
      status: 'scheduled',
      outcome: null,
      sequence: 0,
      version: 1,
      created_by: ours.owner.userId,
    });
    assert.deepEqual(
      made.history.map(({ from_status, to_status, to_date, changed_by }) => [from_status, to_status, to_date, changed_by]),
      [[null, 'scheduled', WHEN, ours.owner.userId]],
    );
    const said = { duration_minutes: 1_440, timezone: 'Asia/Tokyo', location: 'Their office', notes: 'Bring plans' };
    assert.partialDeepStrictEqual(await book(lead.id, said), said);
  });

  test('is in the zone of its ownerʼs hours, or of the owner, or of the workspace', async () => {
    const at = await server.newWorkspace();
    const lead = await newLead({ owner_id: at.member.userId }, at);
    const zoneOf = async (given: object = {}) => (await book(lead.id, given, at)).timezone;
    await server.database.asOwner(`update users set timezone = 'Asia/Tokyo' where id = any($1)`, [
      [at.member.userId, at.viewer.userId],
    ]);
    const { data } = await at.client.members.list({ role: ['member'] });
    await at.client.members.update(data[0]!.id, { working_hours: { timezone: 'America/Lima' } });
    assert.deepEqual(
      [
        await zoneOf(),
        await zoneOf({ owner_id: at.viewer.userId }),
        await zoneOf({ owner_id: at.manager.userId }),
        await zoneOf({ owner_id: null }),
      ],
      ['America/Lima', 'Asia/Tokyo', 'Europe/Berlin', 'Europe/Berlin'],
    );
  });

  test('is held at a place or by an address of the web, and one takes the otherʼs place', async () => {
    const lead = await newLead();
    const both = { location: 'Here', meeting_url: 'https://meet.example.test/1' };
    const onlyOne = { details: { meeting_url: 'Send only one of location and meeting_url.' } };
    await assert.rejects(book(lead.id, both), onlyOne);
    const { id } = await book(lead.id, { location: both.location });
    await assert.rejects(ours.client.appointments.update(id, both), onlyOne);
    const placeAfter = async (given: AppointmentChange) => {
      const { location, meeting_url } = await ours.client.appointments.update(id, given);
      return [location, meeting_url];
    };
    assert.deepEqual(await placeAfter({ meeting_url: both.meeting_url }), [null, both.meeting_url]);
    assert.deepEqual(await placeAfter({ location: null }), [null, both.meeting_url]);
    assert.deepEqual(await placeAfter({ location: 'There', meeting_url: '' }), ['There', null]);
    assert.deepEqual(await placeAfter({ location: null, meeting_url: null }), [null, null]);
    for (const meeting_url of ['ftp://example.test', 'javascript:alert(1)', 'meet.example.test', 'https://example.test/\r\nX:1'])
      await assert.rejects(book(lead.id, { meeting_url }), { code: 'VALIDATION_ERROR' }, meeting_url);
    await assert.rejects(
      server.database.asOwner(`update appointments set location = 'Here', meeting_url = 'https://x.test' where id = $1`, [id]),
      /check constraint/,
    );
  });

  test('is refused with what it can not be', async () => {
    const lead = await newLead();
    for (const given of [
      { duration_minutes: 0 },
      { duration_minutes: 1_441 },
      { duration_minutes: 1.5 },
      { timezone: 'Mars/Olympus' },
      { location: 'x'.repeat(256) },
      { notes: 'x'.repeat(5_001) },
      { appointment_date: '2031-05-06' },
      { appointment_date: '9999-12-31T23:59:00Z' },
      { owner_id: 'me' },
      { notify: 'no' },
      { status: 'confirmed' },
      { ends_at: WHEN },
    ])
      await assert.rejects(book(lead.id, given), { code: 'VALIDATION_ERROR' }, JSON.stringify(given));
    const { id } = await book(lead.id);
    for (const given of [{ appointment_date: WHEN }, { duration_minutes: 10 }, { status: 'rescheduled' }, { reason: 'Why not' }])
      await assert.rejects(
        ours.client.appointments.update(id, given as AppointmentChange),
        { code: 'VALIDATION_ERROR' },
        JSON.stringify(given),
      );
    await assert.rejects(ours.client.appointments.reschedule(id, { duration_minutes: 10 } as any), {
      details: { appointment_date: 'Appointment date is required.' },
    });
  });

  test('is changed from the version that the caller knows', async () => {
    const { id } = await book((await newLead()).id);
    const { appointments } = ours.client;
    await assert.rejects(appointments.update(id, { notes: 'x' }, { ifMatch: 9 }), { code: 'VERSION_MISMATCH' });
    await assert.rejects(appointments.remove(id, { ifMatch: 9 }), { code: 'VERSION_MISMATCH' });
    assert.equal((await appointments.update(id, { notes: 'x' }, { ifMatch: 1 })).version, 2);
    const answer = await server.fetch(
      `/api/v2/appointments/${id}/reschedule`,
      json('POST', { appointment_date: WHEN }, { ...bearing(ours.owner.token), 'If-Match': '"1"' }),
    );
    assert.equal(answer.status, 412);
    const put = await server.fetch(`/api/v2/appointments/${id}`, json('PUT', { status: 'set' }, bearing(ours.owner.token)));
    assert.equal(((await put.json()) as any).data.status, 'set');
  });

  test('is written into the audit log', async () => {
    const { id } = await book((await newLead()).id);
    await ours.manager.client.appointments.update(id, { status: 'set' });
    await ours.client.appointments.remove(id);
    await ours.client.appointments.restore(id);
    const { data } = await ours.client.audit.list({ record_id: id });
    assert.deepEqual(
      data.map(({ action }) => action),
      ['appointment.restored', 'appointment.deleted', 'appointment.updated', 'appointment.created'],
    );
    assert.partialDeepStrictEqual(data[2], {
      actor_id: ours.manager.userId,
      before: { status: 'scheduled' },
      after: { status: 'set' },
    });
  });
});

describe('appointments', () => {
  test('are listed, filtered and sorted', async () => {
    const at = await server.newWorkspace();
    const [lead, other] = [await newLead({ owner_id: at.member.userId }, at), await newLead({ owner_id: null }, at)];
    const late = await book(lead.id, { appointment_date: '2031-05-08T12:00:00Z' }, at);
    const early = await book(lead.id, { appointment_date: '2031-05-05T22:30:00Z' }, at);
    const nobodys = await book(other.id, { owner_id: null, appointment_date: '2031-05-06T12:00:00Z' }, at);
    await at.client.appointments.update(early.id, { status: 'completed', outcome: 'sold' });
    await at.client.appointments.update(nobodys.id, { status: 'cancelled' });
    const found = async (query: object, by = at.client) => ids((await by.appointments.list(query)).data);
    assert.deepEqual(await found({}), ids([nobodys, early, late]), 'those booked last first');
    const byDate = { sort_by: 'appointment_date' };
    assert.deepEqual(await found(byDate), ids([late, nobodys, early]));
    assert.deepEqual(await found({ ...byDate, sort_order: 'asc' }), ids([early, nobodys, late]));
    assert.deepEqual(await found({ sort_by: 'updated_at' }), ids([nobodys, early, late]));
    assert.deepEqual(await found({ lead_id: lead.id }), ids([early, late]));
    assert.deepEqual(await found({ contact_id: other.contact_id }), ids([nobodys]));
    assert.deepEqual(await found({ owner_id: 'none' }), ids([nobodys]));
    assert.deepEqual(await found({ owner_id: at.member.userId }), ids([early, late]));
    assert.deepEqual(await found({ owner_id: 'me' }, at.member.client), ids([early, late]));
    assert.deepEqual(await found({ owner_id: 'me' }), []);
    assert.deepEqual(await found({ status: ['completed', 'cancelled'] }), ids([nobodys, early]));
    assert.deepEqual(await found({ outcome: ['sold'] }), ids([early]));
    // A day is the workspace's, and half past ten in the evening in Greenwich is the next one in Berlin.
    assert.deepEqual(await found({ from: '2031-05-06', to: '2031-05-06' }), ids([nobodys, early]));
    assert.deepEqual(await found({ from: '2031-05-06T12:00:00Z', to: '2031-05-08T12:00:00Z' }), ids([nobodys, late]));
    const pages: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await at.client.appointments.list({ sort_by: 'appointment_date', page_size: 1, ...(cursor && { cursor }) });
      pages.push(...ids(page.data));
      cursor = page.pagination.next_cursor;
    }
    assert.deepEqual(pages, ids([late, nobodys, early]));
    assert.deepEqual(ids((await at.client.leads.appointments(lead.id)).data), ids([late, early]), 'by their date');
    assert.deepEqual(ids((await at.client.leads.appointments(lead.id, { status: ['scheduled'] })).data), [late.id]);
    assert.deepEqual((await at.client.leads.appointments(other.id, { status: ['set'] })).data, []);
    assert.deepEqual(ids((await at.client.leads.get(lead.id)).appointments), ids([late, early]));
    assert.deepEqual(ids((await at.client.contacts.get(other.contact_id)).appointments), [nobodys.id]);
    const blind = await keyed(server, at, ['crm:leads:view', 'crm:contacts:view']);
    assert.deepEqual((await blind.leads.get(lead.id)).appointments, []);
    assert.deepEqual((await blind.contacts.get(lead.contact_id)).appointments, []);
  });

  test('stay inside their workspace', async () => {
    const theirs = await server.newWorkspace();
    const lead = await newLead();
    const { id } = await book(lead.id);
    const { appointments, leads } = theirs.client;
    for (const leadId of [lead.id, newId()]) {
      await assert.rejects(leads.appointments(leadId), { code: 'NOT_FOUND', message: 'That lead does not exist.' });
      await assert.rejects(leads.addAppointment(leadId, { appointment_date: WHEN }), { code: 'NOT_FOUND' });
      await assert.rejects(appointments.create({ lead_id: leadId, appointment_date: WHEN }), unknown('lead_id'));
    }
    await assert.rejects(appointments.get(id), { code: 'NOT_FOUND', message: 'That appointment does not exist.' });
    await assert.rejects(appointments.update(id, { status: 'set' }), { code: 'NOT_FOUND' });
    await assert.rejects(appointments.reschedule(id, { appointment_date: WHEN }), { code: 'NOT_FOUND' });
    await assert.rejects(appointments.remove(id), { code: 'NOT_FOUND' });
    await assert.rejects(appointments.restore(id), { code: 'NOT_FOUND' });
    assert.deepEqual((await appointments.list()).data, []);
  });

  test('of other ownersʼ leads are out of the sight of a token with an owner scope', async () => {
    const [mine, other] = [await newLead({ owner_id: ours.member.userId }), await newLead({ owner_id: ours.manager.userId })];
    const seen = await book(mine.id, { owner_id: ours.manager.userId });
    const unseen = await book(other.id, { owner_id: ours.member.userId });
    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    const listed = ids((await scoped.appointments.list({ page_size: 100 })).data);
    assert.ok(listed.includes(seen.id) && !listed.includes(unseen.id));
    await assert.rejects(scoped.appointments.get(unseen.id), { code: 'NOT_FOUND' });
    await assert.rejects(scoped.appointments.update(unseen.id, { status: 'set' }), { code: 'NOT_FOUND' });
    await assert.rejects(scoped.appointments.remove(unseen.id), { code: 'NOT_FOUND' });
    await assert.rejects(scoped.leads.addAppointment(other.id, { appointment_date: WHEN }), { code: 'NOT_FOUND' });
    const changed = await scoped.appointments.update(seen.id, { status: 'set' });
    assert.deepEqual([changed.set_by, changed.history.length], [null, 2]);
    await assert.rejects(scoped.appointments.update(seen.id, { owner_id: ours.viewer.userId }), { code: 'FORBIDDEN' });
    assert.equal((await scoped.leads.addAppointment(mine.id, { appointment_date: WHEN })).owner_id, ours.member.userId);
  });
});

describe('the owner of an appointment', () => {
  test('is the leadʼs, or else whoever books it; a key is nobody', async () => {
    const [owned, free] = [await newLead({ owner_id: ours.manager.userId }), await newLead({ owner_id: null })];
    const { member } = ours;
    assert.equal((await member.client.leads.addAppointment(owned.id, { appointment_date: WHEN })).owner_id, ours.manager.userId);
    assert.equal((await member.client.leads.addAppointment(free.id, { appointment_date: WHEN })).owner_id, member.userId);
    const key = await keyed(server, ours, ['crm:appointments:create', 'crm:appointments:edit']);
    const made = await key.leads.addAppointment(free.id, { appointment_date: WHEN });
    assert.deepEqual([made.owner_id, made.owner], [null, null]);
    assert.equal((await key.appointments.update(made.id, { owner_id: member.userId })).owner_id, member.userId);
  });

  test('is for a member themselves or the leadʼs owner, for a manager any member', async () => {
    const lead = await newLead({ owner_id: ours.manager.userId });
    const { member, manager, viewer } = ours;
    const by = (who: typeof member, owner_id: string | null) =>
      who.client.leads.addAppointment(lead.id, { appointment_date: WHEN, owner_id });
    for (const owner of [member.userId, manager.userId]) assert.equal((await by(member, owner)).owner_id, owner);
    for (const owner of [viewer.userId, null]) await assert.rejects(by(member, owner), { code: 'FORBIDDEN' });
    for (const owner of [viewer.userId, member.userId, null]) assert.equal((await by(manager, owner)).owner_id, owner);
    const stranger = (await server.newWorkspace()).member.userId;
    for (const owner of [stranger, newId()]) await assert.rejects(by(manager, owner), unknown('owner_id'));
    await assert.rejects(by(viewer, viewer.userId), { code: 'FORBIDDEN' });

    const { id } = await by(manager, viewer.userId);
    assert.equal((await member.client.appointments.update(id, { notes: 'x', owner_id: viewer.userId })).owner_id, viewer.userId);
    assert.equal((await member.client.appointments.update(id, { owner_id: member.userId })).owner_id, member.userId);
    await assert.rejects(member.client.appointments.update(id, { owner_id: viewer.userId }), { code: 'FORBIDDEN' });
    await assert.rejects(manager.client.appointments.update(id, { owner_id: stranger }), unknown('owner_id'));
    await assert.rejects(member.client.appointments.remove(id), { code: 'FORBIDDEN' });
  });

  test('who leaves hands them over, deleted and finished ones too', async () => {
    const at = await server.newWorkspace();
    const lead = await newLead({}, at);
    const [open, done, deleted] = [
      await book(lead.id, { owner_id: at.member.userId }, at),
      await book(lead.id, { owner_id: at.member.userId }, at),
      await book(lead.id, { owner_id: at.member.userId }, at),
    ];
    await at.member.client.appointments.update(done.id, { status: 'completed', outcome: 'showed' });
    await at.client.appointments.remove(deleted.id);
    const { data } = await at.client.members.list({ role: ['member'] });
    await assert.rejects(at.client.members.remove(data[0]!.id), {
      code: 'CONFLICT',
      message: /^This member has 2 appointments: /,
    });
    await at.client.members.remove(data[0]!.id, { reassign_to: at.manager.userId });
    for (const { id } of [open, done]) assert.equal((await at.client.appointments.get(id)).owner_id, at.manager.userId);
    assert.equal((await at.client.appointments.restore(deleted.id)).owner_id, at.manager.userId);
    const told = await server.database.asOwner(`select name from events where record_id = $1 order by seq`, [open.id]);
    assert.deepEqual(
      told.map(({ name }) => name),
      ['appointment.created', 'appointment.updated'],
    );
  });
});

describe('a deleted appointment', () => {
  test('is gone, and comes back within thirty days', async () => {
    const lead = await newLead();
    const made = await book(lead.id, { notes: 'Kept' });
    const { appointments } = ours.client;
    await appointments.remove(made.id);
    await assert.rejects(appointments.get(made.id), { code: 'NOT_FOUND' });
    await assert.rejects(appointments.update(made.id, { status: 'set' }), { code: 'NOT_FOUND' });
    await assert.rejects(appointments.reschedule(made.id, { appointment_date: WHEN }), { code: 'NOT_FOUND' });
    assert.deepEqual((await appointments.list({ lead_id: lead.id })).data, []);
    assert.deepEqual((await ours.client.leads.get(lead.id)).appointments, []);
    const back = await appointments.restore(made.id);
    assert.partialDeepStrictEqual(back, { notes: 'Kept', version: 3 });
    assert.deepEqual(plain(await appointments.restore(made.id)), plain(back), 'what is there is left as it is');
    await appointments.remove(made.id);
    await server.database.asOwner(`update appointments set deleted_at = now() - interval '31 days' where id = $1`, [made.id]);
    await assert.rejects(appointments.restore(made.id), { code: 'NOT_FOUND' });
  });

  test('goes with its lead or contact and comes back with it, but not one that was deleted before', async () => {
    const lead = await newLead();
    const [made, earlier] = [await book(lead.id), await book(lead.id)];
    await ours.client.appointments.remove(earlier.id);
    for (const [remove, restore] of [
      [() => ours.client.leads.remove(lead.id), () => ours.client.leads.restore(lead.id)],
      [() => ours.client.contacts.remove(lead.contact_id), () => ours.client.contacts.restore(lead.contact_id)],
    ] as const) {
      await remove();
      await assert.rejects(ours.client.appointments.get(made.id), { code: 'NOT_FOUND' });
      await assert.rejects(ours.client.appointments.update(made.id, { status: 'set' }), { code: 'NOT_FOUND' });
      await assert.rejects(ours.client.appointments.restore(earlier.id), {
        code: 'CONFLICT',
        message: 'The lead of this appointment is deleted: restore the lead first.',
      });
      await restore();
      assert.deepEqual(await ours.client.appointments.get(made.id), plain(made));
      await assert.rejects(ours.client.appointments.get(earlier.id), { code: 'NOT_FOUND' });
    }
  });

  test('is purged after thirty days, with its history and what the audit log tells of it', async () => {
    const lead = await newLead();
    const [gone, taken, kept] = [await book(lead.id), await book((await newLead()).id), await book(lead.id)];
    await ours.client.appointments.remove(gone.id);
    await ours.client.appointments.remove(kept.id);
    await ours.client.contacts.remove(taken.contact_id);
    for (const table of ['contacts', 'leads', 'activities', 'appointments'])
      await server.database.asOwner(
        `update ${table} set deleted_at = now() - interval '31 days' where deleted_at is not null and id <> $1`,
        [kept.id],
      );
    while ((await server.app.purge()) > 0);
    const there = (table: string, column: string) =>
      server.database.asOwner(`select from ${table} where ${column} = any($1)`, [[gone.id, taken.id]]);
    assert.deepEqual([...(await there('appointments', 'id')), ...(await there('appointment_changes', 'appointment_id'))], []);
    const told = await server.database.asOwner('select before, after from audit_log where record_id = $1', [gone.id]);
    assert.ok(told.length > 0 && told.every(({ before, after }) => before === null && after === null));
    assert.equal((await ours.client.appointments.restore(kept.id)).history.length, 1);
  });

  test('goes with its workspace', async () => {
    const at = await server.newWorkspace();
    await book((await newLead({}, at)).id, {}, at);
    await at.client.workspace.remove({ name: at.name });
    await server.database.asOwner(`update workspaces set deleted_at = now() - interval '31 days' where id = $1`, [at.id]);
    while ((await server.app.purge()) > 0);
    for (const table of ['workspaces', 'appointments', 'appointment_changes'])
      assert.deepEqual(
        await server.database.asOwner(`select from ${table} where ${table === 'workspaces' ? 'id' : 'workspace_id'} = $1`, [
          at.id,
        ]),
        [],
      );
  });
});

describe('what an appointment does to its lead', () => {
  test('it follows it to another contact', async () => {
    const [lead, { contact_id }] = [await newLead(), await newLead()];
    const { id } = await book(lead.id);
    await ours.client.leads.update(lead.id, { contact_id });
    const moved = await ours.client.appointments.get(id);
    assert.deepEqual([moved.contact_id, moved.contact.id], [contact_id, contact_id]);
  });

  test('its person was spoken to at the latest one that they came to', async () => {
    const lead = await newLead();
    const last = async () => (await ours.client.leads.get(lead.id)).last_contact_at;
    const past = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
    const { appointments } = ours.client;
    const first = await book(lead.id, { appointment_date: past(50) });
    const second = await book(lead.id, { appointment_date: past(10) });
    assert.equal(await last(), null);
    await appointments.update(first.id, { status: 'completed', outcome: 'showed' });
    assert.equal(await last(), first.appointment_date);
    await appointments.update(second.id, { status: 'completed', outcome: 'no_show' });
    assert.equal(await last(), first.appointment_date);
    for (const outcome of ['sold', 'not_interested', 'showed'] as const) {
      await appointments.update(second.id, { outcome });
      assert.equal(await last(), second.appointment_date, outcome);
    }
    await appointments.update(second.id, { outcome: 'rescheduled' });
    assert.equal(await last(), first.appointment_date, 'corrected');
    await appointments.update(second.id, { outcome: 'showed' });
    await appointments.remove(second.id);
    assert.equal(await last(), first.appointment_date, 'deleted');
    await appointments.restore(second.id);
    assert.equal(await last(), second.appointment_date, 'back');

    const call = await ours.client.leads.addActivity(lead.id, { activity_type: 'call', subject: 'Rang', occurred_at: past(5) });
    assert.equal(await last(), call.occurred_at);
    await ours.client.activities.remove(call.id);
    assert.equal(await last(), second.appointment_date, 'what is left counts again');
    await ours.client.leads.remove(lead.id);
    await ours.client.leads.restore(lead.id);
    assert.equal(await last(), second.appointment_date);
  });

  test('one that was over before its time counts when it was over', async () => {
    const { id, lead_id } = await book((await newLead()).id, {
      appointment_date: new Date(Date.now() + 48 * HOUR).toISOString(),
    });
    await ours.client.appointments.update(id, { outcome: 'showed' });
    assert.equal((await ours.client.leads.get(lead_id)).last_contact_at, null, 'before it is over');
    const done = await ours.client.appointments.update(id, { status: 'completed' });
    assert.equal((await ours.client.leads.get(lead_id)).last_contact_at, done.completed_at);
  });

  test('it is worked on with every change, and its timeline tells of it', async () => {
    const lead = await newLead();
    const { appointments } = ours.client;
    const { id } = await book(lead.id);
    let last = (await ours.client.leads.get(lead.id)).last_activity_at!;
    for (const change of [
      () => appointments.update(id, { notes: 'Bring plans' }),
      () => appointments.update(id, { status: 'verified' }),
      () => appointments.reschedule(id, { appointment_date: '2031-05-07T07:00:00Z', reason: 'Rain' }),
      () => appointments.update(id, { status: 'completed', outcome: 'no_show' }),
      () => appointments.reschedule(id, { appointment_date: '2031-05-08T07:00:00Z' }),
      () => appointments.update(id, { status: 'cancelled', reason: 'Gave up' }),
      () => appointments.remove(id),
      () => appointments.restore(id),
    ]) {
      await change();
      const now = (await ours.client.leads.get(lead.id)).last_activity_at!;
      assert.ok(now > last, String(change));
      last = now;
    }
    await appointments.update(id, { notes: 'Bring plans' });
    const { data } = await ours.client.leads.activities(lead.id, { type: ['system'], sort_order: 'asc' });
    assert.deepEqual(
      data.map(({ subject, contact_id, author }) => [subject, contact_id, author!.id]),
      [
        'Lead created',
        'Appointment booked',
        'Appointment changed',
        'Appointment verified',
        'Appointment moved',
        'Appointment completed',
        'Appointment moved',
        'Appointment cancelled',
        'Appointment deleted',
        'Appointment restored',
      ].map((subject) => [subject, lead.contact_id, ours.owner.userId]),
    );
    assert.deepEqual(data[2]!.metadata, { event: 'appointment.updated', appointment_id: id, fields: ['notes'] });
    assert.deepEqual(data[4]!.metadata, {
      event: 'appointment.rescheduled',
      appointment_id: id,
      from: WHEN,
      to: '2031-05-07T07:00:00.000Z',
      reason: 'Rain',
    });
  });
});

describe('what is told of an appointment', () => {
  const eventsOf = (id: string) =>
    server.database.asOwner('select name, data, seen_by from events where record_id = $1 order by seq', [id]);
  const bare = <T extends { history: unknown; warnings: unknown }>({ history: _, warnings: _none, ...rest }: T) => rest;

  test('goes to whoever has its lead in their scope, once for each change', async () => {
    const lead = await newLead({ owner_id: ours.member.userId });
    const { appointments } = ours.client;
    const booked = await book(lead.id, { owner_id: ours.manager.userId });
    const { id } = booked;
    await appointments.update(id, { notes: null });
    const set = await appointments.update(id, { status: 'set', notes: 'Soon' });
    const completed = await appointments.update(id, { status: 'completed', outcome: 'no_show' });
    const moved = await appointments.reschedule(id, { appointment_date: '2031-05-07T07:00:00Z' });
    const cancelled = await appointments.update(id, { status: 'cancelled' });
    const seen_by = [ours.member.userId];
    assert.deepEqual(await eventsOf(id), [
      { name: 'appointment.created', data: bare(booked), seen_by },
      { name: 'appointment.updated', data: bare(set), seen_by },
      { name: 'appointment.completed', data: bare(completed), seen_by },
      { name: 'appointment.rescheduled', data: { ...bare(moved), from_date: WHEN }, seen_by },
      { name: 'appointment.cancelled', data: bare(cancelled), seen_by },
    ]);
    const ofLead = (await eventsOf(lead.id)).map(({ name }) => name);
    assert.deepEqual(ofLead.slice(-5), Array(5).fill('lead.updated'));
  });

  /** The mails that are asked for since the last look. */
  async function mails(id: string) {
    const jobs = await server.database.asOwner(
      `delete from jobs where kind = 'mail-appointment' and payload ->> 'appointment_id' = $1 returning payload, created_at, id`,
      [id],
    );
    return jobs.sort((one, other) => (one.id < other.id ? -1 : 1)).map(({ payload }) => `${payload.about} ${payload.sequence}`);
  }

  test('is mailed when it is booked, moved, cancelled and taken up again, unless that is not wanted', async () => {
    const { appointments } = ours.client;
    const { id } = await book((await newLead()).id);
    assert.deepEqual(await mails(id), ['booked 0']);
    await appointments.update(id, { status: 'set', notes: 'x', owner_id: ours.manager.userId });
    assert.deepEqual(await mails(id), []);
    await appointments.update(id, { location: 'There' });
    assert.deepEqual(await mails(id), ['moved 1']);
    await appointments.reschedule(id, { appointment_date: '2031-05-07T07:00:00Z' });
    assert.deepEqual(await mails(id), ['moved 2']);
    await appointments.update(id, { status: 'confirmed' });
    await appointments.reschedule(id, { appointment_date: '2031-05-07T07:00:00Z' });
    assert.deepEqual(await mails(id), [], 'nothing that they would see');
    await appointments.update(id, { status: 'cancelled' });
    assert.deepEqual(await mails(id), ['cancelled 3']);
    await appointments.update(id, { location: 'Nowhere' });
    assert.deepEqual(await mails(id), []);
    await appointments.reschedule(id, { appointment_date: '2031-05-07T07:00:00Z' });
    assert.deepEqual(await mails(id), ['booked 5']);
    await appointments.reschedule(id, { appointment_date: '2031-05-08T07:00:00Z', notify: false });
    await appointments.update(id, { location: 'Here', notify: false });
    await appointments.update(id, { status: 'cancelled', notify: false });
    assert.deepEqual(await mails(id), []);
    const quiet = await book((await newLead()).id, { notify: false });
    assert.deepEqual(await mails(quiet.id), []);
  });

  test('is not mailed once it is over', async () => {
    const past = await book((await newLead()).id, { appointment_date: new Date(Date.now() - HOUR).toISOString() });
    await ours.client.appointments.update(past.id, { status: 'cancelled' });
    assert.deepEqual(await mails(past.id), []);
    const now = await book((await newLead()).id, {
      appointment_date: new Date(Date.now() - HOUR).toISOString(),
      duration_minutes: 90,
    });
    assert.deepEqual(await mails(now.id), ['booked 0']);
  });
});

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { embedded, keyed } from '../support/embedded.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

const newContact = () => ours.client.contacts.create({ email: `${newId()}@example.test` });
const newLead = async (given: object = {}) => ours.client.leads.create({ contact_id: (await newContact()).id, ...given });
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const ids = (records: { id: string }[]) => records.map(({ id }) => id);
/** The activities of people: the system's own stand beside them everywhere. */
const WRITTEN = ['note', 'call', 'email', 'sms', 'meeting', 'task'] as const;
const type = [...WRITTEN];
/** Events about a record as they lie in the outbox. */
const eventsOf = (recordId: string) =>
  server.database.asOwner('select name, data, seen_by from events where record_id = $1 order by seq', [recordId]);

describe('activities', () => {
  test('are kept as they were sent, with who wrote them', async () => {
    const lead = await newLead();
    const given = {
      activity_type: 'task',
      subject: 'Call back',
      description: 'About the roof\nand the chimney',
      due_at: '2030-05-06T08:30:00.000Z',
      occurred_at: ago(90),
      metadata: { minutes: 15, nested: { a: [1, null] } },
    } as const;
    const made = await ours.member.client.activities.create({ ...given, lead_id: lead.id });
    assert.deepEqual(await ours.client.activities.get(made.id), made);
    assert.partialDeepStrictEqual(made, {
      ...given,
      lead_id: lead.id,
      contact_id: lead.contact_id,
      completed_at: null,
      version: 1,
      workspace_id: ours.id,
      created_by: ours.member.userId,
      author: { id: ours.member.userId, name: 'Test member', email: ours.member.email },
    });
  });

  test('stand on the timelines of their lead and of its contact, the latest first', async () => {
    const lead = await newLead();
    const { activities } = ours.client;
    const late = await activities.create({ activity_type: 'note', subject: 'Late', lead_id: lead.id, occurred_at: ago(1) });
    const early = await activities.create({
      activity_type: 'call',
      subject: 'Early',
      contact_id: lead.contact_id,
      occurred_at: ago(9),
    });
    const middle = await ours.client.leads.addActivity(lead.id, {
      activity_type: 'sms',
      description: 'Middle',
      occurred_at: ago(5),
    });
    const onContact = await ours.client.contacts.addActivity(lead.contact_id, { activity_type: 'email', subject: 'Now' });

    assert.equal(onContact.lead_id, null);
    assert.deepEqual(ids((await ours.client.leads.activities(lead.id, { type })).data), [late.id, middle.id]);
    assert.deepEqual(ids((await ours.client.contacts.activities(lead.contact_id, { type })).data), [
      onContact.id,
      late.id,
      middle.id,
      early.id,
    ]);
    assert.deepEqual(ids((await ours.client.contacts.activities(lead.contact_id, { type, sort_by: 'created_at' })).data), [
      onContact.id,
      middle.id,
      early.id,
      late.id,
    ]);
    const { activities: latest } = await ours.client.contacts.get(lead.contact_id);
    assert.deepEqual(
      latest.filter(({ activity_type }) => WRITTEN.some((one) => one === activity_type)).map(({ id }) => id),
      [onContact.id, late.id, middle.id, early.id],
    );
  });

  test('are found by type, time, lead, contact and open tasks', async () => {
    const at = await server.newWorkspace();
    const contact = await at.client.contacts.create({ firstname: 'Ada' });
    const lead = await at.client.leads.create({ contact_id: contact.id });
    const { activities } = at.client;
    const about = { lead_id: lead.id };
    const call = await activities.create({
      activity_type: 'call',
      subject: 'a',
      contact_id: contact.id,
      occurred_at: '2026-01-10T22:59:59Z',
    });
    const note = await activities.create({ activity_type: 'note', subject: 'b', ...about, occurred_at: '2026-01-10T23:00:00Z' });
    const open = await activities.create({ activity_type: 'task', subject: 'c', ...about, due_at: '2026-02-01T00:00:00Z' });
    const done = await activities.create({ activity_type: 'task', subject: 'd', ...about, completed_at: ago(1) });
    const found = async (query: object) => ids((await activities.list({ type, ...query })).data);

    assert.deepEqual(await found({}), ids([done, open, note, call]), 'the newest first');
    assert.deepEqual(await found({ type: ['call', 'note'] }), ids([note, call]));
    assert.deepEqual(await found({ open_tasks: true }), ids([open]));
    assert.deepEqual(await found({ open_tasks: false }), ids([done, note, call]));
    assert.deepEqual(await found({ contact_id: contact.id, type: ['call'] }), ids([call]));
    assert.deepEqual(await found({ contact_id: contact.id }), ids([done, open, note, call]));
    assert.deepEqual(await found({ lead_id: lead.id }), ids([done, open, note]));
    // A day is the workspace's, which is in Berlin.
    assert.deepEqual(await found({ to: '2026-01-10' }), ids([call]));
    assert.deepEqual(await found({ from: '2026-01-11', to: '2026-01-11' }), ids([note]));
    assert.deepEqual(await found({ from: '2026-01-10T23:00:00Z', to: '2026-01-10T23:00:00Z' }), ids([note]));
    assert.deepEqual(await found({ sort_by: 'due_at' }), ids([open, done, note, call]), 'what is not due comes last');
    assert.deepEqual(ids((await at.client.leads.activities(lead.id, { open_tasks: true })).data), [open.id]);
    assert.deepEqual(await found({ lead_id: newId() }), []);
  });

  test('need a lead or a contact that there is, and no other contact than the lead has', async () => {
    const [lead, other] = [await newLead(), await newContact()];
    const { activities, leads, contacts } = ours.client;
    const note = { activity_type: 'note', subject: 'x' } as const;
    const unknown = (field: string) => (error: any) => {
      assert.deepEqual([error.code, Object.keys(error.details)], ['VALIDATION_ERROR', [field]]);
      return true;
    };
    await assert.rejects(activities.create(note), unknown('lead_id'));
    await assert.rejects(activities.create({ ...note, lead_id: newId() }), unknown('lead_id'));
    await assert.rejects(activities.create({ ...note, contact_id: newId() }), unknown('contact_id'));
    await assert.rejects(activities.create({ ...note, lead_id: lead.id, contact_id: other.id }), unknown('contact_id'));
    assert.equal((await activities.create({ ...note, lead_id: lead.id, contact_id: lead.contact_id })).lead_id, lead.id);
    for (const id of [newId(), (await (await server.newWorkspace()).client.contacts.create({ firstname: 'T' })).id]) {
      await assert.rejects(contacts.activities(id), { code: 'NOT_FOUND', message: 'That contact does not exist.' });
      await assert.rejects(contacts.addActivity(id, note), { code: 'NOT_FOUND' });
      await assert.rejects(leads.activities(id), { code: 'NOT_FOUND', message: 'That lead does not exist.' });
      await assert.rejects(leads.addActivity(id, note), { code: 'NOT_FOUND' });
    }
    assert.deepEqual((await leads.activities(lead.id, { type: ['sms'] })).data, [], 'a timeline may be empty');
  });

  test('are due and done only as tasks, and have not happened in the future', async () => {
    const lead = await newLead();
    const refused = (given: object, details: object) =>
      assert.rejects(ours.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'x', ...given }), {
        code: 'VALIDATION_ERROR',
        details,
      });
    await refused(
      { due_at: ago(-60), completed_at: ago(1) },
      { due_at: 'Due at is for tasks only.', completed_at: 'Completed at is for tasks only.' },
    );
    await refused({ occurred_at: ago(-6) }, { occurred_at: 'Occurred at must not be in the future.' });
    await refused({ activity_type: 'task', completed_at: ago(-6) }, { completed_at: 'Completed at must not be in the future.' });
    await refused({ subject: '', description: null }, { subject: 'At least one of subject or description is required.' });
    await assert.rejects(ours.client.leads.addActivity(lead.id, { activity_type: 'system', subject: 'x' } as any), {
      code: 'VALIDATION_ERROR',
    });
    await ours.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'x', due_at: null, occurred_at: ago(-4) });
    const note = await ours.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'x' });
    await assert.rejects(ours.client.activities.update(note.id, { due_at: ago(-60) }), {
      details: { due_at: 'Due at is for tasks only.' },
    });
    await assert.rejects(ours.client.activities.update(note.id, { occurred_at: ago(-60) }), { code: 'VALIDATION_ERROR' });
    await assert.rejects(ours.client.activities.update(note.id, { subject: null }), { code: 'VALIDATION_ERROR' });
    assert.equal((await ours.client.activities.update(note.id, { subject: null, description: 'y' })).subject, null);
  });

  test('that are tasks are done by the time they are completed, and open again without one', async () => {
    const lead = await newLead();
    const task = await ours.client.leads.addActivity(lead.id, { activity_type: 'task', subject: 'Offer', due_at: ago(-60) });
    const completed_at = ago(0);
    assert.partialDeepStrictEqual(await ours.member.client.activities.update(task.id, { completed_at }), {
      completed_at,
      version: 2,
      updated_by: ours.member.userId,
    });
    const sameMoment = completed_at.replace('Z', '+00:00');
    assert.equal((await ours.client.activities.update(task.id, { completed_at: sameMoment })).version, 2, 'no change');
    assert.equal((await ours.client.activities.update(task.id, { completed_at: null })).completed_at, null);
  });

  test('are changed only from the version that was seen', async () => {
    const lead = await newLead();
    const note = await ours.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'one' });
    const mismatch = (error: any) => error.code === 'VERSION_MISMATCH' && error.current.subject === 'one';
    await assert.rejects(ours.client.activities.update(note.id, { subject: 'two' }, { ifMatch: 7 }), mismatch);
    await assert.rejects(ours.client.activities.remove(note.id, { ifMatch: 7 }), mismatch);
    assert.equal((await ours.client.activities.update(note.id, { subject: 'two' }, { ifMatch: 1 })).version, 2);
  });

  test('of the system are neither changed nor deleted', async () => {
    const contact = await newContact();
    const [entry] = (await ours.client.contacts.activities(contact.id)).data;
    assert.partialDeepStrictEqual(entry, { activity_type: 'system', metadata: { event: 'contact.created' } });
    const refused = { code: 'CONFLICT', message: /^The system wrote this entry/ };
    await assert.rejects(ours.client.activities.update(entry!.id, { subject: 'Forged' }), refused);
    await assert.rejects(ours.client.activities.remove(entry!.id), refused);
    assert.deepEqual((await ours.client.contacts.activities(contact.id)).data, [entry]);
  });

  test('are gone from every answer when deleted', async () => {
    const lead = await newLead();
    const note = await ours.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'x' });
    await assert.rejects(ours.member.client.activities.remove(note.id), { code: 'FORBIDDEN' });
    await ours.manager.client.activities.remove(note.id);
    await assert.rejects(ours.client.activities.get(note.id), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.activities.update(note.id, { subject: 'y' }), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.activities.remove(note.id), { code: 'NOT_FOUND' });
    assert.deepEqual((await ours.client.activities.list({ lead_id: lead.id, type })).data, []);
  });

  test('go with their lead or contact and come back with it, but not those that were deleted before', async () => {
    const lead = await newLead();
    const deleted = await ours.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'deleted' });
    const kept = await ours.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'kept' });
    await ours.client.activities.remove(deleted.id);
    const { leads, contacts } = ours.client;
    for (const [remove, restore] of [
      [() => leads.remove(lead.id), () => leads.restore(lead.id)],
      [() => contacts.remove(lead.contact_id), () => contacts.restore(lead.contact_id)],
    ] as const) {
      await remove();
      await assert.rejects(ours.client.activities.get(kept.id), { code: 'NOT_FOUND' });
      await assert.rejects(leads.activities(lead.id), { code: 'NOT_FOUND' });
      await assert.rejects(leads.addActivity(lead.id, { activity_type: 'note', subject: 'late' }), { code: 'NOT_FOUND' });
      await restore();
      assert.deepEqual(ids((await leads.activities(lead.id, { type })).data), [kept.id]);
    }
  });

  test('written at the moment when their lead is deleted are gone with it', async () => {
    for (let round = 0; round < 10; round++) {
      const lead = await newLead();
      const note = () => ours.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'racing' });
      await Promise.allSettled([note(), ours.client.leads.remove(lead.id), note()]);
    }
    const orphans = await server.database.asOwner(`
      select a.id from activities a join leads l on l.workspace_id = a.workspace_id and l.id = a.lead_id
      where l.deleted_at is not null and a.deleted_at is null`);
    assert.deepEqual(orphans, []);
  });

  test('follow their lead to another contact', async () => {
    const [lead, contact] = [await newLead(), await newContact()];
    const note = await ours.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'x' });
    await ours.client.leads.update(lead.id, { contact_id: contact.id });
    assert.equal((await ours.client.activities.get(note.id)).contact_id, contact.id);
    assert.deepEqual(ids((await ours.client.contacts.activities(contact.id, { type })).data), [note.id]);
  });

  test('are told once, to those in whose scope they are; what the system writes is not told by itself', async () => {
    const lead = await newLead({ owner_id: ours.member.userId });
    const unowned = await newLead({ owner_id: null });
    await ours.client.contacts.assign(unowned.contact_id, { user_id: ours.viewer.userId });
    const note = { activity_type: 'note', subject: 'x' } as const;
    const [owned, nobodys, ofContact] = [
      await ours.client.leads.addActivity(lead.id, note),
      await ours.client.leads.addActivity(unowned.id, note),
      await ours.client.contacts.addActivity(unowned.contact_id, note),
    ];
    assert.deepEqual(await eventsOf(owned.id), [{ name: 'activity.created', data: owned, seen_by: [ours.member.userId] }]);
    assert.deepEqual((await eventsOf(nobodys.id))[0].seen_by, []);
    assert.deepEqual((await eventsOf(ofContact.id))[0].seen_by, [ours.viewer.userId]);
    const told = await server.database.asOwner(
      `select a.activity_type from events e join activities a on a.id = e.record_id where e.name = 'activity.created'`,
    );
    assert.ok(told.every(({ activity_type }) => activity_type !== 'system' && activity_type !== 'assignment'));
  });

  test('have their lead told as it is after them, when one comes, goes or is set to another time', async () => {
    const lead = await newLead({ owner_id: ours.member.userId });
    const { id } = await ours.client.leads.addActivity(lead.id, { activity_type: 'call', subject: 'x' });
    await ours.client.activities.update(id, { subject: 'y' });
    await ours.client.activities.update(id, { occurred_at: '2026-01-01T00:00:00Z' });
    await ours.client.activities.remove(id);
    const told = (await eventsOf(lead.id)).filter(({ name }) => name === 'lead.updated');
    assert.equal(told.length, 3);
    assert.deepEqual(
      told.map(({ data }) => data.last_contact_at === null),
      [false, false, true],
    );
    assert.equal(told[1].data.last_contact_at, '2026-01-01T00:00:00.000Z');
    assert.deepEqual(told[0].seen_by, [ours.member.userId]);
  });

  test('are recorded in the audit log, but not those that tell of a change recorded already', async () => {
    const contact = await newContact();
    const note = await ours.client.contacts.addActivity(contact.id, { activity_type: 'note', subject: 'one' });
    await ours.client.activities.update(note.id, { subject: 'two' });
    await ours.client.activities.remove(note.id);
    const { data } = await ours.client.audit.list({ record_id: note.id, sort_order: 'asc' });
    assert.deepEqual(
      data.map(({ action }) => action),
      ['activity.created', 'activity.updated', 'activity.deleted'],
    );
    const [entry] = (await ours.client.contacts.activities(contact.id)).data;
    assert.deepEqual((await ours.client.audit.list({ record_id: entry!.id })).data, []);
  });

  test('are written by a member on every lead, and seen by no one without the permission', async () => {
    const lead = await newLead({ owner_id: ours.manager.userId });
    await ours.member.client.leads.addActivity(lead.id, { activity_type: 'call', subject: 'Asked for the boss' });
    await assert.rejects(ours.viewer.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'x' }), {
      code: 'FORBIDDEN',
    });
    const key = await keyed(server, ours, ['crm:contacts:view', 'crm:leads:view']);
    assert.deepEqual((await key.contacts.get(lead.contact_id)).activities, []);
    assert.equal((await key.contacts.get(lead.contact_id)).leads.length, 1);
    assert.deepEqual((await key.leads.get(lead.id)).activities, []);
    await assert.rejects(key.leads.activities(lead.id), { code: 'FORBIDDEN' });
  });

  test('of other owners are out of the sight of a token with an owner scope', async () => {
    const contact = await newContact();
    const mine = await ours.client.leads.create({ contact_id: contact.id, owner_id: ours.member.userId });
    const other = await ours.client.leads.create({ contact_id: contact.id, owner_id: ours.manager.userId });
    const note = { activity_type: 'note', subject: 'x' } as const;
    const seen = await ours.client.leads.addActivity(mine.id, note);
    const ofContact = await ours.client.contacts.addActivity(contact.id, note);
    const unseen = await ours.client.leads.addActivity(other.id, note);

    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    assert.deepEqual(ids((await scoped.contacts.activities(contact.id, { type })).data), [ofContact.id, seen.id]);
    await assert.rejects(scoped.activities.get(unseen.id), { code: 'NOT_FOUND' });
    await assert.rejects(scoped.activities.remove(unseen.id), { code: 'NOT_FOUND' });
    await assert.rejects(scoped.leads.addActivity(other.id, note), { code: 'NOT_FOUND' });
    await assert.rejects(scoped.activities.create({ ...note, lead_id: other.id }), { code: 'VALIDATION_ERROR' });
    assert.equal((await scoped.leads.addActivity(mine.id, note)).lead_id, mine.id);
    const detail = await scoped.contacts.get(contact.id);
    assert.deepEqual(ids(detail.leads), [mine.id]);
    assert.ok(detail.activities.every(({ lead_id }) => lead_id !== other.id));
  });
});

describe('what a lead knows of its activities', () => {
  const known = async (id: string) => {
    const { last_activity_at, last_contact_at } = await ours.client.leads.get(id);
    return { last_activity_at, last_contact_at };
  };
  /** A lead whose own entries lie long ago, so that what is written now is what counts. */
  const oldLead = async () => {
    const { id } = await newLead();
    await server.database.asOwner(`update activities set occurred_at = '2020-01-01' where lead_id = $1`, [id]);
    return id;
  };

  test('is the latest of all and the latest in which its person was spoken to', async () => {
    const id = await oldLead();
    const [early, middle, late] = [ago(30), ago(20), ago(10)];
    const write = (activity_type: (typeof WRITTEN)[number], occurred_at: string) =>
      ours.client.leads.addActivity(id, { activity_type, subject: 'x', occurred_at });
    await server.database.asOwner('update leads set last_activity_at = null where id = $1', [id]);
    const call = await write('call', middle);
    assert.deepEqual(await known(id), { last_activity_at: middle, last_contact_at: middle });
    await write('meeting', early);
    assert.deepEqual(await known(id), { last_activity_at: middle, last_contact_at: middle }, 'an earlier one changes nothing');
    const note = await write('note', late);
    assert.deepEqual(await known(id), { last_activity_at: late, last_contact_at: middle }, 'a note is no contact');
    await ours.client.activities.remove(note.id);
    assert.deepEqual(await known(id), { last_activity_at: middle, last_contact_at: middle });
    await ours.client.activities.update(call.id, { occurred_at: late });
    assert.deepEqual(await known(id), { last_activity_at: late, last_contact_at: late });
    await ours.client.activities.remove(call.id);
    assert.deepEqual(await known(id), { last_activity_at: early, last_contact_at: early });
  });

  test('is true although many write and delete at once', async () => {
    const id = await oldLead();
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, minute) =>
        ours.client.leads.addActivity(id, {
          activity_type: minute % 2 ? 'call' : 'note',
          subject: 'x',
          occurred_at: ago(minute),
        }),
      ),
    );
    await Promise.all([
      ...made.slice(0, 6).map((one) => ours.client.activities.remove(one.id)),
      ...made.slice(9).map((one) => ours.client.activities.update(one.id, { occurred_at: ago(100) })),
    ]);
    assert.deepEqual(await known(id), { last_activity_at: made[6]!.occurred_at, last_contact_at: made[7]!.occurred_at });
  });

  test('changes neither its version nor its audit log', async () => {
    const lead = await newLead();
    await ours.client.leads.addActivity(lead.id, { activity_type: 'call', subject: 'x' });
    const read = await ours.client.leads.get(lead.id);
    assert.deepEqual([read.version, read.updated_at], [lead.version, lead.updated_at]);
  });
});

import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import type { ContactDetail, NewContact } from '../../src/contract/contact.ts';
import type { NewMerge } from '../../src/contract/merge.ts';
import { bearing, json } from '../support/calls.ts';
import { newEmbedToken, newKey } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
});

beforeEach(async () => {
  ours = await server.newWorkspace();
});

const made = (contact: NewContact) => ours.client.contacts.create(contact);
const owned = (sql: string, ...parameters: unknown[]) => server.database.asOwner(sql, parameters);
const merged = (survivor: { id: string }, other: { id: string }, given: Omit<NewMerge, 'contact_id'> = {}) =>
  ours.client.contacts.merge(survivor.id, { contact_id: other.id, ...given });
const undone = (survivor: { id: string }, mergeId: string) => ours.client.contacts.undoMerge(survivor.id, mergeId);

async function call(
  method: string,
  path: string,
  body?: unknown,
  token = ours.owner.token,
  headers: Record<string, string> = {},
) {
  const all = { ...bearing(token), ...headers };
  const response = await server.fetch(`/api/v2${path}`, body === undefined ? { method, headers: all } : json(method, body, all));
  const text = await response.text();
  return { status: response.status, location: response.headers.get('location'), ...(text === '' ? {} : JSON.parse(text)) };
}

/** The events of the workspace since there were so many. */
async function eventsAfter(count: number): Promise<{ name: string; record_id: string; data: any }[]> {
  const events = await owned('select name, record_id, data from events where workspace_id = $1 order by seq', ours.id);
  return events.slice(count) as { name: string; record_id: string; data: any }[];
}

describe('a merge', () => {
  let survivor: ContactDetail;
  let other: ContactDetail;

  beforeEach(async () => {
    survivor = await made({
      firstname: 'Anna',
      email: 'anna@example.test',
      city: 'Bonn',
      tags: ['known', 'both'],
      notes: 'First.',
      metadata: { size: 1, color: 'red' },
    });
    other = await made({
      firstname: 'Ana',
      lastname: 'Schmidt',
      email: 'ana@example.test',
      phone_number: '+49 30 1234567',
      company: 'Acme',
      type: 'client',
      is_favorite: true,
      tags: ['Both', 'new'],
      notes: 'Second.',
      metadata: { size: 2, shape: 'round' },
    });
  });

  test('keeps what the survivor has, fills what it lacks, and puts together what goes together', async () => {
    const { contact, conflicts } = await merged(survivor, other);
    assert.partialDeepStrictEqual(contact, {
      id: survivor.id,
      version: survivor.version + 1,
      firstname: 'Anna',
      lastname: 'Schmidt',
      name: 'Anna Schmidt',
      email: 'anna@example.test',
      phone_number: '+49301234567',
      company: 'Acme',
      company_id: other.company_id,
      city: 'Bonn',
      type: 'lead',
      is_favorite: true,
      tags: ['known', 'both', 'new'],
      notes: 'First.\n\nSecond.',
      metadata: { size: 1, color: 'red', shape: 'round' },
    });
    assert.deepEqual(conflicts, [
      { field: 'firstname', survivor: 'Anna', other: 'Ana', taken: 'survivor' },
      { field: 'email', survivor: 'anna@example.test', other: 'ana@example.test', taken: 'survivor' },
      { field: 'type', survivor: 'lead', other: 'client', taken: 'survivor' },
    ]);
  });

  test('takes whose value it is told to, be it empty', async () => {
    const { contact, conflicts } = await merged(survivor, other, {
      fields: { firstname: 'other', email: 'other', city: 'other', lastname: 'survivor', type: 'other', company: 'survivor' },
    });
    assert.partialDeepStrictEqual(contact, {
      name: 'Ana',
      lastname: null,
      email: 'ana@example.test',
      city: null,
      type: 'client',
      company: null,
    });
    assert.deepEqual(
      conflicts.map(({ field, taken }) => [field, taken]),
      [
        ['firstname', 'other'],
        ['email', 'other'],
        ['type', 'other'],
      ],
    );
  });

  test('leaves somebody who can be named', async () => {
    const [first, second] = [await made({ email: 'only@example.test' }), await made({ phone_number: '+49 30 7654321' })];
    await assert.rejects(merged(first, second, { fields: { email: 'other', phone_number: 'survivor' } }), {
      code: 'VALIDATION_ERROR',
    });
  });

  test('moves everything that hangs on the other, deleted and archived as well', async () => {
    const { client } = ours;
    const lead = await client.leads.create({ contact_id: other.id, title: 'Roof', score_value: 80 });
    const archived = await client.leads.create({ contact_id: other.id, title: 'Old', is_archived: true });
    const deleted = await client.leads.create({ contact_id: other.id, title: 'Gone' });
    await client.leads.remove(deleted.id);
    const deal = await client.leads.addDeal(lead.id, {});
    const appointment = await client.leads.addAppointment(lead.id, { appointment_date: '2030-01-01T10:00:00Z' });
    const note = await client.contacts.addActivity(other.id, { activity_type: 'note', subject: 'Called' });
    await client.contacts.assign(other.id, { user_id: ours.member.userId });
    await client.contacts.assign(survivor.id, { user_id: ours.viewer.userId });

    const [before] = await owned('select count(*)::integer as activities from activities where contact_id = $1', other.id);
    const count = (await eventsAfter(0)).length;
    const { contact, merge } = await merged(survivor, other);
    assert.equal(contact.score, 80);
    assert.deepEqual(merge.counts, { leads: 3, activities: before.activities, appointments: 1, deals: 1 });
    for (const table of ['leads', 'activities', 'appointments', 'deals'])
      assert.deepEqual(await owned(`select id from ${table} where contact_id = $1`, other.id), [], table);
    assert.partialDeepStrictEqual(await client.leads.get(lead.id), {
      contact_id: survivor.id,
      version: lead.version + 1,
      contact: { name: 'Anna Schmidt', email: 'anna@example.test', company: 'Acme' },
    });
    assert.equal((await client.leads.get(archived.id)).contact_id, survivor.id);
    assert.equal((await client.deals.get(deal.id)).contact_id, survivor.id);
    assert.equal((await client.appointments.get(appointment.id)).contact_id, survivor.id);
    assert.equal((await client.activities.get(note.id)).contact_id, survivor.id);
    assert.equal((await client.leads.restore(deleted.id)).contact_id, survivor.id);
    const detail = await client.contacts.get(survivor.id);
    assert.deepEqual(detail.assignments.map(({ user_id }) => user_id).sort(), [ours.member.userId, ours.viewer.userId].sort());

    const events = await eventsAfter(count);
    assert.deepEqual(
      events.slice(0, 2).map(({ name, record_id }) => [name, record_id]),
      [
        ['contact.deleted', other.id],
        ['contact.merged', survivor.id],
      ],
    );
    assert.partialDeepStrictEqual(events[1]!.data, { id: survivor.id, name: 'Anna Schmidt', merged_id: other.id });
    assert.deepEqual(
      events
        .slice(2, 4)
        .map(({ name, record_id }) => `${name} ${record_id}`)
        .sort(),
      [lead, archived].map(({ id }) => `lead.updated ${id}`).sort(),
    );
  });

  test('stands on the timeline with what was given up, and in the audit log', async () => {
    await ours.client.contacts.update(survivor.id, { notes: 'x'.repeat(4_995) });
    const { contact, merge } = await merged(survivor, other);
    assert.equal(contact.notes, 'x'.repeat(4_995));
    const [entry] = (await ours.client.contacts.activities(survivor.id, { type: ['merge'] })).data;
    assert.partialDeepStrictEqual(entry, {
      subject: 'Merged with Ana Schmidt',
      description: 'Second.',
      metadata: {
        merged_id: other.id,
        merge_id: merge.id,
        not_taken: { firstname: 'Ana', email: 'ana@example.test', type: 'client', metadata: { size: 2 } },
      },
    });
    const told = (await ours.client.audit.list({ record_id: survivor.id })).data.map(({ action }) => action);
    assert.ok(told.includes('contact.merged') && told.includes('contact.updated'));
    assert.equal((await ours.client.audit.list({ record_id: other.id })).data[0]!.action, 'contact.deleted');
  });

  test('keeps at most fifty tags, and the others in the entry', async () => {
    const tags = Array.from({ length: 49 }, (_, index) => `tag ${index}`);
    await ours.client.contacts.update(survivor.id, { tags });
    assert.deepEqual((await merged(survivor, other)).contact.tags, [...tags, 'Both']);
    const [entry] = (await ours.client.contacts.activities(survivor.id, { type: ['merge'] })).data;
    assert.deepEqual((entry!.metadata['not_taken'] as any).tags, ['new']);
  });

  test('that is tried out answers the same and changes nothing', async () => {
    await ours.client.leads.create({ contact_id: other.id });
    const digest = () =>
      owned(`select (select json_agg(c order by id) from contacts c)::text || (select json_agg(l order by id) from leads l)::text
        || (select json_agg(a order by id) from activities a)::text || (select count(*) from events) || (select count(*) from audit_log) as all`);
    const before = await digest();
    const tried = await merged(survivor, other, { dry_run: true });
    assert.deepEqual(await digest(), before);
    assert.deepEqual([tried.merge.id, tried.merge.undo_until], [null, null]);
    assert.equal((await ours.client.contacts.get(other.id)).version, other.version);
    const real = await merged(survivor, other);
    const plain = ({ contact, conflicts, merge }: typeof real) => ({
      contact: { ...contact, updated_at: null },
      conflicts,
      counts: merge.counts,
    });
    assert.deepEqual(plain(tried), plain(real));
    assert.ok(real.merge.undo_until);
  });

  test('fills custom fields as it does others, also retired ones, which it does not tell of', async () => {
    const { customFields, contacts } = ours.client;
    for (const name of ['size', 'color', 'shape', 'secret'])
      await customFields.create({ context: 'contact', name, label: name, field_type: 'text' });
    await contacts.update(survivor.id, { custom_fields: { size: 'S', color: 'red', secret: 'mine' } });
    await contacts.update(other.id, { custom_fields: { size: 'L', shape: 'round', color: 'blue', secret: 'theirs' } });
    const secret = (await customFields.list({ context: 'contact' })).data.find(({ name }) => name === 'secret')!;
    await customFields.update(secret.id, { is_active: false });
    const third = await made({ firstname: 'Third' });

    const { contact, conflicts } = await merged(survivor, other, { custom_fields: { color: 'other' } });
    assert.deepEqual(contact.custom_fields, { size: 'S', color: 'blue', shape: 'round' });
    assert.deepEqual(
      conflicts.filter(({ field }) => field.startsWith('custom_fields.')),
      [
        { field: 'custom_fields.size', survivor: 'S', other: 'L', taken: 'survivor' },
        { field: 'custom_fields.color', survivor: 'red', other: 'blue', taken: 'other' },
      ],
    );
    const [entry] = (await contacts.activities(survivor.id, { type: ['merge'] })).data;
    assert.doesNotMatch(JSON.stringify(entry), /theirs/);
    await assert.rejects(merged(survivor, third, { custom_fields: { secret: 'other' } }), { code: 'VALIDATION_ERROR' });

    await merged(third, survivor);
    await customFields.update(secret.id, { is_active: true });
    assert.deepEqual((await contacts.get(third.id)).custom_fields, { size: 'S', color: 'blue', shape: 'round', secret: 'mine' });
  });

  test('leaves out a value that its field takes no more, and tells of it', async () => {
    const { customFields, contacts } = ours.client;
    const field = await customFields.create({ context: 'contact', name: 'code', label: 'Code', field_type: 'text' });
    await contacts.update(other.id, { custom_fields: { code: 'much too long' } });
    await owned(`update custom_fields set configuration = '{"max_length": 3}' where id = $1`, field.id);
    await assert.rejects(merged(survivor, other, { custom_fields: { code: 'other' } }), (error: any) => {
      assert.deepEqual(Object.keys(error.details), ['custom_fields.code']);
      return true;
    });
    assert.deepEqual((await merged(survivor, other)).contact.custom_fields, {});
    const [entry] = (await contacts.activities(survivor.id, { type: ['merge'] })).data;
    assert.deepEqual((entry!.metadata['not_taken'] as any)['custom_fields.code'], 'much too long');
  });

  test('is refused with itself, with one that is not there, and by whoever may not', async () => {
    await assert.rejects(merged(survivor, survivor), { code: 'VALIDATION_ERROR' });
    const theirs = await server.newWorkspace();
    const foreign = await theirs.client.contacts.create({ firstname: 'Foreign' });
    await assert.rejects(merged(survivor, foreign), { code: 'VALIDATION_ERROR' });
    await assert.rejects(merged(foreign, survivor), { status: 404 });
    const gone = await made({ firstname: 'Gone' });
    await ours.client.contacts.remove(gone.id);
    await assert.rejects(merged(survivor, gone), { code: 'VALIDATION_ERROR' });
    await assert.rejects(merged(gone, survivor), { status: 404 });
    await assert.rejects(ours.member.client.contacts.merge(survivor.id, { contact_id: other.id }), { status: 403 });
    const { key } = await newKey(ours, { permissions: ['crm:contacts:delete', 'crm:contacts:view'] });
    const answer = await call('POST', `/contacts/${survivor.id}/merge`, { contact_id: other.id }, key);
    assert.deepEqual([answer.status, /crm:contacts:edit/.test(answer.error)], [403, true]);
    assert.ok((await ours.manager.client.contacts.merge(survivor.id, { contact_id: other.id })).merge.id);
  });

  test('goes by the survivor’s version', async () => {
    const merge = (headers?: Record<string, string>) =>
      call('POST', `/contacts/${survivor.id}/merge`, { contact_id: other.id }, ours.owner.token, headers);
    const stale = await merge({ 'If-Match': '"7"' });
    assert.deepEqual([stale.status, stale.current.version], [412, survivor.version]);
    await ours.client.workspace.update({ policies: { require_if_match: true } });
    assert.equal((await merge()).status, 428);
    assert.equal((await merge({ 'If-Match': `"${survivor.version}"` })).status, 200);
  });
});

describe('the id of a contact that was merged', () => {
  test('leads to the survivor, over several merges, and to it alone who is seen', async () => {
    const [a, b, c] = [await made({ firstname: 'A' }), await made({ firstname: 'B' }), await made({ firstname: 'C' })];
    await merged(b, a);
    assert.partialDeepStrictEqual(await call('GET', `/contacts/${a.id}`), {
      status: 301,
      location: `/api/v2/contacts/${b.id}`,
      success: true,
      data: { id: b.id },
    });
    const { merge } = await merged(c, b);
    assert.equal((await call('GET', `/contacts/${a.id}`)).data.id, c.id);
    assert.equal((await call('GET', `/contacts/${b.id}`)).data.id, c.id);

    const theirs = await server.newWorkspace();
    assert.equal((await call('GET', `/contacts/${a.id}`, undefined, theirs.owner.token)).status, 404);
    await ours.client.contacts.remove(c.id);
    assert.equal((await call('GET', `/contacts/${a.id}`)).status, 404);
    await ours.client.contacts.restore(c.id);
    assert.equal((await call('GET', `/contacts/${a.id}`)).status, 301);
    await undone(c, merge.id!);
    assert.equal((await call('GET', `/contacts/${b.id}`)).status, 200);
    assert.equal((await call('GET', `/contacts/${a.id}`)).data.id, b.id);
  });

  test('is refused for everything else by a conflict that names the survivor', async () => {
    const [a, b, c] = [await made({ firstname: 'A' }), await made({ firstname: 'B' }), await made({ firstname: 'C' })];
    await merged(b, a);
    const calls: [string, string, unknown?][] = [
      ['PATCH', '', { firstname: 'New' }],
      ['DELETE', ''],
      ['POST', '/restore', {}],
      ['POST', '/assignments', { user_id: ours.member.userId }],
      ['DELETE', `/assignments/${ours.member.userId}`],
      ['POST', '/merge', { contact_id: c.id }],
    ];
    for (const [method, path, body] of calls) {
      const answer = await call(method, `/contacts/${a.id}${path}`, body);
      assert.deepEqual([answer.status, answer.code, answer.existing_id], [409, 'CONFLICT', b.id], `${method} ${path}`);
    }
    const into = await call('POST', `/contacts/${c.id}/merge`, { contact_id: a.id });
    assert.deepEqual([into.status, into.existing_id], [409, b.id]);
    assert.equal((await ours.client.contacts.get(b.id)).firstname, 'B');
  });

  test('still leads there when the contact is purged, until the survivor is', async () => {
    const [a, b, c] = [await made({ firstname: 'A' }), await made({ firstname: 'B' }), await made({ firstname: 'C' })];
    await merged(b, a);
    await merged(c, b);
    const age = () =>
      owned(
        `update contacts set deleted_at = now() - interval '31 days' where workspace_id = $1 and deleted_at is not null`,
        ours.id,
      );
    const purge = async () => {
      while ((await server.app.purge()) > 0);
    };
    await age();
    await owned(`update contact_merges set merged_at = now() - interval '31 days' where workspace_id = $1`, ours.id);
    await purge();
    assert.equal((await owned('select id from contacts where workspace_id = $1', ours.id)).length, 1);
    assert.deepEqual(await owned('select id from contact_merges where workspace_id = $1', ours.id), []);
    for (const { id } of [a, b]) assert.equal((await call('GET', `/contacts/${id}`)).data.id, c.id);
    assert.equal((await call('POST', `/contacts/${a.id}/restore`, {})).existing_id, c.id);

    await ours.client.contacts.remove(c.id);
    await age();
    await purge();
    assert.deepEqual(await owned('select id from contact_redirects where workspace_id = $1', ours.id), []);
    assert.equal((await call('GET', `/contacts/${a.id}`)).status, 404);
  });
});

describe('merging in an owner’s scope', () => {
  test('takes contacts that are wholly seen', async () => {
    const { key } = await newKey(ours);
    const token = await newEmbedToken(server, key, {
      permissions: ['crm:contacts:view', 'crm:contacts:edit', 'crm:contacts:delete', 'crm:leads:view'],
      owner_scope: ours.member.userId,
    });
    const [a, b] = [await made({ firstname: 'A' }), await made({ firstname: 'B', phone_number: '+49 30 1234567' })];
    const merge = () => call('POST', `/contacts/${a.id}/merge`, { contact_id: b.id }, token);
    const of = (contact: { id: string }, owner_id: string | null) =>
      ours.client.leads.create({ contact_id: contact.id, owner_id });
    await of(a, ours.member.userId);
    assert.equal((await merge()).code, 'VALIDATION_ERROR', 'the other is not seen at all');
    await of(b, ours.member.userId);
    const hidden = await of(b, null);
    await ours.client.leads.remove(hidden.id);
    const refused = await merge();
    assert.deepEqual([refused.status, refused.code], [403, 'FORBIDDEN'], 'a deleted lead that is not seen would go along');
    await owned('delete from leads where id = $1', hidden.id);

    const answer = await merge();
    assert.equal(answer.status, 200);
    assert.equal(answer.data.contact.phone_number, '+49301234567');
    assert.equal(answer.data.merge.counts.leads, 1);
    assert.equal((await call('GET', `/contacts/${b.id}`, undefined, token)).data.id, a.id);
    const undo = `/contacts/${a.id}/merges/${answer.data.merge.id}/undo`;
    assert.equal((await call('POST', undo, {}, token)).status, 403);
    assert.equal((await call('POST', undo, {})).status, 200);
    assert.equal((await call('GET', `/contacts/${b.id}`, undefined, token)).status, 200);
  });
});

describe('undoing a merge', () => {
  let survivor: ContactDetail;
  let other: ContactDetail;

  beforeEach(async () => {
    survivor = await made({ firstname: 'Anna', tags: ['known'], notes: 'First.' });
    other = await made({
      lastname: 'Schmidt',
      email: 'ana@example.test',
      phone_number: '+49 30 1234567',
      tags: ['new'],
      notes: 'Second.',
    });
  });

  test('brings the other back under its id with what came from it, and leaves what came since', async () => {
    const { client } = ours;
    const lead = await client.leads.create({ contact_id: other.id, title: 'Moved' });
    const note = await client.contacts.addActivity(other.id, { activity_type: 'note', subject: 'Called' });
    await client.contacts.assign(other.id, { user_id: ours.member.userId });
    const { merge } = await merged(survivor, other);
    const later = await client.leads.create({ contact_id: survivor.id, title: 'Since' });
    const onLead = await client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'On the lead' });
    const count = (await eventsAfter(0)).length;

    const answer = await undone(survivor, merge.id!);
    assert.partialDeepStrictEqual(answer.contact, {
      firstname: 'Anna',
      lastname: null,
      email: null,
      phone_number: null,
      tags: ['known'],
      notes: 'First.',
    });
    assert.partialDeepStrictEqual(answer.other, { id: other.id, email: 'ana@example.test', tags: ['new'], notes: 'Second.' });
    assert.equal((await client.leads.get(lead.id)).contact_id, other.id);
    assert.equal((await client.leads.get(later.id)).contact_id, survivor.id);
    assert.equal((await client.activities.get(note.id)).contact_id, other.id);
    assert.equal((await client.activities.get(onLead.id)).contact_id, other.id);
    assert.deepEqual((await client.contacts.get(survivor.id)).assignments, []);
    assert.equal((await client.contacts.get(other.id)).assignments.length, 1);
    assert.deepEqual((await client.contacts.activities(survivor.id, { type: ['merge'] })).data, []);
    assert.deepEqual(
      (await eventsAfter(count)).slice(0, 2).map(({ name, record_id }) => [name, record_id]),
      [
        ['contact.updated', survivor.id],
        ['contact.updated', other.id],
      ],
    );
    assert.equal(
      (await client.audit.list({ record_id: survivor.id })).data.filter(({ action }) => action === 'contact.unmerged').length,
      1,
    );
    assert.equal((await client.audit.list({ record_id: other.id })).data[0]!.action, 'contact.restored');
    assert.partialDeepStrictEqual((await client.contacts.merges(survivor.id)).data, [
      { id: merge.id!, merged_id: other.id, person: { id: ours.owner.userId }, counts: merge.counts },
    ]);
    assert.ok((await client.contacts.merges(survivor.id)).data[0]!.undone_at);
    await assert.rejects(undone(survivor, merge.id!), { code: 'CONFLICT' });
  });

  test('leaves what was changed since as it was changed', async () => {
    const { client } = ours;
    const [stays, away, deleted] = [
      await client.leads.create({ contact_id: other.id, title: 'Stays' }),
      await client.leads.create({ contact_id: other.id, title: 'Away' }),
      await client.leads.create({ contact_id: other.id, title: 'Deleted' }),
    ];
    const note = await client.contacts.addActivity(other.id, { activity_type: 'note', subject: 'Called' });
    const { merge } = await merged(survivor, other);
    const third = await made({ firstname: 'Third' });
    await client.contacts.update(survivor.id, { lastname: 'Later', notes: 'Rewritten.', tags: ['new', 'later'] });
    await client.leads.update(away.id, { contact_id: third.id });
    await client.leads.remove(deleted.id);
    await client.activities.remove(note.id);

    const answer = await undone(survivor, merge.id!);
    assert.partialDeepStrictEqual(answer.contact, { lastname: 'Later', notes: 'Rewritten.', tags: ['later'], email: null });
    assert.equal(answer.counts.leads, 1);
    assert.equal((await client.leads.get(stays.id)).contact_id, other.id);
    assert.equal((await client.leads.get(away.id)).contact_id, third.id);
    assert.equal((await client.leads.restore(deleted.id)).contact_id, survivor.id);
  });

  test('waits for those that build on it', async () => {
    const [third, fourth] = [await made({ firstname: 'Third' }), await made({ firstname: 'Fourth' })];
    const first = (await merged(survivor, other)).merge.id!;
    const second = (await merged(survivor, third)).merge.id!;
    const last = (await merged(fourth, survivor)).merge.id!;
    const refusal = (id: string) => ({ status: 409, code: 'CONFLICT', existingId: id });
    await assert.rejects(undone(survivor, first), refusal(second));
    await assert.rejects(undone(survivor, second), refusal(last));
    await undone(fourth, last);
    await undone(survivor, second);
    await undone(survivor, first);
    for (const { id } of [survivor, other, third, fourth]) assert.equal((await call('GET', `/contacts/${id}`)).status, 200);
  });

  test('is refused where somebody has the address or the number by now', async () => {
    const { merge } = await merged(survivor, other, { fields: { email: 'survivor', phone_number: 'survivor' } });
    const third = await made({ firstname: 'Third', email: 'ANA@example.test' });
    await assert.rejects(undone(survivor, merge.id!), { code: 'DUPLICATE', existingId: third.id });
    await ours.client.contacts.update(third.id, { email: null, phone_number: '+49 30 1234567' });
    await assert.rejects(undone(survivor, merge.id!), { code: 'DUPLICATE', existingId: third.id });
    await ours.client.contacts.update(third.id, { phone_number: null });
    await ours.client.contacts.update(survivor.id, { email: 'Ana@Example.test' });
    await assert.rejects(undone(survivor, merge.id!), { code: 'DUPLICATE', existingId: survivor.id });
    await ours.client.contacts.update(survivor.id, { email: null });
    assert.ok(await undone(survivor, merge.id!));
  });

  test('leaves nobody without a name', async () => {
    const [first, second] = [await made({ phone_number: '+49 30 7654321' }), await made({ email: 'only@example.test' })];
    const { merge } = await merged(first, second);
    await ours.client.contacts.update(first.id, { phone_number: null });
    await assert.rejects(undone(first, merge.id!), { code: 'CONFLICT' });
    await ours.client.contacts.update(first.id, { firstname: 'Named' });
    assert.equal((await undone(first, merge.id!)).contact.email, null);
  });

  test('is possible for thirty days', async () => {
    const { merge } = await merged(survivor, other);
    const age = (by: string) => owned(`update contact_merges set merged_at = now() - $2::interval where id = $1`, merge.id!, by);
    await age('29 days 23 hours 59 minutes');
    assert.equal((await ours.client.contacts.merges(survivor.id)).data.length, 1);
    await age('30 days 1 minute');
    assert.deepEqual((await ours.client.contacts.merges(survivor.id)).data, []);
    await assert.rejects(undone(survivor, merge.id!), { code: 'CONFLICT' });
  });

  test('is for the contact it was made into, by whoever may merge', async () => {
    const { merge } = await merged(survivor, other);
    const third = await made({ firstname: 'Third' });
    await assert.rejects(undone(third, merge.id!), { status: 404 });
    await assert.rejects(ours.member.client.contacts.undoMerge(survivor.id, merge.id!), { status: 403 });
    await assert.rejects(ours.viewer.client.contacts.merges(other.id), { status: 404 });
    assert.equal((await ours.viewer.client.contacts.merges(survivor.id)).data.length, 1);
    assert.ok(await ours.manager.client.contacts.undoMerge(survivor.id, merge.id!));
  });
});

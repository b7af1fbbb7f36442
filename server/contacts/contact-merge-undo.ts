import { sql } from 'kysely';
import type { MergeCounts, MergeUndone } from '../../src/contract/merge.ts';
import { valuesAfter } from '../custom-fields/custom-value-service.ts';
import { emailKey } from '../db/email-key.ts';
import { change, hold, TOUCHED } from '../db/records.ts';
import { othersLead } from '../db/seen-leads.ts';
import type { Tenant } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import { Json } from '../http/json.ts';
import { CONTACT, IDENTITY } from './contact-columns.ts';
import type { Change } from './contact-merge-plan.ts';
import { assertMayMerge, tellLeads } from './contact-merge-service.ts';
import { readContacts, told } from './contact-wire.ts';
import type { HeldContact } from './held-contact.ts';

interface KnownMerge {
  id: string;
  contact_id: string;
  merged_id: string;
  is_over: boolean;
  is_undone: boolean;
  /** The merge that builds on this one: into the same contact later, or of that contact into another. */
  later_id: string | null;
}

/** How a merge is taken back. */
export class ContactMergeUndo {
  /** Undoes a merge, all of it or nothing. What has been changed since stays as it was changed. */
  async undo(tenant: Tenant, id: string, mergeId: string, expected: Expected): Promise<Json<MergeUndone>> {
    assertMayMerge(tenant);
    assertSeesAll(tenant);
    const merge = await readMerge(tenant, id, mergeId);
    const [survivor, other] = await holdBoth(tenant, merge);
    // Others may have merged or undone until both were held.
    assertUndoable(await readMerge(tenant, id, mergeId));
    if (survivor.deleted_at !== null) throw notFound('contact');
    await hold(tenant, CONTACT, id, expected, async () => new Json((await readContacts(tenant, [id])).get(id)!));
    const seenBefore = await whoSees(tenant, id);

    const changes = await changesOf(tenant, mergeId);
    const columns = await columnsBefore(tenant, survivor, changes);
    assertSomebody({ ...survivor, ...columns });
    await assertFree(tenant, { ...survivor, ...columns } as HeldContact, other);
    const changed = await change(tenant, 'contacts', survivor, columns);
    await takeAssignments(tenant, id, changes);
    await sql`update contacts set deleted_at = null, merged_into = null, ${TOUCHED} where id = ${other.id}`.execute(tenant.db);
    await sql`delete from contact_redirects where id = ${other.id}`.execute(tenant.db);
    const { leads, counts } = await moveBack(tenant, merge);
    await sql`update contact_merges set undone_at = now(), undone_by = current_actor() where id = ${mergeId}`.execute(tenant.db);
    await sql`select forget_merge_entry(${mergeId})`.execute(tenant.db);
    await sql`delete from contact_merge_moves where merge_id = ${mergeId}`.execute(tenant.db);
    await sql`delete from contact_merge_changes where merge_id = ${mergeId}`.execute(tenant.db);

    const seenNow = await whoSees(tenant, id);
    await emit(
      tenant,
      'contact.updated',
      told(
        [id],
        seenBefore.filter((person) => !seenNow.includes(person)),
      ),
    );
    await emit(tenant, 'contact.updated', told([other.id]));
    await tellLeads(tenant, id, changed, leads);
    const contacts = await readContacts(tenant, [id, other.id]);
    return new Json(`{"contact":${contacts.get(id)},"other":${contacts.get(other.id)},"counts":${JSON.stringify(counts)}}`);
  }
}

/** In an owner's scope the other comes into sight only by what goes back to it, so nobody there could give it back. */
function assertSeesAll({ caller }: Tenant) {
  if (caller.ownerScope === undefined) return;
  throw new ApiFailure(
    'FORBIDDEN',
    "This token sees one owner's records only, and undoes no merge: ask somebody who sees both contacts.",
  );
}

async function readMerge(tenant: Tenant, contactId: string, mergeId: string): Promise<KnownMerge> {
  const { rows } = await sql<KnownMerge>`
    select m.id, m.contact_id, m.merged_id, m.merged_at <= now() - interval '30 days' as is_over, m.undone_at is not null as is_undone,
      (select l.id from contact_merges l
        where l.undone_at is null and l.place > m.place and m.contact_id in (l.contact_id, l.merged_id) order by l.place limit 1) as later_id
    from contact_merges m where m.id = ${mergeId} and m.contact_id = ${contactId}`.execute(tenant.db);
  if (!rows[0]) throw notFound('merge');
  return rows[0];
}

function assertUndoable({ is_over, is_undone, later_id }: KnownMerge) {
  if (is_undone) throw new ApiFailure('CONFLICT', 'This merge was undone already.');
  if (is_over) throw new ApiFailure('CONFLICT', 'A merge is undone within thirty days, and this one is older.');
  if (later_id !== null)
    throw new ApiFailure('CONFLICT', 'A later merge builds on this one: undo that one first.', { existingId: later_id });
}

/** Both contacts, whether they are deleted or not, and before them the leads that may go back. */
async function holdBoth(
  tenant: Tenant,
  { contact_id, merged_id }: KnownMerge,
): Promise<[survivor: HeldContact, other: HeldContact]> {
  await sql`select from leads where contact_id in (${contact_id}, ${merged_id}) order by id for no key update`.execute(tenant.db);
  const { rows } = await sql<HeldContact>`
    select * from contacts where id in (${contact_id}, ${merged_id}) order by id for no key update`.execute(tenant.db);
  const [survivor, other] = [contact_id, merged_id].map((id) => rows.find((row) => row.id === id));
  if (!survivor || !other) throw notFound('merge');
  return [survivor, other];
}

/** In whose scope a contact is. */
async function whoSees(tenant: Tenant, contactId: string): Promise<string[]> {
  const { rows } = await sql<{ people: string[] }>`select who_sees_contact(${contactId}) as people`.execute(tenant.db);
  return rows[0]!.people;
}

async function changesOf(tenant: Tenant, mergeId: string): Promise<Change[]> {
  const { rows } = await sql<Change>`
    select kind, name, before, after from contact_merge_changes where merge_id = ${mergeId}`.execute(tenant.db);
  return rows;
}

/** The survivor's columns as they were before, as far as they still are what the merge made of them. */
async function columnsBefore(
  tenant: Tenant,
  survivor: HeldContact,
  changes: readonly Change[],
): Promise<Record<string, unknown>> {
  const ofKind = (kind: Change['kind']) => changes.filter((one) => one.kind === kind);
  const columns: Record<string, unknown> = {};
  for (const { name, before, after } of ofKind('column'))
    if (isSame(survivor[name as keyof HeldContact], after)) columns[name] = before;
  if (columns['company_id'] != null && !(await isThere(tenant, columns['company_id'] as string))) columns['company_id'] = null;

  const given = new Set(ofKind('tag').map(({ name }) => name.toLowerCase()));
  columns['tags'] = survivor.tags.filter((tag) => !given.has(tag.toLowerCase()));

  const metadata = { ...(survivor.metadata as Record<string, unknown>) };
  for (const { name, after } of ofKind('metadata')) if (isSame(metadata[name], after)) delete metadata[name];
  columns['metadata'] = metadata;

  const values = survivor.custom_fields as Record<string, unknown>;
  const unchanged = ofKind('custom_field').filter(({ name, after }) =>
    isSame(Object.hasOwn(values, name) ? values[name] : null, after),
  );
  const before = Object.fromEntries(unchanged.map((one) => [one.name, one.before]));
  columns['custom_fields'] = (await valuesAfter(tenant, 'contact', before, survivor.custom_fields)).kept;
  return columns;
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

async function isThere(tenant: Tenant, companyId: string): Promise<boolean> {
  return (await sql`select from companies where id = ${companyId}`.execute(tenant.db)).rows.length > 0;
}

function assertSomebody(contact: Partial<Record<(typeof IDENTITY)[number], unknown>>) {
  if (IDENTITY.some((field) => contact[field] != null)) return;
  throw new ApiFailure(
    'CONFLICT',
    'Without the merge nothing is left to know this contact by: give it a name, an e-mail or a phone number of its own first.',
  );
}

/** Refuses where somebody has got the address or the number meanwhile that one of the two is to have again. */
async function assertFree(tenant: Tenant, survivor: HeldContact, other: HeldContact) {
  const both = [survivor, other];
  const emails = both.flatMap(({ email }) => email ?? []);
  const phones = both.flatMap(({ phone_number }) => phone_number ?? []);
  const { rows } = await sql<{ id: string; field: 'email' | 'phone_number' }>`
    select id, 'email' as field from contacts where deleted_at is null and id <> all (${both.map(({ id }) => id)}::uuid[])
      and email_key in (select ${emailKey(sql`email`)} from unnest(${emails}::text[]) email)
    union all
    select id, 'phone_number' from contacts where deleted_at is null and id <> all (${both.map(({ id }) => id)}::uuid[])
      and phone_number = any (${phones}::text[])`.execute(tenant.db);
  if (rows[0]) throw taken(rows[0].field, rows[0].id);
  if (survivor.email !== null && survivor.email.toLowerCase() === other.email?.toLowerCase()) throw taken('email', survivor.id);
  if (survivor.phone_number !== null && survivor.phone_number === other.phone_number) throw taken('phone_number', survivor.id);
}

function taken(field: 'email' | 'phone_number', existingId: string) {
  const what = field === 'email' ? 'e-mail address' : 'phone number';
  return new ApiFailure('DUPLICATE', `Another contact has got this ${what} since the merge: change it there first.`, {
    issues: invalidField(field, 'taken').extras.issues!,
    existingId,
  });
}

/** Takes the members off again that came by the merge; one who was assigned anew since stays. */
async function takeAssignments(tenant: Tenant, contactId: string, changes: readonly Change[]) {
  const given = changes.filter(({ kind }) => kind === 'assignment').map(({ name, after }) => ({ user_id: name, since: after }));
  if (given.length === 0) return;
  await sql`
    delete from contact_assignments a using json_to_recordset(${JSON.stringify(given)}::json) g (user_id uuid, since timestamptz)
    where a.contact_id = ${contactId} and a.user_id = g.user_id and a.assigned_at = g.since`.execute(tenant.db);
}

/** Moves back what came by the merge, unless it has gone elsewhere or was deleted since; answers which leads, and how much. */
async function moveBack(tenant: Tenant, merge: KnownMerge): Promise<{ leads: string[]; counts: MergeCounts }> {
  const notes = await asTheyCame(tenant, merge, 'activity');
  const leads = await asTheyCame(tenant, merge, 'lead');
  await sql`update activities set contact_id = ${merge.merged_id} where id = any (${notes}::uuid[])`.execute(tenant.db);
  const { rows } = await sql<Omit<MergeCounts, 'leads'>>`
    select (select count(*)::integer from activities where lead_id = any (${leads}::uuid[])) as activities,
      (select count(*)::integer from appointments where lead_id = any (${leads}::uuid[])) as appointments,
      (select count(*)::integer from deals where lead_id = any (${leads}::uuid[])) as deals`.execute(tenant.db);
  const moved = await sql`
    update leads set contact_id = ${merge.merged_id}, version = version + (deleted_at is null)::integer,
      updated_at = case when deleted_at is null then now() else updated_at end,
      updated_by = case when deleted_at is null then current_actor() else updated_by end
    where id = any (${leads}::uuid[])`.execute(tenant.db);
  if (Number(moved.numAffectedRows) < leads.length) throw othersLead;
  const counts = rows[0]!;
  return { leads, counts: { ...counts, leads: leads.length, activities: counts.activities + notes.length } };
}

/** Of the records of one kind that a merge moved, those that are still where it moved them. Each is looked up by its id. */
async function asTheyCame(tenant: Tenant, { id, contact_id }: KnownMerge, kind: 'lead' | 'activity'): Promise<string[]> {
  const [table, alone] = kind === 'lead' ? [sql.table('leads'), sql`true`] : [sql.table('activities'), sql`lead_id is null`];
  const { rows } = await sql<{ id: string }>`
    select r.id from contact_merge_moves m, lateral (
      select id from ${table} where id = m.record_id and contact_id = ${contact_id} and ${alone}
        and (deleted_at is null or deleted_at = m.deleted_at) limit 1) r
    where m.merge_id = ${id} and m.kind = ${kind}`.execute(tenant.db);
  return rows.map((row) => row.id);
}

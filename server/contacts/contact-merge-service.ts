import { sql } from 'kysely';
import type { Merge, MergeCounts, mergeRoutes, MergeResult, NewMerge } from '../../src/contract/merge.ts';
import type { QueryOf } from '../../src/contract/route.ts';
import { writeEntry } from '../activities/activity-service.ts';
import { list, type Listing } from '../db/list.ts';
import { personOf } from '../db/people.ts';
import { change, hold, TOUCHED } from '../db/records.ts';
import { othersLead } from '../db/seen-leads.ts';
import type { Tenant } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import { emitLeads } from '../leads/lead-event-service.ts';
import { CONTACT, IDENTITY, SHOWN_ON_LEADS } from './contact-columns.ts';
import { planMerge, type Change, type MergePlan } from './contact-merge-plan.ts';
import { planValues, type ValuesPlan } from './contact-merge-values.ts';
import { mergedInto, survivorOf } from './contact-redirects.ts';
import { contactWire, readContacts, told, toldGone } from './contact-wire.ts';
import { holdContacts, type HeldContact } from './held-contact.ts';

const undoUntil = sql`wire_time(r.merged_at + interval '30 days')`;

const listing: Listing<Merge, 'merged_at'> = {
  from: sql`contact_merges r`,
  wire: sql`
    r.id, r.contact_id, r.merged_id,
    json_build_object('leads', r.leads, 'activities', r.activities, 'appointments', r.appointments, 'deals', r.deals) as counts,
    wire_time(r.merged_at) as merged_at, r.merged_by, ${personOf(sql`r.merged_by`)} as person, ${undoUntil} as undo_until,
    wire_time(r.undone_at) as undone_at`,
  sorts: { merged_at: { column: sql`r.merged_at`, type: 'timestamptz' } },
  defaultSort: 'merged_at',
  isScoped: true,
};

/** The two contacts of a merge, both held. */
interface Pair {
  survivor: HeldContact;
  other: HeldContact;
}

/** How two contacts become one. Every method works inside its tenant's unit of work. */
export class ContactMergeService {
  /** Lists what was merged into a contact within the last thirty days. */
  async list(tenant: Tenant, contactId: string, query: QueryOf<typeof mergeRoutes.list>): Promise<Page<Merge>> {
    const page = await list(tenant, listing, query, [
      sql`r.contact_id = ${contactId}::uuid`,
      sql`r.merged_at > now() - interval '30 days'`,
    ]);
    if (page.rows.text === '[]' && !(await readContacts(tenant, [contactId])).has(contactId)) throw notFound('contact');
    return page;
  }

  /** Merges another contact into a survivor, all of it or, for a dry run, nothing; the answer is the same. */
  async merge(tenant: Tenant, id: string, given: NewMerge, expected: Expected): Promise<Json<MergeResult>> {
    assertMayMerge(tenant);
    const pair = await holdPair(tenant, id, given.contact_id, expected);
    const plan = planMerge(pair.survivor, pair.other, given.fields);
    const values = await planValues(tenant, pair.survivor, pair.other, given.custom_fields);
    assertSomebody({ ...pair.survivor, ...plan.columns });

    if (given.dry_run) await sql`savepoint dry_run`.execute(tenant.db);
    const { mergeId, counts } = await carryOut(tenant, pair, plan, values);
    const contact = (await readContacts(tenant, [id])).get(id);
    const undo_until = given.dry_run ? null : await undoEndOf(tenant, mergeId);
    if (given.dry_run) await sql`rollback to savepoint dry_run`.execute(tenant.db);
    const conflicts = [...plan.conflicts, ...values.conflicts];
    const merge = { id: given.dry_run ? null : mergeId, merged_id: pair.other.id, counts, undo_until };
    return new Json(`{"contact":${contact},"conflicts":${JSON.stringify(conflicts)},"merge":${JSON.stringify(merge)}}`);
  }
}

/** Refuses whoever may delete contacts and not change them: a merge does both. */
export function assertMayMerge({ caller }: Tenant) {
  if (caller.permissions.has('crm:contacts:edit')) return;
  throw new ApiFailure(
    'FORBIDDEN',
    'Merging contacts changes one of them as well, which needs the permission crm:contacts:edit.',
  );
}

function assertSomebody(contact: Partial<Record<(typeof IDENTITY)[number], unknown>>) {
  if (IDENTITY.every((field) => contact[field] == null)) throw invalidField('fields', 'one_of_needed', { fields: [...IDENTITY] });
}

/** Leads before contacts, and each kind in one order: so does everything that holds both. */
async function holdPair(tenant: Tenant, id: string, otherId: string, expected: Expected): Promise<Pair> {
  await sql`select from leads where contact_id in (${id}, ${otherId}) order by id for no key update`.execute(tenant.db);
  const held = await holdContacts(tenant, [id, otherId]);
  const survivor = held.find((contact) => contact.id === id);
  const other = held.find((contact) => contact.id === otherId);
  if (!survivor) throw notFound('contact');
  if (id === otherId)
    throw new ApiFailure('VALIDATION_ERROR', 'A contact is not merged with itself: name another one as contact_id.');
  await hold(tenant, CONTACT, id, expected, async () => new Json((await readContacts(tenant, [id])).get(id)!));
  if (!other) {
    const livesOn = await survivorOf(tenant, otherId);
    throw livesOn === undefined ? invalidField('contact_id', 'not_found') : mergedInto(livesOn);
  }
  const { rows } = await sql<{ sees_all: boolean }>`select sees_all_leads(${[id, otherId]}::uuid[]) as sees_all`.execute(
    tenant.db,
  );
  if (!rows[0]!.sees_all)
    throw new ApiFailure(
      'FORBIDDEN',
      'One of these contacts has leads that this token does not see, and they would be merged with it.',
    );
  return { survivor, other };
}

async function carryOut(tenant: Tenant, pair: Pair, plan: MergePlan, values: ValuesPlan) {
  const { survivor, other } = pair;
  const mergeId = newId();
  const [assigned, counts] = [await assignmentsToGive(tenant, pair), await countsOf(tenant, other.id)];
  const entry = await writeEntry(tenant, 'merge', {
    contactId: survivor.id,
    subject: `Merged with ${other.name ?? other.email ?? other.phone_number}`,
    description: plan.left.notes,
    facts: { event: 'contact.merged', merged_id: other.id, merge_id: mergeId, counts, ...notTaken(plan, values) },
  });
  await writeMerge(tenant, pair, { mergeId, entry, counts, changes: [...plan.changes, ...values.changes, ...assigned] });

  // While the other's leads are still its own: by them it is in somebody's scope.
  await emit(tenant, 'contact.deleted', toldGone(other.id));
  await sql`update activities set contact_id = ${survivor.id} where contact_id = ${other.id} and lead_id is null`.execute(
    tenant.db,
  );
  await sql`update contacts set deleted_at = now(), merged_into = ${survivor.id}, ${TOUCHED} where id = ${other.id}`.execute(
    tenant.db,
  );
  await sql`insert into contact_redirects (id, contact_id) values (${other.id}, ${survivor.id})`.execute(tenant.db);
  const changed = await change(tenant, 'contacts', survivor, { ...plan.columns, custom_fields: values.kept });
  await sql`
    insert into contact_assignments (contact_id, user_id, assigned_at, assigned_by)
    select ${survivor.id}::uuid, user_id, assigned_at, assigned_by from contact_assignments where contact_id = ${other.id}
    on conflict do nothing`.execute(tenant.db);
  const moved = await moveLeads(tenant, other.id, survivor.id, counts.leads);

  await emit(
    tenant,
    'contact.merged',
    sql`select t.record_id, row_to_json(w) as data, t.seen_by, t.left_by
      from (${told([survivor.id])}) t join contacts r on r.id = t.record_id,
        lateral (select ${contactWire}, ${other.id}::uuid as merged_id) w`,
  );
  await tellLeads(tenant, survivor.id, changed, moved);
  return { mergeId, counts };
}

/** Tells of leads that have another contact now, and of all of the contact's where they show what has changed of it. */
export async function tellLeads(tenant: Tenant, contactId: string, changed: string[] | undefined, moved: readonly string[]) {
  const isShown = changed?.some((column) => SHOWN_ON_LEADS.has(column)) ?? false;
  await emitLeads(tenant, 'lead.updated', sql`(r.id = any (${moved}::uuid[]) or (${isShown} and r.contact_id = ${contactId}))`);
}

/** Moves all leads, deleted ones as well; what hangs on them goes along. Answers which. */
async function moveLeads(tenant: Tenant, from: string, to: string, expected: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update leads set contact_id = ${to}, version = version + (deleted_at is null)::integer,
      updated_at = case when deleted_at is null then now() else updated_at end,
      updated_by = case when deleted_at is null then current_actor() else updated_by end
    where contact_id = ${from} returning id`.execute(tenant.db);
  if (rows.length < expected) throw othersLead;
  return rows.map(({ id }) => id);
}

interface Written {
  mergeId: string;
  entry: string;
  counts: MergeCounts;
  changes: readonly Change[];
}

async function writeMerge(tenant: Tenant, { survivor, other }: Pair, { mergeId, entry, counts, changes }: Written) {
  const { leads, activities, appointments, deals } = counts;
  await sql`
    insert into contact_merges (id, contact_id, merged_id, activity_id, leads, activities, appointments, deals)
    values (${mergeId}, ${survivor.id}, ${other.id}, ${entry}, ${leads}, ${activities}, ${appointments}, ${deals})`.execute(
    tenant.db,
  );
  await sql`
    insert into contact_merge_moves (merge_id, kind, record_id, deleted_at)
    select ${mergeId}::uuid, 'lead', id, deleted_at from leads where contact_id = ${other.id}
    union all select ${mergeId}::uuid, 'activity', id, deleted_at from activities where contact_id = ${other.id} and lead_id is null`.execute(
    tenant.db,
  );
  await sql`
    insert into contact_merge_changes (merge_id, kind, name, before, after)
    select ${mergeId}::uuid, c.kind, c.name, c.before, c.after
    from json_to_recordset(${JSON.stringify(changes)}::json) c (kind text, name text, before jsonb, after jsonb)`.execute(
    tenant.db,
  );
}

/** The members that work with the other and not with the survivor, each since when. */
async function assignmentsToGive(tenant: Tenant, { survivor, other }: Pair): Promise<Change[]> {
  const { rows } = await sql<{ user_id: string; since: string }>`
    select user_id, wire_time(assigned_at) as since from contact_assignments a where contact_id = ${other.id}
      and not exists (select from contact_assignments b where b.contact_id = ${survivor.id} and b.user_id = a.user_id)`.execute(
    tenant.db,
  );
  return rows.map(({ user_id, since }) => ({ kind: 'assignment', name: user_id, before: null, after: since }));
}

/** How many records hang on a contact, deleted ones as well. */
async function countsOf(tenant: Tenant, contactId: string): Promise<MergeCounts> {
  const count = (table: string) => sql`(select count(*)::integer from ${sql.table(table)} where contact_id = ${contactId})`;
  const { rows } = await sql<MergeCounts>`
    select ${count('leads')} as leads, ${count('activities')} as activities, ${count('appointments')} as appointments,
      ${count('deals')} as deals`.execute(tenant.db);
  return rows[0]!;
}

/** Of fields in which both had something, what was given up: the entry on the timeline keeps it. */
function notTaken({ conflicts, left }: MergePlan, values: ValuesPlan) {
  const given = [...conflicts, ...values.conflicts].map(({ field, survivor, other, taken }) => [
    field,
    taken === 'survivor' ? other : survivor,
  ]);
  const all = Object.fromEntries(given);
  for (const [name, value] of Object.entries(values.left)) all[`custom_fields.${name}`] = value;
  if (left.tags.length > 0) all['tags'] = left.tags;
  if (Object.keys(left.metadata).length > 0) all['metadata'] = left.metadata;
  return Object.keys(all).length > 0 ? { not_taken: all } : {};
}

async function undoEndOf(tenant: Tenant, mergeId: string): Promise<string> {
  const { rows } = await sql<{ undo_until: string }>`
    select ${undoUntil} as undo_until from contact_merges r where id = ${mergeId}`.execute(tenant.db);
  return rows[0]!.undo_until;
}

import { sql } from 'kysely';
import type { EventName } from '../../src/contract/events.ts';
import type { Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import { emit, eventsOf } from '../events/outbox.ts';
import { leadWire } from './lead-wire.ts';

/** In whose scope the lead called `r` is: its owner's. */
export const SEEN_BY: Fragment = sql`array_remove(array[r.owner_id], null)`;

/** Leads as events tell of them, for `emit`. */
export const leadRecords = (condition: Fragment, leaver: string | null = null): Fragment => sql`
  select r.id as record_id, row_to_json(w) as data, ${SEEN_BY} as seen_by, array_remove(array[${leaver}::uuid], null) as left_by
  from leads r, lateral (select ${leadWire}) w where ${condition}`;

/** Tells of the leads for which a condition on `r` holds, as they are now; `leaver` may have had them in their scope until now. */
export const emitLeads = (tenant: Tenant, name: EventName, condition: Fragment, leaver: string | null = null): Promise<void> =>
  emit(tenant, name, presentLeads(condition, leaver));

/** The same as a statement; whoever runs that calls `emitted()`. */
export const leadEvents = (name: EventName, condition: Fragment): Fragment => eventsOf(name, presentLeads(condition));

const presentLeads = (condition: Fragment, leaver: string | null = null) =>
  leadRecords(sql`${condition} and r.deleted_at is null`, leaver);

/** Tells of leads as they are now, each of which one owner may have had in their scope until now. */
export const emitLeadsLeft = (
  tenant: Tenant,
  name: EventName,
  leads: readonly { id: string; leaver: string | null }[],
): Promise<void> =>
  emit(
    tenant,
    name,
    sql`select r.id as record_id, row_to_json(w) as data, ${SEEN_BY} as seen_by, array_remove(array[t.leaver], null) as left_by
      from unnest(${leads.map(({ id }) => id)}::uuid[], ${leads.map(({ leaver }) => leaver)}::uuid[]) t (id, leaver)
        join leads r on r.id = t.id, lateral (select ${leadWire}) w where r.deleted_at is null`,
  );

/** Tells that leads are gone; said before they are. */
export const emitLeadsGone = (tenant: Tenant, condition: Fragment): Promise<void> =>
  emit(
    tenant,
    'lead.deleted',
    sql`select r.id as record_id, json_build_object('id', r.id) as data, ${SEEN_BY} as seen_by, '{}'::uuid[] as left_by
      from leads r where ${condition} and r.deleted_at is null`,
  );

/** Holds the leads of a contact that is about to take them along, so that nothing is told of them after their end. */
export async function holdLeadsOf(tenant: Tenant, contactId: string): Promise<void> {
  await sql`select from leads where contact_id = ${contactId} and deleted_at is null order by id for no key update`.execute(
    tenant.db,
  );
}

/** The leads that a deleted contact took along, and brings back with it. */
export async function leadsTakenAlong(tenant: Tenant, contactId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from leads where contact_id = ${contactId} and deleted_with = contact_id`.execute(tenant.db);
  return rows.map(({ id }) => id);
}

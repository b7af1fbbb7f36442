import { sql } from 'kysely';
import type { EventName } from '../../src/contract/events.ts';
import type { Fragment } from '../db/list.ts';
import type { WorkspaceUnit } from '../db/tenant.ts';

/**
 * Writes events into the outbox, in the transaction of the change that they tell of: one for each row of `records`, which
 * has `record_id`, `data` (JSON), `seen_by` (the owners in whose scope the record is, null for everybody) and `left_by`
 * (the owners whose scope it has left by this change).
 */
export async function emit(tenant: WorkspaceUnit, name: EventName, records: Fragment): Promise<void> {
  await eventsOf(name, records).execute(tenant.db);
  tenant.emitted();
}

/** The same as a part of a statement that writes more; whoever runs that calls `tenant.emitted()`. */
export const eventsOf = (name: EventName, records: Fragment): Fragment => sql`
  insert into events (name, record_id, data, seen_by, left_by)
  select ${name}, e.record_id, e.data, e.seen_by, e.left_by from (${records}) e`;

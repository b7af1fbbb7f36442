import { sql } from 'kysely';
import type { leadRoutes, StageChangeEntry } from '../../src/contract/lead.ts';
import type { QueryOf } from '../../src/contract/route.ts';
import { list, type Fragment, type Listing } from '../db/list.ts';
import { personOf } from '../db/people.ts';
import { assertLeadSeen } from '../db/seen-leads.ts';
import type { Tenant } from '../db/tenant.ts';
import type { Page } from '../http/json.ts';

const wire = sql`
  r.id, r.lead_id, r.from_stage_id, (select s.name from stages s where s.id = r.from_stage_id) as from_stage,
  r.to_stage_id, (select s.name from stages s where s.id = r.to_stage_id) as to_stage, r.reason, r.notes,
  wire_time(r.changed_at) as changed_at, r.changed_by, ${personOf(sql`r.changed_by`)} as person, r.seconds_in_stage`;

const listing: Listing<StageChangeEntry, 'changed_at'> = {
  from: sql`lead_stage_history r`,
  wire,
  sorts: { changed_at: { column: sql`r.changed_at`, type: 'timestamptz' } },
  defaultSort: 'changed_at',
};

/** All of a lead's changes of stage as JSON, the latest first. */
export const historyOf = (leadId: string): Fragment => sql`
  (select coalesce(json_agg(h), '[]') from (
    select ${wire} from lead_stage_history r where r.lead_id = ${leadId}::uuid order by r.changed_at desc, r.id desc) h)`;

/** Lists a lead's changes of stage, the latest first unless sorted otherwise. */
export async function listHistory(
  tenant: Tenant,
  leadId: string,
  query: QueryOf<typeof leadRoutes.history>,
): Promise<Page<StageChangeEntry>> {
  await assertLeadSeen(tenant, leadId);
  return list(tenant, listing, query, [sql`r.lead_id = ${leadId}::uuid`]);
}

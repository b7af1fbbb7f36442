import { sql } from 'kysely';
import { leadFilters as FILTERS, type LeadFilters, type LeadStats } from '../../src/contract/lead.ts';
import { LAST_PAGED_ROW } from '../../src/contract/envelope.ts';
import { and, type Fragment } from '../db/list.ts';
import { matchedRows, waysToAll } from '../db/matching.ts';
import type { Tenant } from '../db/tenant.ts';
import { askedLeads } from './lead-query.ts';
import { statusOf } from './stage-flags.ts';

/** How many leads there are, kept with every change of one; unknown where filters or the caller's scope leave some out. */
export const knownTotal = (tenant: Tenant, filters: LeadFilters): Fragment | undefined =>
  isWhole(tenant, filters) ? sql`select coalesce(sum(count), 0) from stage_totals` : undefined;

/** Counts leads by status and score. */
export async function leadStats(tenant: Tenant, filters: LeadFilters): Promise<LeadStats> {
  const counted = isWhole(tenant, filters) ? KEPT : await leadsCounted(tenant, filters);
  const { rows } = await sql<LeadStats>`
    with ${counted}
    select coalesce(sum(count), 0)::integer as total,
      coalesce(sum(count) filter (where status = 'new'), 0)::integer as new,
      coalesce(sum(count) filter (where status = 'qualified'), 0)::integer as qualified,
      coalesce(sum(count) filter (where score = 'hot'), 0)::integer as hot,
      coalesce(sum(count) filter (where score = 'warm'), 0)::integer as warm,
      coalesce(sum(count) filter (where score = 'cold'), 0)::integer as cold
    from counted`.execute(tenant.db);
  return rows[0]!;
}

const KEPT = sql`counted as (
  select ${statusOf(sql`s.category`)} as status, t.score, t.count from stage_totals t join stages s on s.id = t.stage_id)`;

async function leadsCounted(tenant: Tenant, filters: LeadFilters): Promise<Fragment> {
  const { matching, conditions } = await askedLeads(tenant, filters);
  const counted = waysToAll(matching, conditions).map(
    (way) => sql`select r.status, r.score, 1 as count from leads r where ${and(way)}`,
  );
  return sql`${matchedRows(matching, LAST_PAGED_ROW)} counted as (${sql.join(counted, sql` union all `)})`;
}

/** Whether the filters leave every lead in that is not archived. */
export const isWhole = (tenant: Tenant, filters: LeadFilters) =>
  tenant.caller.ownerScope === undefined &&
  (Object.keys(FILTERS) as (keyof LeadFilters)[]).every(
    (name) =>
      filters[name] === undefined || (name === 'search' && filters[name] === '') || (name === 'is_archived' && !filters[name]),
  );

import { sql, type Selectable } from 'kysely';
import { hold } from '../db/records.ts';
import type { LeadTable } from '../db/schema.ts';
import { othersLead } from '../db/seen-leads.ts';
import type { Tenant } from '../db/tenant.ts';
import type { Expected } from '../http/answer.ts';
import { notFound, type ApiFailure } from '../http/failure.ts';
import { Json } from '../http/json.ts';
import type { Lead } from '../../src/contract/lead.ts';
import { leadWire } from './lead-wire.ts';

/** A lead as it is held for a change: its columns, money in hundredths, days as text. */
export type HeldLead = Pick<
  Selectable<LeadTable>,
  (typeof COLUMNS)[number] | 'lead_value_minor' | 'budget_minor' | 'expected_close_date'
>;

const COLUMNS = [
  'id',
  'version',
  'contact_id',
  'contact_name',
  'title',
  'product_interest',
  'pipeline_id',
  'stage_id',
  'status',
  'source_id',
  'score',
  'score_value',
  'currency',
  'timeline',
  'disposition',
  'notes',
  'tags',
  'owner_id',
  'is_active',
  'is_qualified',
  'is_closed_won',
  'is_closed_lost',
  'converted_at',
  'stage_entered_at',
  'is_archived',
  'position',
  'attribution',
  'custom_fields',
] as const;

/** Whole numbers of that size would come as text, and days as moments. */
const columns = sql`${sql.join(COLUMNS.map((name) => sql.ref(name)))}, lead_value_minor::float8 as lead_value_minor,
  budget_minor::float8 as budget_minor, expected_close_date::text as expected_close_date`;

export const LEAD = {
  table: 'leads',
  noun: 'lead',
  keepsDeleted: true,
  columns,
  refusal: othersLead,
} as const;

/** Holds a lead for a change until the transaction ends. Refuses a version other than expected, and a lead that the caller may see but not change. */
export const holdLead = (tenant: Tenant, id: string, expected: Expected): Promise<HeldLead> =>
  hold<HeldLead>(tenant, LEAD, id, expected, (id) => readLead(tenant, id));

/** The same of many leads, whatever their versions, in one order so that two who hold many don't wait for each other; those that can't be held with their refusals. */
export async function holdLeads(tenant: Tenant, ids: readonly string[]): Promise<Map<string, HeldLead | ApiFailure>> {
  const { rows } = await sql<HeldLead>`
    select ${columns} from leads where id = any(${ids}::uuid[]) and deleted_at is null order by id for no key update`.execute(
    tenant.db,
  );
  const held = new Map<string, HeldLead | ApiFailure>(rows.map((row) => [row.id, row]));
  const missing = ids.filter((id) => !held.has(id));
  if (missing.length === 0) return held;
  const seen = await sql<{ id: string }>`
    select id from leads where id = any(${missing}::uuid[]) and deleted_at is null`.execute(tenant.db);
  for (const id of missing) held.set(id, seen.rows.some((row) => row.id === id) ? othersLead : notFound('lead'));
  return held;
}

/** A lead as lists show it. */
export async function readLead(tenant: Tenant, id: string): Promise<Json<Lead>> {
  const { rows } = await sql<{ json: string; version: number }>`
    select row_to_json(w)::text as json, w.version from (select ${leadWire} from leads r where r.id = ${id} and r.deleted_at is null) w`.execute(
    tenant.db,
  );
  if (!rows[0]) throw notFound('lead');
  return new Json(rows[0].json, rows[0].version);
}

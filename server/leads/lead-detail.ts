import { sql } from 'kysely';
import type { LeadDetail } from '../../src/contract/lead.ts';
import { latestActivities } from '../activities/activity-service.ts';
import { latestAppointments } from '../appointments/appointment-service.ts';
import type { Tenant } from '../db/tenant.ts';
import { dealsOf } from '../deals/deal-service.ts';
import { notFound } from '../http/failure.ts';
import { Json } from '../http/json.ts';
import { jobsOf } from '../lead-jobs/lead-job-service.ts';
import { stageWire } from '../pipelines/pipeline-service.ts';
import { historyOf } from './lead-history.ts';
import { leadWire } from './lead-wire.ts';

/** A lead with everything that stands beside it, as of one moment. */
export async function readLeadDetail(tenant: Tenant, id: string): Promise<Json<LeadDetail>> {
  const { rows } = await sql<{ json: string; version: number }>`
    select row_to_json(w)::text as json, w.version from (
      select ${leadWire},
        (select json_build_object('id', s.id, 'name', s.name, 'category', s.category) from lead_sources s where s.id = r.source_id) as source,
        (select row_to_json(s) from (select ${stageWire} from stages r where r.id = l.stage_id) s) as stage,
        (select json_build_object('id', p.id, 'name', p.name) from pipelines p where p.id = r.pipeline_id) as pipeline,
        ${historyOf(id)} as stage_history,
        ${latestActivities(tenant, sql`r.lead_id = ${id}::uuid`)} as activities,
        ${latestAppointments(tenant, sql`r.lead_id = ${id}::uuid`)} as appointments,
        ${dealsOf(id)} as deals,
        ${jobsOf(id)} as jobs
      from leads r join leads l on l.id = r.id where r.id = ${id} and r.deleted_at is null) w`.execute(tenant.db);
  if (!rows[0]) throw notFound('lead');
  return new Json(rows[0].json, rows[0].version);
}

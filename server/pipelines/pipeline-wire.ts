import { sql } from 'kysely';

/** The columns of an answer, of a row of stages called `r`. */
export const stageWire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.pipeline_id, r.name, r.category, r.stage_type, r.display_order, r.is_active, r.is_completed, r.color, r.probability, r.rot_after_days,
  r.wip_limit, r.configuration`;

/** The columns of an answer but its stages, of a row of pipelines called `r`. */
export const pipelineWire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.name, r.is_default`;

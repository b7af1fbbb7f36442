import { sql } from 'kysely';
import type { WorkspaceUnit } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import { stageWire } from './pipeline-wire.ts';

/** Tells of stages as they are now, each by itself and in their order. */
export function emitStages(unit: WorkspaceUnit, ids: readonly string[]): Promise<void> {
  return emit(
    unit,
    'pipeline.stage.updated',
    sql`select r.id as record_id, (select row_to_json(w) from (select ${stageWire}) w) as data, null::uuid[] as seen_by, '{}'::uuid[] as left_by
      from stages r where r.id = any(${ids}::uuid[]) order by r.display_order, r.id`,
  );
}

/** Tells of stages that are about to go. */
export function emitStagesRemoved(unit: WorkspaceUnit, ids: readonly string[]): Promise<void> {
  return emit(
    unit,
    'pipeline.stage.updated',
    sql`select r.id as record_id, json_build_object('id', r.id, 'pipeline_id', r.pipeline_id) as data, null::uuid[] as seen_by, '{}'::uuid[] as left_by
      from stages r where r.id = any(${ids}::uuid[]) order by r.display_order, r.id`,
  );
}

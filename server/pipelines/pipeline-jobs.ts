import type { JobWorker } from '../jobs/job-worker.ts';
import type { StageLeadsService } from '../leads/stage-leads-service.ts';
import type { StageRemoval } from './stage-removal.ts';

/** Goes on with the leads that a change of their stages did not reach itself. */
export function workPipelines(worker: JobWorker, leads: StageLeadsService, removal: StageRemoval) {
  worker.inTransaction('empty-stages', async (unit, { payload }) => {
    const { stage_ids: stageIds, pipeline_id: pipelineId, move_to: moveTo } = payload;
    const goesOn = await removal.goOn(unit, { stageIds, ...(pipelineId !== null && { pipelineId }) }, moveTo);
    return goesOn ? { remains: payload } : undefined;
  });
  worker.inTransaction('follow-category', async (unit, { payload }) =>
    (await leads.goOnFollowing(unit, payload.stage_id)) ? { remains: payload } : undefined,
  );
}

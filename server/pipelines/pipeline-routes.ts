import { pipelineRoutes as routes } from '../../src/contract/pipeline.ts';
import type { Api } from '../http/api.ts';
import type { PipelineService } from './pipeline-service.ts';
import type { StageService } from './stage-service.ts';

export function servePipelines(api: Api, pipelines: PipelineService, stages: StageService) {
  api.serve(routes.list, ({ tenant, query }) => pipelines.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => pipelines.create(tenant, body));
  api.serve(routes.get, ({ tenant, params }) => pipelines.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected }) => pipelines.update(tenant, params.id, body, expected));
  api.serve(routes.remove, ({ tenant, params, query, expected }) => pipelines.remove(tenant, params.id, query.move_to, expected));
  api.serve(routes.addStage, ({ tenant, params, body, expected }) => stages.add(tenant, params.id, body, expected));
  // PUT is taken for PATCH, and the order of stages is not the stage called order.
  api.serve(routes.orderStages, ({ tenant, params, body, expected }) =>
    pipelines.orderStages(tenant, params.id, body.stage_ids, expected),
  );
  api.serve(routes.updateStage, ({ tenant, params, body, expected }) =>
    stages.update(tenant, params.id, params.stage_id, body, expected),
  );
  api.serve(routes.removeStage, ({ tenant, params, query, expected }) =>
    stages.remove(tenant, params.id, params.stage_id, query.move_to, expected),
  );
}

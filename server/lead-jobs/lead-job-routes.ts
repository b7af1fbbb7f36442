import { jobRoutes as routes, leadJobRoutes } from '../../src/contract/job.ts';
import type { Api } from '../http/api.ts';
import type { LeadJobService } from './lead-job-service.ts';

export function serveLeadJobs(api: Api, jobs: LeadJobService) {
  api.serve(routes.list, ({ tenant, query }) => jobs.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => jobs.create(tenant, body));
  api.serve(routes.get, ({ tenant, params }) => jobs.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected }) => jobs.update(tenant, params.id, body, expected));
  api.serve(routes.remove, ({ tenant, params, expected }) => jobs.remove(tenant, params.id, expected));
  api.serve(leadJobRoutes.list, ({ tenant, params, query }) => jobs.ofLead(tenant, params.id, query));
  api.serve(leadJobRoutes.create, ({ tenant, params, body }) => jobs.createForLead(tenant, params.id, body));
}

import { leadSourceRoutes as routes } from '../../src/contract/lead-source.ts';
import type { Api } from '../http/api.ts';
import type { LeadSourceService } from './lead-source-service.ts';

export function serveLeadSources(api: Api, sources: LeadSourceService) {
  api.serve(routes.list, ({ tenant, query }) => sources.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => sources.create(tenant, body));
  api.serve(routes.get, ({ tenant, params }) => sources.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected }) => sources.update(tenant, params.id, body, expected));
  api.serve(routes.remove, ({ tenant, params, expected }) => sources.remove(tenant, params.id, expected));
}

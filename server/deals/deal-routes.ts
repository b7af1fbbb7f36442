import { dealRoutes as routes, leadDealRoutes } from '../../src/contract/deal.ts';
import type { Api } from '../http/api.ts';
import type { DealService } from './deal-service.ts';

export function serveDeals(api: Api, deals: DealService) {
  api.serve(routes.list, ({ tenant, query }) => deals.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => deals.create(tenant, body));
  api.serve(routes.get, ({ tenant, params }) => deals.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected }) => deals.update(tenant, params.id, body, expected));
  api.serve(routes.remove, ({ tenant, params, expected }) => deals.remove(tenant, params.id, expected));
  api.serve(leadDealRoutes.list, ({ tenant, params, query }) => deals.ofLead(tenant, params.id, query));
  api.serve(leadDealRoutes.create, ({ tenant, params, body }) => deals.createForLead(tenant, params.id, body));
}

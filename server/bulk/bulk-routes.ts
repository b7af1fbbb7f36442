import { bulkJobRoutes as routes, leadBulkRoute } from '../../src/contract/bulk.ts';
import type { Api } from '../http/api.ts';
import type { BulkService } from './bulk-service.ts';

export function serveBulk(api: Api, bulk: BulkService) {
  api.serve(leadBulkRoute, ({ tenant, body }) => bulk.change(tenant, body));
  api.serve(routes.list, ({ tenant, query }) => bulk.list(tenant, query));
  api.serve(routes.get, ({ tenant, params }) => bulk.get(tenant, params.id));
  api.serve(routes.results, ({ tenant, params, query }) => bulk.results(tenant, params.id, query));
  api.serve(routes.cancel, ({ tenant, params }) => bulk.cancel(tenant, params.id));
  api.serve(routes.undo, ({ tenant, params }) => bulk.undo(tenant, params.id));
}

import { savedViewRoutes as routes } from '../../src/contract/saved-view.ts';
import type { Api } from '../http/api.ts';
import type { SavedViewService } from './saved-view-service.ts';

export function serveSavedViews(api: Api, views: SavedViewService) {
  api.serve(routes.list, ({ tenant, query }) => views.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => views.create(tenant, body));
  api.serve(routes.get, ({ tenant, params }) => views.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected }) => views.update(tenant, params.id, body, expected));
  api.serve(routes.remove, ({ tenant, params, expected }) => views.remove(tenant, params.id, expected));
}

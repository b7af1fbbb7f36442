import { activityRoutes as routes, contactActivityRoutes, leadActivityRoutes } from '../../src/contract/activity.ts';
import type { Api } from '../http/api.ts';
import type { ActivityService } from './activity-service.ts';

export function serveActivities(api: Api, activities: ActivityService) {
  api.serve(routes.list, ({ tenant, query }) => activities.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => activities.create(tenant, body));
  api.serve(routes.get, ({ tenant, params }) => activities.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected }) => activities.update(tenant, params.id, body, expected));
  api.serve(routes.remove, ({ tenant, params, expected }) => activities.remove(tenant, params.id, expected));
  api.serve(contactActivityRoutes.list, ({ tenant, params, query }) => activities.ofContact(tenant, params.id, query));
  api.serve(contactActivityRoutes.create, ({ tenant, params, body }) => activities.createForContact(tenant, params.id, body));
  api.serve(leadActivityRoutes.list, ({ tenant, params, query }) => activities.ofLead(tenant, params.id, query));
  api.serve(leadActivityRoutes.create, ({ tenant, params, body }) => activities.createForLead(tenant, params.id, body));
}

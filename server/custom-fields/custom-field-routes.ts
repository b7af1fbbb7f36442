import { customFieldRoutes as routes } from '../../src/contract/custom-field.ts';
import type { Api } from '../http/api.ts';
import type { CustomFieldService } from './custom-field-service.ts';

export function serveCustomFields(api: Api, fields: CustomFieldService) {
  api.serve(routes.list, ({ tenant, query }) => fields.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => fields.create(tenant, body));
  // PUT is taken for PATCH, and the order of fields is not the field called order.
  api.serve(routes.order, ({ tenant, body }) => fields.order(tenant, body.context, body.ids));
  api.serve(routes.get, ({ tenant, params }) => fields.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected }) => fields.update(tenant, params.id, body, expected));
  api.serve(routes.delete, ({ tenant, params, query, expected }) =>
    fields.remove(tenant, params.id, query.values === 'delete', expected),
  );
}

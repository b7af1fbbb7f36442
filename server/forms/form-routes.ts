import { formRoutes as routes } from '../../src/contract/form.ts';
import type { Api } from '../http/api.ts';
import type { FormService } from './form-service.ts';

/** Serves what members do with forms; `changed` hears of each change of what visitors meet. */
export function serveForms(api: Api, forms: FormService, changed: () => void) {
  api.serve(routes.list, ({ tenant, query }) => forms.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => forms.create(tenant, body));
  api.serve(routes.get, ({ tenant, params }) => forms.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected, committed }) => {
    committed(changed);
    return forms.update(tenant, params.id, body, expected);
  });
  api.serve(routes.remove, ({ tenant, params, expected, committed }) => {
    committed(changed);
    return forms.remove(tenant, params.id, expected);
  });
  api.serve(routes.publish, ({ tenant, params, expected, committed }) => {
    committed(changed);
    return forms.publish(tenant, params.id, expected);
  });
  api.serve(routes.versions, ({ tenant, params, query }) => forms.versions(tenant, params.id, query));
  api.serve(routes.duplicate, ({ tenant, params, body }) => forms.duplicate(tenant, params.id, body.name));
  api.serve(routes.snippet, ({ tenant, params }) => forms.snippet(tenant, params.id));
  api.serve(routes.preview, ({ tenant, params, query }) => forms.preview(tenant, params.id, query.lang));
}

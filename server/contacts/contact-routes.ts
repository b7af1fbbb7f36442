import { contactRoutes as routes } from '../../src/contract/contact.ts';
import type { Api } from '../http/api.ts';
import type { ContactService } from './contact-service.ts';

export function serveContacts(api: Api, contacts: ContactService) {
  api.serve(routes.list, ({ tenant, query }) => contacts.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => contacts.create(tenant, body));
  api.serve(routes.get, ({ tenant, params }) => contacts.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected }) => contacts.update(tenant, params.id, body, expected));
  api.serve(routes.remove, ({ tenant, params, expected }) => contacts.remove(tenant, params.id, expected));
  api.serve(routes.restore, ({ tenant, params, expected }) => contacts.restore(tenant, params.id, expected));
  api.serve(routes.assign, ({ tenant, params, body, expected }) => contacts.assign(tenant, params.id, body.user_id, expected));
  api.serve(routes.unassign, ({ tenant, params, expected }) => contacts.unassign(tenant, params.id, params.user_id, expected));
}

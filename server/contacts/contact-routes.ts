import { contactRoutes as routes } from '../../src/contract/contact.ts';
import { duplicateRoutes } from '../../src/contract/duplicate.ts';
import type { Api } from '../http/api.ts';
import type { ContactDuplicatesService } from './contact-duplicates-service.ts';
import { leadingToSurvivor, namingSurvivor } from './contact-redirects.ts';
import type { ContactService } from './contact-service.ts';

/** Serves the pairs of contacts that may be one person; their address goes before those of one contact. */
export function serveContactDuplicates(api: Api, duplicates: ContactDuplicatesService) {
  api.serve(duplicateRoutes.list, ({ tenant, query }) => duplicates.list(tenant, query));
}

export function serveContacts(api: Api, contacts: ContactService) {
  api.serve(routes.list, ({ tenant, query }) => contacts.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => contacts.create(tenant, body));
  api.serve(routes.get, ({ tenant, params: { id } }) => leadingToSurvivor(tenant, id, () => contacts.get(tenant, id)));
  api.serve(routes.update, ({ tenant, params: { id }, body, expected }) =>
    namingSurvivor(tenant, id, () => contacts.update(tenant, id, body, expected)),
  );
  api.serve(routes.remove, ({ tenant, params: { id }, expected }) =>
    namingSurvivor(tenant, id, () => contacts.remove(tenant, id, expected)),
  );
  api.serve(routes.restore, ({ tenant, params: { id }, expected }) =>
    namingSurvivor(tenant, id, () => contacts.restore(tenant, id, expected)),
  );
  api.serve(routes.setCustomField, ({ tenant, params: { id, field_id }, body, expected }) =>
    namingSurvivor(tenant, id, () => contacts.setCustomField(tenant, id, field_id, body.value, expected)),
  );
  api.serve(routes.assign, ({ tenant, params: { id }, body, expected }) =>
    namingSurvivor(tenant, id, () => contacts.assign(tenant, id, body.user_id, expected)),
  );
  api.serve(routes.unassign, ({ tenant, params: { id, user_id }, expected }) =>
    namingSurvivor(tenant, id, () => contacts.unassign(tenant, id, user_id, expected)),
  );
}

import { conversionRoutes } from '../../src/contract/conversion.ts';
import { leadRoutes as routes } from '../../src/contract/lead.ts';
import type { Api } from '../http/api.ts';
import type { LeadConversion } from './lead-conversion.ts';
import type { LeadService } from './lead-service.ts';

/** Serves leads but what is done on the board, whose address goes before those of one lead. */
export function serveLeads(api: Api, leads: LeadService) {
  api.serve(routes.list, ({ tenant, query }) => leads.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => leads.create(tenant, body));
  api.serve(routes.stats, ({ tenant, query }) => leads.stats(tenant, query));
  api.serve(routes.marks, ({ tenant, query }) => leads.marks(tenant, query));
  api.serve(routes.get, ({ tenant, params }) => leads.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected }) => leads.update(tenant, params.id, body, expected));
  api.serve(routes.remove, ({ tenant, params, expected }) => leads.remove(tenant, params.id, expected));
  api.serve(routes.restore, ({ tenant, params, expected }) => leads.restore(tenant, params.id, expected));
  api.serve(routes.setCustomField, ({ tenant, params, body, expected }) =>
    leads.setCustomField(tenant, params.id, params.field_id, body.value, expected),
  );
  api.serve(routes.setScore, ({ tenant, params, body, expected }) => leads.setScore(tenant, params.id, body, expected));
}

/** Serves the conversion of leads. */
export function serveConversion(api: Api, conversion: LeadConversion) {
  api.serve(conversionRoutes.convert, ({ tenant, params, body, expected }) =>
    conversion.convert(tenant, params.id, body, expected),
  );
}

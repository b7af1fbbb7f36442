import { companyRoutes as routes } from '../../src/contract/company.ts';
import type { Api } from '../http/api.ts';
import type { CompanyService } from './company-service.ts';

export function serveCompanies(api: Api, companies: CompanyService) {
  api.serve(routes.list, ({ tenant, query }) => companies.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => companies.create(tenant, body));
  api.serve(routes.get, ({ tenant, params }) => companies.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected }) => companies.update(tenant, params.id, body, expected));
  api.serve(routes.remove, ({ tenant, params, expected }) => companies.remove(tenant, params.id, expected));
  api.serve(routes.restore, ({ tenant, params, expected }) => companies.restore(tenant, params.id, expected));
}

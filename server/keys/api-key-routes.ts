import { apiKeyRoutes as routes } from '../../src/contract/api-key.ts';
import type { Api } from '../http/api.ts';
import type { Credentials } from '../http/credential.ts';
import type { ApiKeyService } from './api-key-service.ts';

export function serveApiKeys(api: Api, keys: ApiKeyService, credentials: Credentials) {
  const forget = () => credentials.forget();
  api.serve(routes.list, ({ tenant, query }) => keys.list(tenant, query));
  api.serve(routes.create, ({ tenant, body }) => keys.create(tenant, body));
  api.serve(routes.get, ({ tenant, params }) => keys.get(tenant, params.id));
  api.serve(routes.update, ({ tenant, params, body, expected, committed }) => {
    committed(forget);
    return keys.update(tenant, params.id, body, expected);
  });
  api.serve(routes.rotate, ({ tenant, params, body, expected, committed }) => {
    committed(forget);
    return keys.rotate(tenant, params.id, body.expires_in ?? 0, expected);
  });
  api.serve(routes.remove, ({ tenant, params, expected, committed }) => {
    committed(forget);
    return keys.revoke(tenant, params.id, expected);
  });
}

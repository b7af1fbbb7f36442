import { memberRoutes as routes } from '../../src/contract/member.ts';
import type { Api } from '../http/api.ts';
import type { Credentials } from '../http/credential.ts';
import type { MemberService } from './member-service.ts';

export function serveMembers(api: Api, members: MemberService, credentials: Credentials) {
  api.serve(routes.list, ({ tenant, query }) => members.list(tenant, query));
  api.serve(routes.get, ({ tenant, params }) => members.get(tenant, params.id));
  api.serve(routes.invite, ({ tenant, body }) => members.invite(tenant, body));
  api.serve(routes.update, ({ tenant, params, body, expected, committed }) => {
    committed(() => credentials.forget());
    return members.update(tenant, params.id, body, expected);
  });
  api.serve(routes.remove, ({ tenant, params, query, expected, committed }) => {
    committed(() => credentials.forget());
    return members.remove(tenant, params.id, query.reassign_to, expected);
  });
}

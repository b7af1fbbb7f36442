import { workspaceRoutes as routes } from '../../src/contract/workspace.ts';
import type { System } from '../db/system.ts';
import type { Api } from '../http/api.ts';
import type { Credentials } from '../http/credential.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import type { Origins } from '../http/origins.ts';
import type { MemberService } from '../members/member-service.ts';
import type { WorkspaceService } from './workspace-service.ts';

export function serveWorkspace(
  api: Api,
  workspaces: WorkspaceService,
  members: MemberService,
  system: System,
  credentials: Credentials,
  origins: Origins,
) {
  const forget = () => {
    credentials.forget();
    origins.forget();
  };
  api.serve(routes.get, ({ tenant }) => workspaces.get(tenant));
  api.serve(routes.update, ({ tenant, body, expected, committed }) => {
    committed(forget);
    return workspaces.update(tenant, body, expected);
  });
  api.serve(routes.transfer, async ({ tenant, body, committed }) => {
    committed(() => credentials.forget());
    await members.transfer(tenant, body.user_id);
    return workspaces.get(tenant);
  });
  api.serveCaller(routes.remove, async ({ caller, query, requestId }) => {
    if (query.name === undefined) throw invalidField('name', 'required');
    if (query.name !== caller.workspace.name) throw new ApiFailure('CONFLICT', `This workspace is called ${caller.workspace.name}: send that name to delete it.`);
    await system.for(requestId, caller.workspace.id, caller.userId).transaction((inside) => inside.deleteWorkspace(caller.workspace.id));
    forget();
  });
}

import { workspaceRoutes as routes } from '../../src/contract/workspace.ts';
import { assertExpected } from '../db/records.ts';
import type { System } from '../db/system.ts';
import type { Api } from '../http/api.ts';
import type { Credentials } from '../http/credential.ts';
import { ApiFailure } from '../http/failure.ts';
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
  api.serveCaller(routes.remove, async ({ caller, query, requestId, expected }) => {
    const { id } = caller.workspace;
    await system.for(requestId, id, caller.userId).transaction(async (inside) => {
      const held = await inside.holdWorkspace(id);
      if (held?.owner_id !== caller.userId) throw new ApiFailure('FORBIDDEN', "Only the workspace's owner may do this.");
      assertExpected(caller, 'workspace', held.version, expected);
      if (query.name !== held.name)
        throw new ApiFailure('CONFLICT', `This workspace is called ${held.name}: send that name to delete it.`);
      await inside.deleteWorkspace(id);
    });
    forget();
  });
}

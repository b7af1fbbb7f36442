import { sql, type Selectable } from 'kysely';
import type { Workspace, WorkspaceChange } from '../../src/contract/workspace.ts';
import { change, hold } from '../db/records.ts';
import type { WorkspaceTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import type { Expected } from '../http/answer.ts';
import { Json } from '../http/json.ts';

const WORKSPACE = { table: 'workspaces', noun: 'workspace', keepsDeleted: true } as const;

/** The rules of a workspace's own settings. */
export class WorkspaceService {
  async get(tenant: Tenant): Promise<Json<Workspace>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (
        select id, id as workspace_id, wire_time(created_at) as created_at, wire_time(updated_at) as updated_at, created_by, updated_by, version,
          name, country, currency, timezone, locale, theme, allowed_origins, policies
        from workspaces where id = ${tenant.workspaceId}) w`.execute(tenant.db);
    return new Json(rows[0]!.json, rows[0]!.version);
  }

  /** Changes settings; of `theme` and `policies` the parts that are sent. */
  async update(tenant: Tenant, { theme, policies, ...given }: WorkspaceChange, expected: Expected): Promise<Json<Workspace>> {
    const held = await hold<Selectable<WorkspaceTable>>(tenant, WORKSPACE, tenant.workspaceId, expected, () => this.get(tenant));
    await change(tenant, 'workspaces', held, {
      ...given,
      ...(theme && { theme: { ...held.theme, ...theme } }),
      ...(policies && { policies: { ...held.policies, ...policies } }),
    });
    return this.get(tenant);
  }
}

import { sql, type Selectable } from 'kysely';
import type { Workspace, WorkspaceChange } from '../../src/contract/workspace.ts';
import { change, hold } from '../db/records.ts';
import type { WorkspaceTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import type { Expected } from '../http/answer.ts';
import { Json } from '../http/json.ts';
import { assertOwnerRule } from '../leads/owner-rule-service.ts';

const WORKSPACE = { table: 'workspaces', noun: 'workspace', keepsDeleted: true } as const;

const wire = sql`
  r.id, r.id as workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.name, r.country, r.currency, r.timezone, r.locale, r.theme, r.allowed_origins, r.policies`;

/** The rules of a workspace's own settings. */
export class WorkspaceService {
  async get(tenant: Tenant): Promise<Json<Workspace>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (select ${wire} from workspaces r where r.id = ${tenant.workspaceId}) w`.execute(
      tenant.db,
    );
    return new Json(rows[0]!.json, rows[0]!.version);
  }

  /** Changes settings; of `theme` and `policies` the parts that are sent. */
  async update(tenant: Tenant, { theme, policies, ...given }: WorkspaceChange, expected: Expected): Promise<Json<Workspace>> {
    const held = await hold<Selectable<WorkspaceTable>>(tenant, WORKSPACE, tenant.workspaceId, expected, () => this.get(tenant));
    await assertOwnerRule(tenant, policies?.owner_rule, held.policies.owner_rule, 'policies.owner_rule');
    const isChanged = await change(tenant, 'workspaces', held, {
      ...given,
      ...(theme && { theme: { ...held.theme, ...theme } }),
      ...(policies && { policies: { ...held.policies, ...policies } }),
    });
    if (isChanged)
      await emit(
        tenant,
        'tenant.settings.updated',
        sql`select r.id as record_id, row_to_json(w) as data, null::uuid[] as seen_by, '{}'::uuid[] as left_by
          from workspaces r, lateral (select ${wire}) w where r.id = ${held.id}`,
      );
    return this.get(tenant);
  }
}

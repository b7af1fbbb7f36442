import { sql } from 'kysely';
import { ROLE_PERMISSIONS, type Permission, type Role } from '../../src/contract/permissions.ts';
import type { Policies } from '../../src/contract/workspace.ts';
import type { WorkspaceUnit } from '../db/tenant.ts';
import type { Caller } from '../http/caller.ts';

/** What is kept of a caller with work that goes on after their call: who they are, not what they may. */
export interface Asker {
  credential: Caller['credential'];
  user_id: string | null;
  key_id: string | null;
  /** What an embed token carried: never more than that. */
  permissions: Permission[] | null;
  owner_scope: string | null;
}

/** A caller as they are kept. */
export const askerOf = ({ credential, userId, keyId, permissions, ownerScope }: Caller): Asker => ({
  credential,
  user_id: userId ?? null,
  key_id: keyId ?? null,
  permissions: credential === 'embed-token' ? [...permissions] : null,
  owner_scope: ownerScope ?? null,
});

interface Standing {
  name: string;
  timezone: string;
  country: string;
  allowed_origins: string[];
  policies: Policies;
  role: Role | null;
  key_permissions: Permission[] | null;
  key_ends_ms: number | null;
}

/**
 * The caller who asked for work at a time (`since`), with the rights that they have now, by the clock's `now`; or why they
 * have none any more. Read in the work's own transaction.
 */
export async function callerNow(
  { db, workspaceId }: WorkspaceUnit,
  { credential, user_id, key_id, permissions, owner_scope }: Asker,
  since: Date,
  now: number,
): Promise<Caller | { gone: string }> {
  const { rows } = await sql<Standing>`
    select w.name, w.timezone, w.country, to_json(w.allowed_origins) as allowed_origins, w.policies, m.role,
      to_json(k.permissions) as key_permissions, (extract(epoch from k.expires_at) * 1000)::float8 as key_ends_ms
    from workspaces w
    -- Whoever was taken out and invited again begins anew.
    left join members m on m.user_id = ${user_id}::uuid and m.joined_at <= ${since}::timestamptz
    left join api_keys k on k.id = ${key_id}::uuid and k.revoked_at is null
    where w.id = ${workspaceId}`.execute(db);
  const found = rows[0];
  if (!found) return { gone: 'The workspace is deleted.' };
  if (user_id !== null && found.role === null) return { gone: 'Whoever asked for it has left the workspace.' };
  if (key_id !== null && found.key_permissions === null) return { gone: 'The key that asked for it was revoked.' };
  if (found.key_ends_ms !== null && found.key_ends_ms <= now) return { gone: 'The key that asked for it has expired.' };
  const rights = [permissions, found.key_permissions, found.role && [...ROLE_PERMISSIONS[found.role]]].filter(
    (one) => one !== null,
  );
  const [first = [], ...others] = rights.map((one) => new Set(one));
  return {
    credential,
    actorId: (user_id ?? key_id)!,
    userId: user_id ?? undefined,
    role: found.role ?? undefined,
    sessionId: undefined,
    keyId: key_id ?? undefined,
    permissions: new Set([...first].filter((permission) => others.every((held) => held.has(permission)))),
    ownerScope: owner_scope ?? undefined,
    components: undefined,
    origin: undefined,
    counted: { limit: key_id === null ? 'people' : 'keys', by: (user_id ?? key_id)! },
    workspace: {
      id: workspaceId,
      name: found.name,
      timezone: found.timezone,
      country: found.country,
      allowedOrigins: found.allowed_origins,
      policies: found.policies,
    },
  };
}

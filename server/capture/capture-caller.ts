import type { Db } from '../db/db.ts';
import { inWorkspace, type Tenant, type Told } from '../db/tenant.ts';
import type { Caller } from '../http/caller.ts';

/**
 * The visitor as the services know callers: recorded as nobody, and allowed what a submission does and nothing beside it.
 * What they send reaches the services through the capture alone.
 */
export const visitorOf = (workspace: Caller['workspace']): Caller => ({
  credential: 'publishable-key',
  actorId: '',
  userId: undefined,
  role: undefined,
  sessionId: undefined,
  keyId: undefined,
  permissions: new Set(),
  ownerScope: undefined,
  components: undefined,
  origin: undefined,
  counted: { limit: 'keys', by: '' },
  workspace,
});

/** Runs a visitor's work as one transaction of the form's workspace, as nobody. */
export const asVisitor = <T>(
  db: Db,
  workspace: Caller['workspace'],
  requestId: string,
  told: Told,
  work: (tenant: Tenant) => Promise<T>,
): Promise<T> =>
  inWorkspace(db, { role: 'app', workspaceId: workspace.id, requestId }, told, (unit) =>
    work({ ...unit, caller: visitorOf(workspace) }),
  );

import type { Caller } from '../http/credential.ts';
import type { Db, Scope } from './db.ts';
import { queryOver, type Query } from './query.ts';

/** One caller's view of their workspace during one request. There is no unscoped read from here. */
export interface Tenant {
  readonly caller: Caller;
  readonly workspaceId: string;
  /**
   * The query builder. In a request that writes, all of it is one transaction; in one that reads, every statement is a
   * unit of its own, so what must fit together is read by one statement.
   */
  readonly db: Query;
}

const scopeOf = (caller: Caller, requestId: string): Scope => ({
  role: 'app',
  workspaceId: caller.workspace.id,
  actorId: caller.userId,
  requestId,
});

/** A tenant that only reads. */
export function readingTenant(db: Db, caller: Caller, requestId: string): Tenant {
  const scope = scopeOf(caller, requestId);
  return {
    caller,
    workspaceId: caller.workspace.id,
    db: queryOver(async (statement) => (await db.unit(scope, [statement], { readOnly: true }))[0]!),
  };
}

/** Runs `work` as one transaction of the tenant; resolves only when it is committed. */
export function writingTenant<T>(db: Db, caller: Caller, requestId: string, work: (tenant: Tenant) => Promise<T>): Promise<T> {
  return db.transaction(scopeOf(caller, requestId), (run) => work({ caller, workspaceId: caller.workspace.id, db: queryOver(run) }));
}

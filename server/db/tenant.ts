import type { Caller } from '../http/credential.ts';
import { DatabaseError, type Db, type Scope } from './db.ts';
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
  /** Says that the transaction wrote to the outbox, so that live views are told once it is committed. */
  emitted(): void;
}

const scopeOf = (caller: Caller, requestId: string): Scope => ({
  role: 'app',
  workspaceId: caller.workspace.id,
  actorId: caller.actorId,
  requestId,
  ownerScope: caller.ownerScope,
  editsOwnLeadsOnly: caller.role === 'member',
});

/** A tenant that only reads. */
export function readingTenant(db: Db, caller: Caller, requestId: string): Tenant {
  const scope = scopeOf(caller, requestId);
  return {
    caller,
    workspaceId: caller.workspace.id,
    db: queryOver(async (statement) => (await db.unit(scope, [statement], { readOnly: true }))[0]!),
    emitted: () => {
      throw new Error('What only reads writes no events.');
    },
  };
}

const MOST_TRIES = 4;

/**
 * Runs `work` as one transaction of the tenant; resolves only when it is committed. Two that wait for each other are no
 * fault of the caller's: the one that the database gave up runs again, whole, so `work` must touch nothing else. `told`
 * hears of a commit with events in it.
 */
export async function writingTenant<T>(
  db: Db,
  caller: Caller,
  requestId: string,
  work: (tenant: Tenant) => Promise<T>,
  told: () => void,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    let hasEvents = false;
    const emitted = () => {
      hasEvents = true;
    };
    try {
      const result = await db.transaction(scopeOf(caller, requestId), (run) =>
        work({ caller, workspaceId: caller.workspace.id, db: queryOver(run), emitted }),
      );
      if (hasEvents) told();
      return result;
    } catch (error) {
      if (!(error instanceof DatabaseError && GIVEN_UP.has(error.code)) || tries === MOST_TRIES) throw error;
    }
  }
}

/** Serialisation failure and deadlock: nothing of the transaction is left. */
const GIVEN_UP = new Set(['40001', '40P01']);

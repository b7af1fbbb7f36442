import { sql } from 'kysely';
import type { Caller } from '../http/caller.ts';
import { DatabaseError, type Db, type Scope } from './db.ts';
import type { Fragment } from './fragment.ts';
import { queryOver, type Query } from './query.ts';

/** One workspace during one unit of work, a request's or a job's. There is no unscoped read from here. */
export interface WorkspaceUnit {
  readonly workspaceId: string;
  /**
   * The query builder. In a request that writes, all of it is one transaction; in one that reads, every statement is a
   * unit of its own, so what must fit together is read by one statement.
   */
  readonly db: Query;
  /** Leaves a statement to the end of the transaction: it goes with the commit, behind all others, and nothing reads its answer. */
  leave(statement: Fragment): void;
  /** Says that the transaction wrote to the outbox, so that live views are told once it is committed. */
  emitted(): void;
  /** Says that the transaction wrote a job, so that the worker is told once it is committed. */
  enqueued(): void;
}

/** One caller's view of their workspace during one request. */
export interface Tenant extends WorkspaceUnit {
  readonly caller: Caller;
}

/** Who hears of a commit, by what was in it. */
export interface Told {
  events(): void;
  jobs(): void;
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
export const readingTenant = (db: Db, caller: Caller, requestId: string): Tenant => ({
  ...readingUnit(db, { ...scopeOf(caller, requestId), workspaceId: caller.workspace.id }),
  caller,
});

/** A workspace that is only read, each statement as a unit of its own. */
export function readingUnit(db: Db, scope: Scope & { workspaceId: string }): WorkspaceUnit {
  return {
    workspaceId: scope.workspaceId,
    db: queryOver(async (statement) => (await db.unit(scope, [statement], { readOnly: true }))[0]!),
    leave: () => {
      throw new Error('What only reads has no commit to go with.');
    },
    emitted: () => {
      throw new Error('What only reads writes no events.');
    },
    enqueued: () => {
      throw new Error('What only reads writes no jobs.');
    },
  };
}

/** Runs `work` as one transaction of the tenant; resolves only when it is committed. `work` must touch nothing else. */
export function writingTenant<T>(
  db: Db,
  caller: Caller,
  requestId: string,
  work: (tenant: Tenant) => Promise<T>,
  told: Told,
): Promise<T> {
  return inWorkspace(db, { ...scopeOf(caller, requestId), workspaceId: caller.workspace.id }, told, (unit) =>
    work({ ...unit, caller }),
  );
}

/** The rest of a job's unit of work as that of a caller: from here on it sees and changes no more than they may. */
export async function asCaller(unit: WorkspaceUnit, caller: Caller): Promise<Tenant> {
  const { ownerScope = '', editsOwnLeadsOnly } = scopeOf(caller, '');
  await sql`select set_config('millrace.owner_scope', ${ownerScope}, true),
    set_config('millrace.edits', ${editsOwnLeadsOnly ? 'own' : 'all'}, true)`.execute(unit.db);
  return { ...unit, caller };
}

const MOST_TRIES = 4;

/**
 * Runs `work` as one transaction of a workspace; resolves only when it is committed. Two that wait for each other are
 * nobody's fault: the one that the database gave up runs again, whole, so `work` must touch nothing else.
 */
export async function inWorkspace<T>(
  db: Db,
  scope: Scope & { workspaceId: string },
  told: Told,
  work: (unit: WorkspaceUnit) => Promise<T>,
): Promise<T> {
  const { workspaceId } = scope;
  for (let tries = 1; ; tries++) {
    let hasEvents = false;
    let hasJobs = false;
    const emitted = () => {
      hasEvents = true;
    };
    const enqueued = () => {
      hasJobs = true;
    };
    try {
      const result = await db.transaction(scope, (run, send) => {
        const query = queryOver(run);
        const leave = (statement: Fragment) => send(statement.compile(query));
        return work({ workspaceId, db: query, leave, emitted, enqueued });
      });
      if (hasEvents) told.events();
      if (hasJobs) told.jobs();
      return result;
    } catch (error) {
      if (!(error instanceof DatabaseError && GIVEN_UP.has(error.code)) || tries === MOST_TRIES) throw error;
    }
  }
}

/** Serialisation failure, deadlock, and a kept plan that could not be used: nothing of the transaction is left. */
const GIVEN_UP = new Set(['40001', '40P01', '0A000', '26000']);

import { sql } from 'kysely';
import type { WorkspaceUnit } from './tenant.ts';

/** Runs a part of a transaction that may fail by itself: what it throws leaves nothing of the part, and the rest as it was. */
export async function standingAlone<T>(unit: WorkspaceUnit, part: () => Promise<T>): Promise<T> {
  await sql`savepoint part`.execute(unit.db);
  try {
    const result = await part();
    await sql`release savepoint part`.execute(unit.db);
    return result;
  } catch (error) {
    // Where the connection is lost, that is the reason to tell.
    await rollBack(unit).catch(() => {});
    throw error;
  }
}

async function rollBack({ db }: WorkspaceUnit) {
  await sql`rollback to savepoint part`.execute(db);
  await sql`release savepoint part`.execute(db);
}

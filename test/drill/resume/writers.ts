import { sql } from 'kysely';
import type { Db } from '../../../server/db/db.ts';
import { queryOver } from '../../../server/db/query.ts';
import { newId } from '../../../server/ids.ts';

/** Ends a transaction without a trace. */
class Undone extends Error {}

export interface Writing {
  db: Db;
  workspaceId: string;
  writers: number;
  /** Whether to go on after so many transactions of one writer. */
  goesOn: (transactions: number) => boolean;
  /** Says that something was committed. */
  ring: () => void;
}

/**
 * Writes events from many transactions at once, which end in another order than they began: each does more or less between
 * its events and its commit, and some are undone. Resolves when all have ended.
 */
export async function writeOutOfOrder({ db, workspaceId, writers, goesOn, ring }: Writing): Promise<void> {
  const writer = async () => {
    for (let transactions = 0; goesOn(transactions); transactions++) {
      await db
        .transaction({ role: 'app', workspaceId, requestId: 'drill' }, async (run) => {
          const query = queryOver(run);
          for (let events = whole(1, 3); events > 0; events--) {
            await sql`insert into events (name, record_id, data) values ('contact.updated', ${newId()}, '{}')`.execute(query);
            for (let trips = whole(0, 6); trips > 0; trips--) await sql`select 1`.execute(query);
          }
          if (Math.random() < 0.1) throw new Undone();
        })
        .catch((error: unknown) => {
          if (!(error instanceof Undone)) throw error;
        });
      ring();
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
}

/** Writes the event after which nothing comes; its record tells it from the others. */
export async function writeLast(db: Db, workspaceId: string): Promise<string> {
  const id = newId();
  await db.transaction({ role: 'app', workspaceId, requestId: 'drill' }, (run) =>
    sql`insert into events (name, record_id, data) values ('contact.updated', ${id}, '{}')`.execute(queryOver(run)),
  );
  return id;
}

/** A whole number from `from` to `to`. */
export const whole = (from: number, to: number) => from + Math.floor(Math.random() * (to - from + 1));

import { sql } from 'kysely';
import type { Query } from '../db/query.ts';
import { OUTBOX_EVENT, type OutboxEvent } from './outbox-event.ts';
import type { Position } from './position.ts';

/** What one look at the outbox found. */
export interface Read {
  events: OutboxEvent[];
  /** The oldest transaction that may still run: everything of those before it is there to be read. */
  horizon: number;
  /** Whether there are events that an older transaction holds back. */
  waits: boolean;
}

/** The oldest transaction that has not ended; no row of an earlier one can appear any more. */
const HORIZON = sql`pg_snapshot_xmin(pg_current_snapshot())::text::bigint`;

/** The outbox of all workspaces. */
export class OutboxTable {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  /** The next events after a place, at most `limit`; without a place none, but where the outbox is. */
  async after(position: Position | undefined, limit: number): Promise<Read> {
    const { rows } = await sql<Found & { waits: boolean }>`
      select h.horizon, exists (select from events where txid >= h.horizon) as waits, e.*
      from (select ${HORIZON} as horizon) h left join lateral (
        select ${OUTBOX_EVENT} from events e where ${position ? next(position) : sql`false`} and e.txid < h.horizon
        order by e.txid, e.seq limit ${limit}) e on true
      order by e.txid, e.seq`.execute(this.#query);
    return { ...found(rows), waits: rows[0]!.waits };
  }

  /** Removes what was kept long enough, at most 500 rows, the oldest first; tells how many went. */
  async purge(): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      with due as (select txid, seq from (select txid, seq, at from events order by txid, seq limit 500) oldest where at < now() - interval '7 days'),
        gone as (delete from events e using due where e.txid = due.txid and e.seq = due.seq returning e.txid, e.seq),
        noted as (update purged_events p set txid = last.txid, seq = last.seq
          from (select txid, seq from gone order by txid desc, seq desc limit 1) last where (last.txid, last.seq) > (p.txid, p.seq))
      select count(*)::integer as count from gone`.execute(this.#query);
    return rows[0]!.count;
  }
}

/** What a caller missed of their workspace's events since a place, at most `limit`; `isLost` where not all of it is there any more. */
export async function missedSince(
  query: Query,
  position: Position,
  limit: number,
): Promise<Omit<Read, 'waits'> & { isLost: boolean }> {
  const { rows } = await sql<Found & { is_lost: boolean }>`
    select h.horizon, h.horizon < ${position.txid}::bigint or (p.txid, p.seq) > (${position.txid}::bigint, ${position.seq}::bigint) as is_lost, e.*
    from (select ${HORIZON} as horizon) h, purged_events p left join lateral (
      select ${OUTBOX_EVENT} from events e where e.workspace_id = current_workspace() and ${next(position)} and e.txid < ${HORIZON}
      order by e.txid, e.seq limit ${limit}) e on true
    order by e.txid, e.seq`.execute(query);
  return { ...found(rows), isLost: rows[0]!.is_lost };
}

type Found = { horizon: number } & { [Column in keyof OutboxEvent]: OutboxEvent[Column] | null };

/** Beside no event there is one row of nulls, for the horizon. */
const found = (rows: Found[]) => ({
  horizon: rows[0]!.horizon,
  events: rows.filter((row) => row.seq !== null) as unknown as OutboxEvent[],
});

const next = ({ txid, seq }: Position) => sql`(e.txid, e.seq) > (${txid}::bigint, ${seq}::bigint)`;

import { sql } from 'kysely';
import type { Query } from '../db/query.ts';

/** A job as whoever claimed it has it. */
export interface ClaimedJob {
  id: string;
  workspace_id: string | null;
  kind: string;
  payload: unknown;
  /** Which attempt this is, from 1. */
  attempts: number;
  most_attempts: number;
  /** The number of this claim: what ends the job must name it. */
  claim: number;
  actor_id: string | null;
  request_id: string | null;
}

/** A job whose holder was not heard of in time. */
export type LostJob = Pick<ClaimedJob, 'id' | 'kind' | 'attempts'> & { state: 'waiting' | 'failed' };

/** How many jobs of a kind are in a state, and since when the first of them is due. */
export interface JobStanding {
  kind: string;
  state: 'waiting' | 'running' | 'failed';
  count: number;
  /** Seconds; null for those in the future. */
  age: number | null;
}

type Claim = Pick<ClaimedJob, 'id' | 'claim'>;

const RESCUED_AT_ONCE = 500;

/** The jobs of all workspaces, as the worker sees them; times are the worker's. */
export class JobTable {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  /** Claims of each kind as many due jobs as there are places for it, the earliest first; no other process has claimed them. */
  async claim(places: ReadonlyMap<string, number>, now: Date, until: Date): Promise<ClaimedJob[]> {
    // As a list of ids: joined, it would be taken for so many that the whole table is read.
    const { rows } = await sql<ClaimedJob>`
      update jobs set state = 'running', attempts = attempts + 1, claim = claim + 1, claimed_until = ${until}, unique_key = null
      where id = any (array(
        select due.id from unnest(${[...places.keys()]}::text[], ${[...places.values()]}::integer[]) as place (kind, free)
        cross join lateral (
          select id from jobs where jobs.kind = place.kind and state = 'waiting' and run_at <= ${now}
          order by run_at, id limit place.free for update skip locked) due))
      returning id, workspace_id, kind, payload, attempts, most_attempts, claim, actor_id, request_id`.execute(this.#query);
    return rows;
  }

  /** Keeps claims for longer; tells which were still held. */
  extend(claims: readonly Claim[], until: Date): Promise<Set<string>> {
    return this.#change(claims, sql`claimed_until = ${until}`);
  }

  /** Ends jobs whose effect is done; tells which were still held, and so have ended by this. */
  finish(claims: readonly Claim[]): Promise<Set<string>> {
    return this.#change(
      claims,
      sql`state = 'done', payload = '{}', claimed_until = null, error = null, finished_at = clock_timestamp()`,
    );
  }

  /** Gives jobs back as if they had not been claimed. */
  handBack(claims: readonly Claim[]): Promise<Set<string>> {
    return this.#change(claims, sql`state = 'waiting', attempts = attempts - 1, claimed_until = null`);
  }

  /** Ends an attempt that failed: the job runs again at `again`, or never. */
  fail(claim: Claim, error: string, again: Date | undefined): Promise<Set<string>> {
    return this.#change(
      [claim],
      again
        ? sql`state = 'waiting', run_at = ${again}, error = ${error}, claimed_until = null`
        : sql`state = 'failed', error = ${error}, claimed_until = null, finished_at = clock_timestamp()`,
    );
  }

  /** Takes jobs from holders that were not heard of in time; those with attempts left are due at once. */
  async rescue(now: Date): Promise<LostJob[]> {
    const { rows } = await sql<LostJob>`
      update jobs set state = case when attempts < most_attempts then 'waiting' else 'failed' end, run_at = ${now}, error = 'ClaimExpired',
        claimed_until = null, finished_at = case when attempts < most_attempts then null else clock_timestamp() end
      where id = any (array(
        select id from jobs where state = 'running' and claimed_until <= ${now} order by claimed_until limit ${RESCUED_AT_ONCE} for update skip locked))
      returning id, kind, attempts, state`.execute(this.#query);
    return rows;
  }

  /** Takes every job from whoever holds it: for a database that has no other process. */
  async expireClaims(now: Date): Promise<void> {
    await sql`update jobs set claimed_until = ${now} where state = 'running'`.execute(this.#query);
  }

  /** Writes the job that was due at `tick`, unless another process has, or a later one is written already. */
  async tick(kind: string, tick: Date, now: Date): Promise<void> {
    await sql`
      with due as (
        insert into job_ticks (kind, ticked_at) values (${kind}, ${tick})
        on conflict (kind) do update set ticked_at = excluded.ticked_at where job_ticks.ticked_at < excluded.ticked_at
        returning kind)
      insert into jobs (workspace_id, kind, run_at, unique_key) select null, kind, ${now}, kind from due
      on conflict (workspace_id, kind, unique_key) where state = 'waiting' and unique_key is not null
      do update set run_at = least(jobs.run_at, excluded.run_at)`.execute(this.#query);
  }

  /** How many jobs there are that are not done. */
  async standing(now: Date): Promise<JobStanding[]> {
    const { rows } = await sql<JobStanding>`
      select kind, state, count(*)::integer as count,
        (extract(epoch from ${now}::timestamptz - min(run_at) filter (where run_at <= ${now})))::float8 as age
      from jobs where state in ('waiting', 'running', 'failed') group by kind, state`.execute(this.#query);
    return rows;
  }

  async #change(claims: readonly Claim[], set: ReturnType<typeof sql>): Promise<Set<string>> {
    const ids = claims.map(({ id }) => id);
    const { rows } = await sql<{ id: string }>`
      update jobs set ${set} from unnest(${ids}::uuid[], ${claims.map(({ claim }) => claim)}::bigint[]) as held (id, claim)
      where jobs.id = any (${ids}::uuid[]) and jobs.id = held.id and jobs.claim = held.claim and state = 'running' returning jobs.id`.execute(
      this.#query,
    );
    return new Set(rows.map(({ id }) => id));
  }
}

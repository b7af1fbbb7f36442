import { sql, type RawBuilder } from 'kysely';
import type { WorkspaceUnit } from '../db/tenant.ts';
import type { JobKind, JobKinds } from './kinds.ts';

export interface EnqueueOptions {
  /** Milliseconds until it is due; at once unless said. */
  delay?: number;
  /** While a job of this kind and key has not begun, another takes its place: one job, with the newer payload and the earlier time. */
  key?: string;
}

/** Writes a job in the transaction of the change that asks for it: both commit or neither does. Answers its id. */
export async function enqueue<Kind extends JobKind>(
  unit: Pick<WorkspaceUnit, 'db' | 'enqueued'>,
  kind: Kind,
  payload: JobKinds[Kind],
  options?: EnqueueOptions,
): Promise<string> {
  const { rows } = await jobOf(kind, payload, options).execute(unit.db);
  unit.enqueued();
  return rows[0]!.id;
}

/** The same as a statement; whoever runs that calls `enqueued()`. */
export const jobOf = <Kind extends JobKind>(
  kind: Kind,
  payload: JobKinds[Kind],
  { delay = 0, key }: EnqueueOptions = {},
): RawBuilder<{ id: string }> => sql`
    insert into jobs (kind, payload, run_at, unique_key)
    values (${kind}, ${JSON.stringify(payload)}, date_trunc('milliseconds', now()) + ${delay} * interval '1 millisecond', ${key ?? null})
    on conflict (workspace_id, kind, unique_key) where state = 'waiting' and unique_key is not null
    do update set payload = excluded.payload, run_at = least(jobs.run_at, excluded.run_at)
    returning id`;

import { sql } from 'kysely';
import { BULK_DAYS, type BulkJob, type BulkResult, type BulkState } from '../../src/contract/bulk.ts';
import type { Fragment, Listing } from '../db/list.ts';
import { personOf } from '../db/people.ts';

/** The states in which there is still something to do. */
const ONGOING = ['waiting', 'collecting', 'running', 'undoing'] as const satisfies readonly BulkState[];

/** Whether a state is one in which there is still something to do. */
export const isOngoing = (state: BulkState) => ONGOING.some((one) => one === state);

/** Whether the job that carries on the bulk job called `r` was given up, which nobody but the worker knows. */
const isGivenUp: Fragment = sql`(r.state = any(${ONGOING}::text[]) and exists (select from jobs j where j.id = r.job_id and j.state = 'failed'))`;

/** How the bulk job called `r` stands. */
export const stateOf: Fragment = sql`case when ${isGivenUp} then 'failed' else r.state end`;

/** Whether the bulk job called `r` has ended, and until when it may be undone. */
const undoUntil = sql`case when ${stateOf} in ('done', 'cancelled', 'failed')
  then coalesce(r.finished_at, r.updated_at) + make_interval(days => ${sql.lit(BULK_DAYS)}) end`;

/** Whether it is too late to undo the bulk job called `r`. */
export const isTooOld: Fragment = sql`coalesce(${undoUntil} < now(), false)`;

/** The columns of an answer, of a row of bulk_jobs called `r`. */
export const bulkWire: Fragment = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  ${personOf(sql`r.created_by`)} as creator, r.action, r.parameters, r.filter, ${stateOf} as state,
  case when ${isGivenUp} then 'It was given up after several attempts.' else r.error end as error,
  r.total, r.done + r.unchanged + r.failed as processed, r.done, r.unchanged, r.failed,
  case when r.undo_asked_at is not null then json_build_object('asked_at', wire_time(r.undo_asked_at), 'asked_by', r.undo_asked_by,
    'processed', r.undone + r.undo_skipped + r.undo_failed, 'undone', r.undone, 'skipped', r.undo_skipped, 'failed', r.undo_failed,
    'finished_at', wire_time(r.undo_finished_at)) end as undo,
  wire_time(r.finished_at) as finished_at, wire_time(${undoUntil}) as undo_until`;

/** The newest first. */
export const bulkListing: Listing<BulkJob, 'created_at'> = {
  from: sql`bulk_jobs r`,
  wire: bulkWire,
  sorts: { created_at: { column: sql`r.created_at`, type: 'timestamptz' } },
  defaultSort: 'created_at',
};

/** The columns of an answer, of a row of bulk_rows called `r`. */
export const resultWire: Fragment = sql`r.lead_id, r.status, r.code, r.error, r.undo, r.undo_code, r.undo_error`;

/** By their places; a lead is only once among them. */
export const resultListing: Listing<BulkResult, 'place'> = {
  from: sql`(select *, lead_id as id from bulk_rows) r`,
  wire: resultWire,
  sorts: { place: { column: sql`r.place`, type: 'integer' } },
  defaultSort: 'place',
};

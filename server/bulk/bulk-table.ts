import { sql } from 'kysely';
import type { BulkAction, BulkActionName, BulkState } from '../../src/contract/bulk.ts';
import type { LeadFilters } from '../../src/contract/lead.ts';
import type { ErrorCode } from '../../src/contract/envelope.ts';
import type { Permission } from '../../src/contract/permissions.ts';
import type { WorkspaceUnit } from '../db/tenant.ts';
import type { Asker } from '../jobs/job-caller.ts';
import { isTooOld, stateOf } from './bulk-wire.ts';

/** A bulk job that is held until the transaction ends. */
export interface HeldBulk {
  id: string;
  action: BulkActionName;
  parameters: Omit<BulkAction, 'action'>;
  filter: LeadFilters | null;
  state: BulkState;
  is_too_old: boolean;
  total: number | null;
  /** The last place whose lead has been changed. */
  processed: number;
  undo_place: number;
  created_by: string | null;
  acts_as: Asker;
  acts_since: Date;
}

/** Holds a bulk job, which is the first that anyone holds of what it concerns. */
export async function holdBulk({ db }: WorkspaceUnit, id: string): Promise<HeldBulk | undefined> {
  const { rows } = await sql<HeldBulk>`
    select r.id, r.action, r.parameters, r.filter, ${stateOf} as state, ${isTooOld} as is_too_old, r.total,
      r.done + r.unchanged + r.failed as processed, r.undo_place, r.created_by, r.acts_as, r.acts_since
    from bulk_jobs r where r.id = ${id} for update of r`.execute(db);
  return rows[0];
}

/** What a bulk job does to each lead. */
export const actionOf = ({ action, parameters }: HeldBulk) => ({ action, ...parameters }) as BulkAction;

/** What an action needs beside crm:leads:edit; to undo it needs the same. */
export const NEEDED: Partial<Record<BulkActionName, Permission>> = { assign: 'crm:leads:assign', delete: 'crm:leads:delete' };

/** What became of one row. */
export interface Outcome<Status extends string = string> {
  place: number;
  status: Status;
  code?: ErrorCode;
  error?: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/** Writes what became of rows whose places follow one another, and counts it. */
export async function noteDone({ db }: WorkspaceUnit, bulkId: string, outcomes: Outcome<'done' | 'unchanged' | 'failed'>[]) {
  await sql`
    update bulk_rows r set status = o.status, code = o.code, error = o.error, before = o.before, after = o.after
    from (${rowsOf(outcomes)}) o where r.bulk_id = ${bulkId} and r.place = o.place and ${between(outcomes)}`.execute(db);
  const many = (status: string) => outcomes.filter((one) => one.status === status).length;
  await sql`
    update bulk_jobs set done = done + ${many('done')}, unchanged = unchanged + ${many('unchanged')}, failed = failed + ${many('failed')}
    where id = ${bulkId}`.execute(db);
}

/** The same of rows that were undone. */
export async function noteUndone({ db }: WorkspaceUnit, bulkId: string, outcomes: Outcome<'undone' | 'skipped' | 'failed'>[]) {
  await sql`
    update bulk_rows r set undo = o.status, undo_code = o.code, undo_error = o.error
    from (${rowsOf(outcomes)}) o where r.bulk_id = ${bulkId} and r.place = o.place and ${between(outcomes)}`.execute(db);
  const many = (status: string) => outcomes.filter((one) => one.status === status).length;
  await sql`
    update bulk_jobs set undone = undone + ${many('undone')}, undo_skipped = undo_skipped + ${many('skipped')},
      undo_failed = undo_failed + ${many('failed')}, undo_place = ${outcomes.at(-1)!.place}
    where id = ${bulkId}`.execute(db);
}

const rowsOf = (outcomes: Outcome[]) => sql`
  select * from json_to_recordset(${JSON.stringify(outcomes)}::json)
    as o (place integer, status text, code text, error text, before jsonb, after jsonb)`;

/** Without it a plan may read every row of the bulk job. */
const between = (outcomes: Outcome[]) => sql`r.place between ${outcomes[0]!.place} and ${outcomes.at(-1)!.place}`;

/** Ends a bulk job by itself, or with a reason for its failure. */
export async function end({ db }: WorkspaceUnit, id: string, state: 'done' | 'undone' | 'failed', error: string | null = null) {
  const finished = state === 'undone' ? sql`undo_finished_at = now()` : sql`finished_at = coalesce(finished_at, now())`;
  await sql`update bulk_jobs set state = ${state}, error = ${error}, ${finished} where id = ${id}`.execute(db);
}

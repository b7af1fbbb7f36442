import { sql } from 'kysely';
import type {
  BulkAction,
  BulkChange,
  BulkJob,
  BulkJobQuery,
  BulkResult,
  BulkResultQuery,
  BulkState,
} from '../../src/contract/bulk.ts';
import type { LeadFilters } from '../../src/contract/lead.ts';
import { anyOf, asked } from '../db/filters.ts';
import { list, type Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import { holderOf } from '../http/access.ts';
import { decidesForOthers } from '../http/caller.ts';
import { ApiFailure, notFound } from '../http/failure.ts';
import { Json, Queued, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { askerOf } from '../jobs/job-caller.ts';
import type { LeadBulkService } from '../leads/lead-bulk-service.ts';
import type { LeadService } from '../leads/lead-service.ts';
import type { BulkPieces } from './bulk-pieces.ts';
import { end, holdBulk, NEEDED, type HeldBulk } from './bulk-table.ts';
import { bulkListing, bulkWire, resultListing, resultWire, stateOf } from './bulk-wire.ts';

/** The rules of changes of many leads. Every method works inside its tenant's unit of work. */
export class BulkService {
  readonly #leads: LeadService;
  readonly #changes: LeadBulkService;
  readonly #pieces: BulkPieces;

  constructor(leads: LeadService, changes: LeadBulkService, pieces: BulkPieces) {
    this.#leads = leads;
    this.#changes = changes;
    this.#pieces = pieces;
  }

  /** Changes leads that are named at once, and leaves those of a filter to a job. */
  async change(tenant: Tenant, { ids, filter, ...action }: BulkChange): Promise<Json<BulkJob> | Queued<BulkJob>> {
    assertMayDo(tenant, action.action);
    await this.#changes.assertPossible(tenant, action);
    return ids ? this.#changeNamed(tenant, ids, action) : this.#leaveToJob(tenant, filter!, action);
  }

  list(tenant: Tenant, query: BulkJobQuery): Promise<Page<BulkJob>> {
    return list(tenant, bulkListing, query, [
      seen(tenant),
      ...asked([anyOf('action', query.action), query.state && sql`${stateOf} = any(${query.state}::text[])`]),
    ]);
  }

  async get(tenant: Tenant, id: string): Promise<Json<BulkJob>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (
        select ${bulkWire} from bulk_jobs r where r.id = ${id} and ${seen(tenant)}) w`.execute(tenant.db);
    if (!rows[0]) throw notFound('bulk job');
    return new Json(rows[0].json, rows[0].version);
  }

  async results(tenant: Tenant, id: string, query: BulkResultQuery): Promise<Page<BulkResult>> {
    const { rows } = await sql`select from bulk_jobs r where r.id = ${id} and ${seen(tenant)}`.execute(tenant.db);
    if (rows.length === 0) throw notFound('bulk job');
    return list(tenant, resultListing, { ...query, sort_order: query.sort_order ?? 'asc' }, [
      sql`r.bulk_id = ${id}::uuid`,
      ...asked([anyOf('status', query.status)]),
    ]);
  }

  /** Keeps it from being carried on: a piece that runs at this moment is waited for. */
  async cancel(tenant: Tenant, id: string): Promise<Json<BulkJob>> {
    const { state } = await this.#hold(tenant, id);
    if (state !== 'cancelled') {
      if (!CANCELLABLE.has(state)) throw new ApiFailure('CONFLICT', NOT_CANCELLED[state] ?? 'It has ended: undo it instead.');
      await sql`update bulk_jobs set state = 'cancelled', finished_at = now(), ${STAMPED} where id = ${id}`.execute(tenant.db);
    }
    return this.get(tenant, id);
  }

  /** Has what it did taken back by a job, with the rights of the caller; one that was not finished goes on. */
  async undo(tenant: Tenant, id: string): Promise<Json<BulkJob>> {
    const { state, action, is_too_old } = await this.#hold(tenant, id);
    assertMayDo(tenant, action);
    if (!UNDOABLE.has(state)) throw new ApiFailure('CONFLICT', NOT_UNDONE[state] ?? 'It goes on still: cancel it first.');
    if (is_too_old) throw new ApiFailure('CONFLICT', 'It is too late: changes of many leads can be undone for thirty days.');
    const jobId = await enqueue(tenant, 'bulk-leads', { bulk_id: id });
    await sql`
      update bulk_jobs set state = 'undoing', error = null, job_id = ${jobId}, undo_asked_at = now(), undo_asked_by = current_actor(),
        finished_at = coalesce(finished_at, now()), acts_as = ${JSON.stringify(askerOf(tenant.caller))}, acts_since = now(), ${STAMPED}
      where id = ${id}`.execute(tenant.db);
    return this.get(tenant, id);
  }

  async #changeNamed(tenant: Tenant, ids: readonly string[], action: BulkAction): Promise<Json<BulkJob>> {
    const id = await this.#write(tenant, action, { state: 'running', total: ids.length });
    await sql`
      insert into bulk_rows (bulk_id, place, lead_id)
      select ${id}, n, id from unnest(${ids}::uuid[]) with ordinality u (id, n)`.execute(tenant.db);
    await this.#pieces.change(
      tenant,
      id,
      action,
      ids.map((lead_id, index) => ({ place: index + 1, lead_id })),
    );
    await end(tenant, id, 'done');
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (
        select ${bulkWire}, (select json_agg(t) from (
          select ${resultWire} from bulk_rows r where r.bulk_id = ${id} order by r.place) t) as results
        from bulk_jobs r where r.id = ${id}) w`.execute(tenant.db);
    return new Json(rows[0]!.json, rows[0]!.version);
  }

  async #leaveToJob(tenant: Tenant, filter: LeadFilters, action: BulkAction): Promise<Queued<BulkJob>> {
    await this.#assertFinds(tenant, filter);
    const id = await this.#write(tenant, action, { state: 'waiting', filter: JSON.stringify(filter) });
    const jobId = await enqueue(tenant, 'bulk-leads', { bulk_id: id });
    await sql`update bulk_jobs set job_id = ${jobId} where id = ${id}`.execute(tenant.db);
    return new Queued(await this.get(tenant, id));
  }

  /** Refuses a filter that nothing can be found by, as a list does. */
  async #assertFinds(tenant: Tenant, filter: LeadFilters) {
    try {
      await this.#leads.idsAfter(tenant, filter, undefined, 1);
    } catch (error) {
      throw error instanceof ApiFailure ? error.within('filter') : error;
    }
  }

  async #write(
    tenant: Tenant,
    { action, ...parameters }: BulkAction,
    { state, total, filter }: { state: BulkState; total?: number; filter?: string },
  ): Promise<string> {
    const id = newId();
    await sql`
      insert into bulk_jobs (id, action, parameters, filter, state, total, acts_as)
      values (${id}, ${action}, ${JSON.stringify(parameters)}, ${filter ?? null}, ${state}, ${total ?? null},
        ${JSON.stringify(askerOf(tenant.caller))})`.execute(tenant.db);
    return id;
  }

  async #hold(tenant: Tenant, id: string): Promise<HeldBulk> {
    const held = await holdBulk(tenant, id);
    if (!held || !(seesAll(tenant) || held.created_by === tenant.caller.actorId)) throw notFound('bulk job');
    return held;
  }
}

const STAMPED = sql`version = version + 1, updated_at = now(), updated_by = current_actor()`;

const CANCELLABLE: ReadonlySet<BulkState> = new Set(['waiting', 'collecting', 'running']);
const NOT_CANCELLED: Partial<Record<BulkState, string>> = {
  undoing: 'It is being undone, and that goes on to its end.',
  undone: 'It has ended, and was undone.',
};
const UNDOABLE: ReadonlySet<BulkState> = new Set(['done', 'cancelled', 'failed']);
const NOT_UNDONE: Partial<Record<BulkState, string>> = {
  undoing: 'It is being undone already.',
  undone: 'It was undone already.',
};

/** Whoever decides for others sees what they have asked for; everybody else their own. */
const seesAll = ({ caller }: Tenant) => caller.ownerScope === undefined && decidesForOthers(caller);

/** The bulk jobs called `r` that the caller sees; one owner's scope is the policies' matter. */
const seen = (tenant: Tenant): Fragment => (seesAll(tenant) ? sql`true` : sql`r.created_by = ${tenant.caller.actorId}::uuid`);

function assertMayDo({ caller }: Tenant, action: BulkAction['action']) {
  const needed = NEEDED[action];
  if (needed === undefined || caller.permissions.has(needed)) return;
  throw new ApiFailure(
    'FORBIDDEN',
    `To ${action} leads takes the permission ${needed}, which ${holderOf(caller)} does not have.`,
  );
}

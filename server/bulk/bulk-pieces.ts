import { sql } from 'kysely';
import type { BulkAction } from '../../src/contract/bulk.ts';
import { standingAlone } from '../db/savepoint.ts';
import { asCaller, type Tenant, type WorkspaceUnit } from '../db/tenant.ts';
import { failureOf } from '../http/errors.ts';
import { ApiFailure } from '../http/failure.ts';
import { callerNow } from '../jobs/job-caller.ts';
import type { LeadBulkService } from '../leads/lead-bulk-service.ts';
import type { LeadService } from '../leads/lead-service.ts';
import type { LeadUndoService, Undoing } from '../leads/lead-undo-service.ts';
import { actionOf, end, holdBulk, NEEDED, noteDone, noteUndone, type HeldBulk } from './bulk-table.ts';
import { isOngoing } from './bulk-wire.ts';

/** How many leads are written down at once to be changed later. */
const COLLECTED = 500;
/** How many are changed at once. */
const CHANGED = 100;

interface Row {
  place: number;
  lead_id: string;
}

/** Carries bulk jobs on by pieces, each a transaction that writes what it did beside the leads that it did it to. */
export class BulkPieces {
  readonly #leads: LeadService;
  readonly #changes: LeadBulkService;
  readonly #undo: LeadUndoService;
  readonly #clock: () => number;

  constructor(leads: LeadService, changes: LeadBulkService, undo: LeadUndoService, clock: () => number) {
    this.#leads = leads;
    this.#changes = changes;
    this.#undo = undo;
    this.#clock = clock;
  }

  /** Carries out the next piece, with the rights that whoever asked for it has now; tells whether there is more to do. */
  async goOn(unit: WorkspaceUnit, bulkId: string): Promise<boolean> {
    const bulk = await holdBulk(unit, bulkId);
    if (!bulk || !isOngoing(bulk.state)) return false;
    const caller = await callerNow(unit, bulk.acts_as, bulk.acts_since, this.#clock());
    if ('gone' in caller) return this.#fail(unit, bulk, caller.gone);
    const missing = (['crm:leads:edit', NEEDED[bulk.action]] as const).find((one) => one && !caller.permissions.has(one));
    if (missing) return this.#fail(unit, bulk, `Whoever asked for it has no longer the permission ${missing}.`);
    const tenant = await asCaller(unit, caller);
    if (bulk.state === 'undoing') return this.#takeBackSome(tenant, bulk);
    return bulk.state === 'running' ? this.#changeSome(tenant, bulk) : this.#collectSome(tenant, bulk);
  }

  /** Changes the leads of rows, in the order of their places, and writes down what became of each. */
  async change(tenant: Tenant, bulkId: string, action: BulkAction, rows: readonly Row[]): Promise<void> {
    const outcomes = await eachByItself(tenant, rows, (some) => this.#changes.change(tenant, some.map(leadIdOf), action));
    await noteDone(
      tenant,
      bulkId,
      rows.map(({ place, lead_id }) => {
        const outcome = outcomes.get(lead_id);
        if (outcome instanceof ApiFailure) return { place, ...refused(outcome) };
        return outcome ? { place, status: 'done' as const, ...outcome } : { place, status: 'unchanged' as const };
      }),
    );
  }

  /** Writes down the next leads that the filter leaves: they are the ones, whatever it leaves later. */
  async #collectSome(tenant: Tenant, bulk: HeldBulk): Promise<boolean> {
    const { rows } = await sql<Row>`
      select place, lead_id from bulk_rows where bulk_id = ${bulk.id} order by place desc limit 1`.execute(tenant.db);
    const last = rows[0];
    const ids = await this.#idsAfter(tenant, bulk, last?.lead_id);
    if (ids instanceof ApiFailure) return this.#fail(tenant, bulk, `Nothing is found by its filter any more: ${ids.message}`);
    await sql`
      insert into bulk_rows (bulk_id, place, lead_id)
      select ${bulk.id}, ${last?.place ?? 0}::integer + n, id from unnest(${ids}::uuid[]) with ordinality u (id, n)`.execute(
      tenant.db,
    );
    const total = (last?.place ?? 0) + ids.length;
    if (ids.length === COLLECTED) await sql`update bulk_jobs set state = 'collecting' where id = ${bulk.id}`.execute(tenant.db);
    else await sql`update bulk_jobs set state = 'running', total = ${total} where id = ${bulk.id}`.execute(tenant.db);
    return true;
  }

  /** The refusal where the filter names what is not there any more: a field that was retired since, or an option that is gone. */
  async #idsAfter(tenant: Tenant, bulk: HeldBulk, lastId: string | undefined): Promise<string[] | ApiFailure> {
    try {
      return await this.#leads.idsAfter(tenant, bulk.filter!, lastId, COLLECTED);
    } catch (error) {
      if (error instanceof ApiFailure && error.status < 500) return error;
      throw error;
    }
  }

  async #changeSome(tenant: Tenant, bulk: HeldBulk): Promise<boolean> {
    const { rows } = await sql<Row>`
      select place, lead_id from bulk_rows where bulk_id = ${bulk.id} and place > ${bulk.processed}
      order by place limit ${sql.lit(CHANGED)}`.execute(tenant.db);
    if (rows.length > 0) await this.change(tenant, bulk.id, actionOf(bulk), rows);
    if (bulk.processed + rows.length < bulk.total!) return true;
    await end(tenant, bulk.id, 'done');
    return false;
  }

  async #takeBackSome(tenant: Tenant, bulk: HeldBulk): Promise<boolean> {
    const { rows } = await sql<Row & Omit<Undoing, 'id'>>`
      select place, lead_id, before, after from bulk_rows where bulk_id = ${bulk.id} and status = 'done' and place > ${bulk.undo_place}
      order by place limit ${sql.lit(CHANGED)}`.execute(tenant.db);
    const outcomes = await eachByItself(tenant, rows, (some) =>
      this.#undo.takeBack(
        tenant,
        some.map(({ lead_id: id, before, after }) => ({ id, before, after })),
      ),
    );
    const noted = rows.map(({ place, lead_id }) => {
      const outcome = outcomes.get(lead_id)!;
      return outcome instanceof ApiFailure ? { place, ...refused(outcome) } : { place, status: outcome };
    });
    if (noted.length > 0) await noteUndone(tenant, bulk.id, noted);
    if (rows.length === CHANGED) return true;
    await end(tenant, bulk.id, 'undone');
    return false;
  }

  async #fail(unit: WorkspaceUnit, { id }: HeldBulk, why: string): Promise<boolean> {
    await end(unit, id, 'failed', why);
    return false;
  }
}

const leadIdOf = ({ lead_id }: Row) => lead_id;

const refused = ({ code, message }: ApiFailure) => ({ status: 'failed' as const, code, error: message });

/**
 * Does work on many leads that tells of each what became of it. Where the database refuses one of them it refuses all, so
 * then each is done by itself; what is no refusal of theirs, or passes, is thrown on.
 */
async function eachByItself<R extends Row, Outcome>(
  tenant: Tenant,
  rows: readonly R[],
  work: (rows: readonly R[]) => Promise<Map<string, Outcome | ApiFailure>>,
): Promise<Map<string, Outcome | ApiFailure>> {
  try {
    return await standingAlone(tenant, () => work(rows));
  } catch (error) {
    const refusal = failureOf(error);
    if (refusal.status >= 500) throw error;
    if (rows.length === 1) return new Map([[rows[0]!.lead_id, refusal]]);
    const outcomes = new Map<string, Outcome | ApiFailure>();
    for (const row of rows) for (const [id, outcome] of await eachByItself(tenant, [row], work)) outcomes.set(id, outcome);
    return outcomes;
  }
}

import type { Duplex } from 'node:stream';
import pg from 'pg';
import {
  begin,
  databaseError,
  DatabaseUnavailable,
  firstReason,
  toWire,
  type Answer,
  type Db,
  type Leave,
  type Run,
  type Scope,
  type Statement,
  type UnitOptions,
} from './db.ts';

export interface PostgresOptions {
  url: string;
  /** Connections that whole units share, pipelined. */
  shared?: number;
  /** Connections that transactions hold alone. */
  alone?: number;
  /** Whether statements keep their plans between uses; not behind a proxy that changes connections between transactions. */
  keepsPlans?: boolean;
}

const { builtins, getTypeParser } = pg.types;
const AS_TEXT = new Set<number>([builtins.DATE, builtins.NUMERIC]);
const types = {
  getTypeParser(oid: number, format: any): any {
    if (AS_TEXT.has(oid)) return (text: string) => text;
    if (oid === builtins.INT8) return Number;
    return getTypeParser(oid as never, format);
  },
};

const CONNECT_MS = 5_000;
const MOST_NAMES = 500;
/** "Cached plan must not change result type", and "prepared statement does not exist". */
const LOST_PLAN = new Set(['0A000', '26000']);

/**
 * PostgreSQL. Units travel on a few pipelined connections: each is queued whole, from `begin` to `commit`, in one
 * synchronous turn, because the driver ends every statement with a Sync and two units that wait in between would run
 * inside each other's transaction. What waits between its statements holds a connection alone.
 */
export class PostgresDb implements Db {
  readonly engine = 'postgres';
  readonly #config: pg.ClientConfig;
  readonly #shared: (Promise<pg.Client> | undefined)[];
  readonly #alone: pg.Pool;
  /** How many units are on their way on each of them. */
  readonly #busy: number[];
  /** The names under which connections keep the plans of statements. */
  readonly #names: Map<string, string> | undefined;
  #generation = 0;
  #closed = false;

  constructor({ url, shared = 4, alone = 8, keepsPlans = true }: PostgresOptions) {
    this.#names = keepsPlans ? new Map() : undefined;
    this.#config = {
      connectionString: url,
      pipeline: true,
      types,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      // Longer than any statement may take: what has not answered by then never will.
      query_timeout: 40_000,
      connectionTimeoutMillis: CONNECT_MS,
      application_name: 'millrace',
    };
    this.#shared = Array.from({ length: shared });
    this.#busy = this.#shared.map(() => 0);
    this.#alone = new pg.Pool({ ...this.#config, max: alone, idleTimeoutMillis: 30_000 });
    // An idle connection that breaks is replaced at the next use.
    this.#alone.on('error', () => {});
  }

  async unit(scope: Scope, statements: readonly Statement[], options?: UnitOptions): Promise<Answer[]> {
    try {
      return await this.#unit(scope, statements, options);
    } catch (error) {
      // Refused before anything was done.
      if (this.#hasLostPlan(error)) return this.#unit(scope, statements, options);
      throw error;
    }
  }

  async #unit(scope: Scope, statements: readonly Statement[], options?: UnitOptions): Promise<Answer[]> {
    const opening = begin(scope, options);
    const queries = statements.map((statement) => this.#query(statement));
    const outcomes = await this.#onShared((client) => {
      gather(client);
      return [client.query(opening), ...queries.map((query) => client.query(query)), client.query('commit')];
    });
    const reason = firstReason(outcomes);
    if (reason) throw reason;
    assertCommitted(outcomes.at(-1)!);
    return outcomes.slice(1, -1).map((outcome) => toAnswer(resultOf(outcome)));
  }

  async transaction<T>(scope: Scope, work: (run: Run, leave: Leave) => Promise<T>): Promise<T> {
    const opening = begin(scope);
    const client = await this.#alone.connect().catch((error: unknown) => {
      throw databaseError(error);
    });
    let over = false;
    let broken: Error | undefined;
    client.on('error', onError);
    function onError(error: Error) {
      broken = error;
    }
    try {
      // Not awaited: the first statement travels with it.
      gather(client);
      const opened = client.query(opening);
      opened.catch(() => {});
      const run: Run = async (statement) => {
        if (over) throw new Error('A statement came after the end of its transaction.');
        try {
          gather(client);
          return toAnswer(await client.query(this.#query(statement)));
        } catch (error) {
          await opened;
          // A part of the transaction may fail by itself, and then looks why.
          throw isOurs(error) ? databaseError(error) : error;
        }
      };
      const left: pg.QueryConfig[] = [];
      const result = await work(run, (statement) => void left.push(this.#query(statement)));
      over = true;
      await opened;
      gather(client);
      const outcomes = await Promise.allSettled([...left.map((query) => client.query(query)), client.query('commit')]);
      const reason = firstReason(outcomes);
      if (reason) throw reason;
      assertCommitted(outcomes.at(-1)!);
      return result;
    } catch (error) {
      over = true;
      await client.query('rollback').catch((failure: Error) => {
        broken ??= failure;
      });
      this.#hasLostPlan(error);
      throw isOurs(error) ? databaseError(error) : error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    const shared = await Promise.allSettled(this.#shared);
    await Promise.all([this.#alone.end(), ...shared.map((client) => client.status === 'fulfilled' && client.value?.end())]);
  }

  /** A statement as the driver takes it. Of statements without number the first have a name, so that a flood of them fills no memory. */
  #query({ sql, parameters }: Statement): pg.QueryConfig {
    const query = { text: sql, values: parameters.map(toWire) };
    let name = this.#names?.get(sql);
    if (name === undefined && this.#names && this.#names.size < MOST_NAMES)
      this.#names.set(sql, (name = `m${this.#generation}_${this.#names.size}`));
    return name === undefined ? query : { ...query, name };
  }

  /** Whether a kept plan was not to be used: the schema changed, or what would have made it failed. Plans are then made anew. */
  #hasLostPlan(error: unknown): boolean {
    if (!LOST_PLAN.has((error as { code?: string }).code ?? '')) return false;
    this.#names?.clear();
    this.#generation++;
    return true;
  }

  /** Sends by the shared connection that has least to do, so that a slow unit holds up as few others as can be; a broken one is opened anew. */
  async #onShared(send: (client: pg.Client) => Promise<pg.QueryResult>[]): Promise<PromiseSettledResult<pg.QueryResult>[]> {
    if (this.#closed) throw new DatabaseUnavailable('The database is closed.');
    const place = this.#busy.indexOf(Math.min(...this.#busy));
    this.#busy[place]!++;
    try {
      const client = await (this.#shared[place] ??= this.#open(place));
      return await Promise.allSettled(send(client));
    } catch (error) {
      throw databaseError(error);
    } finally {
      this.#busy[place]!--;
    }
  }

  #open(place: number): Promise<pg.Client> {
    const client = new pg.Client(this.#config);
    const opened = client.connect().then(() => client);
    // A connection tells of its end more than once, and by then another may have its place.
    const forget = () => {
      if (this.#shared[place] === opened) this.#shared[place] = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    opened.catch(forget);
    return opened;
  }
}

/** Sends what is queued until the turn ends as one piece: the driver by itself writes each statement, and the database wakes for each. */
function gather(client: pg.Client) {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

const resultOf = (outcome: PromiseSettledResult<pg.QueryResult>) => (outcome as PromiseFulfilledResult<pg.QueryResult>).value;

/** A failed transaction answers `commit` with a rollback and no error. */
function assertCommitted(outcome: PromiseSettledResult<pg.QueryResult>) {
  if (resultOf(outcome).command !== 'COMMIT') throw new DatabaseUnavailable('The transaction was not committed.');
}

const toAnswer = ({ rows, rowCount }: pg.QueryResult): Answer => ({ rows, count: rowCount ?? 0 });

/** Whether an error came from the driver rather than from the work that used it. */
const isOurs = (error: unknown) =>
  error instanceof pg.DatabaseError ||
  (error instanceof Error && /^(?:Connection terminated|Client (?:has|was)|Query read timeout)/.test(error.message)) ||
  (error as NodeJS.ErrnoException | undefined)?.syscall !== undefined;

import {
  Kysely,
  PostgresAdapter,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
} from 'kysely';
import type { Run } from './db.ts';
import type { Schema } from './schema.ts';

export type Query = Kysely<Schema>;

/** The query builder over one way of running statements: a transaction's, or units of one statement each. */
export const queryOver = (run: Run): Query => new Kysely<Schema>({ dialect: new RunDialect(run) });

class RunDialect implements Dialect {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  createAdapter = () => new PostgresAdapter();
  createQueryCompiler = () => new PostgresQueryCompiler();
  createDriver = (): Driver => new RunDriver(this.#run);
  createIntrospector = (): DatabaseIntrospector => {
    throw new Error('The schema is known; it is not read from the database.');
  };
}

/** Transactions are begun and ended by `Db`, so there is nothing here to begin or end. */
class RunDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(run: Run) {
    this.#connection = {
      executeQuery: async ({ sql, parameters }: CompiledQuery) => {
        const { rows, count } = await run({ sql, parameters });
        return { rows, numAffectedRows: BigInt(count) };
      },
      streamQuery: refuse,
    };
  }

  init = async () => {};
  acquireConnection = async () => this.#connection;
  beginTransaction = async () => refuse();
  commitTransaction = async () => refuse();
  rollbackTransaction = async () => refuse();
  releaseConnection = async () => {};
  destroy = async () => {};
}

function refuse(): never {
  throw new Error('Transactions begin and end in Db alone.');
}

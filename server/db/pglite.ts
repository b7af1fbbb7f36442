import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  begin,
  DatabaseError,
  DatabaseUnavailable,
  toWire,
  type Answer,
  type Db,
  type Leave,
  type Run,
  type Scope,
  type Statement,
  type UnitOptions,
} from './db.ts';
import type { FromWorker, PgliteOptions, Task, ToWorker } from './pglite-messages.ts';

/** Beside this file, whether it runs as it was written or as it was built. */
const WORKER = import.meta.url.endsWith('.ts') ? './pglite-worker.ts' : './pglite-worker.js';

/**
 * The embedded database, in a thread of its own so that a long query holds up nothing else. It has one connection:
 * units and transactions take turns on it, in the order they came.
 */
export class PgliteDb implements Db {
  readonly engine = 'pglite';
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (value: any) => void; reject: (error: Error) => void }>();
  #line: Promise<unknown> = Promise.resolve();
  #number = 0;
  #gone: Error | undefined;

  private constructor(options: PgliteOptions) {
    this.#worker = new Worker(new URL(WORKER, import.meta.url), { workerData: options });
    this.#worker.on('message', (message: FromWorker) => this.#settle(message));
    this.#worker.on('error', (error) => this.#lose(error));
    this.#worker.on('exit', () => this.#lose(new Error('The embedded database has stopped.')));
  }

  /** Opens the database; resolves when it answers. */
  static async open(options: PgliteOptions = {}): Promise<PgliteDb> {
    const db = new PgliteDb(options);
    try {
      await db.#ask({ kind: 'open' });
    } catch (error) {
      await db.#worker.terminate();
      throw error;
    }
    return db;
  }

  async unit(scope: Scope, statements: readonly Statement[], options?: UnitOptions): Promise<Answer[]> {
    const opening = begin(scope, options);
    const wired = statements.map(wire);
    return this.#inLine(() => this.#ask({ kind: 'unit', opening, statements: wired }));
  }

  async transaction<T>(scope: Scope, work: (run: Run, leave: Leave) => Promise<T>): Promise<T> {
    const opening = begin(scope);
    return this.#inLine(async () => {
      await this.#ask({ kind: 'script', sql: opening });
      let over = false;
      const run: Run = async (statement) => {
        if (over) throw new Error('A statement came after the end of its transaction.');
        return this.#ask<Answer>({ kind: 'statement', statement: wire(statement) });
      };
      try {
        const left: Statement[] = [];
        const result = await work(run, (statement) => void left.push(wire(statement)));
        over = true;
        for (const statement of left) await this.#ask({ kind: 'statement', statement });
        await this.#ask({ kind: 'commit' });
        return result;
      } catch (error) {
        over = true;
        await this.#ask({ kind: 'script', sql: 'rollback' });
        throw error;
      }
    });
  }

  /** Runs a script as the database's owner, outside any tenant: for migrations only. */
  script(sql: string): Promise<void> {
    return this.#inLine(() => this.#ask({ kind: 'script', sql }));
  }

  /** Reads as the database's owner: for migrations only. */
  read(statement: Statement): Promise<Answer> {
    return this.#inLine(() => this.#ask({ kind: 'statement', statement: wire(statement) }));
  }

  /** The data directory, packed: what `snapshot` takes. */
  pack(): Promise<Uint8Array> {
    return this.#inLine(() => this.#ask({ kind: 'pack' }));
  }

  async close() {
    if (this.#gone) return;
    const exit = once(this.#worker, 'exit');
    await this.#inLine(() => this.#ask({ kind: 'close' }));
    await exit;
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#line.then(work, work);
    this.#line = turn.catch(() => {});
    return turn;
  }

  #ask<T>(task: Task): Promise<T> {
    if (this.#gone) return Promise.reject(new DatabaseUnavailable(this.#gone.message));
    return new Promise<T>((resolve, reject) => {
      const number = ++this.#number;
      this.#waiting.set(number, { resolve, reject });
      this.#worker.postMessage({ number, task } satisfies ToWorker);
    });
  }

  #settle({ number, result, error }: FromWorker) {
    const { resolve, reject } = this.#waiting.get(number)!;
    this.#waiting.delete(number);
    if (error) reject(error.code ? new DatabaseError(error as { message: string; code: string }) : new Error(error.message));
    else resolve(result);
  }

  #lose(error: Error) {
    this.#gone ??= error;
    for (const { reject } of this.#waiting.values()) reject(new DatabaseUnavailable(error.message));
    this.#waiting.clear();
  }
}

const wire = ({ sql, parameters }: Statement): Statement => ({ sql, parameters: parameters.map(toWire) });

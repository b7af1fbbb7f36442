import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DatabaseError, DatabaseUnavailable } from './db.ts';
import type { FromWorker, PgliteOptions, Task, ToWorker } from './pglite-messages.ts';
import { PgliteUnits } from './pglite-units.ts';

/** Beside this file, whether it runs as it was written or as it was built. */
const WORKER = import.meta.url.endsWith('.ts') ? './pglite-worker.ts' : './pglite-worker.js';

/** The embedded database, in a thread of its own so that a long query holds up nothing else. */
export class PgliteDb extends PgliteUnits {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (value: any) => void; reject: (error: Error) => void }>();
  #number = 0;
  #gone: Error | undefined;

  private constructor(options: PgliteOptions) {
    super();
    this.#worker = new Worker(new URL(WORKER, import.meta.url), { workerData: options });
    this.#worker.on('message', (message: FromWorker) => this.#settle(message));
    this.#worker.on('error', (error) => this.#lose(error));
    this.#worker.on('exit', () => this.#lose(new Error('The embedded database has stopped.')));
  }

  /** Opens the database; resolves when it answers. */
  static async open(options: PgliteOptions = {}): Promise<PgliteDb> {
    const db = new PgliteDb(options);
    try {
      await db.ask({ kind: 'open' });
    } catch (error) {
      await db.#worker.terminate();
      throw error;
    }
    return db;
  }

  override async close() {
    if (this.#gone) return;
    const exit = once(this.#worker, 'exit');
    await super.close();
    await exit;
  }

  protected override ask<T>(task: Task): Promise<T> {
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

import { databaseError } from '../../server/db/db.ts';
import { openEngine } from '../../server/db/pglite-engine.ts';
import type { Task } from '../../server/db/pglite-messages.ts';
import { PgliteUnits } from '../../server/db/pglite-units.ts';

/** The embedded database in a browser, in memory: it ends with the worker that it runs in. */
export class BrowserDb extends PgliteUnits {
  readonly #carryOut = openEngine({});

  protected override async ask<T>(task: Task): Promise<T> {
    try {
      return (await this.#carryOut(task)) as T;
    } catch (error) {
      throw databaseError(error);
    }
  }
}

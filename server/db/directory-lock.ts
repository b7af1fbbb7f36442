import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../settings.ts';

/**
 * Holds a data directory for this process alone. The embedded database has no lock of its own, and two processes on one
 * directory lose each other's rows; an exclusive SQLite transaction is one that the system frees whatever kills us.
 */
export class DirectoryLock {
  readonly #file: DatabaseSync;

  constructor(directory: string) {
    this.#file = new DatabaseSync(join(directory, 'lock'));
    try {
      this.#file.exec('pragma journal_mode = memory; begin exclusive');
    } catch {
      this.#file.close();
      throw new StartError(`Another process is using the data directory ${directory}: stop it, or set DATA_DIR to another directory.`);
    }
  }

  release() {
    this.#file.close();
  }
}

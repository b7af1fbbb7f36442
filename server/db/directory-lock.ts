import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../settings.ts';

/** SQLite's code for what another connection holds. */
const BUSY = 5;

/**
 * Holds a data directory for this process alone. The embedded database has no lock of its own, and two processes on one
 * directory lose each other's rows; an exclusive SQLite transaction is one that the system frees whatever kills us.
 */
export class DirectoryLock {
  readonly #file: DatabaseSync;

  constructor(directory: string) {
    const path = join(directory, 'lock');
    let file: DatabaseSync | undefined;
    try {
      file = new DatabaseSync(path);
      file.exec('pragma journal_mode = memory; begin exclusive');
    } catch (error) {
      file?.close();
      if ((error as { errcode?: number }).errcode !== BUSY) {
        throw new StartError(
          `The lock ${path} can't be taken (${(error as Error).message}): stop whatever uses the directory and remove it, or set DATA_DIR to another directory.`,
        );
      }
      throw new StartError(
        `Another process is using the data directory ${directory}: stop it, or set DATA_DIR to another directory.`,
      );
    }
    this.#file = file;
  }

  release() {
    this.#file.close();
  }
}

import type { Statement } from './db.ts';

/** What the embedded database's thread and its owner say to each other. */

export interface PgliteOptions {
  /** Where the data lives; left out, it lives in memory. */
  directory?: string;
  /** A packed data directory to begin from instead of making one. */
  snapshot?: Uint8Array;
}

export type Task =
  | { kind: 'open' }
  | { kind: 'unit'; opening: string; statements: Statement[] }
  | { kind: 'statement'; statement: Statement }
  | { kind: 'script'; sql: string }
  | { kind: 'commit' }
  | { kind: 'pack' }
  | { kind: 'close' };

export interface ToWorker {
  number: number;
  task: Task;
}

export interface FromWorker {
  number: number;
  result?: unknown;
  error?: { message: string; code?: string; constraint?: string };
}

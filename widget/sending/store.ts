import type { Queued } from '../parts.ts';

/** A place where submissions wait; each of its calls rejects where the place can't be used. */
export interface Store {
  /** Whether what it holds outlives the tab. */
  readonly isKept: boolean;
  put(entry: Queued): Promise<unknown>;
  /** Writes what has changed of an entry, unless it is gone: nothing comes between the look and the writing. */
  update(entry: Queued): Promise<unknown>;
  remove(key: string): Promise<unknown>;
  all(): Promise<Queued[]>;
}

import { COUNT_ITEM, mayWait } from '../launcher/left-count.ts';
import type { Store } from './store.ts';
import { storeInIndexedDb } from './store-indexed-db.ts';
import { storeInItems } from './store-items.ts';

/** What sending takes from the world around it. */
export interface SendingParts {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Milliseconds since 1970. */
  now(): number;
  random(): number;
  /** Runs work later; what it answers calls that off. */
  after(milliseconds: number, work: () => void): () => void;
  /** Runs work once the page has nothing better to do. */
  atLeisure(work: () => void): void;
  isOnline(): boolean;
  /** Calls whenever it may be worth trying again: the network or the visitor came back. */
  onReturn(hear: () => void, signal: AbortSignal): void;
  /** Where submissions wait, the best place first. */
  stores: readonly Store[];
  /** Tells the next visit how many submissions wait. */
  leaveCount(count: number): void;
  /** Whether something waits, by the count that was left. */
  mayWait(): boolean;
  /** None on plain http. */
  readonly locks: LockManager | undefined;
  crypto: Pick<Crypto, 'getRandomValues'> & { subtle?: SubtleCrypto };
  /** Where tabs tell each other what became of submissions. */
  openChannel(): BroadcastChannel;
}

/** The last resort, which never fails. */
export function storeInMemory() {
  const items = {};
  return storeInItems(false, () => items);
}

/** What the browser has of it. */
export const ofThisBrowser = (): SendingParts => ({
  fetch: (url, init) => fetch(url, init),
  now: Date.now,
  random: Math.random,
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
  atLeisure: (work) => (window.requestIdleCallback ?? setTimeout)(work),
  isOnline: () => navigator.onLine,
  onReturn(hear, signal) {
    addEventListener('online', hear, { signal });
    addEventListener('visibilitychange', hear, { signal });
  },
  stores: [storeInIndexedDb(), storeInItems(true, () => localStorage), storeInMemory()],
  leaveCount(count) {
    try {
      if (count) localStorage[COUNT_ITEM] = count;
      else delete localStorage[COUNT_ITEM];
    } catch {
      // Full or blocked: then the next visit looks when it shows a form.
    }
  },
  mayWait,
  // The first look at them takes milliseconds, so it waits until they are needed.
  get locks() {
    return navigator.locks;
  },
  crypto,
  openChannel: () => new BroadcastChannel('millrace'),
});

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
  /** Tells whoever loads the widget at the next visit how many submissions wait. */
  leaveCount(count: number): void;
  /** None on plain http. */
  locks: LockManager | undefined;
  crypto: Pick<Crypto, 'getRandomValues'> & { subtle?: SubtleCrypto };
  /** Where tabs tell each other what became of submissions. */
  openChannel(): BroadcastChannel;
}

/** The item of the local storage that says how many submissions wait. */
export const COUNT_ITEM = 'millrace.queue';

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
      // Full or blocked: then the next visit sends when it shows a form.
    }
  },
  locks: navigator.locks,
  crypto,
  openChannel: () => new BroadcastChannel('millrace'),
});

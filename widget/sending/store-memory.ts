import type { Queued } from '../parts.ts';
import type { Store } from './store.ts';

/** Holds submissions until the tab is closed: the last resort, which never fails. */
export function storeInMemory(): Store {
  const entries = new Map<string, Queued>();
  return {
    isKept: false,
    put: async (entry) => entries.set(entry.key, entry),
    remove: async (key) => entries.delete(key),
    all: async () => [...entries.values()],
  };
}

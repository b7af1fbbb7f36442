import type { Queued } from '../parts.ts';
import type { Store } from './store.ts';

const PREFIX = 'millrace.queue.';

/** Keeps submissions in the page's local storage, each under a name of its own, so that tabs don't write over one another. */
export function storeInLocalStorage(storage: () => Storage): Store {
  return {
    isKept: true,
    put: async (entry) => storage().setItem(PREFIX + entry.key, JSON.stringify(entry)),
    remove: async (key) => storage().removeItem(PREFIX + key),
    all: async () => Object.entries({ ...storage() }).flatMap(([name, text]) => (name.startsWith(PREFIX) ? read(text) : [])),
  };
}

function read(text: string): Queued[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

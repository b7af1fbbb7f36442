import type { Queued } from '../parts.ts';
import type { Store } from './store.ts';

const PREFIX = 'millrace.queue.';

/**
 * Keeps submissions as items of a page's storage, each under a name of its own, so that tabs don't write over one another. A
 * plain object holds them until the tab is closed, and never fails.
 */
export function storeInItems(isKept: boolean, items: () => Record<string, string>): Store {
  const put: Store['put'] = async (entry) => (items()[PREFIX + entry.key] = JSON.stringify(entry));
  return {
    isKept,
    put,
    update: async (entry) => items()[PREFIX + entry.key] && put(entry),
    remove: async (key) => delete items()[PREFIX + key],
    all: async () => Object.entries({ ...items() }).flatMap(([name, text]) => (name.startsWith(PREFIX) ? read(text) : [])),
  };
}

function read(text: string): Queued[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

import type { Store } from './store.ts';

const STORE = 'queue';

/** Keeps submissions in IndexedDB; the database is made when the first one is stored, not by looking. */
export function storeInIndexedDb(name = 'millrace'): Store {
  const within = <T>(work: (store: IDBObjectStore) => IDBRequest<T>, creates = false) =>
    new Promise<T>((resolve, reject) => {
      // No version, so that this code also opens what a later one has made.
      const opening = indexedDB.open(name);
      const on = (target: EventTarget, event: string, hear: () => void) => target.addEventListener(event, hear);
      on(opening, 'error', reject);
      on(opening, 'upgradeneeded', () => {
        if (creates) opening.result.createObjectStore(STORE, { keyPath: 'key' });
        else opening.transaction!.abort();
      });
      on(opening, 'success', () => {
        const transaction = opening.result.transaction(STORE, 'readwrite', { durability: 'strict' });
        const request = work(transaction.objectStore(STORE));
        on(transaction, 'abort', reject);
        on(transaction, 'complete', () => resolve(request.result));
        // It ends when the transaction has.
        opening.result.close();
      });
    });

  return {
    isKept: true,
    put: (entry) => within((store) => store.put(entry), true),
    remove: (key) => within((store) => store.delete(key)),
    all: () => within((store) => store.getAll()),
  };
}

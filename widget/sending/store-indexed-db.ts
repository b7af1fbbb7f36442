import type { Queued } from '../parts.ts';
import type { Store } from './store.ts';

const STORE = 'queue';

/** Keeps submissions in IndexedDB; the database is made when the first one is stored, not by looking. */
export function storeInIndexedDb(name = 'millrace'): Store {
  const within = <T>(work: (store: IDBObjectStore) => IDBRequest<T>, creates = false) =>
    new Promise<T>((resolve, reject) => {
      // No version, so that this code also opens what a later one has made.
      const opening = Object.assign(indexedDB.open(name), {
        onerror: reject,
        onupgradeneeded() {
          if (creates) opening.result.createObjectStore(STORE, { keyPath: 'key' });
          else opening.transaction!.abort();
        },
        onsuccess() {
          const transaction = opening.result.transaction(STORE, 'readwrite', { durability: 'strict' });
          const request = work(transaction.objectStore(STORE));
          Object.assign(transaction, { onabort: reject, oncomplete: () => resolve(request.result) });
          // It ends when the transaction has.
          opening.result.close();
        },
      });
    });

  return {
    isKept: true,
    put: (entry) => within((store) => store.put(entry), true),
    update: (entry) => within((store) => change(store.openCursor(entry.key), entry)),
    remove: (key) => within((store) => store.delete(key)),
    all: () => within((store) => store.getAll()),
  };
}

const change = (finding: IDBRequest<IDBCursorWithValue | null>, entry: Queued) =>
  Object.assign(finding, { onsuccess: () => finding.result?.update(entry) });

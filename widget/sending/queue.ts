import type { Queued } from '../parts.ts';
import type { SendingParts } from './sending-parts.ts';
import type { Store } from './store.ts';

/** A store that has said nothing by then is taken for broken. */
const PATIENCE = 1_500;

/** The submissions that wait, wherever they lie. */
export function queueIn({ stores, after, leaveCount }: Pick<SendingParts, 'stores' | 'after' | 'leaveCount'>) {
  let places = new Map<string, Store>();

  const isKept = (key: string) => !!places.get(key)?.isKept;

  /** What a store answers, or what stands for it where the store fails. */
  const asked = <T>(work: Promise<T>, otherwise: T) =>
    new Promise<T>((resolve) => {
      const fail = () => resolve(otherwise);
      const stop = after(PATIENCE, fail);
      work.then(resolve, fail).finally(stop);
    });

  const put = (store: Store, entry: Queued) =>
    asked(
      store.put(entry).then(() => true),
      false,
    );

  /** All that lies there, the oldest first. */
  async function all() {
    const contents = await Promise.all(stores.map((store) => asked(store.all(), [])));
    places = new Map(contents.flatMap((entries, index) => entries.map(({ key }) => [key, stores[index]!])));
    const entries = contents.flat().sort((one, other) => one.at - other.at);
    leaveCount(entries.filter(({ key }) => isKept(key)).length);
    return entries;
  }

  return {
    all,
    /** Whether an entry outlives the tab. */
    isKept,

    /** Keeps an entry in the first store that takes it. */
    async add(entry: Queued) {
      for (const store of stores) if (await put(store, entry)) break;
      await all();
    },

    /** Writes what has changed of an entry, unless it was dropped meanwhile. */
    async update(entry: Queued) {
      await all();
      const place = places.get(entry.key);
      if (place) await put(place, entry);
    },

    async remove(key: string) {
      await Promise.all(stores.map((store) => asked<unknown>(store.remove(key), 0)));
      await all();
    },
  };
}

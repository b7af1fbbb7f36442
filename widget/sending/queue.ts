import type { Queued } from '../parts.ts';
import type { SendingParts } from './sending-parts.ts';
import type { Store } from './store.ts';

/** A store that has said nothing by then is taken for broken. */
const PATIENCE = 1_500;

/** The submissions that wait, wherever they lie. */
export function queueIn({ stores, after, leaveCount }: Pick<SendingParts, 'stores' | 'after' | 'leaveCount'>) {
  let kept = new Set<string>();

  /** What a store answers, or what stands for it where the store fails. */
  const asked = <T>(work: Promise<T>, otherwise: T) =>
    new Promise<T>((resolve) => {
      const fail = () => resolve(otherwise);
      after(PATIENCE, fail);
      work.then(resolve, fail);
    });

  /** All that lies there, the oldest first. */
  async function all() {
    const contents = await Promise.all(stores.map((store) => asked(store.all(), [])));
    kept = new Set(contents.flatMap((entries, index) => entries.flatMap(({ key }) => (stores[index]!.isKept ? key : []))));
    leaveCount(kept.size);
    return contents.flat().sort((one, other) => one.at - other.at);
  }

  const everywhere = async (work: (store: Store) => Promise<unknown>) => {
    await Promise.all(stores.map((store) => asked(work(store), 0)));
    await all();
  };

  return {
    all,
    /** Whether an entry outlives the tab. */
    isKept: (key: string) => kept.has(key),

    /** Keeps an entry in the first store that takes it. */
    async add(entry: Queued) {
      // A tab that ends in between leaves a count too.
      leaveCount(kept.size + 1);
      for (const store of stores) {
        const put = store.put(entry).then(() => true);
        if (await asked(put, false)) break;
      }
      await all();
    },

    /** Writes what has changed of an entry, unless it was dropped meanwhile. */
    update: (entry: Queued) => everywhere((store) => store.update(entry)),
    remove: (key: string) => everywhere((store) => store.remove(key)),
  };
}

const MOST_AT_ONCE = 500;

/** Reads by key, where the keys that are asked for in one turn are read together, at most 500 at once. */
export function inBatches<Found>(read: (keys: string[]) => Promise<ReadonlyMap<string, Found>>) {
  let batch: { keys: Set<string>; found: Promise<ReadonlyMap<string, Found>> } | undefined;

  return async (key: string): Promise<Found | undefined> => {
    if (!batch || batch.keys.size >= MOST_AT_ONCE) {
      const keys = new Set<string>();
      const found = turnEnd().then(() => {
        if (batch?.keys === keys) batch = undefined;
        return read([...keys]);
      });
      batch = { keys, found };
    }
    batch.keys.add(key);
    return (await batch.found).get(key);
  };
}

/** After everything that others have made ready to run in this turn. */
export const turnEnd = () => new Promise<void>((resolve) => setTimeout(resolve));

/** The keys that this tab is at work for. */
export const busy = new Set<string>();

/**
 * Does work for a key unless this or another tab is doing some for it. Without Web Locks, as on plain http, only this tab is
 * known: then the server's key is what keeps a submission one.
 */
export async function alone(locks: LockManager | undefined, key: string, work: () => Promise<void>): Promise<void> {
  if (busy.has(key)) return;
  busy.add(key);
  let isAnswered = false;
  const begin = (lock: Lock | null) => {
    isAnswered = true;
    return lock && work();
  };
  try {
    await locks?.request(`millrace-${key}`, { ifAvailable: true }, begin).catch((failure) => {
      // A sandboxed frame has locks and may not use them; a failure of the work itself is the work's.
      if (isAnswered) throw failure;
    });
    if (!isAnswered) await work();
  } finally {
    busy.delete(key);
  }
}

const busy = new Set<string>();

/**
 * Does work for a key unless this or another tab is doing some for it. Without Web Locks, as on plain http, only this tab is
 * known: then the server's key is what keeps a submission one.
 */
export async function alone(locks: LockManager | undefined, key: string, work: () => Promise<void>): Promise<void> {
  if (busy.has(key)) return;
  busy.add(key);
  try {
    const isRefused = {};
    // A sandboxed frame has locks and may not use them.
    const asked = locks?.request(`millrace-${key}`, { ifAvailable: true }, (lock) => lock && work()).catch(() => isRefused);
    if (!locks || (await asked) === isRefused) await work();
  } finally {
    busy.delete(key);
  }
}

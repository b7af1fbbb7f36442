import { constants } from 'node:os';

let heard = false;

/** From now on a signal to stop ends the process by `exit`, so that its `exit` listeners can take away what they started. */
export function exitOnSignals() {
  if (heard) return;
  heard = true;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

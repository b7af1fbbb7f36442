import { StartError } from './settings.ts';
import type { RunningServer } from './start.ts';

/** Runs a server until it is told to stop, and ends the process with what came of it. A failed start is one sentence. */
export async function untilStopped(start: () => Promise<RunningServer>): Promise<void> {
  let server: RunningServer | undefined;
  let isStopping = false;
  const stop = () => {
    // A start may be cut short anywhere: the next one finds nothing, or what is whole.
    if (!server) process.exit(0);
    if (isStopping) return;
    isStopping = true;
    void server.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    server = await start();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

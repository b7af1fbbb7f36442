import { parentPort, workerData } from 'node:worker_threads';
import { openEngine } from './pglite-engine.ts';
import type { FromWorker, PgliteOptions, ToWorker } from './pglite-messages.ts';

const carryOut = openEngine(workerData as PgliteOptions);

parentPort!.on('message', async ({ number, task }: ToWorker) => {
  const answer: FromWorker = { number };
  try {
    answer.result = await carryOut(task);
  } catch (error) {
    const { message, code, constraint } = error as { message: string; code?: string; constraint?: string };
    answer.error = { message, ...(code && { code }), ...(constraint && { constraint }) };
  }
  parentPort!.postMessage(answer);
  if (task.kind === 'close') parentPort!.close();
});

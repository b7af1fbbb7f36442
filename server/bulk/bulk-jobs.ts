import type { JobWorker } from '../jobs/job-worker.ts';
import type { BulkPieces } from './bulk-pieces.ts';

/** Carries changes of many leads on, and their undoing: two at a time in each process. */
export function workBulk(worker: JobWorker, pieces: BulkPieces) {
  worker.inTransaction('bulk-leads', async (unit, { payload }) =>
    (await pieces.goOn(unit, payload.bulk_id)) ? { remains: payload } : undefined,
  );
}

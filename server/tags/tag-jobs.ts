import type { JobWorker } from '../jobs/job-worker.ts';
import type { TagService } from './tag-service.ts';

/** Goes on with the records that a change of tags did not reach itself. */
export function workTags(worker: JobWorker, tags: TagService) {
  worker.inTransaction('replace-tags', async (unit, { payload }) =>
    (await tags.replaceSome(unit, payload)) ? { remains: payload } : undefined,
  );
}

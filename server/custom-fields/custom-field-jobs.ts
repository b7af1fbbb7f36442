import type { JobWorker } from '../jobs/job-worker.ts';
import type { FieldValues } from './field-values.ts';

/** Goes on with the records that a change of their fields did not reach itself. */
export function workCustomFields(worker: JobWorker, values: FieldValues) {
  worker.inTransaction('remove-custom-values', async (unit, { payload }) =>
    (await values.goOnRemoving(unit, payload.field_id)) ? { remains: payload } : undefined,
  );
  worker.inTransaction('search-custom-values', async (unit, { payload: { field_id, after } }) => {
    const last = await values.goOnSearching(unit, field_id, after);
    return last === undefined ? undefined : { remains: { field_id, after: last } };
  });
}

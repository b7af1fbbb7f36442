import type { JobWorker } from '../jobs/job-worker.ts';
import type { CompanyService } from './company-service.ts';

/** Brings a company's new name to those of its contacts that the change itself did not reach. */
export function workCompanies(worker: JobWorker, companies: CompanyService) {
  worker.inTransaction('copy-company-name', async (unit, { payload: { company_id, after } }) => {
    const last = await companies.copyName(unit, company_id, after);
    return last === undefined ? undefined : { remains: { company_id, after: last } };
  });
}

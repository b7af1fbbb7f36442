import { formSubmissionRoutes, submissionRoutes as routes } from '../../src/contract/submission.ts';
import type { Api } from '../http/api.ts';
import type { SubmissionService } from './submission-service.ts';

/** Serves what members see of submissions and do with them. */
export function serveSubmissions(api: Api, submissions: SubmissionService) {
  api.serve(formSubmissionRoutes.submissions, ({ tenant, params, query }) => submissions.list(tenant, params.id, query));
  api.serve(routes.get, ({ tenant, params }) => submissions.get(tenant, params.id));
  api.serve(routes.release, ({ tenant, params, expected }) => submissions.release(tenant, params.id, expected));
  api.serve(routes.reject, ({ tenant, params, expected }) => submissions.reject(tenant, params.id, expected));
}

import { mergeRoutes as routes } from '../../src/contract/merge.ts';
import type { Api } from '../http/api.ts';
import type { ContactMergeService } from './contact-merge-service.ts';
import type { ContactMergeUndo } from './contact-merge-undo.ts';
import { namingSurvivor } from './contact-redirects.ts';

export function serveContactMerges(api: Api, merges: ContactMergeService, undo: ContactMergeUndo) {
  api.serve(routes.merge, ({ tenant, params: { id }, body, expected }) =>
    namingSurvivor(tenant, id, () => merges.merge(tenant, id, body, expected)),
  );
  api.serve(routes.list, ({ tenant, params, query }) => merges.list(tenant, params.id, query));
  api.serve(routes.undo, ({ tenant, params: { id, merge_id }, expected }) =>
    namingSurvivor(tenant, id, () => undo.undo(tenant, id, merge_id, expected)),
  );
}

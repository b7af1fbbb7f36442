import { tagRoutes as routes } from '../../src/contract/tag.ts';
import type { Api } from '../http/api.ts';
import type { TagService } from './tag-service.ts';

export function serveTags(api: Api, tags: TagService) {
  api.serve(routes.list, ({ tenant, query }) => tags.list(tenant, query));
  api.serve(routes.rename, ({ tenant, body }) => tags.rename(tenant, body));
  api.serve(routes.merge, ({ tenant, body }) => tags.merge(tenant, body));
}

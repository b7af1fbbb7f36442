import { embedRoutes as routes } from '../../src/contract/embed.ts';
import type { Api } from '../http/api.ts';
import type { EmbedService } from './embed-service.ts';

export function serveEmbedTokens(api: Api, embedding: EmbedService) {
  api.serve(routes.create, ({ tenant, body }) => embedding.issue(tenant, body));
}

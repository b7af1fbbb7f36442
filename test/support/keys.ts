import { PERMISSIONS, type Permission } from '../../src/contract/permissions.ts';
import type { NewApiKey } from '../../src/contract/api-key.ts';
import type { NewEmbedToken } from '../../src/contract/embed.ts';
import { bearing, json } from './calls.ts';
import type { TestServer, TestWorkspace } from './server.ts';

/** Makes a key of a workspace, by its owner, with its secret; it may do everything unless said. */
export const newKey = (workspace: TestWorkspace, given: Partial<NewApiKey> = {}) =>
  workspace.client.apiKeys.create({
    name: 'Test key',
    ...(given.kind !== 'publishable' && { permissions: [...PERMISSIONS] }),
    ...given,
  });

/** Every permission that an embed token may carry. */
export const EMBEDDABLE: Permission[] = PERMISSIONS.filter((one) => one !== 'workspace:api_keys');

/** Makes an embed token with a key. */
export async function newEmbedToken(server: TestServer, key: string, given: Partial<NewEmbedToken> = {}): Promise<string> {
  const response = await server.fetch('/api/v2/embed-tokens', json('POST', { permissions: EMBEDDABLE, ...given }, bearing(key)));
  const body: any = await response.json();
  if (!response.ok) throw new Error(`No embed token was made: ${body.error}`);
  return body.data.token;
}

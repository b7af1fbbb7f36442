import { createClient, type Client } from '../../src/client/index.ts';
import type { NewEmbedToken } from '../../src/contract/embed.ts';
import type { Permission } from '../../src/contract/permissions.ts';
import { EMBEDDABLE, newEmbedToken, newKey } from './keys.ts';
import { ORIGIN, type TestServer, type TestWorkspace } from './server.ts';

/** A client with the token of a page in a host application; it may do everything of every day unless said. */
export async function embedded(server: TestServer, workspace: TestWorkspace, given: Partial<NewEmbedToken>): Promise<Client> {
  const { key } = await newKey(workspace);
  const permissions = EMBEDDABLE.filter((name) => !name.startsWith('workspace:'));
  return clientWith(server, await newEmbedToken(server, key, { permissions, ...given }));
}

/** A client with a secret key. */
export async function keyed(server: TestServer, workspace: TestWorkspace, permissions: Permission[]): Promise<Client> {
  return clientWith(server, (await newKey(workspace, { permissions })).key);
}

const clientWith = (server: TestServer, token: string) =>
  createClient({ baseUrl: ORIGIN, fetch: server.fetch as typeof fetch, token });

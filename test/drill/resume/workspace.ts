import { AccessTokens } from '../../../server/auth/access-tokens.ts';
import type { Db } from '../../../server/db/db.ts';
import { System } from '../../../server/db/system.ts';
import { newId } from '../../../server/ids.ts';
import type { Role } from '../../../src/contract/permissions.ts';

/** What servers and tokens of a run are signed with. */
export const SECRET = 'a secret for drills that is long enough';

/** A new workspace with members of these roles, the owner first, each signed in; their tokens. */
export async function newWorkspaceIn(db: Db, roles: readonly Role[]): Promise<{ workspaceId: string; tokens: string[] }> {
  const signer = new AccessTokens([SECRET], Date.now);
  const workspaceId = newId();
  const people = roles.map((role) => ({ role, userId: newId(), sessionId: newId() }));
  await new System(db, 'drill').transaction(async (system) => {
    for (const { role, userId } of people)
      await system.createUser({ id: userId, name: role, email: `${userId}@example.test`, passwordHash: 'none' });
    await system.createWorkspace({ id: workspaceId, name: 'Drill' }, people[0]!.userId);
    for (const { userId, role } of people.slice(1)) await system.addMember(workspaceId, userId, role);
    for (const { userId, sessionId } of people) await system.beginSession({ id: sessionId, userId, workspaceId });
  });
  const tokens = await Promise.all(people.map(({ userId, sessionId }) => signer.sign({ userId, sessionId, workspaceId })));
  return { workspaceId, tokens };
}

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Permission, Role } from '../../src/contract/permissions.ts';
import type { OwnerRule } from '../../src/contract/workspace.ts';
import type { Db } from '../../server/db/db.ts';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { newDatabase } from '../support/database.ts';
import { newEmbedToken, newKey } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;

before(async () => {
  server = await newServer();
});

async function ruled(rule: (workspace: TestWorkspace) => OwnerRule): Promise<TestWorkspace> {
  const workspace = await server.newWorkspace();
  await workspace.client.workspace.update({ policies: { owner_rule: rule(workspace) } });
  return workspace;
}

const contact = () => ({ contact: { firstname: 'Ruled', lastname: newId() } });
const create = (workspace: TestWorkspace, role: Role = 'owner', given: object = {}) =>
  workspace[role].client.leads.create({ ...contact(), ...given });
const ownerOf = async (workspace: TestWorkspace, role: Role = 'owner', given: object = {}) =>
  (await create(workspace, role, given)).owner_id;
const owners = async (workspace: TestWorkspace, count: number, given: object = {}) => {
  const found: (string | null)[] = [];
  for (let number = 0; number < count; number++) found.push(await ownerOf(workspace, 'owner', given));
  return found;
};
const leave = async (workspace: TestWorkspace, role: Role) => {
  const member = (await workspace.client.members.list()).data.find((one) => one.role === role)!;
  await workspace.client.members.remove(member.id, { reassign_to: 'nobody' });
};

describe('a lead that is created without an owner', () => {
  test('is owned by nobody where the workspace has no rule, or says so', async () => {
    assert.equal(await ownerOf(await server.newWorkspace()), null);
    assert.equal(await ownerOf(await ruled(() => ({ kind: 'nobody' }))), null);
    const taken = await ruled(() => ({ kind: 'creator' }));
    await taken.client.workspace.update({ policies: { owner_rule: null } });
    assert.equal(await ownerOf(taken), null);
  });

  test('is its creator’s: a person’s, also by a token for them; a key has none', async () => {
    const workspace = await ruled(() => ({ kind: 'creator' }));
    assert.equal(await ownerOf(workspace, 'member'), workspace.member.userId);
    const { key } = await newKey(workspace);
    const by = async (token: string) => {
      const response = await server.fetch('/api/v2/leads', json('POST', contact(), bearing(token)));
      return ((await response.json()) as any).data.owner_id;
    };
    assert.equal(await by(key), null);
    const manager = (await workspace.client.members.list()).data.find(({ role }) => role === 'manager')!;
    assert.equal(await by(await newEmbedToken(server, key, { member_id: manager.id })), workspace.manager.userId);
    const scoped = {
      owner_scope: workspace.admin.userId,
      permissions: ['crm:leads:create', 'crm:contacts:create'] satisfies Permission[],
    };
    // Whoever sees one owner's leads only makes leads of that owner.
    assert.equal(await by(await newEmbedToken(server, key, scoped)), workspace.admin.userId);
  });

  test('is a certain member’s, until they have left', async () => {
    const workspace = await ruled(({ admin }) => ({ kind: 'fixed', user_id: admin.userId }));
    assert.equal(await ownerOf(workspace), workspace.admin.userId);
    await leave(workspace, 'admin');
    assert.equal(await ownerOf(workspace), null);
  });

  test('is each listed member’s in turn, in the order of the list', async () => {
    const workspace = await ruled(({ member, owner, manager }) => ({
      kind: 'round_robin',
      user_ids: [member.userId, owner.userId, manager.userId],
    }));
    const [first, second, third] = [workspace.member.userId, workspace.owner.userId, workspace.manager.userId];
    assert.deepEqual(await owners(workspace, 4), [first, second, third, first]);
    await leave(workspace, 'manager');
    assert.deepEqual(await owners(workspace, 3), [second, first, second]);
  });

  test('is in turn everybody’s whose role may own leads, where no one is listed', async () => {
    const workspace = await ruled(() => ({ kind: 'round_robin' }));
    await workspace.client.members.invite({ email: 'invited@example.test', role: 'member' });
    const all = (['owner', 'admin', 'manager', 'member'] as const).map((role) => workspace[role].userId);
    const found = await owners(workspace, 8);
    assert.deepEqual(new Set(found.slice(0, 4)), new Set(all));
    assert.deepEqual(found.slice(4), found.slice(0, 4));
  });

  test('is nobody’s where all who are listed have left', async () => {
    const workspace = await ruled(({ member }) => ({ kind: 'round_robin', user_ids: [member.userId] }));
    await leave(workspace, 'member');
    assert.deepEqual(await owners(workspace, 2), [null, null]);
  });

  test('may be sent back as it is answered when somebody in it has left, and takes nobody else who is none', async () => {
    const workspace = await ruled(({ member, manager }) => ({ kind: 'round_robin', user_ids: [member.userId, manager.userId] }));
    await leave(workspace, 'member');
    await leave(workspace, 'admin');
    const { policies } = await workspace.client.workspace.get();
    assert.deepEqual((await workspace.client.workspace.update({ policies })).policies, policies);
    const user_ids = [workspace.manager.userId, workspace.admin.userId];
    await assert.rejects(workspace.client.workspace.update({ policies: { owner_rule: { kind: 'round_robin', user_ids } } }), {
      code: 'VALIDATION_ERROR',
    });
  });

  test('is that member’s who has the fewest in work, and of several alike the one whose turn is longest ago', async () => {
    const workspace = await ruled(({ member, manager, admin }) => ({
      kind: 'least_loaded',
      user_ids: [member.userId, manager.userId, admin.userId],
    }));
    const { member, manager, admin } = workspace;
    const held = [];
    for (let number = 0; number < 3; number++) held.push(await create(workspace, 'owner', { owner_id: member.userId }));
    await create(workspace, 'owner', { owner_id: manager.userId });
    // What is closed, archived or deleted is no work.
    await create(workspace, 'owner', { owner_id: admin.userId, status: 'lost' });
    await create(workspace, 'owner', { owner_id: admin.userId, is_archived: true });
    assert.deepEqual(await owners(workspace, 4), [admin.userId, manager.userId, admin.userId, manager.userId]);
    for (const { id } of held) await workspace.client.leads.remove(id);
    assert.deepEqual(await owners(workspace, 1), [member.userId]);
  });

  test('is given to two by two that come at once', async () => {
    const workspace = await ruled(({ member, manager }) => ({ kind: 'round_robin', user_ids: [member.userId, manager.userId] }));
    const found = await Promise.all(Array.from({ length: 10 }, () => ownerOf(workspace)));
    assert.equal(found.filter((one) => one === workspace.member.userId).length, 5);
    assert.equal(found.filter((one) => one === workspace.manager.userId).length, 5);
  });

  test('takes no turn where it names an owner, or is refused', async () => {
    const workspace = await ruled(({ member, manager }) => ({ kind: 'round_robin', user_ids: [member.userId, manager.userId] }));
    assert.equal(await ownerOf(workspace), workspace.member.userId);
    assert.equal(await ownerOf(workspace, 'owner', { owner_id: workspace.admin.userId }), workspace.admin.userId);
    assert.equal(await ownerOf(workspace, 'owner', { owner_id: null }), null);
    await assert.rejects(workspace.client.leads.create({ contact_id: newId() }), { code: 'VALIDATION_ERROR' });
    assert.equal(await ownerOf(workspace), workspace.manager.userId);
  });

  test('goes to others though its creator may give leads to themselves only', async () => {
    const workspace = await ruled(({ manager }) => ({ kind: 'fixed', user_id: manager.userId }));
    assert.equal(await ownerOf(workspace, 'member'), workspace.manager.userId);
    await assert.rejects(create(workspace, 'member', { owner_id: workspace.manager.userId }), { code: 'FORBIDDEN' });
  });

  test('is told as one that was given an owner', async () => {
    const workspace = await ruled(({ manager }) => ({ kind: 'fixed', user_id: manager.userId }));
    const eventsOf = async (given: object) => {
      const lead = await create(workspace, 'owner', given);
      const rows = await server.database.asOwner(
        `select name, seen_by from events where workspace_id = $1 and (record_id = $2 or record_id = $3) order by seq`,
        [workspace.id, lead.id, lead.contact_id],
      );
      return rows;
    };
    assert.deepEqual(await eventsOf({}), await eventsOf({ owner_id: workspace.manager.userId }));
  });
});

test('a rule costs one round trip at most, and none where there is no rule', async () => {
  const database = await newDatabase();
  after(() => database.close());
  let statements = 0;
  const { db } = database;
  const counting: Db = {
    engine: db.engine,
    unit: (...given) => db.unit(...given),
    transaction: (scope, work) =>
      db.transaction(scope, (run, leave) =>
        work((statement) => {
          statements += 1;
          return run(statement);
        }, leave),
      ),
    close: () => db.close(),
  };
  const counted = await newServer({ database: { ...database, db: counting } });
  const workspace = await counted.newWorkspace();
  const { id: contact_id } = await workspace.client.contacts.create({ email: 'one@example.test' });
  const costOf = async (rule: OwnerRule | null, given: object = {}) => {
    await workspace.client.workspace.update({ policies: { owner_rule: rule } });
    statements = 0;
    const { owner_id } = await workspace.client.leads.create({ contact_id, ...given });
    return { owner_id, statements };
  };
  // The first of its contact tells of the contact's first score as well.
  await costOf(null);
  const plain = await costOf(null);
  const given = await costOf(null, { owner_id: workspace.member.userId });
  assert.equal((await costOf({ kind: 'nobody' })).statements, plain.statements);
  assert.equal((await costOf({ kind: 'creator' })).statements, given.statements);
  for (const rule of [
    { kind: 'fixed', user_id: workspace.member.userId },
    { kind: 'round_robin' },
    { kind: 'least_loaded' },
  ] satisfies OwnerRule[]) {
    const cost = await costOf(rule);
    assert.notEqual(cost.owner_id, null);
    assert.equal(cost.statements, given.statements + 1, rule.kind);
  }
});

describe('the policies of a workspace', () => {
  test('are changed in parts, and each is taken back by null or its opposite', async () => {
    const { client, member } = await server.newWorkspace();
    const change = async (policies: object) => (await client.workspace.update({ policies })).policies;
    const rule = { kind: 'fixed', user_id: member.userId } as const;
    const hours = { mon: [{ from: '09:00', to: '17:00' }] };
    assert.deepEqual(await change({ owner_rule: rule }), { owner_rule: rule });
    assert.deepEqual(await change({ working_hours: hours }), { owner_rule: rule, working_hours: hours });
    assert.deepEqual(await change({ forbid_overlaps: true, require_if_match: false }), {
      owner_rule: rule,
      working_hours: hours,
      forbid_overlaps: true,
      require_if_match: false,
    });
    assert.deepEqual(await change({ owner_rule: null, working_hours: null, forbid_overlaps: false }), {
      owner_rule: null,
      working_hours: null,
      forbid_overlaps: false,
      require_if_match: false,
    });
    assert.deepEqual((await client.workspace.get()).policies, await change({}));
  });

  test('name members only, by the place of each who is none', async () => {
    const workspace = await server.newWorkspace();
    const theirs = await server.newWorkspace();
    const details = async (owner_rule: object) => {
      let found: string[] = [];
      await assert.rejects(
        workspace.client.workspace.update({ policies: { owner_rule: owner_rule as OwnerRule } }),
        (error: any) => {
          assert.equal(error.code, 'VALIDATION_ERROR');
          found = Object.keys(error.details);
          return true;
        },
      );
      return found;
    };
    assert.deepEqual(await details({ kind: 'fixed', user_id: theirs.member.userId }), ['policies.owner_rule.user_id']);
    assert.deepEqual(await details({ kind: 'round_robin', user_ids: [newId(), workspace.member.userId, theirs.owner.userId] }), [
      'policies.owner_rule.user_ids.0',
      'policies.owner_rule.user_ids.2',
    ]);
    assert.deepEqual(await details({ kind: 'least_loaded', user_ids: [] }), ['policies.owner_rule.user_ids']);
    assert.deepEqual(await details({ kind: 'fixed' }), ['policies.owner_rule.user_id']);
    assert.deepEqual(await details({ kind: 'fixed', user_id: workspace.member.userId, user_ids: [] }), [
      'policies.owner_rule.user_ids',
    ]);
    assert.deepEqual(await details({ kind: 'by_weather' }), ['policies.owner_rule.kind']);
    assert.deepEqual(await details({}), ['policies.owner_rule.kind']);
    assert.deepEqual((await workspace.client.workspace.get()).policies, {});
  });
});

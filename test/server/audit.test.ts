import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { hashOf } from '../../server/secret-tokens.ts';
import { bearing, json } from '../support/calls.ts';
import { newServer, PASSWORD, quickPasswords, type TestServer, type TestWorkspace } from '../support/server.ts';

describe('the audit log', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  /** What was recorded of a record, the first first. */
  const entriesOf = async (record_id: string) =>
    (await ours.client.audit.list({ record_id, sort_order: 'asc', page_size: 100 })).data;
  const actionsOf = async (record_id: string) => (await entriesOf(record_id)).map(({ action }) => action);

  test('says of every change who made it, to what, and what it was before and after', async () => {
    const made = await ours.member.client.contacts.create({ firstname: 'Ada', email: 'ada@example.test', tags: ['a'] });
    await ours.manager.client.contacts.update(made.id, { firstname: null, tags: ['a', 'b'], notes: 'Called' });
    await ours.client.contacts.remove(made.id);
    await ours.client.contacts.restore(made.id);

    const [created, updated, deleted, restored] = await entriesOf(made.id);
    const about = { workspace_id: ours.id, resource: 'contact', record_id: made.id };
    assert.partialDeepStrictEqual(created, {
      ...about,
      action: 'contact.created',
      actor_id: ours.member.userId,
      actor_name: 'Test member',
      before: null,
      after: { firstname: 'Ada', email: 'ada@example.test', tags: ['a'] },
    });
    assert.partialDeepStrictEqual(updated, {
      ...about,
      action: 'contact.updated',
      actor_id: ours.manager.userId,
      actor_name: 'Test manager',
    });
    assert.deepEqual(updated!.before, { firstname: 'Ada', name: 'Ada', tags: ['a'], notes: null });
    assert.deepEqual(updated!.after, { firstname: null, name: null, tags: ['a', 'b'], notes: 'Called' });
    assert.partialDeepStrictEqual(deleted, {
      ...about,
      action: 'contact.deleted',
      actor_id: ours.owner.userId,
      before: { deleted_at: null },
    });
    assert.equal(typeof deleted!.after!['deleted_at'], 'string');
    assert.partialDeepStrictEqual(restored, { ...about, action: 'contact.restored', after: { deleted_at: null } });
  });

  test('names the request that made the change', async () => {
    const response = await server.fetch(
      '/api/v2/contacts',
      json('POST', { firstname: 'Traced' }, { ...bearing(ours.owner.token), 'X-Request-Id': 'my-request-0815' }),
    );
    assert.equal(response.headers.get('X-Request-Id'), 'my-request-0815');
    const { data } = (await response.json()) as any;
    assert.deepEqual(
      (await entriesOf(data.id)).map(({ request_id }) => request_id),
      ['my-request-0815'],
    );
  });

  test('holds nothing of what changed nothing, was refused or was only read', async () => {
    const { id } = await ours.client.contacts.create({ firstname: 'Quiet' });
    await ours.client.contacts.update(id, { firstname: 'Quiet' });
    await ours.client.contacts.get(id);
    await assert.rejects(ours.client.contacts.update(id, { firstname: 'Loud' }, { ifMatch: 9 }), { code: 'VERSION_MISMATCH' });
    await assert.rejects(ours.client.contacts.update(id, { firstname: null }), { code: 'VALIDATION_ERROR' });
    await assert.rejects(ours.viewer.client.contacts.update(id, { firstname: 'Loud' }), { code: 'FORBIDDEN' });
    assert.deepEqual(await actionsOf(id), ['contact.created']);
  });

  test('follows assignments at their contact', async () => {
    const { id } = await ours.client.contacts.create({ firstname: 'Assigned' });
    await ours.client.contacts.assign(id, { user_id: ours.member.userId });
    await ours.client.contacts.unassign(id, ours.member.userId);
    const [, assigned, unassigned] = await entriesOf(id);
    assert.partialDeepStrictEqual(assigned, {
      action: 'contact.assigned',
      resource: 'contact',
      before: null,
      after: { user_id: ours.member.userId },
    });
    assert.partialDeepStrictEqual(unassigned, {
      action: 'contact.unassigned',
      resource: 'contact',
      before: { user_id: ours.member.userId },
      after: null,
    });
  });

  test('follows companies, with those that a contact made by naming them', async () => {
    const { company_id } = await ours.client.contacts.create({ firstname: 'A', company: 'Made on the way' });
    await ours.client.companies.update(company_id!, { name: 'Renamed', employees: 3 });
    await ours.client.companies.remove(company_id!);
    await ours.client.companies.restore(company_id!);
    assert.deepEqual(await actionsOf(company_id!), ['company.created', 'company.updated', 'company.deleted', 'company.restored']);
    const [created, updated] = await entriesOf(company_id!);
    assert.partialDeepStrictEqual(created, { actor_id: ours.owner.userId, after: { name: 'Made on the way' } });
    assert.deepEqual(
      [updated!.before, updated!.after],
      [
        { name: 'Made on the way', employees: null },
        { name: 'Renamed', employees: 3 },
      ],
    );
  });

  test('follows members from their invitation to their removal', async () => {
    const email = `${randomUUID()}@example.test`;
    const { id } = await ours.admin.client.members.invite({ email, role: 'viewer' });
    await server.app.worker.runDue();
    const token = /invitation\/(\S+)/.exec(server.mails.at(-1)!.text)![1]!;
    const { user } = await server.visitor.members.acceptInvitation(token, { name: 'Ines', password: PASSWORD });
    const working_hours = { mon: [{ from: '09:00', to: '12:00' }] };
    await ours.client.members.update(id, { role: 'member', working_hours });
    await ours.client.members.remove(id);

    const [invited, accepted, changed, removed] = await entriesOf(id);
    assert.partialDeepStrictEqual(invited, {
      action: 'member.created',
      actor_id: ours.admin.userId,
      before: null,
      after: { email, role: 'viewer', status: 'invited' },
    });
    assert.partialDeepStrictEqual(accepted, {
      action: 'member.updated',
      actor_id: user.id,
      before: { status: 'invited', user_id: null },
      after: { status: 'active', user_id: user.id },
    });
    assert.deepEqual(
      [changed!.before, changed!.after],
      [
        { role: 'viewer', working_hours: null },
        { role: 'member', working_hours },
      ],
    );
    assert.partialDeepStrictEqual(removed, {
      action: 'member.deleted',
      actor_id: ours.owner.userId,
      before: { user_id: user.id, role: 'member' },
      after: null,
    });
  });

  test('follows the workspace, its handing over and what a removal hands over', async () => {
    const at = await server.newWorkspace();
    await at.client.workspace.update({ name: 'New name', theme: { radius: 'large' } });
    const contact = await at.client.contacts.create({ firstname: 'A' });
    await at.client.contacts.assign(contact.id, { user_id: at.member.userId });
    const member = (await at.client.members.list({ search: at.member.email })).data[0]!;
    await at.client.members.remove(member.id, { reassign_to: at.admin.userId });
    await at.client.workspace.transfer({ user_id: at.admin.userId });

    const { data } = await at.owner.client.audit.list({ page_size: 100, sort_order: 'asc', actor_id: at.owner.userId });
    assert.deepEqual(data.map(({ action }) => action).sort(), [
      'contact.assigned',
      'contact.assigned',
      'contact.created',
      'contact.unassigned',
      'member.deleted',
      'member.updated',
      'member.updated',
      'workspace.updated',
    ]);
    const renamed = data.find(({ action }) => action === 'workspace.updated')!;
    assert.deepEqual(
      [renamed.before, renamed.after],
      [
        { name: at.name, theme: {} },
        { name: 'New name', theme: { radius: 'large' } },
      ],
    );
    const roles = data
      .filter(({ action }) => action === 'member.updated')
      .map(({ before, after }) => `${before!['role']} to ${after!['role']}`);
    assert.deepEqual(roles.sort(), ['admin to owner', 'owner to admin']);
  });

  test('keeps who created and who deleted a workspace', async () => {
    const open = await newServer({ database: server.database, signUp: 'open' });
    const email = `${randomUUID()}@example.test`;
    const { workspace, user, access_token } = await open.visitor.auth.signUp({
      name: 'Founder',
      email,
      password: PASSWORD,
      workspace: 'Founded',
    });
    const gone = await open.fetch('/api/v2/workspace?name=Founded', { method: 'DELETE', headers: bearing(access_token) });
    assert.equal(gone.status, 204);
    const rows = await server.database.asOwner(
      'select action, actor_id from audit_log where workspace_id = $1 order by at, action',
      [workspace.id],
    );
    assert.deepEqual(rows.map(({ action, actor_id }) => [action, actor_id]).sort(), [
      ['member.created', user.id],
      ['workspace.created', user.id],
      ['workspace.deleted', user.id],
    ]);
  });

  test('holds no secret, and no hash of one', async () => {
    const email = `${randomUUID()}@example.test`;
    await ours.client.members.invite({ email, role: 'viewer' });
    await server.app.worker.runDue();
    const token = /invitation\/(\S+)/.exec(server.mails.at(-1)!.text)![1]!;
    const { client } = ours.viewer;
    const session = await server.visitor.members.acceptInvitation(token, { name: 'Ines', password: 'a secret of Ines' });
    await client.auth.changePassword({ current_password: PASSWORD, new_password: 'a secret of viewers' });
    const everything = JSON.stringify(await server.database.asOwner('select * from audit_log'));
    assert.ok(everything.includes(email), 'the change itself is there');
    const secrets = [token, session.access_token, session.refresh_token!, 'a secret of Ines', 'a secret of viewers'];
    for (const secret of secrets) {
      for (const kept of [secret, await hashOf(secret), await quickPasswords.hash(secret)])
        assert.ok(!everything.includes(kept), kept);
    }
    assert.doesNotMatch(everything, /password|invitation_hash|search_text|_key"/);
  });

  test('can be changed by nobody: neither the API nor the role of its requests has a way', async () => {
    const rights = await server.database.asOwner(`
      select grantee, privilege_type from information_schema.role_table_grants where table_name = 'audit_log' and grantee like 'millrace\\_%'
      union select grantee, privilege_type from information_schema.column_privileges where table_name = 'audit_log' and grantee like 'millrace\\_%'`);
    const rightsOf = (role: string) => rights.filter(({ grantee }) => grantee === role).map((right) => right.privilege_type);
    assert.deepEqual(rightsOf('millrace_app').toSorted(), ['INSERT', 'SELECT']);
    assert.deepEqual(rightsOf('millrace_search'), []);
    for (const method of ['POST', 'DELETE', 'PATCH']) {
      assert.equal((await server.fetch('/api/v2/audit-log', { method, headers: bearing(ours.owner.token) })).status, 405);
    }
  });

  test('is read by owner and admins alone, each of their own workspace', async () => {
    const theirs = await server.newWorkspace();
    const { id } = await theirs.client.contacts.create({ firstname: 'Theirs' });
    assert.deepEqual(await entriesOf(id), []);
    for (const { workspace_id } of (await ours.admin.client.audit.list({ page_size: 100 })).data)
      assert.equal(workspace_id, ours.id);
    for (const role of ['manager', 'member', 'viewer'] as const)
      await assert.rejects(ours[role].client.audit.list(), { code: 'FORBIDDEN' }, role);
  });

  test('is filtered by resource, record, actor, action and time, the latest first', async () => {
    const at = await server.newWorkspace();
    const contact = await at.member.client.contacts.create({ firstname: 'A' });
    const company = await at.client.companies.create({ name: 'B' });
    await at.manager.client.contacts.update(contact.id, { firstname: 'C' });
    const found = async (query: object) =>
      (await at.client.audit.list(query)).data.map(({ action, record_id }) => `${action} ${record_id}`);
    const [made, founded, changed] = [
      `contact.created ${contact.id}`,
      `company.created ${company.id}`,
      `contact.updated ${contact.id}`,
    ];

    assert.deepEqual((await found({})).slice(0, 3), [changed, founded, made]);
    assert.deepEqual(await found({ resource: 'contact' }), [changed, made]);
    assert.deepEqual(await found({ record_id: company.id }), [founded]);
    assert.deepEqual(await found({ actor_id: at.member.userId }), [made]);
    assert.deepEqual(await found({ action: 'contact.updated' }), [changed]);
    assert.deepEqual(await found({ resource: 'contact', actor_id: at.manager.userId, action: 'contact.created' }), []);

    const { at: time } = (await at.client.audit.list({ action: 'company.created' })).data[0]!;
    assert.ok((await found({ from: time })).includes(founded), 'bounds are inclusive');
    assert.ok((await found({ to: time })).includes(founded));
    assert.deepEqual(await found({ from: '2999-01-01' }), []);
    assert.deepEqual(await found({ to: '2000-01-01' }), []);
    for (const wrong of [{ record_id: 'x' }, { actor_id: 'me' }, { resource: "'; drop" }, { from: 'yesterday' }]) {
      await assert.rejects(at.client.audit.list(wrong), { code: 'VALIDATION_ERROR' }, JSON.stringify(wrong));
    }
  });
});

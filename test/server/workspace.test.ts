import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, test } from 'node:test';
import { bearing } from '../support/calls.ts';
import { newServer, PASSWORD, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
});
beforeEach(async () => {
  ours = await server.newWorkspace();
});

describe('a workspace', () => {
  test('is read by every member', async () => {
    const read = await ours.viewer.client.workspace.get();
    assert.partialDeepStrictEqual(read, {
      id: ours.id,
      workspace_id: ours.id,
      name: ours.name,
      country: 'DE',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
      locale: 'en',
      theme: {},
      allowed_origins: [],
      policies: {},
      version: 1,
    });
  });

  test('takes the settings that are sent and leaves the others', async () => {
    const given = {
      name: 'Müller & Söhne',
      country: 'AT',
      currency: 'CHF',
      timezone: 'Europe/Vienna',
      locale: 'de-AT',
      allowed_origins: ['https://www.example.test', 'http://localhost:3000'],
    };
    const changed = await ours.admin.client.workspace.update(given);
    assert.partialDeepStrictEqual(changed, { ...given, version: 2, updated_by: ours.admin.userId });
    assert.deepEqual(await ours.client.workspace.get(), changed);
    assert.partialDeepStrictEqual(await ours.client.workspace.update({ country: 'ch' }), { ...given, country: 'CH', version: 3 });
    assert.equal((await ours.client.workspace.update({ country: 'CH' })).version, 3, 'the same again is no change');
  });

  test('changes of its theme and policies the parts that are sent', async () => {
    await ours.client.workspace.update({ theme: { brand_color: '#3366ff', radius: 'large' } });
    const { theme } = await ours.client.workspace.update({ theme: { radius: 'none', color_scheme: 'dark' } });
    assert.deepEqual(theme, { brand_color: '#3366ff', radius: 'none', color_scheme: 'dark' });
    assert.deepEqual((await ours.client.workspace.update({ theme: { brand_color: null } })).theme, {
      brand_color: null,
      radius: 'none',
      color_scheme: 'dark',
    });
    assert.deepEqual((await ours.client.workspace.update({ policies: { require_if_match: false } })).policies, {
      require_if_match: false,
    });
  });

  test('refuses settings that mean nothing, by name', async () => {
    const wrong = {
      name: ' ',
      country: 'Germany',
      currency: 'XYZ1',
      timezone: 'Berlin',
      locale: 'x',
      allowed_origins: ['https://example.test/path'],
      theme: { brand_color: 'red' },
      policies: { require_if_match: 'yes' },
      plan: 'enterprise',
    };
    await assert.rejects(ours.client.workspace.update(wrong as any), (error: any) => {
      assert.equal(error.code, 'VALIDATION_ERROR');
      assert.deepEqual(Object.keys(error.details).sort(), [
        'allowed_origins.0',
        'country',
        'currency',
        'locale',
        'name',
        'plan',
        'policies.require_if_match',
        'theme.brand_color',
        'timezone',
      ]);
      return true;
    });
    for (const origin of [
      '*',
      'null',
      'https://*.example.test',
      'javascript:alert(1)',
      'https://example.test/',
      'https://EXAMPLE.test',
      'https://a@example.test',
      'ftp://example.test',
    ]) {
      await assert.rejects(ours.client.workspace.update({ allowed_origins: [origin] }), { code: 'VALIDATION_ERROR' }, origin);
    }
    assert.equal((await ours.client.workspace.get()).version, 1);
  });

  test('is changed by owner and admins alone', async () => {
    for (const role of ['manager', 'member', 'viewer'] as const) {
      await assert.rejects(ours[role].client.workspace.update({ name: 'Mine' }), {
        code: 'FORBIDDEN',
        message: `This needs the permission workspace:settings, which the role ${role} does not have.`,
      });
    }
  });

  test('is never another one than the credential says', async () => {
    const theirs = await server.newWorkspace();
    await assert.rejects(ours.client.workspace.update({ id: theirs.id, name: 'Taken over' } as any), {
      code: 'VALIDATION_ERROR',
    });
    await ours.client.workspace.update({ name: 'Renamed' });
    assert.equal((await theirs.client.workspace.get()).name, theirs.name);
  });

  test("'s new name shows where people sign in and are invited", async () => {
    await ours.client.workspace.update({ name: 'Renamed Ltd' });
    assert.equal((await ours.member.client.auth.me()).workspace.name, 'Renamed Ltd');
    assert.equal(
      (await server.visitor.auth.signIn({ email: ours.member.email, password: PASSWORD })).workspace.name,
      'Renamed Ltd',
    );
    await ours.client.members.invite({ email: `${randomUUID()}@example.test`, role: 'viewer' });
    await server.app.worker.runDue();
    assert.equal(server.mails.at(-1)!.subject, 'Your invitation to Renamed Ltd');
  });
});

describe('handing the workspace over', () => {
  test('makes the other member owner and the owner an admin, at once', async () => {
    await ours.client.workspace.transfer({ user_id: ours.viewer.userId });
    assert.equal((await ours.viewer.client.auth.me()).role, 'owner');
    assert.equal((await ours.owner.client.auth.me()).role, 'admin');
    const owners = (await ours.client.members.list({ role: ['owner'] })).data;
    assert.deepEqual(
      owners.map(({ user_id }) => user_id),
      [ours.viewer.userId],
    );
    await assert.rejects(ours.owner.client.workspace.transfer({ user_id: ours.owner.userId }), { code: 'FORBIDDEN' });
  });

  test('is up to the owner alone', async () => {
    for (const role of ['admin', 'manager', 'member', 'viewer'] as const) {
      await assert.rejects(ours[role].client.workspace.transfer({ user_id: ours[role].userId }), { code: 'FORBIDDEN' }, role);
    }
    assert.equal((await ours.client.auth.me()).role, 'owner');
  });

  test('to nobody who is no member is refused', async () => {
    const email = `${randomUUID()}@example.test`;
    const invited = await ours.client.members.invite({ email, role: 'admin' });
    for (const user_id of [randomUUID(), (await server.newWorkspace()).owner.userId, invited.id]) {
      await assert.rejects(ours.client.workspace.transfer({ user_id }), {
        code: 'VALIDATION_ERROR',
        details: { user_id: 'User id names a record that does not exist.' },
      });
    }
    assert.equal((await ours.client.auth.me()).role, 'owner');
  });

  test('to oneself changes nothing', async () => {
    await ours.client.workspace.transfer({ user_id: ours.owner.userId });
    assert.partialDeepStrictEqual((await ours.client.members.list({ role: ['owner'] })).data, [
      { user_id: ours.owner.userId, version: 1 },
    ]);
  });

  test('to two at the same moment leaves one owner', async () => {
    const outcomes = await Promise.allSettled(
      (['admin', 'member', 'viewer'] as const).map((role) => ours.client.workspace.transfer({ user_id: ours[role].userId })),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of outcomes) if (one.status === 'rejected') assert.equal(one.reason.code, 'FORBIDDEN');
    const rows = await server.database.asOwner(`select from members where workspace_id = $1 and role = 'owner'`, [ours.id]);
    assert.equal(rows.length, 1);
  });
});

describe('deleting the workspace', () => {
  const me = (token: string, on = server) => on.fetch('/api/v2/auth/me', { headers: bearing(token) });

  test('takes its name as proof', async () => {
    await assert.rejects(ours.client.workspace.remove(), { code: 'VALIDATION_ERROR', details: { name: 'Name is required.' } });
    await assert.rejects(ours.client.workspace.remove({ name: 'Another' }), { code: 'CONFLICT' });
    assert.equal((await ours.client.workspace.get()).name, ours.name);
  });

  test('is up to the owner alone', async () => {
    for (const role of ['admin', 'manager', 'member', 'viewer'] as const) {
      await assert.rejects(ours[role].client.workspace.remove({ name: ours.name }), { code: 'FORBIDDEN' }, role);
    }
  });

  test('is refused from another version than the present', async () => {
    const workspace = await server.newWorkspace();
    const remove = (ifMatch: number) => workspace.client.workspace.remove({ name: workspace.name }, { ifMatch });
    await assert.rejects(remove(99), { code: 'VERSION_MISMATCH' });
    await remove(1);
  });

  test('signs everyone out at once, in another process within five seconds, and lets nobody in again', async () => {
    const elsewhere = await newServer({ database: server.database });
    const session = await server.visitor.auth.signIn({ email: ours.member.email, password: PASSWORD });
    const people = [ours.owner, ours.admin, ours.manager, ours.member, ours.viewer];
    for (const { token } of people) for (const on of [server, elsewhere]) assert.equal((await me(token, on)).status, 200);

    await ours.client.workspace.remove({ name: ours.name });
    for (const { token } of people) assert.equal((await me(token)).status, 401);
    elsewhere.later(5_000);
    for (const { token } of people) assert.equal((await me(token, elsewhere)).status, 401);
    await assert.rejects(server.visitor.auth.refresh({ refresh_token: session.refresh_token! }), { code: 'UNAUTHORIZED' });
    await assert.rejects(server.visitor.auth.signIn({ email: ours.member.email, password: PASSWORD }), { code: 'FORBIDDEN' });
  });

  test('leaves other workspaces and the people in them as they are', async () => {
    const theirs = await server.newWorkspace();
    const contact = await theirs.client.contacts.create({ firstname: 'Kept' });
    await ours.client.members.invite({ email: theirs.member.email, role: 'viewer' });
    await server.app.worker.runDue();
    await server.visitor.members.acceptInvitation(/invitation\/(\S+)/.exec(server.mails.at(-1)!.text)![1]!, {
      password: PASSWORD,
    });

    await ours.client.workspace.remove({ name: ours.name });
    assert.equal((await theirs.client.contacts.get(contact.id)).firstname, 'Kept');
    assert.deepEqual(
      (await theirs.member.client.auth.me()).workspaces.map(({ id }) => id),
      [theirs.id],
    );
    await assert.rejects(theirs.member.client.auth.switchWorkspace({ workspace_id: ours.id }), { code: 'NOT_FOUND' });
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, test } from 'node:test';
import { hashOf, invitationToken } from '../../server/secret-tokens.ts';
import { ROLES, type Role } from '../../src/contract/permissions.ts';
import { bearing, json } from '../support/calls.ts';
import { newServer, PASSWORD, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
});
beforeEach(async () => {
  ours = await server.newWorkspace();
});

const newAddress = () => `${randomUUID()}@example.test`;
/** The token in the last mail to an address, once what is to be mailed was. */
async function tokenFor(email: string): Promise<string> {
  await server.app.worker.runDue();
  return /#\/invitation\/([\w-]+)/.exec(server.mails.findLast(({ to }) => to === email)!.text)![1]!;
}
const memberOf = async (email: string) => (await ours.client.members.list({ search: email })).data[0];
const idOf = async (role: Role) => (await memberOf(ours[role].email))!.id;

describe('members', () => {
  test('are listed with names, addresses and roles, and found by them', async () => {
    const { data, pagination } = await ours.viewer.client.members.list({ sort_by: 'role' });
    assert.equal(pagination.total, 5);
    assert.deepEqual(
      data.map(({ role }) => role),
      [...ROLES],
    );
    assert.partialDeepStrictEqual(data[0], {
      user_id: ours.owner.userId,
      name: 'Test owner',
      email: ours.owner.email,
      status: 'active',
      working_hours: null,
      workspace_id: ours.id,
      version: 1,
    });
    const emails = async (query: object) => (await ours.client.members.list(query)).data.map(({ email }) => email);
    assert.deepEqual(await emails({ role: ['admin'] }), [ours.admin.email]);
    assert.deepEqual(await emails({ role: ['admin', 'viewer'], sort_by: 'email', sort_order: 'asc' }), [
      ours.admin.email,
      ours.viewer.email,
    ]);
    assert.deepEqual(await emails({ search: 'TEST MANAG' }), [ours.manager.email]);
    assert.deepEqual(await emails({ search: ours.viewer.email.toUpperCase() }), [ours.viewer.email]);
    assert.deepEqual(await emails({ status: ['invited'] }), []);
  });

  test('have their rights looked at when their call has wholly arrived, not when it began', async () => {
    const accomplice = newAddress();
    let finish = () => {};
    const body = new ReadableStream({
      start(controller) {
        const text = new TextEncoder().encode(JSON.stringify({ email: accomplice, role: 'admin' }));
        controller.enqueue(text.slice(0, 1));
        finish = () => {
          controller.enqueue(text.slice(1));
          controller.close();
        };
      },
    });
    const headers = { ...bearing(ours.admin.token), 'Content-Type': 'application/json' };
    const answering = server.fetch('/api/v2/members', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
    await ours.admin.client.workspace.get();
    await ours.client.members.remove(await idOf('admin'));
    finish();
    assert.equal((await answering).status, 401);
    assert.equal(await memberOf(accomplice), undefined);
  });

  test('keep their owner until the owner hands over, also against whoever owned it a moment ago', async () => {
    await ours.client.workspace.transfer({ user_id: ours.admin.userId });
    const elsewhere = await newServer({ database: server.database });
    const update = (path: string, init: RequestInit) => elsewhere.fetch(path, init);
    const id = await idOf('admin');
    const answer = await update(`/api/v2/members/${id}`, json('PATCH', { role: 'viewer' }, bearing(ours.owner.token)));
    assert.equal(answer.status, 403);
    assert.equal((await memberOf(ours.admin.email))!.role, 'owner');
  });

  test('who come back after they were taken out sign in anew', async () => {
    const { email, client } = ours.member;
    await client.workspace.get();
    await ours.client.members.remove(await idOf('member'));
    await ours.client.members.invite({ email, role: 'admin' });
    await server.visitor.members.acceptInvitation(await tokenFor(email), { password: PASSWORD });
    await assert.rejects(client.workspace.get(), { code: 'UNAUTHORIZED' });
  });

  test('stay inside their workspace', async () => {
    const theirs = await server.newWorkspace();
    const foreign = (await theirs.client.members.list()).data[0]!;
    await assert.rejects(ours.client.members.get(foreign.id), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.members.update(foreign.id, { role: 'viewer' }), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.members.remove(foreign.id), { code: 'NOT_FOUND' });
    assert.equal((await ours.client.members.list({ search: foreign.email })).pagination.total, 0);
  });

  test('are managed by owner and admins alone', async () => {
    const id = await idOf('viewer');
    for (const role of ['manager', 'member', 'viewer'] as const) {
      const { client } = ours[role];
      const refused = {
        code: 'FORBIDDEN',
        message: `This needs the permission workspace:members, which the role ${role} does not have.`,
      };
      await assert.rejects(client.members.invite({ email: newAddress(), role: 'viewer' }), refused);
      await assert.rejects(client.members.update(id, { role: 'member' }), refused);
      await assert.rejects(client.members.remove(id), refused);
    }
    assert.equal((await ours.admin.client.members.update(id, { role: 'member' })).role, 'member');
  });

  test('do not change their own role, nor leave by themselves', async () => {
    for (const role of ['owner', 'admin'] as const) {
      const { client } = ours[role];
      await assert.rejects(client.members.update(await idOf(role), { role: 'manager' }), { code: 'FORBIDDEN' });
      await assert.rejects(client.members.remove(await idOf(role)), { code: 'FORBIDDEN' });
      assert.equal((await client.auth.me()).role, role);
    }
  });

  test("do not change the role of someone above them: the owner's is out of an admin's reach", async () => {
    const owner = await idOf('owner');
    await assert.rejects(ours.admin.client.members.update(owner, { role: 'viewer' }), { code: 'FORBIDDEN' });
    await assert.rejects(ours.admin.client.members.remove(owner), { code: 'FORBIDDEN' });
    assert.equal((await ours.client.auth.me()).role, 'owner');
    assert.equal((await ours.client.members.update(await idOf('admin'), { role: 'viewer' })).role, 'viewer');
  });

  test('do not become owner by a change or an invitation', async () => {
    const id = await idOf('member');
    for (const role of ['owner', 'root', '', null]) {
      await assert.rejects(ours.client.members.update(id, { role } as any), { code: 'VALIDATION_ERROR' }, String(role));
      await assert.rejects(
        ours.client.members.invite({ email: newAddress(), role } as any),
        { code: 'VALIDATION_ERROR' },
        String(role),
      );
    }
    for (const field of ['user_id', 'workspace_id', 'status', 'joined_at', 'version', 'email']) {
      await assert.rejects(ours.client.members.update(id, { [field]: null } as any), { code: 'VALIDATION_ERROR' }, field);
    }
  });

  test('have working hours, which are spans of the day', async () => {
    const id = await idOf('member');
    const working_hours = {
      timezone: 'Europe/Berlin',
      mon: [
        { from: '09:00', to: '12:30' },
        { from: '13:00', to: '24:00' },
      ],
      sun: [],
    };
    const changed = await ours.client.members.update(id, { working_hours });
    assert.deepEqual(changed.working_hours, working_hours);
    assert.equal(changed.version, 2);
    assert.deepEqual(await ours.client.members.update(id, { working_hours }), changed, 'the same again is no change');
    for (const wrong of [
      { mon: [{ from: '12:00', to: '09:00' }] },
      { mon: [{ from: '9:00', to: '12:00' }] },
      { monday: [] },
      { timezone: 'Mars/Base' },
    ]) {
      await assert.rejects(
        ours.client.members.update(id, { working_hours: wrong } as any),
        { code: 'VALIDATION_ERROR' },
        JSON.stringify(wrong),
      );
    }
    assert.equal((await ours.client.members.update(id, { working_hours: null })).working_hours, null);
  });

  test('are changed from the version that If-Match names, or not at all', async () => {
    const id = await idOf('member');
    await ours.client.members.update(id, { role: 'viewer' }, { ifMatch: 1 });
    await assert.rejects(ours.client.members.update(id, { role: 'manager' }, { ifMatch: 1 }), (error: any) => {
      assert.equal(error.code, 'VERSION_MISMATCH');
      assert.partialDeepStrictEqual(error.current, { id, role: 'viewer', version: 2 });
      return true;
    });
    await assert.rejects(ours.client.members.remove(id, {}, { ifMatch: 1 }), { code: 'VERSION_MISMATCH' });
    assert.equal((await ours.client.members.get(id)).role, 'viewer');
  });
});

describe('removing a member', () => {
  const assigned = async (...roles: Role[]) => {
    const { id } = await ours.client.contacts.create({ email: newAddress() });
    for (const role of roles) await ours.client.contacts.assign(id, { user_id: ours[role].userId });
    return id;
  };
  const assigneesOf = async (id: string) => (await ours.client.contacts.get(id)).assignments.map(({ user_id }) => user_id);

  test('without work needs nobody to take over, and leaves the person their account', async () => {
    await ours.client.members.remove(await idOf('viewer'));
    assert.equal(await memberOf(ours.viewer.email), undefined);
    await assert.rejects(server.visitor.auth.signIn({ email: ours.viewer.email, password: PASSWORD }), {
      code: 'FORBIDDEN',
      message: 'You are not a member of any workspace: ask for an invitation.',
    });
  });

  test('with work is refused until it is said who takes over', async () => {
    const contacts = [await assigned('member'), await assigned('member', 'manager')];
    const id = await idOf('member');
    await assert.rejects(ours.client.members.remove(id), {
      code: 'CONFLICT',
      message: /^This member has 2 contacts: /,
    });
    await ours.client.members.remove(id, { reassign_to: ours.manager.userId });
    for (const contact of contacts) assert.deepEqual(await assigneesOf(contact), [ours.manager.userId]);
    assert.equal(await memberOf(ours.member.email), undefined);
  });

  test('may leave the work to nobody', async () => {
    const contact = await assigned('member', 'admin');
    await ours.client.members.remove(await idOf('member'), { reassign_to: 'nobody' });
    assert.deepEqual(await assigneesOf(contact), [ours.admin.userId]);
  });

  test('counts everything that is theirs', async () => {
    const owner_id = ours.member.userId;
    const lead = await ours.client.leads.create({ contact: { email: newAddress() }, owner_id });
    await ours.client.leads.addDeal(lead.id, { owner_id });
    const id = await idOf('member');
    const refused = (message: string) => assert.rejects(ours.client.members.remove(id), { code: 'CONFLICT', message });
    await refused('This member has 1 lead and 1 deal: name who takes over in reassign_to, or say nobody.');
    await assigned('member');
    await assigned('member');
    await refused('This member has 2 contacts, 1 lead, and 1 deal: name who takes over in reassign_to, or say nobody.');
    await ours.client.leads.remove(lead.id);
    await refused('This member has 2 contacts: name who takes over in reassign_to, or say nobody.');
  });

  test('hands their leads, deals and contacts over, and tells of it on every timeline', async () => {
    const [from, to] = [ours.member.userId, ours.manager.userId];
    const contact = await assigned('member');
    const lead = await ours.client.leads.create({ contact_id: contact, owner_id: from });
    const deal = await ours.client.leads.addDeal(lead.id, {});
    await ours.client.members.remove(await idOf('member'), { reassign_to: to });

    const handed = await ours.client.leads.get(lead.id);
    assert.partialDeepStrictEqual(handed, { owner_id: to, version: lead.version + 1, updated_by: ours.owner.userId });
    assert.equal((await ours.client.deals.get(deal.id)).owner_id, to);
    assert.deepEqual(await assigneesOf(contact), [to]);
    const entries = (await ours.client.contacts.activities(contact, { type: ['assignment'] })).data;
    assert.deepEqual(
      entries.filter(({ subject }) => subject === 'Handed over').map(({ lead_id, metadata }) => ({ lead_id, metadata })),
      [
        { lead_id: null, metadata: { event: 'contact.reassigned', from, to } },
        { lead_id: lead.id, metadata: { event: 'lead.assigned', from, to } },
      ],
    );
    const events = await server.database.asOwner(
      `select name, data ->> 'owner_id' as owner, seen_by, left_by from events where record_id = any ($1) and $2 = any (left_by) order by seq`,
      [[lead.id, contact], from],
    );
    assert.deepEqual(events, [
      { name: 'lead.assigned', owner: to, seen_by: [to], left_by: [from] },
      { name: 'contact.updated', owner: null, seen_by: [to], left_by: [from] },
    ]);
    const { data } = await ours.client.audit.list({ record_id: lead.id });
    assert.partialDeepStrictEqual(data[0], { action: 'lead.updated', before: { owner_id: from }, after: { owner_id: to } });
  });

  test('leaves their leads and deals to nobody where that is said, also those that are deleted and come back', async () => {
    const owner_id = ours.member.userId;
    const [lead, deleted] = [
      await ours.client.leads.create({ contact: { email: newAddress() }, owner_id }),
      await ours.client.leads.create({ contact: { email: newAddress() }, owner_id }),
    ];
    const deal = await ours.client.leads.addDeal(deleted.id, {});
    await ours.client.leads.remove(deleted.id);
    await ours.client.members.remove(await idOf('member'), { reassign_to: 'nobody' });
    assert.equal((await ours.client.leads.get(lead.id)).owner_id, null);
    assert.equal((await ours.client.leads.restore(deleted.id)).owner_id, null);
    assert.equal((await ours.client.deals.get(deal.id)).owner_id, null);
  });

  test('gives the work to no stranger and not to the one who goes, and then changes nothing', async () => {
    const contact = await assigned('member');
    const id = await idOf('member');
    const strangers = [ours.member.userId, randomUUID(), (await server.newWorkspace()).member.userId];
    for (const reassign_to of strangers) {
      await assert.rejects(ours.client.members.remove(id, { reassign_to }), {
        code: 'VALIDATION_ERROR',
        details: { reassign_to: 'Reassign to names a record that does not exist.' },
      });
    }
    await assert.rejects(ours.client.members.remove(id, { reassign_to: 'someone' }), { code: 'VALIDATION_ERROR' });
    assert.deepEqual(await assigneesOf(contact), [ours.member.userId]);
    assert.equal((await ours.member.client.auth.me()).role, 'member');
  });

  test('and inviting them again makes them a member again', async () => {
    await ours.client.members.remove(await idOf('member'));
    await ours.client.members.invite({ email: ours.member.email, role: 'viewer' });
    const session = await server.visitor.members.acceptInvitation(await tokenFor(ours.member.email), { password: PASSWORD });
    assert.partialDeepStrictEqual(session, { role: 'viewer', user: { id: ours.member.userId } });
  });
});

describe('an invitation', () => {
  test('is mailed to the address, and shows as a member who has not come yet', async () => {
    const email = newAddress();
    const invited = await ours.client.members.invite({ email, role: 'manager' });
    assert.partialDeepStrictEqual(invited, {
      email,
      role: 'manager',
      status: 'invited',
      user_id: null,
      name: null,
      joined_at: null,
      created_by: ours.owner.userId,
    });
    assert.deepEqual((await ours.client.members.list({ status: ['invited'] })).data, [invited]);

    await server.app.worker.runDue();
    const mails = server.mails.filter(({ to }) => to === email);
    assert.equal(mails.length, 1);
    assert.equal(mails[0]!.subject, `Your invitation to ${ours.name}`);
    assert.match(mails[0]!.text, /^http:\/\/millrace\.test\/#\/invitation\/[\w-]{43}$/m);
    assert.match(mails[0]!.text, /Accept within 7 days/);
  });

  test('is stored by its hash and answered to nobody', async () => {
    const email = newAddress();
    const answer = await server.fetch('/api/v2/members', json('POST', { email, role: 'viewer' }, bearing(ours.owner.token)));
    const token = await tokenFor(email);
    const [stored] = await server.database.asOwner('select * from members where email = $1', [email]);
    assert.equal(stored.invitation_hash, await hashOf(token));
    assert.ok(!JSON.stringify(stored).includes(token));
    const text = await answer.text();
    assert.ok(!text.includes(token) && !text.includes(stored.invitation_hash));
  });

  test('makes a new user with the name and password they choose', async () => {
    const email = newAddress();
    await ours.admin.client.members.invite({ email, role: 'member' });
    const session = await server.visitor.members.acceptInvitation(await tokenFor(email), {
      name: 'Ines Novák',
      password: 'a long password',
    });
    assert.partialDeepStrictEqual(session, {
      role: 'member',
      workspace: { id: ours.id },
      user: { name: 'Ines Novák', email },
      expires_in: 600,
    });
    assert.equal((await server.visitor.auth.signIn({ email, password: 'a long password' })).workspace.id, ours.id);
    assert.partialDeepStrictEqual(await memberOf(email), {
      status: 'active',
      name: 'Ines Novák',
      user_id: session.user.id,
      updated_by: session.user.id,
      version: 2,
    });
  });

  test('needs a name and a password of a new user, and waits for them', async () => {
    const email = newAddress();
    await ours.client.members.invite({ email, role: 'member' });
    const accept = async (given: object) => server.visitor.members.acceptInvitation(await tokenFor(email), given);
    await assert.rejects(accept({ password: 'a long password' }), {
      code: 'VALIDATION_ERROR',
      details: { name: 'Name is required.' },
    });
    await assert.rejects(accept({ name: 'Ines' }), { code: 'VALIDATION_ERROR', details: { password: 'Password is required.' } });
    await assert.rejects(accept({ name: 'Ines', password: 'short' }), { code: 'VALIDATION_ERROR' });
    await assert.rejects(accept({ name: 'Ines', password: 'a long password', role: 'owner' }), { code: 'VALIDATION_ERROR' });
    assert.equal((await accept({ name: 'Ines', password: 'a long password' })).role, 'member');
  });

  test('adds a user who exists to the workspace, by the password they have, and leaves their name', async () => {
    const theirs = await server.newWorkspace();
    const email = theirs.member.email.toUpperCase();
    await ours.client.members.invite({ email, role: 'viewer' });
    const accept = async (given: object) => server.visitor.members.acceptInvitation(await tokenFor(email), given);
    const session = await accept({ name: 'Mallory', password: PASSWORD });
    assert.partialDeepStrictEqual(session, {
      role: 'viewer',
      workspace: { id: ours.id },
      user: { id: theirs.member.userId, name: 'Test member' },
    });
    assert.equal(session.workspaces.length, 2);
    const again = await server.visitor.auth.signIn({ email, password: PASSWORD });
    assert.equal(again.workspace.id, theirs.id, 'the first that they joined');
  });

  test('opens no account that exists to whoever has the link alone', async () => {
    const theirs = await server.newWorkspace();
    await ours.client.members.invite({ email: theirs.member.email, role: 'viewer' });
    const accept = async (given: object) => server.visitor.members.acceptInvitation(await tokenFor(theirs.member.email), given);
    await assert.rejects(accept({}), { code: 'VALIDATION_ERROR', details: { password: 'Password is required.' } });
    await assert.rejects(accept({ name: 'Mallory', password: 'a new password' }), (error: any) => {
      assert.equal(error.code, 'VALIDATION_ERROR');
      assert.deepEqual(Object.keys(error.details), ['password']);
      return true;
    });
    assert.equal((await memberOf(theirs.member.email))!.status, 'invited');
    assert.equal((await server.visitor.auth.signIn({ email: theirs.member.email, password: PASSWORD })).workspaces.length, 1);
  });

  test('may begin a session in a cookie', async () => {
    const email = newAddress();
    await ours.client.members.invite({ email, role: 'viewer' });
    const given = { name: 'Ines', password: 'a long password', session: 'cookie' };
    const response = await server.fetch(`/api/v2/invitations/${await tokenFor(email)}/accept`, json('POST', given));
    assert.ok(!('refresh_token' in ((await response.json()) as any).data));
    assert.match(response.headers.getSetCookie()[0]!, /^millrace_refresh=/);
  });

  test('is over after seven days', async () => {
    const email = newAddress();
    await ours.client.members.invite({ email, role: 'viewer' });
    const token = await tokenFor(email);
    const age = (interval: string) =>
      server.database.asOwner(
        `update members set invitation_expires_at = invitation_expires_at - interval '${interval}' where email = $1`,
        [email],
      );
    await age('6 days 23 hours');
    await assert.rejects(server.visitor.members.acceptInvitation(token, {}), { code: 'VALIDATION_ERROR' });
    await age('1 hour');
    await assert.rejects(server.visitor.members.acceptInvitation(token, { name: 'Ines', password: 'a long password' }), {
      code: 'CONFLICT',
      message: 'This invitation has expired: ask for a new one.',
    });
  });

  test('works once: a repeat is told so, a wrong token is not found', async () => {
    const email = newAddress();
    await ours.client.members.invite({ email, role: 'viewer' });
    const token = await tokenFor(email);
    const given = { name: 'Ines', password: 'a long password' };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => server.visitor.members.acceptInvitation(token, given)),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of outcomes) if (one.status === 'rejected') assert.equal(one.reason.code, 'CONFLICT');
    const used = { code: 'CONFLICT', message: 'This invitation was already used: sign in.' };
    await assert.rejects(server.visitor.members.acceptInvitation(token, given), used);
    await assert.rejects(server.visitor.members.acceptInvitation('made-up', given), { code: 'NOT_FOUND' });
    assert.equal((await server.database.asOwner('select from users where email = $1', [email])).length, 1);
  });

  test('sent again replaces the first, with its role', async () => {
    const email = newAddress();
    const first = await ours.client.members.invite({ email, role: 'viewer' });
    const firstToken = await tokenFor(email);
    const second = await ours.client.members.invite({ email, role: 'manager' });
    assert.equal(second.id, first.id);
    assert.notEqual(await tokenFor(email), firstToken);
    const given = { name: 'Ines', password: 'a long password' };
    await assert.rejects(server.visitor.members.acceptInvitation(firstToken, given), { code: 'NOT_FOUND' });
    assert.equal((await server.visitor.members.acceptInvitation(await tokenFor(email), given)).role, 'manager');
  });

  test('is withdrawn by removing it', async () => {
    const email = newAddress();
    const { id } = await ours.client.members.invite({ email, role: 'viewer' });
    const token = await tokenFor(email);
    await ours.client.members.remove(id);
    await assert.rejects(server.visitor.members.acceptInvitation(token, { name: 'Ines', password: 'a long password' }), {
      code: 'NOT_FOUND',
    });
    assert.equal(await memberOf(email), undefined);
  });

  test('is refused for someone who is a member', async () => {
    const existingId = await idOf('viewer');
    await assert.rejects(ours.client.members.invite({ email: ours.viewer.email.toUpperCase(), role: 'admin' }), {
      code: 'DUPLICATE',
      existingId,
      details: { email: 'Email is already taken.' },
    });
  });

  test('to a deleted workspace is not found, and makes nobody', async () => {
    const email = newAddress();
    await ours.client.members.invite({ email, role: 'viewer' });
    const token = await tokenFor(email);
    await ours.client.workspace.remove({ name: ours.name });
    const accepting = server.visitor.members.acceptInvitation(token, {
      name: 'Ines',
      password: 'a long password',
    });
    await assert.rejects(accepting, { code: 'NOT_FOUND' });
    assert.deepEqual(await server.database.asOwner('select from users where email = $1', [email]), []);
  });

  test('are sent once for a key, however often it is repeated', async () => {
    const given = { email: newAddress(), role: 'viewer' };
    const invite = (body: object) =>
      server.fetch('/api/v2/members', json('POST', body, { ...bearing(ours.owner.token), 'Idempotency-Key': 'invite' }));
    const [first, second] = [await invite(given), await invite(given)];
    assert.equal(await second.text(), await first.text());
    assert.equal(second.headers.get('idempotent-replayed'), 'true');
    assert.equal((await invite({ ...given, role: 'admin' })).status, 422);
    await server.app.worker.runDue();
    assert.equal(server.mails.filter(({ to }) => to === given.email).length, 1);
  });
});

describe('the mail of an invitation', () => {
  const jobs = () =>
    server.database.asOwner(`select * from jobs where kind = 'mail-invitation' and workspace_id = $1`, [ours.id]);

  test('that could not be sent is sent again by the schedule, and the invitation stands meanwhile', async () => {
    let works = false;
    const sent: string[] = [];
    const flaky = await newServer({
      database: server.database,
      mailer: {
        sender: 'crm@example.test',
        send: async ({ to }) => {
          if (!works) throw new Error(`550 no mailbox ${to}`);
          sent.push(to);
        },
      },
    });
    const email = newAddress();
    const invited = await flaky.fetch('/api/v2/members', json('POST', { email, role: 'viewer' }, bearing(ours.owner.token)));
    assert.equal(invited.status, 201);
    await flaky.app.worker.runDue();
    assert.equal((await memberOf(email))!.status, 'invited');
    const [failed] = await jobs();
    assert.partialDeepStrictEqual(failed, { state: 'waiting', attempts: 1, error: 'Error' });
    assert.ok(!JSON.stringify([failed, flaky.logged]).includes(email), 'no address in the log, nor in the job');
    works = true;
    flaky.later(119_000);
    await flaky.app.worker.runDue();
    assert.deepEqual(sent, []);
    flaky.later(2_000);
    await flaky.app.worker.runDue();
    assert.deepEqual(sent, [email]);
  });

  test('is of no use to whoever reads the database: what the job holds does not make the token, and goes with it', async () => {
    const email = newAddress();
    await ours.client.members.invite({ email, role: 'viewer' });
    const [waiting] = await jobs();
    const token = await tokenFor(email);
    assert.ok(!JSON.stringify(waiting).includes(token) && !JSON.stringify(waiting).includes(email));
    assert.notEqual(await invitationToken(waiting.payload.nonce, 'another secret that is long enough'), token);
    const [done] = await jobs();
    assert.partialDeepStrictEqual(done, { state: 'done', payload: {} });
  });

  test('made before the secret was replaced is sent with the former one', async () => {
    const email = newAddress();
    await ours.client.members.invite({ email, role: 'viewer' });
    const mails: string[] = [];
    const next = await newServer({
      database: server.database,
      secrets: ['the secret that came after it, long enough', 'a secret for tests that is long enough'],
      mailer: { sender: 'crm@example.test', send: async ({ to, text }) => void (to === email && mails.push(text)) },
    });
    await next.app.worker.runDue();
    const token = /#\/invitation\/([\w-]+)/.exec(mails[0]!)![1]!;
    const accepted = await server.visitor.members.acceptInvitation(token, { name: 'Ines', password: 'a long password' });
    assert.equal(accepted.user!.email, email);
  });

  test('does not go out for an invitation that was replaced or withdrawn before', async () => {
    const [replaced, withdrawn] = [newAddress(), newAddress()];
    await ours.client.members.invite({ email: replaced, role: 'viewer' });
    await ours.client.members.invite({ email: replaced, role: 'manager' });
    const { id } = await ours.client.members.invite({ email: withdrawn, role: 'viewer' });
    await ours.client.members.remove(id);
    await server.app.worker.runDue();
    assert.deepEqual(
      server.mails.filter(({ to }) => to === replaced || to === withdrawn).map(({ to }) => to),
      [replaced],
    );
    const token = await tokenFor(replaced);
    assert.equal(
      (await server.visitor.members.acceptInvitation(token, { name: 'Ines', password: 'a long password' })).role,
      'manager',
    );
  });
});

import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { LiveEvent } from '../../src/contract/live.ts';
import { newId } from '../../server/ids.ts';
import { json, bearing } from '../support/calls.ts';
import { askToListen, EventStream, type ListenOptions, type Message } from '../support/event-stream.ts';
import { EMBEDDABLE, newEmbedToken, newKey } from '../support/keys.ts';
import { newServer, PASSWORD, type TestMember, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let workspace: TestWorkspace;
let open: EventStream[] = [];

before(async () => {
  server = await newServer();
  workspace = await server.newWorkspace();
});

afterEach(async () => {
  await Promise.all(open.map((stream) => stream.close()));
  open = [];
});

/** Opens a stream of a member; it is live, or about to tell what was missed. */
async function listen({ token }: { token: string }, options?: ListenOptions): Promise<EventStream> {
  const stream = await EventStream.open(server, token, options);
  open.push(stream);
  if (options?.lastEventId === undefined) await stream.sign();
  return stream;
}

/** A token for pages that show the records of one owner. */
const scopedToken = (key: string, owner_scope: string) =>
  newEmbedToken(server, key, { owner_scope, permissions: EMBEDDABLE.filter((name) => !name.startsWith('workspace:')) });

const newContact = (tag = 'live') => workspace.client.contacts.create({ email: `${newId()}@example.test`, tags: [tag] });

describe('the live stream', () => {
  test('tells each change in order, as lists show the record', async () => {
    const stream = await listen(workspace.viewer);
    const contact = await newContact();
    await workspace.client.contacts.update(contact.id, { firstname: 'Ada' });
    await workspace.client.contacts.update(contact.id, { firstname: 'Ada' });
    await workspace.client.contacts.assign(contact.id, { user_id: workspace.viewer.userId });
    await workspace.client.contacts.unassign(contact.id, workspace.viewer.userId);
    const [listed] = (await workspace.client.contacts.list({ search: contact.email! })).data;
    await workspace.client.contacts.remove(contact.id);
    await workspace.client.contacts.restore(contact.id);

    const messages = await stream.take(6);
    assert.deepEqual(
      messages.map(({ event }) => event),
      ['contact.created', ...Array(3).fill('contact.updated'), 'contact.deleted', 'contact.updated'],
    );
    for (const { event, data } of messages) {
      assert.equal(data.event, event);
      assert.ok(LiveEvent.safeParse(data).success);
      assert.equal(data.record_id, contact.id);
      assert.equal(data.actor_id, workspace.owner.userId);
    }
    assert.deepEqual(messages[3]!.data.data, listed);
    assert.deepEqual(messages[4]!.data.data, { id: contact.id });
  });

  test('tells of companies and settings, and of a company that a contact brought along', async () => {
    const stream = await listen(workspace.viewer);
    const company = await workspace.client.companies.create({ name: `Company ${newId()}` });
    await workspace.client.companies.update(company.id, { notes: 'new' });
    await workspace.client.companies.remove(company.id);
    await workspace.client.companies.restore(company.id);
    await workspace.client.contacts.create({ email: `${newId()}@example.test`, company: `Brought ${newId()}` });
    await workspace.client.workspace.update({ currency: 'CHF' });

    const messages = await stream.take(7);
    assert.deepEqual(
      messages.map(({ event }) => event),
      [
        'company.created',
        'company.updated',
        'company.deleted',
        'company.updated',
        'company.created',
        'contact.created',
        'tenant.settings.updated',
      ],
    );
    assert.equal(messages[6]!.data.data.currency, 'CHF');
    assert.equal(messages[0]!.data.data.name, company.name);
  });

  test('tells of the leads that show a contact when it is called otherwise, and not when only its notes change', async () => {
    const contact = await newContact();
    const lead = await workspace.client.leads.create({ contact_id: contact.id });
    const stream = await listen(workspace.viewer);
    await workspace.client.contacts.update(contact.id, { notes: 'Called' });
    await workspace.client.contacts.update(contact.id, { firstname: 'Grace' });

    const messages = await stream.take(3);
    assert.deepEqual(
      messages.map(({ event }) => event),
      ['contact.updated', 'contact.updated', 'lead.updated'],
    );
    assert.deepEqual(messages[2]!.data.data, (await workspace.client.leads.list({ contact_id: contact.id })).data[0]);
    assert.equal(messages[2]!.data.data.contact.name, 'Grace');
    assert.equal(messages[2]!.data.data.version, lead.version);
  });

  test('is told to no proxy and kept by nobody', async () => {
    const { headers } = (await listen(workspace.viewer)).response;
    assert.equal(headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.match(headers.get('cache-control')!, /no-store/);
    assert.equal(headers.get('x-accel-buffering'), 'no');
    assert.equal(headers.get('content-encoding'), null);
  });

  test('tells only what is asked for, and knows the names that there are', async () => {
    const stream = await listen(workspace.viewer, { events: ['contact.deleted', 'company.created'] });
    const contact = await newContact();
    await workspace.client.contacts.remove(contact.id);
    const [message] = await stream.take(1);
    assert.deepEqual([message!.event, message!.data.record_id], ['contact.deleted', contact.id]);

    const refused = await askToListen(server, workspace.viewer.token, { events: ['contact.vanished' as never] });
    assert.equal(refused.status, 400);
  });

  test('says nothing of a change that came to nothing', async () => {
    const stream = await listen(workspace.viewer);
    const first = await newContact();
    await assert.rejects(workspace.client.contacts.update(first.id, { email: 'changed@example.test', company_id: newId() }));
    await assert.rejects(workspace.client.contacts.create({ email: first.email! }));
    const second = await newContact();
    const heard = await stream.take(2);
    assert.deepEqual(
      heard.map(({ data }) => data.record_id),
      [first.id, second.id],
    );
  });

  test('says nothing of another workspace, whoever listens there', async () => {
    const theirs = await server.newWorkspace();
    const stream = await listen(theirs.owner);
    await newContact();
    const own = await theirs.client.contacts.create({ email: `${newId()}@example.test` });
    const [message] = await stream.take(1);
    assert.equal(message!.data.record_id, own.id);

    const since = message!.id;
    await newContact();
    const later = await theirs.client.contacts.create({ email: `${newId()}@example.test` });
    const resumed = await listen(theirs.owner, { lastEventId: since });
    assert.equal((await resumed.take(1))[0]!.data.record_id, later.id);
  });

  test('needs a credential, and ends nothing by being asked for its headers', async () => {
    assert.equal((await server.fetch('/api/v2/events')).status, 401);
    for (let time = 0; time < 10; time++) {
      const head = await server.fetch('/api/v2/events', { method: 'HEAD', headers: bearing(workspace.viewer.token) });
      assert.equal(head.status, 200);
    }
    await listen(workspace.viewer);
  });
});

describe('a stream that is taken up again', () => {
  test('brings what was missed, in order and once, and goes on live', async () => {
    const stream = await listen(workspace.viewer);
    const first = await newContact();
    await stream.take(1);
    await stream.close();
    const missed = [await newContact(), await newContact(), await newContact()];

    const resumed = await listen(workspace.viewer, { lastEventId: stream.lastEventId });
    const messages = await resumed.take(3);
    const last = await newContact();
    messages.push(...(await resumed.take(1)));
    assert.deepEqual(
      messages.map(({ data }) => data.record_id),
      [...missed, last].map(({ id }) => id),
    );
    assert.ok(!messages.some(({ data }) => data.record_id === first.id));
  });

  test('brings more than is read at once, and what happens meanwhile', async () => {
    const stream = await listen(workspace.viewer);
    await stream.close();
    await server.database.asOwner(
      `insert into events (workspace_id, name, record_id, data) select $1, 'contact.updated', new_id(), json_build_object('number', n) from generate_series(1, 1203) n`,
      [workspace.id],
    );
    const resumed = await listen(workspace.viewer, { lastEventId: stream.lastEventId });
    const [, messages] = await Promise.all([newContact(), resumed.take(1_204)]);
    assert.deepEqual(
      messages.slice(0, 1_203).map(({ data }) => data.data.number),
      Array.from({ length: 1_203 }, (_, index) => index + 1),
    );
    assert.equal(messages[1_203]!.event, 'contact.created');
  });

  test('knows where it was before anything happened', async () => {
    const stream = await listen(workspace.viewer);
    assert.match(stream.lastEventId, /^\d+-\d+$/);
    await stream.close();
    const contact = await newContact();
    const resumed = await listen(workspace.viewer, { lastEventId: stream.lastEventId });
    assert.equal((await resumed.take(1))[0]!.data.record_id, contact.id);
  });

  for (const [what, lastEventId] of [
    ['is none of ours', 'yesterday'],
    ['is of another database', '999999999999-1'],
  ] as const) {
    test(`is told to begin anew where its place ${what}`, async () => {
      const stream = await listen(workspace.viewer, { lastEventId });
      const [reset] = await stream.take(1);
      assert.deepEqual([reset!.event, reset!.data], ['reset', {}]);
      const contact = await newContact();
      assert.equal((await stream.take(1))[0]!.data.record_id, contact.id);
      await stream.close();

      const resumed = await listen(workspace.viewer, { lastEventId: reset!.id });
      assert.equal((await resumed.take(1))[0]!.data.record_id, contact.id);
    });
  }

  test('is told to begin anew where what it missed is not kept any more, after seven days', async () => {
    const stream = await listen(workspace.viewer);
    const before = stream.lastEventId;
    await newContact();
    const [old] = await stream.take(1);
    const young = await newContact();
    await stream.take(1);
    await server.database.asOwner(`update events set at = now() - interval '7 days 1 minute' where record_id <> $1`, [young.id]);
    while ((await server.app.purge()) > 0);

    const kept = await server.database.asOwner('select record_id from events where workspace_id = $1', [workspace.id]);
    assert.deepEqual(kept, [{ record_id: young.id }]);
    const lost = await listen(workspace.viewer, { lastEventId: before });
    assert.equal((await lost.take(1))[0]!.event, 'reset');
    const whole = await listen(workspace.viewer, { lastEventId: old!.id });
    assert.equal((await whole.take(1))[0]!.data.record_id, young.id);
  });
});

describe('whoever listens', () => {
  test('hears of nothing that their role may not see', async () => {
    const [stream, all] = [await listen(workspace.viewer), await listen(workspace.manager)];
    await server.database.asOwner(
      `insert into events (workspace_id, name, record_id, data) values ($1, 'import.completed', new_id(), '{}'), ($1, 'contact.updated', new_id(), '{}')`,
      [workspace.id],
    );
    await newContact();
    assert.equal((await stream.take(1))[0]!.event, 'contact.updated');
    assert.equal((await all.take(1))[0]!.event, 'import.completed');
  });

  test('hears of nothing but what is in the scope of their token, and of what leaves it only that it left', async () => {
    const { key } = await newKey(workspace);
    const { userId } = workspace.member;
    const stream = await listen({ token: await scopedToken(key, userId) });
    const all = await listen(workspace.viewer);
    const company = await workspace.client.companies.create({ name: `Company ${newId()}` });
    const others = await newContact('theirs');
    await workspace.client.contacts.assign(others.id, { user_id: workspace.manager.userId });
    const own = await workspace.client.contacts.create({ email: `${newId()}@example.test`, company_id: company.id });
    await workspace.client.contacts.assign(own.id, { user_id: userId });
    await workspace.client.companies.update(company.id, { notes: 'seen by the contact' });
    await workspace.client.contacts.unassign(own.id, userId);
    await workspace.client.companies.update(company.id, { notes: 'seen no more' });
    await workspace.client.contacts.update(own.id, { firstname: 'Gone' });
    await workspace.client.workspace.update({ country: 'CH' });

    const expected = [
      ['contact.updated', own.id],
      ['company.updated', company.id],
      ['removed', own.id],
      ['tenant.settings.updated', workspace.id],
    ];
    const named = ({ event, data }: Message) => [event, event === 'removed' ? data.id : data.record_id];
    assert.deepEqual((await stream.take(4)).map(named), expected);
    assert.equal((await all.take(10)).length, 10);

    const resumed = await listen({ token: await scopedToken(key, userId) }, { lastEventId: stream.lastEventId });
    await workspace.client.contacts.assign(others.id, { user_id: userId });
    assert.deepEqual((await resumed.take(1)).map(named), [['contact.updated', others.id]]);
    await workspace.client.contacts.remove(others.id);
    assert.deepEqual((await resumed.take(1)).map(named), [['contact.deleted', others.id]]);
  });

  test('hears of a contact what its leads change: its score, and whose scope it is in', async () => {
    const { key } = await newKey(workspace);
    const { userId } = workspace.member;
    const contact = await newContact();
    const stream = await listen({ token: await scopedToken(key, userId) }, { events: ['contact.updated'] });
    const lead = await workspace.client.leads.create({ contact_id: contact.id, owner_id: userId, score_value: 40 });
    const scored = await stream.take(1);
    assert.deepEqual([scored[0]!.data.record_id, scored[0]!.data.data.score], [contact.id, 40]);
    await workspace.client.leads.setScore(lead.id, { score_value: 90 });
    assert.equal((await stream.take(1))[0]!.data.data.score, 90);
    const won = (await workspace.client.pipelines.list()).data[0]!.stages.find(({ category }) => category === 'converted')!;
    await workspace.client.leads.move(lead.id, { stage_id: won.id });
    assert.equal((await stream.take(1))[0]!.data.data.score, null);
    await workspace.client.leads.update(lead.id, { owner_id: workspace.manager.userId });
    const [left] = await stream.take(1);
    assert.deepEqual([left!.event, left!.data], ['removed', { record: 'contact', id: contact.id }]);
  });

  test('is told by a resumed stream as well what has left their scope', async () => {
    const { key } = await newKey(workspace);
    const { userId } = workspace.member;
    const contact = await newContact();
    await workspace.client.contacts.assign(contact.id, { user_id: userId });
    const stream = await listen({ token: await scopedToken(key, userId) });
    await stream.close();
    await newContact();
    await workspace.client.contacts.unassign(contact.id, userId);
    const resumed = await listen({ token: await scopedToken(key, userId) }, { lastEventId: stream.lastEventId });
    const [message] = await resumed.take(1);
    assert.deepEqual([message!.event, message!.data], ['removed', { record: 'contact', id: contact.id }]);
  });

  test('may listen with a secret key, which ends the stream when it is revoked, and not with a publishable one', async () => {
    const { key, id } = await newKey(workspace);
    const stream = await listen({ token: key });
    await workspace.client.apiKeys.remove(id);
    await newContact();
    assert.equal(await stream.next(), undefined);
    assert.equal((await askToListen(server, (await newKey(workspace, { kind: 'publishable' })).key)).status, 403);
  });

  test('may have five streams open with a credential, and one more once one is closed', async () => {
    const { email } = workspace.admin;
    const { access_token: token } = await server.visitor.auth.signIn({ email, password: PASSWORD });
    const streams = await Promise.all(Array.from({ length: 5 }, () => listen({ token })));
    const refused = await askToListen(server, token);
    assert.equal(refused.status, 429);
    assert.equal(((await refused.json()) as any).code, 'RATE_LIMITED');
    assert.match(refused.headers.get('retry-after')!, /^\d+$/);
    await listen(workspace.admin);

    await streams[0]!.close();
    await listen({ token });
  });

  test('is heard of no more than the operator allows', async () => {
    const strict = await newServer({ mostStreams: 1, database: server.database });
    const { token } = workspace.manager;
    const stream = await EventStream.open(strict, token);
    assert.equal((await askToListen(strict, token)).status, 429);
    await stream.close();
  });
});

describe('a stream ends', () => {
  /** A workspace and a clock of their own, for what is done to them. */
  async function listening() {
    const own = await newServer({ database: server.database });
    const place = await own.newWorkspace();
    const opened = async (member: TestMember) => {
      const stream = await EventStream.open(own, member.token);
      await stream.sign();
      return stream;
    };
    return { own, place, opened };
  }

  test('with its token', async () => {
    const { own, place, opened } = await listening();
    const stream = await opened(place.viewer);
    own.later(599_000);
    await own.app.live.tick();
    own.later(2_000);
    await own.app.live.tick();
    assert.equal(await stream.next(), undefined);
  });

  test('with its session, within five seconds, and tells nothing after them', async () => {
    const { own, place, opened } = await listening();
    const stream = await opened(place.viewer);
    await own.database.asOwner('update sessions set revoked_at = now() where user_id = $1', [place.viewer.userId]);
    own.later(5_000);
    await place.client.contacts.create({ email: `${newId()}@example.test` });
    assert.equal(await stream.next(), undefined);
  });

  test('at once where the session is ended here', async () => {
    const { own, place, opened } = await listening();
    const stream = await opened(place.viewer);
    await own.fetch('/api/v2/auth/change-password', {
      ...json('POST', { current_password: PASSWORD, new_password: 'another long password' }, bearing(place.viewer.token)),
    });
    const { access_token: token } = await own.visitor.auth.signIn({
      email: place.viewer.email,
      password: 'another long password',
    });
    await own.fetch('/api/v2/auth/change-password', {
      ...json('POST', { current_password: 'another long password', new_password: 'a third long password' }, bearing(token)),
    });
    await place.client.contacts.create({ email: `${newId()}@example.test` });
    while (await stream.next());
  });

  test('with the workspace', async () => {
    const { own, place, opened } = await listening();
    const stream = await opened(place.owner);
    await place.client.workspace.remove({ name: place.name });
    await own.app.live.tick();
    assert.equal(await stream.next(), undefined);
  });

  test('with the membership, while a new role changes at once what is heard', async () => {
    const { own, place, opened } = await listening();
    const [gone, changed] = [await opened(place.viewer), await opened(place.manager)];
    const members = (await place.client.members.list()).data;
    const memberOf = ({ userId }: TestMember) => members.find(({ user_id }) => user_id === userId)!;
    await place.client.members.update(memberOf(place.manager).id, { role: 'viewer' });
    await place.client.members.remove(memberOf(place.viewer).id, { reassign_to: 'nobody' });
    await own.database.asOwner(
      `insert into events (workspace_id, name, record_id, data) values ($1, 'import.completed', new_id(), '{}')`,
      [place.id],
    );
    await place.client.contacts.create({ email: `${newId()}@example.test` });
    assert.equal(await gone.next(), undefined);
    assert.equal((await changed.next())!.event, 'contact.created');
    await changed.close();
  });

  test('with the server, which opens no more', async () => {
    const { own, place, opened } = await listening();
    const stream = await opened(place.owner);
    own.app.live.stop();
    assert.equal(await stream.next(), undefined);
    const refused = await askToListen(own, place.owner.token);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get('retry-after'), '1');
  });

  test('where its reader takes nothing for half a minute, while others go on', async () => {
    const { own, place, opened } = await listening();
    const [stuck, well] = [await opened(place.viewer), await opened(place.owner)];
    const fill = (count: number) =>
      own.database.asOwner(
        `insert into events (workspace_id, name, record_id, data) select $1, 'contact.updated', new_id(), json_build_object('filling', repeat('x', 10000)) from generate_series(1, $2::integer)`,
        [place.id, count],
      );
    await fill(120);
    own.app.live.told();
    await well.take(120);
    await own.app.live.tick();
    own.later(30_000);
    await own.app.live.tick();
    await assert.rejects(stuck.take(121), /takes nothing/);
    await fill(1);
    own.app.live.told();
    await well.take(1);
    await well.close();
  });
});

describe('a quiet stream', () => {
  test('shows every fifteen seconds that it lives, and where it is', async () => {
    const own = await newServer({ database: server.database });
    const place = await own.newWorkspace();
    const stream = await EventStream.open(own, place.viewer.token);
    await stream.sign();
    const first = stream.lastEventId;
    await newContact();
    for (let time = 0; time < 3; time++) {
      own.later(15_000);
      await own.app.live.tick();
      assert.ok(await stream.sign());
    }
    assert.ok(Number(stream.lastEventId.split('-')[0]) > Number(first.split('-')[0]));
    await stream.close();
  });
});

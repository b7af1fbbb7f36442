import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { bearing } from '../support/calls.ts';
import { assertWellFolded, readCalendar } from '../support/calendars.ts';
import { newEmbedToken, newKey } from '../support/keys.ts';
import { newServer, ORIGIN, type TestMember, type TestServer, type TestWorkspace } from '../support/server.ts';

const DAY = 86_400_000;

describe('the feed of a member', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
  const tokenOf = (url: string) => /^http:\/\/millrace\.test\/api\/v2\/calendars\/([\w-]{43})\.ics$/.exec(url)![1]!;
  const issue = async (member: TestMember) => (await member.client.calendarFeed.issue()).url;
  const statusOf = async (url: string) => (await server.fetch(url)).status;
  const eventsOf = async (url: string) => readCalendar(await (await server.fetch(url)).text()).events;

  async function book(at: TestWorkspace, owner: TestMember, appointment_date: string, more: object = {}) {
    const lead = await at.client.leads.create({ contact: { name: `Contact ${newId()}` }, owner_id: owner.userId });
    return at.client.appointments.create({ lead_id: lead.id, appointment_date, owner_id: owner.userId, notify: false, ...more });
  }

  test('is nothing until it is made, is shown once, and says when it was read', async () => {
    const { calendarFeed } = ours.viewer.client;
    assert.deepEqual(await calendarFeed.read(), { created_at: null, last_read_at: null });
    const { url, created_at, last_read_at } = await calendarFeed.issue();
    tokenOf(url);
    assert.equal(last_read_at, null);
    assert.deepEqual(await calendarFeed.read(), { created_at, last_read_at: null });
    assert.equal(await statusOf(url), 200);
    const known = await calendarFeed.read();
    assert.ok(known.last_read_at! >= created_at!);
    await server.fetch(url);
    assert.deepEqual(await calendarFeed.read(), known);
    await calendarFeed.revoke();
    assert.deepEqual(await calendarFeed.read(), { created_at: null, last_read_at: null });
    await calendarFeed.revoke();
  });

  test('holds their own appointments alone, the cancelled ones among them, in the order of their times', async () => {
    const at = await server.newWorkspace();
    const later = await book(at, at.member, inDays(20));
    const sooner = await book(at, at.member, inDays(10));
    const cancelled = await book(at, at.member, inDays(15));
    await at.client.appointments.update(cancelled.id, { status: 'cancelled', notify: false });
    const deleted = await book(at, at.member, inDays(12));
    await at.client.appointments.remove(deleted.id);
    await book(at, at.manager, inDays(11));
    const response = await server.fetch(await issue(at.member));
    const text = await response.text();
    assertWellFolded(text);
    const { name, method, events } = readCalendar(text);
    assert.equal(name, `Test member (${at.name})`);
    assert.equal(method, undefined);
    assert.deepEqual(
      events.map(({ uid, status }) => [uid, status]),
      [
        [sooner.id, 'TENTATIVE'],
        [cancelled.id, 'CANCELLED'],
        [later.id, 'TENTATIVE'],
      ],
    );
    assert.match(text, /\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n/);
  });

  test('reaches ninety days back and a year ahead', async () => {
    const at = await server.newWorkspace();
    const wanted = [await book(at, at.owner, inDays(-89)), await book(at, at.owner, inDays(364))];
    for (const days of [-91, 367]) await book(at, at.owner, inDays(days));
    assert.deepEqual(
      (await eventsOf(await issue(at.owner))).map(({ uid }) => uid),
      wanted.map(({ id }) => id),
    );
  });

  test('of too many appointments holds the two thousand that matter most', async () => {
    const at = await server.newWorkspace();
    const { lead_id, contact_id } = await book(at, at.owner, inDays(-1));
    await server.database.asOwner(
      `insert into appointments (workspace_id, lead_id, contact_id, owner_id, appointment_date, timezone, ends_at)
       select $1, $2, $3, $4, now() + hours * interval '1 hour', 'UTC', now() from generate_series(1, 2100) hours`,
      [at.id, lead_id, contact_id, at.owner.userId],
    );
    const events = await eventsOf(await issue(at.owner));
    assert.equal(events.length, 2_000);
    assert.ok(events.every(({ starts }) => starts > Date.now()));
    assert.ok(events.at(-1)!.starts < Date.now() + 2_001 * 3_600_000);
  });

  test('has the very moments around both changes of the clocks, in two zones and within the hour that comes twice', async () => {
    const at = await server.newWorkspace();
    // Changes of a year that is always ahead: the feed's clock is set to shortly before each of them.
    const changes = ['2027-03-28T01:00:00Z', '2027-10-31T01:00:00Z', '2027-03-14T07:00:00Z', '2027-11-07T06:00:00Z'];
    const booked: [number, number][] = [];
    for (const change of changes) {
      for (const minutes of [-90, -30, 30, 90]) {
        const starts = Date.parse(change) + minutes * 60_000;
        const timezone = change.startsWith('2027-03-28') || change.startsWith('2027-10') ? 'Europe/Berlin' : 'America/New_York';
        await book(at, at.owner, new Date(starts).toISOString(), { timezone, duration_minutes: 90 });
        booked.push([starts, starts + 90 * 60_000]);
      }
    }
    const other = await newServer({
      database: server.database,
      clock: () => Date.parse('2027-02-01T00:00:00Z'),
    });
    const events = readCalendar(await (await other.fetch(await issue(at.owner))).text()).events;
    assert.deepEqual(
      events.map(({ starts, ends }) => [starts, ends]),
      booked.toSorted(([one], [next]) => one - next),
    );
    const ofChange = (change: string) => events.find(({ starts }) => starts === Date.parse(change) - 30 * 60_000)!.description!;
    assert.match(ofChange(changes[0]!), /^Sunday 28 March 2027, 01:30 GMT\+1 to 04:00 GMT\+2 \(Europe\/Berlin\)/);
    assert.match(ofChange(changes[1]!), /^Sunday 31 October 2027, 02:30 GMT\+2 to 03:00 GMT\+1 \(Europe\/Berlin\)/);
    assert.match(ofChange(changes[2]!), /^Sunday 14 March 2027, 01:30 GMT-5 to 04:00 GMT-4 \(America\/New_York\)/);
    assert.match(ofChange(changes[3]!), /^Sunday 7 November 2027, 01:30 GMT-4 to 02:00 GMT-5 \(America\/New_York\)/);
  });

  test('is kept by the calendar as long as nothing changed', async () => {
    const at = await server.newWorkspace();
    const made = await book(at, at.owner, inDays(3));
    const url = await issue(at.owner);
    const first = await server.fetch(url);
    assert.equal(first.headers.get('content-type'), 'text/calendar; charset=utf-8');
    assert.match(first.headers.get('cache-control')!, /^private\b/);
    const headers = { 'If-None-Match': first.headers.get('etag')! };
    const known = await server.fetch(url, { headers });
    assert.deepEqual([known.status, await known.text()], [304, '']);
    await at.client.appointments.update(made.id, { notes: 'New', notify: false });
    assert.equal((await server.fetch(url, { headers })).status, 200);
    assert.equal((await server.fetch(url, { method: 'HEAD' })).status, 200);
  });

  test('is at one address: the one before is dead once there is another, or none', async () => {
    const first = await issue(ours.admin);
    const second = await issue(ours.admin);
    assert.notEqual(first, second);
    assert.deepEqual([await statusOf(first), await statusOf(second)], [404, 200]);
    await ours.admin.client.calendarFeed.revoke();
    assert.deepEqual([await statusOf(first), await statusOf(second)], [404, 404]);
  });

  test('of each member is their own', async () => {
    const [one, other] = [await issue(ours.owner), await issue(ours.manager)];
    await ours.owner.client.calendarFeed.revoke();
    assert.deepEqual([await statusOf(one), await statusOf(other)], [404, 200]);
    assert.equal((await ours.owner.client.calendarFeed.read()).created_at, null);
    assert.notEqual((await ours.manager.client.calendarFeed.read()).created_at, null);
  });

  test('is dead as soon as they leave, also once they are back', async () => {
    const at = await server.newWorkspace();
    const url = await issue(at.member);
    const { data } = await at.client.members.list({ role: ['member'] });
    await at.client.members.remove(data[0]!.id);
    assert.equal(await statusOf(url), 404);
    await server.database.asOwner(
      `insert into members (workspace_id, user_id, role, status, joined_at) values ($1, $2, 'member', 'active', now())`,
      [at.id, at.member.userId],
    );
    assert.equal(await statusOf(url), 404);
  });

  test('is dead as soon as the workspace is deleted, and gone when that is purged', async () => {
    const at = await server.newWorkspace();
    const url = await issue(at.owner);
    await at.client.savedViews.create({ resource: 'leads', name: 'Mine' });
    await at.client.workspace.remove({ name: at.name });
    assert.equal(await statusOf(url), 404);
    await server.database.asOwner(`update workspaces set deleted_at = now() - interval '31 days' where id = $1`, [at.id]);
    while ((await server.app.purge()) > 0);
    for (const table of ['calendar_feeds', 'saved_views', 'workspaces']) {
      const key = table === 'workspaces' ? 'id' : 'workspace_id';
      assert.deepEqual(await server.database.asOwner(`select from ${table} where ${key} = $1`, [at.id]), [], table);
    }
  });

  test('is made by people who are signed in, and by nothing that acts for them', async () => {
    const { key } = await newKey(ours);
    const members = (await ours.client.members.list()).data;
    const token = await newEmbedToken(server, key, { member_id: members.find(({ role }) => role === 'owner')!.id });
    for (const credential of [key, token]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const response = await server.fetch('/api/v2/calendar-feed', { method, headers: bearing(credential) });
        assert.equal(response.status, 403, method);
      }
    }
  });

  test('keeps its secret: it stands in no table and no log, and a repeat of the call does not tell it', async () => {
    const headers = { ...bearing(ours.viewer.token), 'Idempotency-Key': newId() };
    const call = async () => (await (await server.fetch('/api/v2/calendar-feed', { method: 'POST', headers })).json()) as any;
    const { url } = (await call()).data;
    assert.equal((await call()).code, 'CONFLICT');
    await server.fetch(url);
    await server.fetch(url, { method: 'POST' });
    const token = tokenOf(url);
    for (const table of ['calendar_feeds', 'audit_log', 'idempotency_keys', 'jobs', 'events'])
      assert.doesNotMatch(JSON.stringify(await server.database.asOwner(`select * from ${table}`)), new RegExp(token), table);
    const logged = JSON.stringify(server.logged);
    assert.ok(logged.includes('/calendars/:token.ics'));
    assert.ok(!logged.includes(token));
    const log = await ours.owner.client.audit.list({ resource: 'calendar_feed', page_size: 100 });
    assert.ok(log.data.some(({ action, actor_id }) => action === 'calendar_feed.created' && actor_id === ours.viewer.userId));
    assert.doesNotMatch(JSON.stringify(log.data), /secret_hash/);
  });

  test('keeps its secret also where the database fails', async () => {
    const url = await issue(ours.owner);
    const { db } = server.database;
    const failing = await newServer({
      database: {
        ...server.database,
        db: {
          ...db,
          engine: db.engine,
          unit: () => Promise.reject(new Error(url)),
          transaction: () => Promise.reject(new Error(url)),
          close: async () => {},
        },
      },
    });
    const response = await failing.fetch(url);
    assert.equal(response.status, 500);
    assert.ok(!(await response.text()).includes(tokenOf(url)));
    assert.ok(!JSON.stringify(failing.logged).includes(tokenOf(url)));
  });

  test('is not found by guessing, which is limited', async () => {
    const guarded = await newServer({ database: server.database, limits: { public: { name: 'public', quota: 3, seconds: 60 } } });
    const statuses = [];
    for (let guess = 0; guess < 5; guess++)
      statuses.push((await guarded.fetch(`${ORIGIN}/api/v2/calendars/${'x'.repeat(42)}${guess}.ics`)).status);
    assert.deepEqual(statuses, [404, 404, 404, 429, 429]);
    const refused = await server.fetch(`${ORIGIN}/api/v2/calendars/unknown.ics`);
    assert.partialDeepStrictEqual(await refused.json(), { success: false, code: 'NOT_FOUND' });
  });
});

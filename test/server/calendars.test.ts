import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { PERMISSIONS } from '../../src/contract/permissions.ts';
import { newId } from '../../server/ids.ts';
import { bearing, json } from '../support/calls.ts';
import { assertWellFolded, readCalendar } from '../support/calendars.ts';
import { newEmbedToken, newKey } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

describe('the calendar of an appointment', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  async function book(given: object = {}, contact: object = {}) {
    const lead = await ours.client.leads.create({
      title: 'Solar, 12 kW; with storage',
      contact: { name: 'Jane "JD" Doe, MD', email: `${newId()}@example.test`, ...contact },
      owner_id: ours.member.userId,
    });
    return ours.client.appointments.create({
      lead_id: lead.id,
      appointment_date: '2027-03-28T00:30:00Z',
      duration_minutes: 60,
      timezone: 'Europe/Berlin',
      notify: false,
      ...given,
    });
  }

  const path = (id: string) => `/api/v2/appointments/${id}.ics`;
  const get = (id: string, headers: Record<string, string> = {}, method = 'GET') =>
    server.fetch(path(id), { method, headers: { ...bearing(ours.viewer.token), ...headers } });

  test('says who meets when, where and about what, in the zone of the appointment as well', async () => {
    const made = await book(
      { location: 'Allée 5, 2. OG; left', notes: 'Bring the offer.\nAsk for 🚗.' },
      { phone_number: '+49 30 901820' },
    );
    const text = await ours.viewer.client.appointments.calendar(made.id);
    assertWellFolded(text);
    assert.equal(await ours.viewer.client.appointments.calendar(made.id), text, 'revalidated');
    const { events, method } = readCalendar(text);
    assert.equal(method, undefined);
    const email = made.contact.email!;
    assert.deepEqual(events, [
      {
        uid: made.id,
        sequence: 0,
        status: 'TENTATIVE',
        starts: Date.parse('2027-03-28T00:30:00Z'),
        ends: Date.parse('2027-03-28T01:30:00Z'),
        changed: Math.floor(Date.parse(made.updated_at) / 1000) * 1000,
        summary: 'Jane "JD" Doe, MD: Solar, 12 kW; with storage',
        description: [
          'Sunday 28 March 2027, 01:30 GMT+1 to 03:30 GMT+2 (Europe/Berlin)',
          'Allée 5, 2. OG; left',
          'Jane "JD" Doe, MD',
          email,
          '+4930901820',
          '',
          'Bring the offer.',
          'Ask for 🚗.',
        ].join('\n'),
        location: 'Allée 5, 2. OG; left',
        url: undefined,
        organizer: [`mailto:${ours.member.email}`, 'Test member'],
        attendees: [
          [`mailto:${ours.member.email}`, 'Test member'],
          [`mailto:${email}`, 'Jane "JD" Doe, MD'],
        ],
      },
    ]);
  });

  test('has the address of a meeting as its place too', async () => {
    const made = await book({ meeting_url: 'https://meet.example.test/a,b;c?x=1&y=2' });
    const [event] = readCalendar(await ours.client.appointments.calendar(made.id)).events;
    assert.deepEqual([event!.url, event!.location], Array(2).fill('https://meet.example.test/a,b;c?x=1&y=2'));
  });

  test('follows the appointment: confirmed, moved, cancelled', async () => {
    const made = await book();
    const { calendar, update, reschedule } = ours.client.appointments;
    const read = async () => {
      const [{ status, sequence, starts, summary }] = readCalendar(await calendar(made.id)).events as [any];
      return { status, sequence, starts: new Date(starts).toISOString(), summary };
    };
    const summary = 'Jane "JD" Doe, MD: Solar, 12 kW; with storage';
    const starts = '2027-03-28T00:30:00.000Z';
    assert.deepEqual(await read(), { status: 'TENTATIVE', sequence: 0, starts, summary });
    await update(made.id, { status: 'confirmed' });
    assert.deepEqual(await read(), { status: 'CONFIRMED', sequence: 0, starts, summary });
    await reschedule(made.id, { appointment_date: '2027-10-31T00:30:00Z', notify: false });
    const later = '2027-10-31T00:30:00.000Z';
    assert.deepEqual(await read(), { status: 'TENTATIVE', sequence: 1, starts: later, summary });
    await update(made.id, { status: 'cancelled', notify: false });
    assert.deepEqual(await read(), { status: 'CANCELLED', sequence: 2, starts: later, summary: `Cancelled: ${summary}` });
  });

  test('has no organizer where nobody owns the appointment, and no attendee without an address', async () => {
    const lead = await ours.client.leads.create({ contact: { firstname: 'Nobody', lastname: 'Known' }, title: 'Nobody Known' });
    const { key } = await newKey(ours);
    const response = await server.fetch(
      '/api/v2/appointments',
      json('POST', { lead_id: lead.id, appointment_date: '2027-01-01T00:00:00Z' }, bearing(key)),
    );
    const made = ((await response.json()) as any).data;
    assert.equal(made.owner_id, null);
    const [event] = readCalendar(await ours.client.appointments.calendar(made.id)).events;
    assert.partialDeepStrictEqual(event, { organizer: undefined, attendees: [], summary: 'Nobody Known' });
  });

  test('is a file with a name, is known again by its ETag, and has no body where none is wanted', async () => {
    const made = await book();
    const response = await get(made.id);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/calendar; charset=utf-8');
    assert.equal(response.headers.get('content-disposition'), `attachment; filename="appointment-${made.id}.ics"`);
    assert.equal(response.headers.get('cache-control'), 'private, no-cache');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.match(response.headers.get('ratelimit')!, /^"people"/);
    const etag = response.headers.get('etag')!;
    const known = await get(made.id, { 'If-None-Match': etag });
    assert.deepEqual([known.status, await known.text(), known.headers.get('content-type')], [304, '', null]);
    const head = await get(made.id, {}, 'HEAD');
    assert.deepEqual([head.status, await head.text(), head.headers.get('etag')], [200, '', etag]);
    await ours.client.appointments.update(made.id, { location: 'Elsewhere', notify: false });
    const changed = await get(made.id, { 'If-None-Match': etag });
    assert.equal(changed.status, 200);
  });

  test('is refused as everything is: in the envelope', async () => {
    const made = await book();
    const refusal = async (response: Response) => {
      assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
      assert.equal(response.headers.get('content-disposition'), null);
      const { success, code } = (await response.json()) as any;
      assert.equal(success, false);
      return `${response.status} ${code}`;
    };
    assert.equal(await refusal(await server.fetch(path(made.id))), '401 UNAUTHORIZED');
    assert.equal(await refusal(await get(newId())), '404 NOT_FOUND');
    assert.equal(await refusal(await get('not-an-id')), '404 NOT_FOUND');
    assert.equal(await refusal(await get(`${made.id}.ics`)), '404 NOT_FOUND');
    assert.equal(await refusal(await get(made.id, {}, 'POST')), '405 METHOD_NOT_ALLOWED');
    assert.equal((await get(made.id, {}, 'POST')).headers.get('allow'), 'GET');
    assert.equal(await refusal(await get(made.id, { Origin: 'https://evil.example.test' })), '403 ORIGIN_NOT_ALLOWED');
    await ours.client.appointments.remove(made.id);
    assert.equal(await refusal(await get(made.id)), '404 NOT_FOUND');
    const { key } = await newKey(ours, { permissions: PERMISSIONS.filter((one) => one !== 'crm:appointments:view') });
    assert.equal(await refusal(await server.fetch(path(made.id), { headers: bearing(key) })), '403 FORBIDDEN');
  });

  test('does not stand in the way of the appointment itself', async () => {
    const made = await book();
    assert.equal((await ours.client.appointments.get(made.id)).id, made.id);
    assert.equal((await server.fetch(`/api/v2/appointments/${made.id}.txt`, { headers: bearing(ours.owner.token) })).status, 404);
  });

  test('is had by pages of an allowed origin', async () => {
    const at = await server.newWorkspace();
    await at.client.workspace.update({ allowed_origins: ['https://crm.example.test'] });
    const lead = await at.client.leads.create({ contact: { firstname: 'A' } });
    const made = await at.client.appointments.create({
      lead_id: lead.id,
      appointment_date: '2027-01-01T00:00:00Z',
      notify: false,
    });
    const response = await server.fetch(path(made.id), {
      headers: { ...bearing(at.owner.token), Origin: 'https://crm.example.test' },
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('access-control-allow-origin'), 'https://crm.example.test');
  });

  test('is not to be had beyond an owner scope', async () => {
    const made = await book();
    const { key } = await newKey(ours);
    const within = await newEmbedToken(server, key, { owner_scope: ours.member.userId, permissions: ['crm:appointments:view'] });
    const beyond = await newEmbedToken(server, key, { owner_scope: ours.manager.userId, permissions: ['crm:appointments:view'] });
    assert.equal((await server.fetch(path(made.id), { headers: bearing(within) })).status, 200);
    assert.equal((await server.fetch(path(made.id), { headers: bearing(beyond) })).status, 404);
  });
});

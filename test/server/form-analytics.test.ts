import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { CaptureEvent } from '../../src/contract/capture.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { newId } from '../../server/ids.ts';
import { createClient, type Client } from '../../src/client/index.ts';
import { newKey } from '../support/keys.ts';
import { publishedForm } from '../support/published-form.ts';
import { newServer, ORIGIN, type TestServer, type TestWorkspace } from '../support/server.ts';

const DAY_MS = 86_400_000;

const FORM: FormDefinition = {
  locale: 'en',
  steps: [
    {
      id: 'one',
      fields: [
        { id: 'head', type: 'heading', label: 'About you' },
        { id: 'email', type: 'email', label: 'E-mail', required: true, maps_to: 'contact.email' },
      ],
    },
    { id: 'two', fields: [{ id: 'wish', type: 'text', label: 'Wish' }] },
  ],
};

let server: TestServer;
let workspace: TestWorkspace;
let client: Client;

/** The server's clock, in milliseconds since 1970. */
let now: number;

before(async () => {
  now = Date.now();
  server = await newServer({ clock: () => now });
  workspace = await server.newWorkspace();
  client = await program(workspace);
});

/** A client with a key, which outlives the hours that a person's token has. */
async function program(of: TestWorkspace): Promise<Client> {
  const { key } = await newKey(of);
  return createClient({ baseUrl: ORIGIN, token: key, fetch: (request) => server.fetch(request) });
}

async function count(form: string, ...events: (Partial<CaptureEvent> & { times?: number })[]) {
  const all = events.flatMap(({ times = 1, ...given }) =>
    Array.from({ length: times }, () => ({ form_id: form, event: 'view', id: newId(), ...given })),
  );
  const response = await server.fetch('/api/v2/public/events', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ events: all }),
  });
  assert.equal(response.status, 204);
}

interface Sent {
  at?: string;
  state?: string;
  attribution?: object;
  page?: string;
}

/** A submission as it lies in the database: visitors can't send any of days gone by. */
const submit = (form: string, { at = new Date(now).toISOString(), state = 'accepted', attribution = {}, page }: Sent = {}) =>
  server.database.asOwner(
    `insert into submissions (workspace_id, form_id, form_version, state, answers, attribution, page, submitted_at, address_hash,
        fingerprint, success, answered_at, request_id)
      values ($1, $2, 1, $3, '{}', $4, $5, $6, 'x', 'x', '{}', now(), 'x')`,
    [workspace.id, form, state, JSON.stringify(attribution), page ?? null, at],
  );

describe('What a form did', () => {
  test('is counted over its events and submissions, with rates of the views', async () => {
    const form = await publishedForm({ client }, FORM);
    await count(form, { times: 8 }, { event: 'start', times: 4 }, { event: 'cta', name: 'buy', times: 3 });
    await submit(form);
    await submit(form);
    await submit(form, { state: 'quarantined' });
    await submit(form, { state: 'partial' });
    await submit(form, { state: 'rejected' });
    const figures = await client.forms.analytics(form);
    assert.deepEqual(
      { ...figures, days: undefined, steps: undefined, fields: undefined, sources: undefined },
      {
        form_id: form,
        name: 'Ask us',
        views: 8,
        starts: 4,
        submissions: 2,
        quarantined: 1,
        conversion: 0.25,
        start_rate: 0.5,
        days: undefined,
        steps: undefined,
        fields: undefined,
        sources: undefined,
      },
    );
    assert.equal(figures.days.length, 30);
    assert.deepEqual(figures.days.at(-1), { ...figures.days.at(-1), views: 8, starts: 4, submissions: 2 });
    assert.deepEqual(figures.days.at(0), { ...figures.days.at(0), views: 0, starts: 0, submissions: 0 });
  });

  test('has no rates where nobody was counted, and never more than all', async () => {
    const form = await publishedForm({ client }, FORM);
    await submit(form);
    assert.equal((await client.forms.analytics(form)).conversion, null);
    await submit(form);
    await count(form, {});
    const { conversion, start_rate } = await client.forms.analytics(form);
    assert.deepEqual([conversion, start_rate], [1, 0]);
  });

  test('tells where visitors stopped: by step, by the field they touched last, and what was refused', async () => {
    const form = await publishedForm({ client }, FORM);
    await count(
      form,
      { event: 'start', times: 5 },
      { event: 'step', step: 'two', times: 3 },
      { event: 'close', step: 'one', field: 'email', times: 2 },
      { event: 'close', step: 'two', field: 'wish' },
      { event: 'close', step: 'two' },
      { event: 'error', step: 'one', field: 'email', times: 4 },
    );
    const { steps, fields } = await client.forms.analytics(form);
    assert.deepEqual(steps, [
      { step: 'one', reached: 5, left: 2 },
      { step: 'two', reached: 3, left: 2 },
    ]);
    assert.deepEqual(fields, [
      { field: 'email', dropped: 2, refused: 4 },
      { field: 'wish', dropped: 1, refused: 0 },
    ]);
  });

  test('names its sources by campaign, else by the page that led here', async () => {
    const form = await publishedForm({ client }, FORM);
    const last = { utm_source: 'newsletter', utm_campaign: 'spring' };
    await submit(form, { attribution: { last } });
    await submit(form, { attribution: { last, first: { utm_source: 'google' } } });
    await submit(form, { attribution: { first: { utm_source: 'google' } } });
    await submit(form, { attribution: { last: { referrer: 'https://News.example.com/a?b=c' } } });
    const page = 'https://shop.example.com/roofs';
    await submit(form, { attribution: { last: { referrer: 'https://shop.example.com/' } }, page });
    await submit(form, { state: 'quarantined', attribution: { last: { utm_source: 'spam' } } });
    assert.deepEqual((await client.forms.analytics(form)).sources, [
      { source: 'newsletter', campaign: 'spring', submissions: 2 },
      { source: 'google', campaign: null, submissions: 1 },
      { source: 'news.example.com', campaign: null, submissions: 1 },
      { source: null, campaign: null, submissions: 1 },
    ]);
  });

  test('belongs to days of the workspace, also where clocks are changed', async () => {
    const form = await publishedForm({ client }, FORM);
    // In Berlin 28 March 2027 has 23 hours, and 31 October has 25.
    now = Date.parse('2027-03-30T12:00:00Z');
    for (const at of ['2027-03-27T22:59:00Z', '2027-03-27T23:00:00Z', '2027-03-28T21:59:00Z', '2027-03-28T22:00:00Z']) {
      await count(form, { at });
      await submit(form, { at });
    }
    const spring = await client.forms.analytics(form, { from: '2027-03-27', to: '2027-03-29' });
    assert.deepEqual(spring.days, [
      { day: '2027-03-27', views: 1, starts: 0, submissions: 1 },
      { day: '2027-03-28', views: 2, starts: 0, submissions: 2 },
      { day: '2027-03-29', views: 1, starts: 0, submissions: 1 },
    ]);
    now = Date.parse('2027-11-02T12:00:00Z');
    for (const at of ['2027-10-30T21:59:00Z', '2027-10-30T22:00:00Z', '2027-10-31T22:59:00Z', '2027-10-31T23:00:00Z'])
      await count(form, { at });
    const { days, views } = await client.forms.analytics(form, { from: '2027-10-31', to: '2027-10-31' });
    assert.deepEqual(days, [{ day: '2027-10-31', views: 2, starts: 0, submissions: 0 }]);
    assert.equal(views, 2);
  });

  test('has days that begin when those of the workspace do', async () => {
    const form = await publishedForm({ client }, FORM);
    await client.workspace.update({ timezone: 'Asia/Kathmandu' });
    now = Date.parse('2027-12-10T12:00:00Z');
    // There it is 5:45 hours later.
    await count(form, { at: '2027-12-09T18:14:00Z' }, { at: '2027-12-09T18:15:00Z' });
    const { days } = await client.forms.analytics(form, { from: '2027-12-09', to: '2027-12-10' });
    assert.deepEqual(
      days.map(({ views }) => views),
      [1, 1],
    );
    await client.workspace.update({ timezone: 'Europe/Berlin' });
  });

  test('is asked for over days in their order, two years at most', async () => {
    const form = await publishedForm({ client }, FORM);
    const ask = (query: { from?: string; to?: string }) => client.forms.analytics(form, query);
    await assert.rejects(ask({ from: '2027-02-02', to: '2027-02-01' }), { code: 'VALIDATION_ERROR' });
    await assert.rejects(ask({ from: '2020-01-01', to: '2027-01-01' }), { code: 'VALIDATION_ERROR' });
    await assert.rejects(ask({ from: '2027-02-30' }), { code: 'VALIDATION_ERROR' });
    assert.equal((await ask({ to: '2027-01-30' })).days[0]!.day, '2027-01-01');
    now = Date.parse('2027-06-15T12:00:00Z');
    assert.equal((await ask({ from: '2027-06-01' })).days.length, 15);
  });

  test('is another’s secret, and gone with the form', async () => {
    const form = await publishedForm({ client }, FORM);
    const other = await server.newWorkspace();
    await assert.rejects((await program(other)).forms.analytics(form), { code: 'NOT_FOUND' });
    await client.forms.remove(form);
    await assert.rejects(client.forms.analytics(form), { code: 'NOT_FOUND' });
  });
});

describe('The report on forms', () => {
  test('compares all of them over the same days, the most submissions first or as asked', async () => {
    const own = await server.newWorkspace();
    const client = await program(own);
    now += 40 * DAY_MS;
    const [often, rarely, never] = [
      await publishedForm({ client }, FORM, 'Often'),
      await publishedForm({ client }, FORM, 'Rarely'),
      await publishedForm({ client }, FORM, 'Never'),
    ];
    const gone = await publishedForm({ client }, FORM, 'Gone');
    await client.forms.remove(gone);
    await count(often, { times: 10 });
    await count(rarely, { times: 2 }, { event: 'start' });
    const at = new Date(now).toISOString();
    const insert = (form: string, state = 'accepted', when = at) =>
      server.database.asOwner(
        `insert into submissions (workspace_id, form_id, form_version, state, answers, submitted_at, address_hash, fingerprint, success, answered_at, request_id)
          values ($1, $2, 1, $3, '{}', $4, 'x', 'x', '{}', now(), 'x')`,
        [own.id, form, state, when],
      );
    await insert(often);
    await insert(often);
    await insert(rarely);
    await insert(rarely, 'quarantined');
    await insert(rarely, 'accepted', new Date(now - 35 * DAY_MS).toISOString());
    const names = async (query: object) => (await client.reports.forms(query)).map(({ name }) => name);
    assert.deepEqual(await client.reports.forms(), [
      { form_id: often, name: 'Often', views: 10, starts: 0, submissions: 2, quarantined: 0, conversion: 0.2, start_rate: 0 },
      { form_id: rarely, name: 'Rarely', views: 2, starts: 1, submissions: 1, quarantined: 1, conversion: 0.5, start_rate: 0.5 },
      { form_id: never, name: 'Never', views: 0, starts: 0, submissions: 0, quarantined: 0, conversion: null, start_rate: null },
    ]);
    assert.deepEqual(await names({ sort_by: 'conversion' }), ['Rarely', 'Often', 'Never']);
    assert.deepEqual(await names({ sort_by: 'views', limit: 1 }), ['Often']);
    assert.deepEqual(await (await program(await server.newWorkspace())).reports.forms(), []);
  });
});

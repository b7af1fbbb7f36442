import { sendKeys } from '@web/test-runner-commands';
import '../../src/components/lead-table/lead-table.define.ts';
import { describe, equal, it, ok, until } from './browser-test.ts';
import { FakeApi, lead, page, pagesOf, PROPOSAL, refusal, TOKEN } from './fake-api.ts';
import {
  assertInReach,
  axeFindsNothing,
  button,
  click,
  find,
  findAll,
  header,
  heldApi,
  names,
  notice,
  onPage,
  place,
  press,
  range,
  said,
  settled,
  skeleton,
  type Table,
  tablesOf,
  textOf,
} from './table-on-page.ts';

onPage();
const { mount, mountReady } = tablesOf('mill-lead-table');

const OWNER = { id: '01900000-0000-7000-8000-00000000000f', name: 'Marta Nowak', email: 'marta@example.com', avatar_url: null };
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const marked = (table: Table) => findAll(table, 'tr.marked th').map(textOf);

/** A table whose live stream is open, with what it asked for meanwhile behind it. */
async function mountLive(api: FakeApi, attributes: Record<string, string> = {}) {
  api.stream.begin();
  const table = await mountReady(api, attributes);
  await until('the stream is open and the list is renewed', () => api.asked.length >= 2 && find(table, '[aria-busy=false]'));
  return table;
}

/** Leads from the latest activity to the earliest, as the list has them by itself. */
const leads = (count: number) =>
  new FakeApi(
    pagesOf(count, (number) =>
      lead(number, { last_activity_at: `2026-05-05T12:${String(60 - number).padStart(2, '0')}:00.000Z` }),
    ),
  );

describe('The lead table shows', () => {
  it('title, contact, stage, score, value, owner, source and last activity of each lead', async () => {
    const rows = [
      lead(1, { lead_value: 12_500, score: 'hot', score_value: 82, owner: OWNER, last_activity_at: minutesAgo(5) }),
      lead(2, {
        stage_id: PROPOSAL,
        status: 'qualified',
        lead_value: 99.5,
        currency: 'USD',
        source_id: null,
        last_activity_at: null,
      }),
    ];
    const table = await mountReady(new FakeApi(() => page(rows)));
    await until('the names of stages are there', () => textOf(find(table, '.badge')) === 'New lead');

    equal(findAll(table, 'thead th').map(textOf), [
      'Lead',
      'Contact',
      'Stage',
      'Score',
      'Value',
      'Owner',
      'Source',
      'Last activity',
    ]);
    const cells = (row: number) => findAll(table, `tbody tr:nth-child(${row}) > *`).map(textOf);
    equal(cells(1), ['Lead 1', 'Person 1 Hydra Mills', 'New lead', '82 Hot', '€12,500', 'Marta Nowak', 'Website', '5 min. ago']);
    equal(cells(2), ['Lead 2', 'Person 2 Hydra Mills', 'Proposal sent', '0 Cold', '$99.50', '–Nobody', '–None', '–None']);
  });

  it('the status of a lead whose stage has no name to it', async () => {
    const table = await mountReady(new FakeApi(() => page([lead(1, { stage_id: '01900000-0000-7000-8000-0000000000ff' })])));
    equal(textOf(find(table, '.badge')), 'New');
  });

  it('placeholders, then the leads; and what it lacks instead of them', async () => {
    const { api, asked, answer } = heldApi();
    const table = mount(api);
    await asked(1);
    await table.updateComplete;
    ok(skeleton(table), 'Placeholders are shown.');
    answer(0, page([]));
    await until('there are no leads', () => notice(table) === 'No leads yet');
  });

  for (const [status, code, title] of [
    [500, 'INTERNAL', 'The leads could not be loaded'],
    [403, 'FORBIDDEN', 'You may not see leads'],
    [401, 'UNAUTHORIZED', 'You are signed out'],
  ] as const) {
    it(`${title.toLowerCase()} for the answer ${status}`, async () => {
      const table = mount(new FakeApi(() => refusal(status, code)));
      await until('that is said', () => notice(table) === title);
    });
  }

  it('text from outside as text, and the token nowhere', async () => {
    const nasty = '<img src=x onerror="window.broken=1">';
    const table = await mountReady(new FakeApi(() => page([lead(1, { title: nasty, owner: { ...OWNER, name: nasty } })])));
    equal(names(table), [nasty]);
    equal(findAll(table, 'img, [style], style').length, 0);
    equal((table.renderRoot as ShadowRoot).innerHTML.includes(TOKEN), false);
  });
});

describe('The lead table asks', () => {
  it('for the statuses whose chips are pressed, together', async () => {
    const api = leads(3);
    const table = await mountReady(api);
    await click(button(table, 'New'));
    await press(button(table, 'Lost'), 'Enter');
    await until('both are asked for', () => api.asked.at(-1)?.getAll('status').join() === 'new,lost');
    equal([button(table, 'New').ariaPressed, button(table, 'Won').ariaPressed], ['true', 'false']);
    await press(button(table, 'New'), ' ');
    await press(button(table, 'Lost'), ' ');
    await until('all are asked for', () => !api.asked.at(-1)?.has('status'));
  });

  it('for the order of a header, the highest first where that is what people look for', async () => {
    const api = leads(3);
    const table = await mountReady(api);
    await click(button(table, 'Value'));
    await until('it is sorted by value', () => header(table, 'Value').ariaSort === 'descending');
    equal(api.last, { page: '1', sort_by: 'lead_value', sort_order: 'desc' });
    await press(button(table, 'Contact'), 'Enter');
    await until('it is sorted by name', () => header(table, 'Contact').ariaSort === 'ascending');
    equal(api.last, { page: '1', sort_by: 'name', sort_order: 'asc' });
  });

  it('for the names of stages and sources once, whatever happens to the leads', async () => {
    const api = leads(3);
    const table = await mountLive(api);
    await until('the names are there', () => textOf(find(table, '.badge')) === 'New lead');
    for (let version = 2; version < 5; version++)
      api.stream.tell('lead.updated', lead(1, { version, title: `Lead 1.${version}` }));
    await until('the last change is shown', () => names(table)[0] === 'Lead 1.4');
    equal(api.besides.toSorted(), ['/lead-sources', '/pipelines']);
    api.stream.tell('pipeline.stage.updated', { id: PROPOSAL });
    await until('they are asked for again', () => api.besides.length === 4);
  });
});

describe('The lead table follows what others do:', () => {
  it('a new lead appears on top of the first page, marked for a while', async () => {
    const api = leads(3);
    const table = await mountLive(api);
    api.stream.tell('lead.created', lead(9, { last_activity_at: minutesAgo(0) }));
    await until('it is on top', () => names(table)[0] === 'Lead 9');
    equal(marked(table), ['Lead 9']);
    equal(range(table), '1–4 of 4');
    equal(said(table), 'Leads 1–4 of 4.');
    await until('its mark is gone', () => marked(table).length === 0);
  });

  it('a full page keeps its size', async () => {
    const api = leads(30);
    const table = await mountLive(api, { 'page-size': '3' });
    api.stream.tell('lead.created', lead(90, { last_activity_at: minutesAgo(0) }));
    await until('it is on top', () => names(table).join() === 'Lead 90,Lead 1,Lead 2');
    equal(range(table), '1–3 of 31');
  });

  it('a changed lead is replaced where it stands, and an older state of it is not', async () => {
    const api = leads(3);
    const table = await mountLive(api);
    const { stream } = api;
    const { parentElement: row } = findAll(table, 'tbody th')[1]!;
    stream.tell(
      'lead.moved_to_stage',
      lead(2, { version: 3, stage_id: PROPOSAL, status: 'qualified', last_activity_at: minutesAgo(0) }),
    );
    await until('its stage is shown', () => textOf(row!.querySelector('.badge')) === 'Proposal sent');
    equal(names(table), ['Lead 1', 'Lead 2', 'Lead 3']);
    equal(marked(table), ['Lead 2']);

    stream.tell('lead.updated', lead(2, { version: 2, title: 'Old' }));
    stream.tell('lead.updated', lead(1, { version: 2, title: 'Last' }));
    await until('what followed is shown', () => names(table)[0] === 'Last');
    equal(names(table), ['Last', 'Lead 2', 'Lead 3']);
    ok(row!.isConnected, 'The row is the one it was.');
  });

  it('what was deleted, archived or taken out of sight goes, and the next one moves up', async () => {
    const api = leads(5);
    const table = await mountLive(api, { 'page-size': '4' });
    const left = [2, 3, 4, 5];
    api.answering = () =>
      page(
        left.map((number) => lead(number)),
        { total: left.length, page_size: 4 },
      );
    api.stream.tell('lead.deleted', { id: lead(1).id });
    await until('it is gone', () => names(table).join() === 'Lead 2,Lead 3,Lead 4,Lead 5');
    equal(range(table), '1–4 of 4');
    api.stream.remove('contact', lead(2).id);
    api.stream.remove('lead', lead(3).id);
    api.stream.tell('lead.updated', lead(4, { version: 2, is_archived: true }));
    await until('they are gone', () => names(table).join() === 'Lead 2,Lead 5');
  });

  it('what does not match the filter or the search goes, and what comes to match appears', async () => {
    const api = leads(3);
    const table = await mountLive(api);
    await click(button(table, 'New'));
    await until('the filter was asked for', () => api.last['status'] === 'new' && find(table, '[aria-busy=false]'));
    api.stream.tell('lead.moved_to_stage', lead(1, { version: 2, status: 'lost' }));
    api.stream.tell('lead.moved_to_stage', lead(8, { version: 2, last_activity_at: minutesAgo(0) }));
    await until('they changed places', () => names(table).join() === 'Lead 8,Lead 2,Lead 3');

    find(table, 'input')!.focus();
    await sendKeys({ type: 'person 2' });
    await until('the search was asked for', () => api.last['search'] === 'person 2' && find(table, '[aria-busy=false]'));
    api.stream.tell('lead.created', lead(20, { last_activity_at: minutesAgo(0) }));
    api.stream.tell('lead.created', lead(30, { last_activity_at: minutesAgo(0) }));
    api.stream.tell('lead.created', lead(21, { last_activity_at: minutesAgo(0) }));
    await until('the matching ones are there', () => names(table).slice(0, 2).join() === 'Lead 21,Lead 20');
    ok(!names(table).includes('Lead 30'), 'The other is not.');
  });

  it('new leads that belong elsewhere are told of, and shown on demand', async () => {
    const api = leads(3);
    const table = await mountLive(api);
    await click(button(table, 'Lead'));
    await until('it is sorted by title', () => header(table, 'Lead').ariaSort === 'ascending');
    api.stream.tell('lead.created', lead(8));
    api.stream.tell('lead.created', lead(9));
    api.stream.tell('lead.updated', lead(7, { version: 2 }));
    await until('that is told', () => button(table, '2 new leads'));
    equal(names(table), ['Lead 1', 'Lead 2', 'Lead 3']);
    api.stream.tell('lead.deleted', { id: lead(9).id });
    await until('one is left', () => button(table, '1 new lead'));

    api.answering = pagesOf(4, lead);
    await press(button(table, '1 new lead'), 'Enter');
    await until('the list is loaded again', () => names(table).length === 4);
    equal(find(table, '.unseen'), null);
  });

  it('what is heard while the list is loading is not lost to an older answer', async () => {
    const { api, asked, answer } = heldApi();
    api.stream.begin();
    const table = mount(api);
    await asked(1);
    answer(0, page([lead(1)]));
    await asked(2);
    api.stream.tell('lead.updated', lead(1, { version: 2, title: 'Newer' }));
    await until('it is shown', () => names(table).join() === 'Newer');
    answer(1, page([lead(1), lead(2)]));
    await until('the answer is there', () => names(table).length === 2);
    equal(names(table), ['Newer', 'Lead 2']);
  });

  it('the list is loaded again when something may have been missed', async () => {
    const api = leads(1);
    const table = await mountLive(api);
    api.answering = pagesOf(2, lead);
    api.stream.reset();
    await until('the other lead is shown', () => names(table).length === 2);
  });

  it('a cut stream is said quietly, and no longer once it is back', async () => {
    const api = leads(1);
    const table = await mountLive(api);
    api.stream.break();
    await until('it is said', () => textOf(find(table, '.behind')) === 'Reconnecting…');
    ok(said(table)!.endsWith('Reconnecting…'), 'Screen readers hear of it.');
    api.stream.begin();
    await until('it is no longer said', () => !find(table, '.behind'));
  });

  it('what could not be loaded while the server was away is loaded once its stream is back', async () => {
    const api = leads(1);
    const table = await mountLive(api);
    const { answering } = api;
    api.stream.break();
    await until('the cut is noticed', () => find(table, '.behind'));
    api.answering = () => Promise.reject(new TypeError('network error'));
    await table.refresh();
    equal(notice(table), 'No connection to the server');
    api.answering = answering;
    api.stream.begin();
    await until('the leads are there', () => !notice(table) && names(table).join() === 'Lead 1');
  });

  it('nothing once it has left the page', async () => {
    const api = leads(1);
    const table = await mountLive(api);
    table.remove();
    api.stream.tell('lead.created', lead(9, { last_activity_at: minutesAgo(0) }));
    await settled();
    equal(names(table), ['Lead 1']);
  });
});

describe('A lead is opened', () => {
  it('by its link, at the address that the host gives, or by the host alone', async () => {
    const table = await mountReady(leads(2), { 'link-prefix': '#/leads/' });
    const opened: string[] = [];
    table.addEventListener('mill-lead-open', (event) => opened.push(event.detail.lead.title));
    await click(findAll(table, 'tbody .contact')[1]!);
    equal([opened.join(), location.hash], ['Lead 2', `#/leads/${lead(2).id}`]);

    table.addEventListener('mill-lead-open', (event) => event.preventDefault());
    await press(findAll(table, 'tbody a')[0]!, 'Enter');
    equal([opened.join(), location.hash], ['Lead 2,Lead 1', `#/leads/${lead(2).id}`]);
  });
});

describe('The lead table as a guest on the page', () => {
  it('fits into 320 pixels with everything in reach', async () => {
    place.style.width = '320px';
    const long = lead(1, { title: 'W'.repeat(100), lead_value: 9_999_999_999.99, owner: OWNER });
    const table = await mountReady(
      new FakeApi(() => page([{ ...long, contact: { ...long.contact, company: 'C'.repeat(100) } }], { total: 60, pages: 3 })),
    );
    assertInReach(table);
  });

  it('runs from right to left where the page does', async () => {
    place.dir = 'rtl';
    const table = await mountReady(leads(2));
    const [first, last] = [header(table, 'Lead'), header(table, 'Last activity')].map(
      (each) => each.getBoundingClientRect().left,
    );
    ok(first! > last!, 'The title stands on the right.');
  });
});

/** One lead of each status, with stages that have no name. */
const everyStatus = () =>
  (['new', 'contacted', 'qualified', 'converted', 'lost'] as const).map((status, row) =>
    lead(row, {
      status,
      stage_id: '01900000-0000-7000-8000-0000000000ff',
      score: (['cold', 'warm', 'hot'] as const)[row % 3]!,
      lead_value: 100 * row,
      owner: OWNER,
    }),
  );

axeFindsNothing({
  'with leads': () => mount(new FakeApi(() => page(everyStatus()))),
  'while it waits': () => mount(heldApi().api),
  'without leads': () => mount(new FakeApi(() => page([]))),
  'after a failure': () => mount(new FakeApi(() => refusal(500, 'INTERNAL'))),
  'with a chosen status': async () => {
    const table = await mountReady(leads(3));
    await click(button(table, 'New'));
    return table;
  },
  'with a row that has just changed and others that are new': async () => {
    const api = leads(3);
    const table = await mountLive(api);
    api.stream.tell('lead.updated', lead(1, { version: 2, score: 'hot' }));
    api.stream.tell('lead.created', lead(9, { last_activity_at: '2020-01-01T00:00:00.000Z' }));
    await until('both are shown', () => marked(table).length === 1 && find(table, '.unseen'));
    return table;
  },
});

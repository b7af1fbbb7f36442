import { sendKeys } from '@web/test-runner-commands';
import '../../src/components/contact-table/contact-table.define.ts';
import type { Client } from '../../src/client/index.ts';
import type { Contact } from '../../src/contract/contact.ts';
import type { Pagination } from '../../src/contract/envelope.ts';
import { define } from '../../src/components/shared/define.ts';
import { describe, equal, it, ok, until } from './browser-test.ts';
import { contact, FakeApi, page, pagesOf, refusal, TOKEN } from './fake-api.ts';
import {
  assertInReach,
  axeFindsNothing,
  button,
  click,
  find,
  findAll,
  focused,
  header,
  heldApi,
  isBusy,
  names,
  notice,
  onPage,
  place,
  press,
  range,
  said,
  settled,
  skeleton,
  tablesOf,
  textOf,
} from './table-on-page.ts';

onPage();
const { mount, mountReady } = tablesOf('mill-contact-table');

describe('The contact table shows', () => {
  it('name, e-mail, company, status and day of each contact', async () => {
    const table = await mountReady(new FakeApi(() => page([contact(1, { status: 'bounced' }), contact(2, { company: null })])));

    equal(findAll(table, 'thead th').map(textOf), ['Name', 'E-mail', 'Company', 'Status', 'Added']);
    equal(findAll(table, 'tbody tr:first-child :is(bdi, .badge, time)').map(textOf), [
      'Person 1',
      'person1@example.com',
      'Hydra Mills',
      'Bounced',
      'May 4, 2026',
    ]);
    equal(textOf(findAll(table, 'tbody .company')[1]?.querySelector('.visually-hidden')), 'None');
  });

  it('each status in a colour of its own', async () => {
    const statuses = ['active', 'bounced', 'unsubscribed'] as const;
    const table = await mountReady(new FakeApi(() => page(statuses.map((status, row) => contact(row, { status })))));

    const colors = findAll(table, '.badge').map((badge) => getComputedStyle(badge).color.match(/\d+/g)!.map(Number));
    const [active, bounced, unsubscribed] = colors as [number[], number[], number[]];
    ok(active[1]! > active[0]! && active[1]! > active[2]!, 'Active is green.');
    ok(bounced[0]! > bounced[1]! && bounced[0]! > bounced[2]!, 'Bounced is red.');
    ok(Math.max(...unsubscribed) - Math.min(...unsubscribed) < 40, 'Unsubscribed is grey.');
  });

  it('a way to open whoever lacks an e-mail address or a name', async () => {
    const rows = [
      contact(1, { email: null }),
      contact(2, { name: null }),
      contact(3, { name: null, email: null, phone_number: '+49 30 1' }),
    ];
    const table = await mountReady(new FakeApi(() => page(rows)));

    equal(findAll(table, 'tbody a').map(textOf), ['Person 1', 'person2@example.com', '+49 30 1']);
    equal(textOf(findAll(table, 'tbody th')[1]?.querySelector('.visually-hidden')), 'No name');
  });

  it('placeholders until the first page is there, and says so', async () => {
    const { api, asked, answer } = heldApi();
    const table = mount(api);
    await asked(1);
    await table.updateComplete;
    ok(skeleton(table) && isBusy(table), 'The table is busy and shows placeholders.');
    equal(said(table), 'Loading contacts…');

    answer(0, page([contact(1)]));
    await until('the contact is shown', () => names(table).join() === 'Person 1');
    ok(!skeleton(table) && !isBusy(table), 'The table is at rest without placeholders.');
    equal(said(table), 'Contacts 1 of 1.');
  });

  it('the last page while the next one loads', async () => {
    const { api, asked, answer } = heldApi();
    const table = mount(api);
    await asked(1);
    answer(0, page([contact(1)], { total: 2, pages: 2, next_cursor: 'cursor' }));
    await until('the first page is shown', () => names(table).length === 1);

    await click(button(table, 'Next'));
    await asked(2);
    ok(isBusy(table), 'The table is busy.');
    equal(names(table), ['Person 1']);
  });

  it('that there are no contacts yet, or what the host puts in that place', async () => {
    const table = await mountReady(new FakeApi(() => page([])));
    equal(notice(table), 'No contacts yet');
    equal(said(table)?.startsWith('No contacts yet'), true);

    const own = document.createElement('p');
    own.slot = 'empty';
    table.append(own);
    equal(own.assignedSlot?.name, 'empty');
  });

  it('that nothing matches, and clears search and filter on demand', async () => {
    const api = new FakeApi((query) => (query.has('search') || query.has('status') ? page([]) : page([contact(1)])));
    const table = await mountReady(api);
    await press(find(table, 'select')!, 'ArrowDown');
    await until('the filter was asked for', () => api.last.status === 'active');
    find(table, 'input')!.focus();
    await sendKeys({ type: 'nobody' });
    await sendKeys({ press: 'Enter' });
    await until('nothing matches', () => notice(table) === 'No contact matches' && api.last.search === 'nobody');

    await press(button(table, 'Clear search and filter'), 'Enter');
    await until('the contact is back', () => names(table).length === 1);
    equal(api.last, { page: '1' });
    equal(find<HTMLInputElement>(table, 'input')!.value, '');
    equal(find<HTMLSelectElement>(table, 'select')!.value, '');
    equal(focused(table)?.localName, 'input');
  });

  it('a failure with another try, which brings the contacts', async () => {
    const api = new FakeApi(() => refusal(500, 'INTERNAL'));
    const table = mount(api);
    const errors: unknown[] = [];
    place.addEventListener('mill-error', (event) => errors.push(event.detail.error));
    await until('the failure is shown', () => notice(table) === 'The contacts could not be loaded');
    equal(textOf(find(table, '.reference')), 'Reference for support: req_1');
    equal(
      errors.map((error) => (error as { code: string }).code),
      ['INTERNAL'],
    );

    api.answering = pagesOf(1);
    await press(button(table, 'Try again'), 'Enter');
    await until('the contact is shown', () => names(table).length === 1);
    equal(find(table, '.notice'), null);
    equal(focused(table)?.className, 'frame');
  });

  it('the last page beside a failure to renew it', async () => {
    const api = new FakeApi(pagesOf(1));
    const table = await mountReady(api);
    api.answering = () => refusal(500, 'INTERNAL');
    await table.refresh();
    await table.updateComplete;

    equal(notice(table), 'The contacts could not be loaded');
    equal(names(table), ['Person 1']);
  });

  it('that the caller may not see contacts, and none of those seen before', async () => {
    const api = new FakeApi(pagesOf(1));
    const table = await mountReady(api);
    api.answering = () => refusal(403, 'FORBIDDEN');
    await table.refresh();
    await table.updateComplete;

    equal(notice(table), 'You may not see contacts');
    equal(names(table), []);
    ok(find(table, '[part=toolbar]')!.hidden, 'There is nothing to search.');
  });

  it('that nobody is signed in any more, and none of the contacts', async () => {
    const api = new FakeApi(pagesOf(1));
    const table = await mountReady(api);
    api.answering = () => refusal(401, 'UNAUTHORIZED');
    await table.refresh();
    await table.updateComplete;

    equal(notice(table), 'You are signed out');
    equal(names(table), []);
  });

  it('that the server is out of reach, and loads by itself once the browser is online', async () => {
    const api = new FakeApi(() => Promise.reject(new TypeError('Failed to fetch')));
    const table = mount(api);
    await until('the lack of a connection is shown', () => notice(table) === 'No connection to the server');

    api.answering = pagesOf(1);
    dispatchEvent(new Event('online'));
    await until('the contact is shown', () => names(table).length === 1);
  });

  it('text from outside as text', async () => {
    const nasty = '<img src=x onerror="window.broken=1">';
    const table = await mountReady(new FakeApi(() => page([contact(1, { name: nasty, company: nasty, email: nasty })])));

    equal(names(table), [nasty]);
    equal(findAll(table, 'img').length, 0);
    equal('broken' in window, false);
  });

  it('the token nowhere', async () => {
    const table = await mountReady(new FakeApi(pagesOf(2)));
    const everything =
      table.outerHTML +
      (table.renderRoot as ShadowRoot).innerHTML +
      location.href +
      JSON.stringify({ ...localStorage, ...sessionStorage });
    equal(everything.includes(TOKEN), false);
  });
});

describe('The contact table asks', () => {
  it('for 25 contacts a page, or as many as it is told', async () => {
    const usual = new FakeApi(pagesOf(1));
    await mountReady(usual);
    equal(usual.asked.at(-1)?.get('page_size'), '25');

    const told = new FakeApi(pagesOf(1));
    const table = await mountReady(told, { 'page-size': '10' });
    equal(told.asked.at(-1)?.get('page_size'), '10');
    table.pageSize = 5_000;
    await until('it asks again', () => told.asked.length === 2);
    equal(told.asked.at(-1)?.get('page_size'), '100');
  });

  it('once for what was typed in a go', async () => {
    const api = new FakeApi(pagesOf(1));
    const table = await mountReady(api);
    const input = find<HTMLInputElement>(table, 'input')!;
    for (const value of ['a', 'ad', 'ada']) {
      input.value = value;
      input.dispatchEvent(new InputEvent('input'));
    }
    await until('the search was asked for', () => api.last.search === 'ada');
    equal(
      api.asked.map((query) => query.get('search')),
      [null, 'ada'],
    );
  });

  it('at once when Enter is pressed, and keeps what is typed meanwhile', async () => {
    const api = new FakeApi(pagesOf(1));
    const table = await mountReady(api);
    find(table, 'input')!.focus();
    await sendKeys({ type: 'ada' });
    await sendKeys({ press: 'Enter' });
    equal(api.last.search, 'ada');

    await sendKeys({ type: ' lo' });
    await table.refresh();
    await table.updateComplete;
    equal(find<HTMLInputElement>(table, 'input')!.value, 'ada lo');
    await until('the longer search was asked for', () => api.last.search === 'ada lo');
  });

  it('for the chosen status, from the first page', async () => {
    const api = new FakeApi(pagesOf(60));
    const table = await mountReady(api);
    await click(button(table, 'Next'));
    await until('the second page was asked for', () => api.last.page === '2');
    await press(find(table, 'select')!, 'ArrowDown');
    await until('the status was asked for', () => api.last.status === 'active');
    equal(api.last, { page: '1', status: 'active' });
  });

  it('for its own order first, and for that of a header when it is clicked', async () => {
    const api = new FakeApi(pagesOf(1));
    const table = await mountReady(api);
    equal(api.last, { page: '1' });
    equal(findAll(table, '[aria-sort]').length, 0);

    await click(button(table, 'Name'));
    await until('it is sorted by name', () => header(table, 'Name').ariaSort === 'ascending');
    equal(api.last, { page: '1', sort_by: 'name', sort_order: 'asc' });
    await until('that is said', () => said(table) === 'Contacts 1 of 1, sorted by Name, ascending.');

    await click(button(table, 'Name'));
    await until('it is sorted the other way', () => header(table, 'Name').ariaSort === 'descending');
    equal(api.last, { page: '1', sort_by: 'name', sort_order: 'desc' });

    await click(button(table, 'Name'));
    await until('its own order is back', () => header(table, 'Name').ariaSort === null);
    equal(api.last, { page: '1' });
  });

  it('for the newest first when Added is pressed, one column at a time', async () => {
    const api = new FakeApi(pagesOf(1));
    const table = await mountReady(api);
    await press(button(table, 'E-mail'), 'Enter');
    await until('it is sorted by e-mail', () => header(table, 'E-mail').ariaSort === 'ascending');
    await press(button(table, 'Company'), ' ');
    await until('it is sorted by company', () => header(table, 'Company').ariaSort === 'ascending');
    await press(button(table, 'Added'), 'Enter');
    await until('it is sorted by day', () => header(table, 'Added').ariaSort === 'descending');
    equal(api.last, { page: '1', sort_by: 'created_at', sort_order: 'desc' });
    equal(findAll(table, '[aria-sort]').length, 1);
  });

  it('for the pages before and after, and no further', async () => {
    const api = new FakeApi(pagesOf(60));
    const table = await mountReady(api);
    equal(range(table), '1–25 of 60');
    equal(button(table, 'Previous').ariaDisabled, 'true');

    await click(button(table, 'Next'));
    await until('the second page is shown', () => range(table) === '26–50 of 60');
    equal(said(table), 'Contacts 26–50 of 60.');
    await press(button(table, 'Next'), 'Enter');
    await until('the last page is shown', () => range(table) === '51–60 of 60');
    equal(button(table, 'Next').ariaDisabled, 'true');
    equal(focused(table), button(table, 'Next'));

    await sendKeys({ press: 'Enter' });
    equal(api.asked.length, 3);
    await click(button(table, 'Previous'));
    await until('the second page is back', () => range(table) === '26–50 of 60');
  });

  it('for the last page there is when others deleted the one it asked for', async () => {
    const api = new FakeApi(pagesOf(60));
    const table = await mountReady(api);
    await click(button(table, 'Next'));
    await until('the second page is shown', () => range(table) === '26–50 of 60');
    api.answering = pagesOf(30);
    await click(button(table, 'Next'));
    await until('the page that is now the last is shown', () => range(table) === '26–30 of 30');
  });

  it('for no page beyond row 10,000, and says how to see the others', async () => {
    const rows = Array.from({ length: 100 }, (_, row) => contact(row));
    const api = new FakeApi((query) => {
      const number = Number(query.get('page'));
      return page(rows, {
        total: 12_345,
        total_is_estimate: true,
        page: number,
        page_size: 100,
        pages: 124,
        next_cursor: 'cursor',
      });
    });
    const table = await mountReady(api, { 'page-size': '100' });
    equal(range(table), '1–100 of about 12,345');
    for (let number = 2; number <= 100; number++) {
      button(table, 'Next').click();
      await until(`page ${number} was asked for`, () => api.last.page === String(number));
    }
    await until('the last page is shown', () => range(table) === '9,901–10,000 of about 12,345');
    equal(button(table, 'Next').ariaDisabled, 'true');
    equal(textOf(find(table, '.limit')), 'Pages reach the first 10,000 contacts. Search or filter to see the others.');
  });
});

describe('The contact table keeps to its last word:', () => {
  it('a late answer to an earlier question is not shown', async () => {
    const { api, asked, answer } = heldApi();
    const table = mount(api);
    await asked(1);
    await click(button(table, 'Name'));
    await asked(2);
    ok(api.requests[0]!.signal.aborted, 'The earlier request is cancelled.');

    answer(1, page([contact(2)]));
    await until('the later answer is shown', () => names(table).join() === 'Person 2');
    answer(0, page([contact(1)]));
    await settled();
    equal(names(table), ['Person 2']);
  });

  it('not even from a client that answers what was cancelled', async () => {
    const given: ((page: { data: Contact[]; pagination: Partial<Pagination> }) => void)[] = [];
    const list = () => new Promise((resolve) => given.push(resolve));
    const table = document.createElement('mill-contact-table');
    table.client = { contacts: { list } } as unknown as Client;
    place.append(table);
    await table.updateComplete;
    void table.refresh();

    given[1]!({ data: [contact(2)], pagination: {} });
    await until('the later answer is shown', () => names(table).join() === 'Person 2');
    given[0]!({ data: [contact(1)], pagination: {} });
    await settled();
    equal(names(table), ['Person 2']);
  });

  it('nothing of a user stays or arrives once the client has forgotten them', async () => {
    const { api, asked, answer } = heldApi();
    const table = mount(api);
    await asked(1);
    answer(0, page([contact(1)]));
    await until('the contact is shown', () => names(table).length === 1);
    void table.refresh();
    await asked(2);

    api.client.forget();
    answer(1, page([contact(2)]));
    await until('nothing is shown', () => names(table).length === 0);
  });

  it('nothing of one client stays or arrives once it has another', async () => {
    const { api, asked, answer } = heldApi();
    const table = mount(api);
    await asked(1);
    answer(0, page([contact(1)]));
    await until('the contact is shown', () => names(table).length === 1);
    void table.refresh();
    await asked(2);

    const other = heldApi();
    table.client = other.api.client;
    await table.updateComplete;
    equal(names(table), []);
    answer(1, page([contact(1)]));
    await settled();
    equal(names(table), []);
    other.answer(0, page([contact(2)]));
    await until('the other contact is shown', () => names(table).join() === 'Person 2');
  });

  it('a request under way is cancelled when the table leaves the page, and made again when it returns', async () => {
    const { api, asked, answer } = heldApi();
    const table = mount(api);
    await asked(1);
    table.remove();
    ok(api.requests[0]!.signal.aborted, 'The request is cancelled.');

    place.append(table);
    await asked(2);
    answer(1, page([contact(1)]));
    await until('the contact is shown', () => names(table).length === 1);
  });
});

describe('The contact table follows what others do:', () => {
  it('who is new or has changed is on top or where they were, and who is deleted goes', async () => {
    const api = new FakeApi(pagesOf(3));
    api.stream.begin();
    const table = await mountReady(api);
    await until('the stream is open and the list is renewed', () => api.asked.length >= 2);
    api.stream.tell('contact.created', contact(9, { updated_at: new Date().toISOString() }));
    api.stream.tell('contact.updated', contact(2, { version: 2, company: 'Another Mill', updated_at: new Date().toISOString() }));
    api.stream.tell('lead.created', contact(10, { updated_at: new Date().toISOString() }));
    api.stream.tell('contact.deleted', { id: contact(3).id });
    await until('the last of it is shown', () => names(table).join() === 'Person 9,Person 1,Person 2');
    equal(textOf(findAll(table, 'tbody .company')[2]), 'Another Mill');
    equal(range(table), '1–3 of 3');
  });
});

describe('A contact is opened', () => {
  it('by clicking anywhere in its row, following the link', async () => {
    const table = await mountReady(new FakeApi(pagesOf(2)));
    await click(findAll(table, 'tbody .company')[1]!);
    equal(location.hash, `#${contact(2).id}`);
  });

  it('by Enter on its link, with one event that the page hears through other elements', async () => {
    const around = document.createElement('div').attachShadow({ mode: 'open' });
    place.append(around.host);
    const table = mount(new FakeApi(pagesOf(2)));
    around.append(table);
    await until('the contacts are shown', () => names(table).length === 2);
    const opened: string[] = [];
    document.body.addEventListener('mill-contact-open', (event) => opened.push(event.detail.contact.id), { once: true });
    await press(findAll(table, 'tbody a')[0]!, 'Enter');
    equal(opened, [contact(1).id]);
    equal(location.hash, `#${contact(1).id}`);
  });

  it('by the host alone where it cancels the event', async () => {
    const table = await mountReady(new FakeApi(pagesOf(2)));
    let count = 0;
    table.addEventListener('mill-contact-open', (event) => {
      count++;
      event.preventDefault();
    });
    await click(findAll(table, 'tbody a')[0]!);
    await click(findAll(table, 'tbody .company')[0]!);
    equal([count, location.hash], [2, '']);
  });
});

describe('The contact table as a guest on the page', () => {
  it('leaves no listener behind after fifty visits', async () => {
    const open = new Map<EventTarget, number>([window, document, document.body].map((target) => [target, 0]));
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const count = (target: EventTarget, by: number) => {
      const counted = target ?? window;
      if (open.has(counted)) open.set(counted, open.get(counted)! + by);
    };
    EventTarget.prototype.addEventListener = function (...args: Parameters<typeof addEventListener>) {
      count(this, 1);
      return addEventListener.apply(this, args);
    };
    EventTarget.prototype.removeEventListener = function (...args: Parameters<typeof removeEventListener>) {
      count(this, -1);
      return removeEventListener.apply(this, args);
    };
    try {
      const api = new FakeApi(pagesOf(1));
      for (let visit = 0; visit < 50; visit++) {
        const table = await mountReady(api);
        ok(
          [...open.values()].some((number) => number > 0),
          'The table listens while it is there.',
        );
        table.remove();
      }
      equal([...open.values()], [0, 0, 0]);
    } finally {
      Object.assign(EventTarget.prototype, { addEventListener, removeEventListener });
    }
  });

  it('carries no inline style, which a strict policy would refuse', async () => {
    const table = await mountReady(new FakeApi(pagesOf(60)));
    equal(findAll(table, '[style], style').length, 0);
  });

  it('stays as it is when another copy of the package registers itself', () => {
    const first = customElements.get('mill-contact-table');
    define('mill-contact-table', class extends HTMLElement {});
    equal(customElements.get('mill-contact-table') === first, true);
  });

  it('fits into 320 pixels with every header and button in reach', async () => {
    place.style.width = '320px';
    const name = 'A'.repeat(255);
    const table = await mountReady(
      new FakeApi(() => page([contact(1, { name, email: `${'e'.repeat(200)}@example.com` })], { total: 60, pages: 3 })),
    );

    assertInReach(table);
    const [nameCell, emailCell] = findAll(table, 'tbody th, tbody .email').map((cell) => cell.getBoundingClientRect());
    ok(emailCell!.top >= nameCell!.bottom, 'The e-mail has a line of its own.');
  });

  it('runs from right to left where the page does', async () => {
    place.dir = 'rtl';
    const table = await mountReady(new FakeApi(pagesOf(60)));
    const [name, added] = [header(table, 'Name'), header(table, 'Added')].map((each) => each.getBoundingClientRect().left);
    ok(name! > added!, 'The name stands on the right.');
    ok(
      button(table, 'Previous').getBoundingClientRect().left > button(table, 'Next').getBoundingClientRect().left,
      'Next is on the left.',
    );
  });

  it('takes its looks from the tokens around it', async () => {
    place.style.setProperty('--mill-accent', 'rgb(1, 2, 3)');
    const table = await mountReady(new FakeApi(pagesOf(1)));
    equal(getComputedStyle(find(table, 'tbody a')!).color, 'rgb(1, 2, 3)');
  });
});

axeFindsNothing({
  'with contacts': () => mount(new FakeApi(pagesOf(60))),
  'while it waits': () => mount(heldApi().api),
  'without contacts': () => mount(new FakeApi(() => page([]))),
  'after a failure': () => mount(new FakeApi(() => refusal(500, 'INTERNAL'))),
  'when it may not be seen': () => mount(new FakeApi(() => refusal(403, 'FORBIDDEN'))),
});

import { createClient, type Client } from '../../src/client/index.ts';
import { liveOf } from '../../src/client/live.ts';
import type { Contact } from '../../src/contract/contact.ts';
import { MillProvider } from '../../src/components/provider/provider.ts';
import { accessOf } from '../../src/controllers/access.ts';
import { recordsOf } from '../../src/controllers/records.ts';
import { countListeners, describe, equal, it, ok, until } from './browser-test.ts';
import { contact, page } from './fake-api.ts';
import { givenTo, json, provided, Server, shown, shows, table, tokenOf, userOf } from './provided-page.ts';
import { names, notice, onPage, place, settled } from './table-on-page.ts';

onPage();

const BASE = 'https://crm.test';
const clientFor = (server: Server, user: string) => createClient({ baseUrl: BASE, token: tokenOf(user), fetch: server.fetch });

/** The moment before the page is painted next. */
const painted = () => new Promise((resolve) => requestAnimationFrame(resolve));

describe('The provider gives the elements within it', () => {
  it('a client of base-url and token', async () => {
    const server = new Server();
    const inner = table();
    const provider = provided({ token: tokenOf('ada'), fetch: server.fetch }, inner);
    provider.setAttribute('base-url', BASE);
    place.append(provider);
    await shows(inner, 'ada');
    ok(server.requests[0]!.url.startsWith(`${BASE}/api/v2/`), server.requests[0]!.url);
  });

  it('a client whose getToken is asked when a token is needed, and after it was refused', async () => {
    const server = new Server();
    const first = tokenOf('ada');
    let asked = 0;
    const inner = table();
    const getToken = async () => (++asked === 1 ? first : tokenOf('ada'));
    place.append(provided({ baseUrl: BASE, getToken, fetch: server.fetch }, inner));
    await shows(inner, 'ada');
    equal(asked, 1);
    server.refused.add(first);
    await inner.refresh();
    equal([asked, names(inner).join()], [2, 'ada']);
  });

  it('nothing to ask before there is a token', async () => {
    const server = new Server();
    const inner = table();
    const provider = provided({ baseUrl: BASE, fetch: server.fetch }, inner);
    place.append(provider);
    await inner.updateComplete;
    await settled();
    equal([server.requests.length, provider.client], [0, undefined]);
    provider.token = tokenOf('ada');
    await shows(inner, 'ada');
  });

  it('the client of the page, which one of their own stands before', async () => {
    const server = new Server();
    const [inner, other] = [table(), table()];
    other.client = clientFor(server, 'bob');
    const client = clientFor(server, 'ada');
    place.append(provided({ client }, inner, other));
    await shows(inner, 'ada');
    await shows(other, 'bob');
    ok(inner.client === client, 'It is the very client.');
    other.client = undefined;
    await shows(other, 'ada');
  });

  it('its client through slots and shadow roots', async () => {
    const server = new Server();
    const around = document.createElement('div');
    const shadow = around.attachShadow({ mode: 'open' });
    shadow.append(provided({ client: clientFor(server, 'ada') }, document.createElement('slot')));
    const [slotted, deep] = [table(), table()];
    const inner = document.createElement('section');
    inner.attachShadow({ mode: 'open' }).append(deep);
    around.append(slotted, inner);
    place.append(around);
    await shows(slotted, 'ada');
    await shows(deep, 'ada');
  });

  it('one stream, however many they are', async () => {
    const server = new Server();
    const tables = Array.from({ length: 5 }, table);
    place.append(provided({ client: clientFor(server, 'ada') }, ...tables));
    for (const each of tables) await shows(each, 'ada');
    await until('the stream is open', () => server.streams.length > 0);
    await settled();
    equal(server.streams.length, 1);
  });

  it('nothing of its own looks, and no box: the page within is as it was', async () => {
    const look = (element: Element) =>
      Object.fromEntries([...getComputedStyle(element)].map((name) => [name, getComputedStyle(element).getPropertyValue(name)]));
    const text = document.createElement('p');
    text.textContent = 'Text of the page';
    place.append(text);
    const before = look(text);
    const provider = provided({ locale: 'ar' });
    place.append(provider);
    provider.append(text);
    await provider.updateComplete;
    const after = look(text);
    equal(
      Object.keys(before).filter((name) => !name.startsWith('--_') && before[name] !== after[name]),
      [],
    );
  });

  it('light or dark, and density, as inherited properties', async () => {
    const inner = table();
    const provider = provided({ theme: 'dark', density: 'compact' }, inner);
    place.append(provider);
    await provider.updateComplete;
    const looks = () => [getComputedStyle(inner).colorScheme, getComputedStyle(inner).getPropertyValue('--mill-density').trim()];
    equal(looks(), ['dark', '0']);
    provider.theme = 'light';
    provider.density = 'comfortable';
    await provider.updateComplete;
    equal(looks(), ['light', '1']);
    provider.theme = 'system';
    provider.density = undefined;
    await provider.updateComplete;
    equal(looks(), ['light dark', '']);
    equal(getComputedStyle(document.body).colorScheme, 'normal');
  });
});

describe('Providers', () => {
  it('come late: the elements within had to wait for the definition', async () => {
    const server = new Server();
    const inner = table();
    const tag = 'test-late-provider';
    const late = document.createElement(tag);
    Object.assign(late, { client: clientFor(server, 'ada') });
    late.append(inner);
    place.append(late);
    await inner.updateComplete;
    equal(inner.client, undefined);
    customElements.define(tag, class extends MillProvider {});
    await shows(inner, 'ada');
  });

  it('come and go around elements that stay where they are', async () => {
    const server = new Server();
    const around = document.createElement('div');
    const shadow = around.attachShadow({ mode: 'open' });
    const slot = document.createElement('slot');
    shadow.append(slot);
    const inner = table();
    around.append(inner);
    place.append(around);
    await inner.updateComplete;
    const provider = provided({ client: clientFor(server, 'ada') });
    shadow.append(provider);
    provider.append(slot);
    document.dispatchEvent(new Event('unrelated'));
    provider.remove();
    shadow.append(provider);
    await shows(inner, 'ada');
    shadow.replaceChildren(slot);
    await until('the client is gone', () => inner.client === undefined);
    await shows(inner);
  });

  it('stand side by side, and an element that is moved has the client of the new one', async () => {
    const server = new Server();
    const inner = table();
    const [left, right] = ['ada', 'bob'].map((user) => provided({ client: clientFor(server, user) }));
    left!.append(inner);
    place.append(left!, right!);
    await shows(inner, 'ada');
    right!.append(inner);
    await painted();
    ok(!names(inner).includes('ada'), 'Nothing of the former is shown.');
    await shows(inner, 'bob');
    place.append(inner);
    await shows(inner);
    equal(inner.client, undefined);
  });

  it('stand within each other: the inner one gives what it sets, and for the rest what the outer one gives', async () => {
    const server = new Server();
    const [deep, leaf] = [document.createElement('div'), document.createElement('div')];
    const inner = provided({ locale: 'de', messages: { common: { cancel: 'Stop' }, de: { common: { close: 'Zu' } } } }, deep);
    const outer = provided(
      { client: clientFor(server, 'ada'), locale: 'fr', messages: { common: { cancel: 'Leave', undo: 'Back' } } },
      inner,
      leaf,
    );
    place.append(outer);
    await inner.updateComplete;
    await until('the outer client is given', () => givenTo(deep)?.client !== undefined);
    ok(givenTo(deep)!.client === outer.client && inner.client === outer.client, 'The client is that of the outer one.');
    equal([givenTo(deep)!.locale, givenTo(leaf)!.locale], ['de', 'fr']);
    equal(givenTo(deep)!.messages, { common: { cancel: 'Stop', undo: 'Back' }, de: { common: { close: 'Zu' } } });
    equal(givenTo(leaf)!.messages, { common: { cancel: 'Leave', undo: 'Back' } });

    inner.client = clientFor(server, 'bob');
    inner.locale = undefined;
    inner.messages = undefined;
    await until('the outer locale is given', () => givenTo(deep)!.locale === 'fr');
    ok(givenTo(deep)!.client === inner.client, 'The client is now its own.');
    equal(givenTo(deep)!.messages, { common: { cancel: 'Leave', undo: 'Back' } });
    outer.locale = 'es';
    await until('a change outside reaches the inmost', () => givenTo(deep)!.locale === 'es');
  });

  it('put between others and their elements take these over, and give them back when they go', async () => {
    const server = new Server();
    const tag = 'test-between-provider';
    const inner = table();
    const between = document.createElement(tag);
    Object.assign(between, { client: clientFor(server, 'bob') });
    between.append(inner);
    const outer = provided({ client: clientFor(server, 'ada') }, between);
    place.append(outer);
    await shows(inner, 'ada');
    customElements.define(tag, class extends MillProvider {});
    await shows(inner, 'bob');
    outer.append(inner);
    await shows(inner, 'ada');
  });

  it('are added and removed fifty times, and leave nothing behind', async () => {
    const listeners = countListeners(window, document, document.body, place);
    try {
      const server = new Server();
      const client = clientFor(server, 'ada');
      const [inner, kept] = [table(), provided({ client })];
      kept.append(inner);
      for (let visit = 0; visit < 50; visit++) {
        const [fresh, own] = [table(), provided({ baseUrl: BASE, token: tokenOf('bob'), fetch: server.fetch })];
        own.append(fresh);
        place.append(kept, own);
        kept.toast({ text: 'Saved' });
        await shows(inner, 'ada');
        await shows(fresh, 'bob');
        kept.remove();
        own.remove();
        await until('the streams are closed', () => server.openStreams.length === 0);
      }
      equal(listeners.open, [0, 0, 0, 0]);
      equal([recordsOf(client).size, server.openStreams.length], [0, 0]);
    } finally {
      listeners.stop();
    }
  });
});

describe('After a change of user nothing of the former is shown:', () => {
  it('another client, whatever the former one answers late', async () => {
    const server = new Server();
    const inner = table();
    const provider = provided({ client: clientFor(server, 'ada') }, inner);
    place.append(provider);
    await shows(inner, 'ada');
    const late = (server.held = []) as (() => void)[];
    void inner.refresh();
    await until('it is asked again', () => late.length === 1);
    server.held = undefined;
    provider.client = clientFor(server, 'bob');
    await painted();
    ok(!names(inner).includes('ada'), 'Nothing of Ada is shown.');
    late[0]!();
    await shows(inner, 'bob');
    await settled();
    equal(names(inner), ['bob']);
  });

  it("another user's token, even while the former is asked for", async () => {
    const server = new Server();
    const { provider, table: inner } = await shown(server);
    const late = (server.held = []) as (() => void)[];
    void inner.refresh();
    await until('it is asked again', () => late.length === 1);
    server.held = undefined;
    provider.token = tokenOf('bob');
    await painted();
    ok(!names(inner).includes('ada'), 'Nothing of Ada is shown.');
    late[0]!();
    await shows(inner, 'bob');
    ok(
      server.requests.slice(-1).every((request) => userOf(request) === 'bob'),
      'Nothing is asked for as Ada any more.',
    );
  });

  it('a getToken that gives the token of another', async () => {
    const server = new Server();
    let token = tokenOf('ada');
    const inner = table();
    place.append(provided({ baseUrl: BASE, getToken: async () => token, fetch: server.fetch }, inner));
    await shows(inner, 'ada');
    await until('the stream is open', () => server.openStreams.length === 1);
    server.refused.add(token);
    token = tokenOf('bob');
    await inner.refresh();
    await shows(inner, 'bob');
    await until('the stream is that of the other', () => server.openStreams.some(({ request }) => userOf(request) === 'bob'));
  });

  it('a user who is forgotten, and the next one who is asked for', async () => {
    const server = new Server();
    let user = 'ada';
    const inner = table();
    const provider = provided({ baseUrl: BASE, getToken: async () => tokenOf(user), fetch: server.fetch }, inner);
    place.append(provider);
    await shows(inner, 'ada');
    user = 'bob';
    provider.forget();
    await painted();
    ok(!names(inner).includes('ada'), 'Nothing of Ada is shown.');
    await shows(inner, 'bob');
  });

  it('a user who was forgotten while the element was off the page', async () => {
    const server = new Server();
    const inner = table();
    const provider = provided({ baseUrl: BASE, getToken: async () => tokenOf('ada'), fetch: server.fetch }, inner);
    place.append(provider);
    await shows(inner, 'ada');
    inner.remove();
    await settled();
    provider.forget();
    await settled();
    server.held = [];
    provider.append(inner);
    await painted();
    equal(names(inner), []);
  });

  it('a token that was spent by forgetting is not used again, one that is taken away neither', async () => {
    const server = new Server();
    const { provider, table: inner } = await shown(server);
    provider.forget();
    await until('nobody is signed in', () => notice(inner) === 'You are signed out');
    provider.token = undefined;
    await until('there is no client', () => inner.client === undefined);
    provider.token = tokenOf('ada');
    await shows(inner, 'ada');
  });

  it('but a fresh token of the same user changes nothing that is shown', async () => {
    const server = new Server();
    const { provider, table: inner } = await shown(server);
    const { client } = provider;
    provider.token = tokenOf('ada');
    await provider.updateComplete;
    await settled();
    ok(provider.client === client, 'The client is the same.');
    equal([server.lists.length <= 2, names(inner).join()], [true, 'ada']);
  });
});

describe('A session that has ended', () => {
  it('is told once for all calls that fail by it, and the elements go on with the next token', async () => {
    const server = new Server();
    const token = tokenOf('ada');
    const tables = Array.from({ length: 5 }, table);
    const provider = provided({ baseUrl: BASE, token, fetch: server.fetch }, ...tables);
    const told: number[] = [];
    provider.addEventListener('mill-session-ended', ({ detail }) => told.push(detail.error.status));
    place.append(provider);
    for (const each of tables) await shows(each, 'ada');
    server.refused.add(token);
    await Promise.all(tables.map((each) => each.refresh()));
    await until('it is shown', () => tables.every((each) => notice(each) === 'You are signed out'));
    equal(told, [401]);

    provider.token = tokenOf('ada');
    for (const each of tables) await shows(each, 'ada');
    equal(told, [401]);
  });

  it('is told again when the next one ends', async () => {
    const server = new Server();
    const { provider, table: inner } = await shown(server);
    let told = 0;
    place.addEventListener('mill-session-ended', () => told++);
    for (let round = 1; round <= 3; round++) {
      server.refused.add(provider.token!);
      await inner.refresh();
      await until('it is told', () => told === round);
      provider.token = tokenOf('ada');
      await shows(inner, 'ada');
    }
  });
});

describe('Copies of the package on one page', () => {
  it('know of a client what the others know', async () => {
    const client = clientFor(new Server(), 'ada');
    const copy = async (module: string) => (await import(`../../src/${module}?copy`)) as Record<string, (of: Client) => unknown>;
    const [records, access, live] = await Promise.all(
      ['controllers/records.ts', 'controllers/access.ts', 'client/live.ts'].map(copy),
    );
    ok(records!['recordsOf'] !== recordsOf, 'It is another copy.');
    equal(
      [
        records!['recordsOf']!(client) === recordsOf(client),
        access!['accessOf']!(client) === accessOf(client),
        live!['liveOf']!(client) === liveOf(client),
      ],
      [true, true, true],
    );
  });
});

describe('Records are shared:', () => {
  const rename = (name: string, version: number): Contact => contact(1, { name, version });

  async function twoTables(server: Server) {
    const client = clientFor(server, 'ada');
    const tables = [table(), table()] as const;
    place.append(provided({ client }, tables[0]), provided({ client }, tables[1]));
    for (const each of tables) await shows(each, 'ada');
    await until('the stream is open', () => server.streams.length === 1);
    await settled();
    return { client, records: recordsOf(client), tables };
  }

  it('what one saves, all show at once, before the stream tells of it', async () => {
    const server = new Server();
    const { client, records, tables } = await twoTables(server);
    server.answer = () => json(rename('Ada Lovelace', 2));
    await records.save('contact', () => client.contacts.update(contact(1).id, { name: 'Ada Lovelace' }) as Promise<Contact>);
    for (const each of tables) await each.updateComplete;
    equal(tables.map(names), [['Ada Lovelace'], ['Ada Lovelace']]);
    server.streams[0]!.stream.tell('contact.updated', rename('Ada, an hour ago', 1));
    await settled();
    equal(tables.map(names), [['Ada Lovelace'], ['Ada Lovelace']]);
  });

  it('an answer to what was asked before does not take it back', async () => {
    const server = new Server();
    const { records, tables } = await twoTables(server);
    const late = (server.held = []) as (() => void)[];
    void tables[0].refresh();
    await until('it is asked', () => late.length === 1);
    records.put('contact', rename('Ada Lovelace', 2));
    late[0]!();
    await settled();
    await tables[0].updateComplete;
    equal(tables.map(names), [['Ada Lovelace'], ['Ada Lovelace']]);
  });

  it('what one deletes, all take away, and no late answer brings it back', async () => {
    const server = new Server();
    const { records, tables } = await twoTables(server);
    const late = (server.held = []) as (() => void)[];
    void tables[0].refresh();
    const loaded = records.load('contact', contact(1).id);
    server.answer = () => json(rename('Ada', 1));
    await until('they are asked', () => late.length === 2);
    records.gone('contact', contact(1).id);
    for (const each of tables) await shows(each);
    for (const go of late) go();
    await loaded.catch(() => {});
    await settled();
    equal([...tables.map(names), records.get('contact', contact(1).id)], [[], [], null]);
  });

  it('one that is new is on top of every list', async () => {
    const server = new Server();
    const { client, records, tables } = await twoTables(server);
    const born = contact(9, { name: 'Grace', updated_at: new Date().toISOString() });
    server.answer = () => json({ ...born, activities: [], appointments: [], assignments: [], leads: [] });
    await records.save('contact', () => client.contacts.create({ name: 'Grace' }), { isNew: true });
    for (const each of tables) await shows(each, 'Grace', 'ada');
    equal('leads' in records.get('contact', born.id)!, false);
    server.streams[0]!.stream.tell('contact.created', born);
    await settled();
    equal(
      tables.map((each) => each.renderRoot.querySelector('.range')?.textContent?.trim()),
      ['1–2 of 2', '1–2 of 2'],
    );
  });

  it('what one has read, another finds at hand, and asks for once', async () => {
    const server = new Server();
    const { records } = await twoTables(server);
    equal(records.get('contact', contact(1).id)?.name, 'ada');
    const before = server.requests.length;
    server.answer = () => json(rename('Ada Lovelace', 2));
    const loads = Array.from({ length: 5 }, () => records.load('contact', contact(1).id));
    equal(
      (await Promise.all(loads)).map(({ name }) => name),
      Array(5).fill('Ada Lovelace'),
    );
    equal(server.requests.length - before, 1);
  });

  it('not even an answer that came just before its user was forgotten is taken in', async () => {
    const server = new Server();
    const { client, records } = await twoTables(server);
    const saved = records.save('contact', async () => contact(5)).catch((error: Error) => error.name);
    client.forget();
    equal([await saved, records.get('contact', contact(5).id)], ['AbortError', null]);
  });

  it('nothing is remembered once nobody looks any more, and nothing of a former user', async () => {
    const server = new Server();
    const { client, records, tables } = await twoTables(server);
    ok(records.size > 0, 'It remembers.');
    const late = (server.held = []) as (() => void)[];
    const loaded = records.load('contact', contact(1).id).catch((error: Error) => error.name);
    await until('it is asked', () => late.length === 1);
    client.forget();
    late[0]!();
    equal([await loaded, records.size], ['AbortError', 0]);
    for (const each of tables) each.remove();
    await until('the stream is closed', () => server.openStreams.length === 0);
    equal(records.size, 0);
  });
});

describe('What the user may do', () => {
  it('is asked once when someone wants to know, and told when it is known', async () => {
    const server = new Server();
    const { provider } = await shown(server);
    const asked = () => server.requests.filter(({ url }) => url.endsWith('/auth/me')).length;
    equal(asked(), 0);
    const changed = new Promise((resolve) => place.addEventListener('mill-access-changed', resolve, { once: true }));
    equal([provider.can('crm:contacts:view'), provider.can('crm:contacts:edit')], [undefined, undefined]);
    await changed;
    equal([provider.can('crm:contacts:view'), provider.can('crm:contacts:edit')], [true, false]);
    const inner = provided();
    provider.append(inner);
    await inner.updateComplete;
    equal(inner.can('crm:contacts:view'), true);
    equal(asked(), 1);
  });

  it('is asked anew where the client gets another user', async () => {
    const server = new Server();
    let user = 'ada';
    const provider = provided({ baseUrl: BASE, getToken: async () => tokenOf(user), fetch: server.fetch });
    place.append(provider);
    await provider.updateComplete;
    provider.can('crm:contacts:edit');
    await until('it is known', () => provider.can('crm:contacts:edit') === false);
    server.permissions = ['crm:contacts:edit'];
    user = 'bob';
    const late = (server.held = []) as (() => void)[];
    provider.forget();
    await until('it is asked', () => late.length === 1);
    equal(provider.can('crm:contacts:edit'), undefined);
    late[0]!();
    await until('it is known of the other', () => provider.can('crm:contacts:edit'));
  });

  it('is asked anew for another user', async () => {
    const server = new Server();
    const { provider } = await shown(server);
    provider.can('crm:contacts:edit');
    await until('it is known', () => provider.can('crm:contacts:edit') === false);
    server.permissions = ['crm:contacts:edit'];
    provider.token = tokenOf('bob');
    equal(provider.can('crm:contacts:edit'), undefined);
    await until('it is known of the other', () => provider.can('crm:contacts:edit'));
  });
});

describe('The token', () => {
  it('is nowhere but in the header: not in the page, addresses, storage, the console or events', async () => {
    const server = new Server();
    const secret = /planted-\d/;
    const lines: unknown[] = [];
    const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
    const own = methods.map((method) => console[method]);
    for (const method of methods) console[method] = (...line: unknown[]) => void lines.push(line.map(String));
    const heard: unknown[] = [];
    const hear = (event: Event) =>
      heard.push(JSON.stringify((event as CustomEvent).detail), String((event as CustomEvent<{ error?: Error }>).detail?.error));
    const events = ['mill-session-ended', 'mill-error', 'mill-access-changed', 'mill-contact-open'];
    for (const event of events) document.addEventListener(event, hear);
    try {
      const { provider, table: inner } = await shown(server);
      provider.can('crm:contacts:view');
      provider.toast({ text: 'Saved', kind: 'good' });
      await provider.updateComplete;
      server.refused.add(provider.token!);
      await inner.refresh();
      await until('that is told', () => heard.length > 0);
      const everything = [
        ...[provider, inner].flatMap((element) => [element.outerHTML, element.shadowRoot!.innerHTML]),
        document.documentElement.outerHTML,
        location.href,
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]),
        ...server.requests.map(({ url }) => url),
        ...performance.getEntriesByType('resource').map(({ name }) => name),
        ...lines.map(String),
        ...heard.map(String),
      ];
      equal(
        everything.filter((text) => secret.test(text)),
        [],
      );
      ok(secret.test(server.requests[0]!.headers.get('Authorization')!), 'It is in the header.');
    } finally {
      methods.forEach((method, index) => (console[method] = own[index]!));
      for (const event of events) document.removeEventListener(event, hear);
    }
  });

  it('is not read from an attribute', async () => {
    const server = new Server();
    const provider = provided({ baseUrl: BASE, fetch: server.fetch }, table());
    provider.setAttribute('token', tokenOf('ada'));
    place.append(provider);
    await provider.updateComplete;
    await settled();
    equal([provider.client, server.requests.length], [undefined, 0]);
  });
});

describe('Without a provider', () => {
  it('an element works by its own client, and shares what it knows with others of that client', async () => {
    const server = new Server();
    const client = clientFor(server, 'ada');
    const tables = [table(), table()];
    for (const each of tables) each.client = client;
    place.append(...tables);
    for (const each of tables) await shows(each, 'ada');
    recordsOf(client).put('contact', contact(1, { name: 'Ada Lovelace', version: 2 }));
    for (const each of tables) await shows(each, 'Ada Lovelace');
    await until('the stream is open', () => server.streams.length > 0);
    equal(server.streams.length, 1);
  });

  it('a page of contacts is shown as its newest', async () => {
    const server = new Server();
    const client = clientFor(server, 'ada');
    const first = table();
    first.client = client;
    place.append(first);
    await shows(first, 'ada');
    await until('the stream is open', () => server.streams.length === 1);
    await settled();
    recordsOf(client).put('contact', contact(1, { name: 'Ada Lovelace', version: 2 }));
    server.answer = () => page([contact(1, { name: 'ada' }), contact(2)]);
    await first.refresh();
    await shows(first, 'Ada Lovelace', 'Person 2');
  });
});

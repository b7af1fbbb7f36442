import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { createClient } from '../../src/client/index.ts';
import type { Route } from '../../src/contract/route.ts';
import { API_PREFIX, routes } from '../../src/contract/routes.ts';
import { data, nothing, page, type Reaction, ScriptedServer } from './scripted-server.ts';

async function start(test: TestContext, ...reactions: Reaction[]) {
  const server = await ScriptedServer.start(test, ...reactions);
  return { server, client: createClient({ baseUrl: server.origin, token: 'secret' }) };
}

describe('the client', () => {
  test('calls every route of the contract by its method, at its path', async (test) => {
    const { server, client } = await start(test, nothing);
    for (const [group, verbs] of Object.entries(routes)) {
      for (const [verb, route] of Object.entries<Route>(verbs)) {
        if (route.stream) continue;
        const ids = route.path.match(/:\w+/g) ?? [];
        const input = route.body || route.query ? [{ name: 'given' }] : [];
        const methods = client[group as 'contacts'] as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;

        await methods[verb]!(...ids.map((_, index) => `id-${index}`), ...input, { headers: { 'x-last': 'options' } });

        let index = 0;
        const path = route.path.replace(/:\w+/g, () => `id-${index++}`);
        assert.deepEqual(
          [server.last.method, server.last.url, server.last.body, server.last.headers['x-last']],
          [route.method, API_PREFIX + path + (route.query ? '?name=given' : ''), route.body ? '{"name":"given"}' : '', 'options'],
          `${group}.${verb}`,
        );
      }
    }
  });

  test('gives a list with its pagination and filters, and of everything else the data alone', async (test) => {
    const { client } = await start(test, page([{ id: '1' }], 'next'), data({ id: '2' }), nothing);

    assert.deepEqual(await client.contacts.list(), {
      data: [{ id: '1' }],
      pagination: { total: 3, total_is_estimate: false, page: 1, page_size: 50, pages: 1, next_cursor: 'next' },
      filters: {},
    });
    assert.deepEqual(await client.contacts.get('2'), { id: '2' });
    assert.equal(await client.contacts.remove('2'), undefined);
  });

  test('sends filters by custom fields under their own names', async (test) => {
    const { server, client } = await start(test, nothing);

    const cf = { size: 5, 'size.gte': 0, ready: false, 'region.in': ['north', 'south & east'] };
    await client.leads.list({ cf, sort_by: 'cf.size', page: 1 });
    assert.equal(
      server.last.url,
      `${API_PREFIX}/leads?cf.size=5&cf.size.gte=0&cf.ready=false&cf.region.in=north&cf.region.in=south+%26+east&sort_by=cf.size&page=1`,
    );
    await client.leads.list({ cf: {}, page: undefined });
    assert.equal(server.last.url, `${API_PREFIX}/leads`);
  });

  test('repeats the key of a query for each value and leaves out what is null or undefined', async (test) => {
    const { server, client } = await start(test, page([]));

    await client.contacts.list({ tags: ['a&b', 'ü'], is_favorite: false, search: undefined, owner: null as never });
    assert.equal(server.last.url, '/api/v2/contacts?tags=a%26b&tags=%C3%BC&is_favorite=false');

    await client.contacts.list({ search: undefined });
    assert.equal(server.last.url, '/api/v2/contacts');
  });

  test('keeps ids inside their part of the path', async (test) => {
    const { server, client } = await start(test, nothing);

    await client.contacts.unassign('../workspace?name=x', 'a b/c');
    assert.equal(server.last.url, '/api/v2/contacts/..%2Fworkspace%3Fname%3Dx/assignments/a%20b%2Fc');

    for (const id of ['', '.', '..']) await assert.rejects(client.contacts.remove(id), TypeError);
    assert.equal(server.arrivals.length, 1);
  });

  test('sends JSON, the token, the expected version and the headers of the caller', async (test) => {
    const { server, client } = await start(test, data({}));

    await client.contacts.update('1', { firstname: 'Änne' }, { ifMatch: 0, headers: { 'X-Request-Id': 'mine' } });

    const { headers, body } = server.last;
    assert.equal(body, '{"firstname":"Änne"}');
    assert.equal(headers.accept, 'application/json');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers.authorization, 'Bearer secret');
    assert.equal(headers['if-match'], '"0"');
    assert.equal(headers['x-request-id'], 'mine');
    assert.equal(headers['idempotency-key'], undefined);
  });

  test('makes up another idempotency key for every POST, also where the page came over plain http', async (test) => {
    const { server, client } = await start(test, data({}));
    test.mock.method(crypto, 'randomUUID', () => assert.fail('missing on plain http'));

    await client.contacts.create({ email: 'a@example.com' });
    await client.contacts.create({ email: 'a@example.com' });
    await client.contacts.create({ email: 'a@example.com' }, { idempotencyKey: 'mine' });

    const [first, second, third] = server.sent('idempotency-key');
    assert.match(String(first), /^[!-~]{1,255}$/);
    assert.notEqual(first, second);
    assert.equal(third, 'mine');
  });

  test('lets methods be taken off their group', async (test) => {
    const { client } = await start(test, data({ id: '1' }));
    const { get } = client.contacts;

    assert.deepEqual(await get('1'), { id: '1' });
  });

  test('takes any fetch that answers a Request, and a base address with a slash at its end', async () => {
    const asked: Request[] = [];
    const client = createClient({
      baseUrl: 'https://crm.example.com/',
      fetch: (request) => {
        asked.push(request);
        return Response.json({ success: true, data: { id: '1' } });
      },
    });

    assert.deepEqual(await client.contacts.get('1'), { id: '1' });
    assert.equal(asked[0]!.url, 'https://crm.example.com/api/v2/contacts/1');
    assert.equal(asked[0]!.credentials, 'same-origin');
    assert.equal(asked[0]!.headers.has('authorization'), false);
  });

  test('finds a global fetch that was replaced after it was made', async (test) => {
    const client = createClient({ baseUrl: 'https://crm.example.com' });
    test.mock.method(globalThis, 'fetch', () => Response.json({ success: true, data: { id: 'replaced' } }));

    assert.deepEqual(await client.contacts.get('1'), { id: 'replaced' });
  });
});

describe('a walk over a list', () => {
  test('follows the cursor to the last page and has rows counted on the first only', async (test) => {
    const { server, client } = await start(test, page([1, 2], 'two'), page([3], 'three'), page([4]));
    const rows: unknown[] = [];

    for await (const contact of client.contacts.all({ status: ['active'], page: 1, page_size: 2 })) rows.push(contact);

    assert.deepEqual(rows, [1, 2, 3, 4]);
    assert.deepEqual(
      server.arrivals.map(({ url }) => url),
      [
        '/api/v2/contacts?status=active&page=1&page_size=2',
        '/api/v2/contacts?status=active&page_size=2&cursor=two&count=none',
        '/api/v2/contacts?status=active&page_size=2&cursor=three&count=none',
      ],
    );
  });

  test('fetches no further than it is read', async (test) => {
    const { server, client } = await start(test, page([1, 2], 'two'));

    for await (const _ of client.contacts.all()) break;

    assert.equal(server.arrivals.length, 1);
  });

  test('ends where its signal aborts', async (test) => {
    const { server, client } = await start(test, page([1], 'two'));
    const controller = new AbortController();
    const reason = new Error('enough');

    await assert.rejects(
      async () => {
        for await (const _ of client.contacts.all({}, { signal: controller.signal })) controller.abort(reason);
      },
      (error) => error === reason,
    );
    assert.equal(server.arrivals.length, 1);
  });
});

import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { createLive, type LiveListener, type LiveState } from '../../src/client/live.ts';
import { createClient, liveOf } from '../../src/client/index.ts';
import { createTransport, type ClientOptions } from '../../src/client/transport.ts';
import { data, type Reaction, refusal, reset, ScriptedServer } from './scripted-server.ts';
import { tokenSource } from './tokens.ts';

/** What a listener was told, in order, and a way to wait for it. */
class Heard implements LiveListener {
  readonly told: unknown[] = [];
  readonly states: LiveState[] = [];
  #wake = () => {};

  event = ({ event, record_id }: { event: string; record_id: string }) => this.#note(`${event} ${record_id}`);
  removed = ({ record, id }: { record: string; id: string }) => this.#note(`removed ${record} ${id}`);
  reset = () => this.#note('reset');
  state = (state: LiveState) => {
    this.states.push(state);
    this.#wake();
  };

  #note(what: string) {
    this.told.push(what);
    this.#wake();
  }

  async until(fact: (heard: Heard) => boolean) {
    while (!fact(this))
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }
}

const place = (at: string) => `:\nid: ${at}\n\n`;
const happened = (at: string, record_id: string, event = 'contact.updated') =>
  `event: ${event}\nid: ${at}\ndata: ${JSON.stringify({ id: at, event, record_id, data: {} })}\n\n`;

/** Streams some text and then stays open, or ends. */
const streams =
  (text: string, { ends = false } = {}): Reaction =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(text);
    if (ends) response.end();
  };

async function start(test: TestContext, options: Partial<ClientOptions>, ...reactions: Reaction[]) {
  const server = await ScriptedServer.start(test, ...reactions);
  const pauses: number[] = [];
  const transport = createTransport({ baseUrl: server.origin, token: 'secret', ...options } as ClientOptions);
  const live = createLive(transport, { random: () => 0, pause: async (milliseconds) => void pauses.push(milliseconds) });
  const heard = new Heard();
  const leave = live.subscribe(heard);
  test.after(leave);
  return { server, live, heard, leave, pauses, transport };
}

describe('the live stream of a client', () => {
  test('tells what happens, with the token in a header and nowhere else', async (test) => {
    const removed = 'event: removed\nid: 6-1\ndata: {"record":"lead","id":"gone"}\n\n';
    const { server, heard, live } = await start(test, {}, streams(place('5-0') + happened('5-1', 'one') + removed));

    await heard.until(({ told }) => told.length === 3);
    assert.deepEqual(heard.told, ['reset', 'contact.updated one', 'removed lead gone']);
    assert.deepEqual(heard.states, ['connecting', 'open']);
    assert.equal(live.state, 'open');
    assert.equal(server.last.url, '/api/v2/events');
    assert.equal(server.last.headers.authorization, 'Bearer secret');
    assert.equal(server.last.headers['last-event-id'], undefined);
  });

  test('goes on after a break where it was, and tells nothing twice and nobody to read again', async (test) => {
    const broken: Reaction = (response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(`${place('5-0')}${happened('5-1', 'one')}event: contact.up`, () => response.destroy());
    };
    const { server, heard } = await start(
      test,
      {},
      broken,
      reset,
      streams(happened('5-2', 'two') + place('9-0'), { ends: true }),
      streams(happened('9-1', 'three')),
    );

    await heard.until(({ told }) => told.length === 4);
    assert.deepEqual(heard.told, ['reset', 'contact.updated one', 'contact.updated two', 'contact.updated three']);
    assert.deepEqual(server.sent('last-event-id'), [undefined, '5-1', '5-1', '9-0']);
    assert.deepEqual(heard.states, ['connecting', 'open', 'offline', 'open']);
  });

  test('passes it on that it can not be gone on with', async (test) => {
    const { heard } = await start(
      test,
      {},
      streams(`${place('5-0')}event: reset\nid: 8-0\ndata: {}\n\n${happened('8-1', 'one')}`),
    );
    await heard.until(({ told }) => told.length === 3);
    assert.deepEqual(heard.told, ['reset', 'reset', 'contact.updated one']);
  });

  test('waits as long as the server asks, and longer after each failure', async (test) => {
    const busy = refusal(429, 'RATE_LIMITED', {}, { 'Retry-After': '7' });
    const { heard, pauses } = await start(test, {}, busy, reset, reset, streams(place('5-0')));
    await heard.until(({ states }) => states.at(-1) === 'open');
    assert.deepEqual(pauses, [7_500, 1_000, 2_000]);
  });

  test('takes a new token where the old one ends or is refused, and asks once', async (test) => {
    const { given, getToken } = tokenSource();
    const expired = refusal(401, 'TOKEN_EXPIRED');
    const { server, heard } = await start(
      test,
      { token: undefined, getToken },
      streams(place('5-0'), { ends: true }),
      expired,
      streams(happened('6-1', 'one')),
    );
    await heard.until(({ told }) => told.includes('contact.updated one'));
    assert.equal(server.arrivals.length, 3);
    assert.equal(given.length, 2);
    assert.notEqual(server.sent('authorization')[1], server.sent('authorization')[2]);
  });

  test('ends where no token is accepted, and says so', async (test) => {
    const errors: unknown[] = [];
    const options = {
      token: undefined,
      getToken: async () => 'refused',
      onUnauthorized: (error: unknown) => void errors.push(error),
    };
    const { server, heard, live } = await start(test, options, refusal(401, 'UNAUTHORIZED'));
    await heard.until(({ states }) => states.at(-1) === 'ended');
    assert.equal(server.arrivals.length, 2);
    assert.equal(errors.length, 1);
    assert.equal(live.state, 'ended');
  });

  test('ends where the user may not listen, and can be begun again', async (test) => {
    const { heard, live } = await start(test, {}, refusal(403, 'FORBIDDEN'), streams(place('5-0')));
    await heard.until(({ states }) => states.at(-1) === 'ended');
    const again = new Heard();
    test.after(live.subscribe(again));
    await again.until(({ states }) => states.at(-1) === 'open');
  });

  test('ends when the user is forgotten, whose events reach nobody afterwards', async (test) => {
    let write = (_text: string) => {};
    const held: Reaction = (response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      write = (text) => void response.write(text);
      write(place('5-0'));
    };
    const { server, heard, live, transport } = await start(test, {}, held, streams(place('7-0')));
    await heard.until(({ states }) => states.at(-1) === 'open');
    transport.forget();
    write(happened('5-1', 'late'));
    await heard.until(({ states }) => states.at(-1) === 'ended');

    const next = new Heard();
    test.after(live.subscribe(next));
    await next.until(({ states }) => states.at(-1) === 'open');
    assert.deepEqual([heard.told, next.told], [['reset'], ['reset']]);
    assert.equal(server.last.headers['last-event-id'], undefined);
  });

  test('ends when another user follows', async (test) => {
    const source = tokenSource();
    const getToken = async () => {
      const token = await source.getToken();
      source.sub = 'bob';
      return token;
    };
    const { server, heard } = await start(
      test,
      { token: undefined, getToken },
      streams(place('5-0'), { ends: true }),
      refusal(401, 'TOKEN_EXPIRED'),
      streams(place('6-0')),
    );
    await heard.until(({ states }) => states.at(-1) === 'ended');
    assert.equal(server.arrivals.length, 2);
  });

  test('is one for all who subscribe, each to what they ask for, and closed behind the last', async (test) => {
    const closed = Promise.withResolvers<void>();
    let write = (_text: string) => {};
    const held: Reaction = (response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.on('close', () => closed.resolve());
      write = (text) => void response.write(text);
      write(place('5-0'));
    };
    const { server, heard, live, leave } = await start(test, {}, held);
    const narrow = new Heard();
    const controller = new AbortController();
    live.subscribe(narrow, { events: ['contact.deleted'], signal: controller.signal });
    await heard.until(({ states }) => states.at(-1) === 'open');
    write(happened('5-1', 'one') + happened('5-2', 'two', 'contact.deleted'));
    await heard.until(({ told }) => told.length === 3);
    assert.deepEqual(narrow.told, ['reset', 'contact.deleted two']);
    assert.equal(server.arrivals.length, 1);

    leave();
    write(happened('5-3', 'three', 'contact.deleted'));
    await narrow.until(({ told }) => told.length === 3);
    assert.equal(heard.told.length, 3);
    controller.abort();
    await closed.promise;
    assert.equal(live.state, 'ended');
  });

  test('belongs to its client', async (test) => {
    const server = await ScriptedServer.start(test, streams(place('5-0')), data({}));
    const client = createClient({ baseUrl: server.origin, token: 'secret' });
    assert.equal(liveOf(client), liveOf(client));
    const heard = new Heard();
    test.after(liveOf(client).subscribe(heard));
    await heard.until(({ states }) => states.at(-1) === 'open');
    client.forget();
    await heard.until(({ states }) => states.at(-1) === 'ended');
  });
});

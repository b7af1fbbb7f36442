import { createClient, liveOf, type LiveState } from '../../src/client/index.ts';
import { afterEach, describe, equal, it, ok, until } from './browser-test.ts';

/** Streams as a server would hold them open, by the order in which they came. */
class Streams {
  readonly opened: { request: Request; write(text: string): void; isClosed: boolean }[] = [];

  readonly fetch = (request: Request) => {
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const stream = { request, isClosed: false, write: (text: string) => controller.enqueue(encoder.encode(text)) };
        this.opened.push(stream);
        request.signal.addEventListener('abort', () => {
          stream.isClosed = true;
          controller.error(request.signal.reason);
        });
        stream.write(`:\nid: 1-0\n\n`);
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  };
}

const happened = (at: string, record: string) =>
  `event: contact.updated\nid: ${at}\ndata: ${JSON.stringify({ id: at, event: 'contact.updated', record_id: record, data: {} })}\n\n`;

const SECRET = 'planted-signature';
const tokenOf = (claims: object) => `e30.${btoa(JSON.stringify(claims))}.${SECRET}`;

/** What one tab hears. */
class Tab {
  readonly records: string[] = [];
  readonly states: LiveState[] = [];
  resets = 0;
  readonly close: () => void;

  constructor(streams: Streams, claims: object) {
    const client = createClient({ baseUrl: location.origin, token: tokenOf(claims), fetch: streams.fetch });
    this.close = liveOf(client).subscribe({
      event: ({ record_id }) => this.records.push(record_id),
      reset: () => this.resets++,
      state: (state) => this.states.push(state),
    });
  }

  get state() {
    return this.states.at(-1);
  }
}

describe('the tabs of one origin', () => {
  let tabs: Tab[] = [];
  let number = 0;

  const open = (streams: Streams, claims: object) => {
    const tab = new Tab(streams, claims);
    tabs.push(tab);
    return tab;
  };

  afterEach(() => {
    for (const tab of tabs) tab.close();
    tabs = [];
  });

  const someone = () => ({ sub: `user-${++number}-${Math.random()}`, ws: 'acme' });

  it('share one stream as well where a page of a host has a token of nobody', async () => {
    const streams = new Streams();
    const claims = { ws: 'acme', key: `key-${++number}-${Math.random()}`, permissions: ['crm:leads:view'] };
    const first = open(streams, { ...claims, jti: 'one' });
    await until('the first is open', () => first.state === 'open');
    const second = open(streams, { ...claims, jti: 'two' });
    const other = open(streams, { ...claims, owner: 'somebody' });
    await until('all are open', () => second.state === 'open' && other.state === 'open');
    equal(streams.opened.length, 2);
  });

  it('share one stream, whatever the age of their tokens', async () => {
    const streams = new Streams();
    const claims = someone();
    const first = open(streams, { ...claims, iat: 1, exp: 601 });
    await until('the first is open', () => first.state === 'open');
    const second = open(streams, { ...claims, iat: 2, exp: 602, jti: 'another' });
    await until('the second is open', () => second.state === 'open');

    streams.opened[0]!.write(happened('2-1', 'one') + happened('2-2', 'two'));
    await until('both heard', () => [first, second].every(({ records }) => records.length === 2));
    equal(second.records, ['one', 'two']);
    equal([first.resets, second.resets], [1, 1]);
    equal(streams.opened.length, 1);
  });

  it('go on with it where it was when the tab that held it goes', async () => {
    const streams = new Streams();
    const claims = someone();
    const first = open(streams, claims);
    await until('the first is open', () => first.state === 'open');
    const others = [open(streams, claims), open(streams, claims)];
    await until('the others are open', () => others.every(({ state }) => state === 'open'));
    streams.opened[0]!.write(happened('2-1', 'one'));
    await until('all heard', () => others.every(({ records }) => records.length === 1));

    first.close();
    await until('another holds it', () => streams.opened.length === 2);
    ok(streams.opened[0]!.isClosed, 'The stream of the tab that is gone is still open.');
    equal(streams.opened[1]!.request.headers.get('last-event-id'), '2-1');
    streams.opened[1]!.write(happened('3-1', 'two'));
    await until('the others heard', () => others.every(({ records }) => records.length === 2));
    equal(
      others.map(({ resets }) => resets),
      [1, 1],
    );
    equal(first.records, ['one']);
  });

  it('hear nothing of each other where the user, the workspace or the rights differ', async () => {
    const streams = new Streams();
    const claims = someone();
    const different = [claims, someone(), { ...claims, ws: 'other' }, { ...claims, permissions: ['crm:access'] }];
    const own = different.map((one) => open(streams, one));
    await until('all are open', () => own.every(({ state }) => state === 'open'));
    equal(streams.opened.length, 4);
    for (const [index, stream] of streams.opened.entries()) stream.write(happened('2-1', String(index)));
    await until('all heard', () => own.every(({ records }) => records.length > 0));
    ok(
      own.every(({ records }) => records.length === 1),
      'A tab heard what is not its own.',
    );
  });

  it('meet under a name that gives nothing away', async () => {
    const streams = new Streams();
    const claims = someone();
    const tab = open(streams, claims);
    await until('it is open', () => tab.state === 'open');
    const { held = [] } = await navigator.locks.query();
    const names = held.map(({ name }) => name!).filter((name) => name.startsWith('millrace'));
    equal(names.length, 1);
    ok(!names[0]!.includes(SECRET) && !names[0]!.includes(claims.sub), `The name tells: ${names[0]}`);
    ok(!streams.opened[0]!.request.url.includes(SECRET), 'The token stands in the address.');
  });
});

import { until } from '../components/browser-test.ts';
import type { Leftovers, Queued, Sending } from '../../widget/parts.ts';
import type { LoadLater } from '../../widget/sending/leftovers.ts';
import { type SendingParts, storeInMemory } from '../../widget/sending/sending-parts.ts';
import { storeInIndexedDb } from '../../widget/sending/store-indexed-db.ts';

/** What sending meets in its tests: a server that keeps one lead a key, faults in the order given, and a clock turned by hand. */

/** What happens to one submission on its way; `commit` is the server doing its work. */
export type Fault = (commit: () => Response) => Response | Promise<Response>;

export const unreachable: Fault = () => {
  throw new TypeError('Failed to fetch');
};
export const lostAnswer: Fault = (commit) => {
  commit();
  throw new TypeError('Failed to fetch');
};
export const cutAnswer: Fault = (commit) => {
  commit();
  return new Response('{"success":true,"data":{"id":"0', { status: 201 });
};
export const pageOfSomebodyElse =
  (status: number): Fault =>
  () =>
    new Response('<html>Sign in to the airport</html>', { status, headers: { 'Content-Type': 'text/html' } });
export const refusing =
  (status: number, body: object = {}, headers: Record<string, string> = {}): Fault =>
  () =>
    Response.json({ success: false, error: 'No.', code: 'CONFLICT', metadata: {}, ...body }, { status, headers });

export interface Call {
  method: string;
  path: string;
  headers: Headers;
  body: Record<string, unknown>;
  keepalive: boolean;
  at: number;
}

export class FakeServer {
  /** The submissions that came, by their key. */
  readonly leads = new Map<string, Record<string, unknown>>();
  /** Partial submissions, by their id. */
  readonly partials = new Map<string, Record<string, unknown>>();
  /** Every attempt to submit. */
  readonly calls: Call[] = [];
  readonly faults: Fault[] = [];
  challenge: Fault = () => new Response(null, { status: 500 });
  challenges = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const path = new URL(url).pathname;
    if (path.endsWith('/challenge')) {
      this.challenges += 1;
      return this.challenge(() => new Response());
    }
    const { method = 'GET', keepalive = false } = init;
    const headers = new Headers(init.headers);
    const body = JSON.parse(new TextDecoder().decode(init.body as Uint8Array<ArrayBuffer>));
    this.calls.push({ method, path, headers, body, keepalive, at: this.#now() });
    const fault = this.faults.shift() ?? ((commit) => commit());
    const stopped = new Promise<never>((_, reject) =>
      init.signal!.addEventListener('abort', () => reject(new DOMException('Stopped', 'AbortError'))),
    );
    // A call that has long been answered is given up without anybody waiting for it.
    stopped.catch(() => {});
    return Promise.race([fault(() => this.#commit(method, path, headers, body)), stopped]);
  };

  /** Bodies as they came, without what may differ from one sending to the next. */
  get sent() {
    return this.calls.map(({ body: { proof: _, ...body } }) => body);
  }

  get keys() {
    return this.calls.map(({ headers }) => headers.get('Idempotency-Key'));
  }

  #commit(method: string, path: string, headers: Headers, body: Record<string, unknown>) {
    const success = { kind: 'message', message: 'Thank you' };
    if (method === 'PATCH') {
      const id = path.split('/').at(-1)!;
      if (!this.partials.has(id)) return missing();
      this.partials.set(id, body);
      if (body['complete'] === true) this.leads.set(id, body);
      return created({ id, state: body['complete'] ? 'received' : 'partial', success });
    }
    const key = headers.get('Idempotency-Key')!;
    if (body['is_partial'] === true) {
      this.partials.set(key, body);
      return created({ id: key, state: 'partial', token: `token of ${key}`, success });
    }
    const { proof: _, ...lasting } = body;
    const first = this.leads.get(key);
    if (first && JSON.stringify(first) !== JSON.stringify(lasting)) throw new Error('One key came with two bodies.');
    this.leads.set(key, lasting);
    return created({ id: key, state: 'received', success });
  }
}

const created = (data: object) => Response.json({ success: true, data, metadata: {} }, { status: 201 });
const missing = () => Response.json({ success: false, error: 'No such.', code: 'NOT_FOUND', metadata: {} }, { status: 404 });

/** What sending waits for besides the next attempt: a store, a visitor, a server. */
const PATIENCES = [1_500, 8_000, 20_000];

/** A clock that stands still until it is turned. */
export class Clock {
  time = Date.UTC(2026, 5, 1);
  #timers: { at: number; isPatience: boolean; work: () => void }[] = [];

  readonly now = () => this.time;

  readonly after = (milliseconds: number, work: () => void) => {
    const timer = { at: this.time + milliseconds, isPatience: PATIENCES.includes(milliseconds), work };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((one) => one !== timer));
  };

  /** Turns it, and does what was to be done on the way. */
  turn(milliseconds: number) {
    const end = this.time + milliseconds;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.time = Math.max(this.time, next.at);
      next.work();
    }
    this.time = end;
  }

  /** In how many milliseconds something is to be done that is no end of a patience, soonest first. */
  get ahead() {
    return this.#timers.flatMap(({ at, isPatience }) => (isPatience ? [] : at - this.time)).sort((one, other) => one - other);
  }
}

let worlds = 0;
/** Of all numbers one that makes no pause equal to those. */
export const RANDOM = 0.8;

/** All that sending takes, with nothing left to chance, in a database of its own. */
export class World {
  readonly clock = new Clock();
  readonly server = new FakeServer(this.clock.now);
  readonly name = `millrace-world-${(worlds += 1)}`;
  readonly store = storeInIndexedDb(this.name);
  /** What looks after what waits, once something does. */
  leftovers?: Leftovers;
  count = 0;
  isOnline = true;
  #hearers: (() => void)[] = [];

  parts(): SendingParts & { loadLater: LoadLater } {
    return {
      fetch: this.server.fetch,
      now: this.clock.now,
      after: this.clock.after,
      random: () => RANDOM,
      isOnline: () => this.isOnline,
      onReturn: (hear, signal) => {
        this.#hearers.push(hear);
        signal.addEventListener('abort', () => (this.#hearers = this.#hearers.filter((one) => one !== hear)));
      },
      stores: [this.store, storeInMemory()],
      leaveCount: (count) => void (this.count = count),
      mayWait: () => true,
      locks: navigator.locks,
      crypto,
      openChannel: () => new BroadcastChannel(this.name),
      atLeisure: (work) => work(),
      loadLater: async () => {
        const later = await import('../../widget/later.ts');
        return { openLeftovers: (desk) => (this.leftovers = later.openLeftovers(desk)) };
      },
    };
  }

  get isPlanned() {
    return this.clock.ahead.length === 1;
  }

  /** Waits until nothing goes on but the wait for the next attempt, and says how long that is. */
  async untilPlanned(): Promise<number> {
    await until('the next attempt is planned', () => this.isPlanned);
    return this.clock.ahead[0]!;
  }

  /** Lets the time pass until the next attempt, and that attempt begin. */
  async untilNextAttempt() {
    const { length } = this.server.calls;
    this.clock.turn(await this.untilPlanned());
    await until('there is another attempt', () => this.server.calls.length > length);
  }

  /** The network, or the visitor, comes back. */
  comeBack() {
    for (const hear of this.#hearers) hear();
  }

  async close() {
    await new Promise((resolve) => {
      const deleting = indexedDB.deleteDatabase(this.name);
      deleting.addEventListener('success', resolve);
      deleting.addEventListener('error', resolve);
    });
  }
}

/** A submission as the form hands it over. */
export const entry = (facts: Partial<Queued> = {}): Parameters<Sending['submit']>[0] => ({
  api: 'https://crm.example',
  formId: '0199c0de-0000-7000-8000-000000000001',
  formTitle: 'Quote',
  needsProof: false,
  body: { version: 3, answers: { email: 'ada@example.test' }, submitted_at: '2026-06-01T00:00:00.000Z' },
  ...facts,
});

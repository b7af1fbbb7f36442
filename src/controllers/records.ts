import { unlessAborted } from '../client/abort.ts';
import { transportOf } from '../client/client.ts';
import type { Client, Page } from '../client/index.ts';
import { liveOf, type LiveState } from '../client/live.ts';
import { perClient } from '../client/per-client.ts';
import type { LiveEvent } from '../contract/live.ts';
import type { Change, LiveRow } from '../core/live-page.ts';
import { isolated } from '../core/isolated.ts';
import { RecordCache } from '../core/record-cache.ts';
import { bare, isShared, readRecord, type RecordKind, type RecordKinds } from './record-kinds.ts';

/** What whoever shows records wants to hear. */
export interface RecordListener<Row = LiveRow> {
  changed?(change: Change<Row>): void;
  /** What was read before now may be stale. */
  reset?(): void;
  /** The client's user is forgotten or another one: nothing of the former may be shown any more. */
  forgotten?(): void;
  /** How the live stream stands. */
  state?(state: LiveState): void;
}

export interface RecordOptions {
  /** Hears of this record alone, and keeps it. */
  id?: string | undefined;
  /** Ends the subscription. */
  signal?: AbortSignal | undefined;
}

/** The records of a client as all elements see them: one memory, fed by one stream, however many ask. */
export const recordsOf: (client: Client) => Records = perClient('records', (client) => new Records(client));

/** Aborts when the client's present user is forgotten or another follows; nothing for what only looks like a client. */
export const lifeOf = (client: Client): AbortSignal | undefined => transportOf(client)?.tokens.life();

/** Everything that elements know of a client's records. What one saves, all show at once. */
export class Records {
  readonly #client: Client;
  readonly #cache = new RecordCache();
  readonly #subscriptions = new Set<{ listener: RecordListener }>();
  readonly #flights = new Map<string, Promise<LiveRow>>();
  #life: AbortSignal | undefined;
  #stream: AbortController | undefined;
  #state: LiveState = 'ended';
  /** Whether a stream that ends may have been the former user's. */
  #isNewUser = false;

  constructor(client: Client) {
    this.#client = client;
    this.#mind();
  }

  /** How many records are kept. */
  get size() {
    return this.#cache.size;
  }

  /** The record as it was last seen, without asking for it. */
  get<Kind extends RecordKind>(kind: Kind, id: string): RecordKinds[Kind] | undefined {
    return this.#cache.get(kind, id) as unknown as RecordKinds[Kind] | undefined;
  }

  /** Takes in a record that was saved just now, and tells everyone; a newer one that is known stands. */
  put<Kind extends RecordKind>(kind: Kind, row: RecordKinds[Kind], { isNew = false } = {}) {
    this.#cache.put(kind, bare(kind, row), undefined, isNew);
  }

  /** Notes that a record was deleted just now, and tells everyone. */
  gone(kind: RecordKind, id: string) {
    this.#cache.gone(kind, id);
  }

  /** Carries out a call that saves a record, and takes in its answer; gives the answer as it came. */
  async save<Kind extends RecordKind, Row extends RecordKinds[Kind]>(
    kind: Kind,
    call: () => Promise<Row>,
    { isNew = false } = {},
  ): Promise<Row> {
    const { answer, asked } = await this.#answered(call);
    this.#cache.put(kind, bare(kind, answer), asked, isNew);
    return answer;
  }

  /** Reads a page of records, each of which is given as it counts by then. */
  async read<Row extends LiveRow>(kind: string, call: () => Promise<Page<Row>>): Promise<Page<Row>> {
    const { answer, asked } = await this.#answered(call);
    return isShared(kind) ? { ...answer, data: this.#cache.learn(kind, answer.data, asked) } : answer;
  }

  /**
   * Asks for a record, once for any number of callers, and gives it as it counts by then. What `get` gives can be shown
   * meanwhile. One that was merged into another is given as that one.
   */
  async load<Kind extends RecordKind>(
    kind: Kind,
    id: string,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<RecordKinds[Kind]> {
    signal?.throwIfAborted();
    const key = `${kind} ${id}`;
    let flight = this.#flights.get(key);
    if (!flight) {
      flight = this.#ask(kind, id).finally(() => this.#flights.get(key) === flight && this.#flights.delete(key));
      this.#flights.set(key, flight);
    }
    return unlessAborted(signal ?? null, flight) as unknown as Promise<RecordKinds[Kind]>;
  }

  /** Hears of every change of a kind of record, as events call it, from now on until the returned function is called. */
  subscribe<Row = LiveRow>(kind: string, listener: RecordListener<Row>, { id, signal }: RecordOptions = {}): () => void {
    if (signal?.aborted) return () => {};
    const subscription = { listener: listener as RecordListener };
    const unwatch = this.#cache.watch(kind, (change) => subscription.listener.changed?.(change), id);
    const leave = () => {
      signal?.removeEventListener('abort', leave);
      unwatch();
      this.#subscriptions.delete(subscription);
      // Whoever is only moved on the page is back at once.
      queueMicrotask(() => this.#subscriptions.size === 0 && this.#close());
    };
    signal?.addEventListener('abort', leave);
    this.#subscriptions.add(subscription);
    if (!this.listen()) listener.state?.(this.#state);
    return leave;
  }

  /** Opens the stream where it has ended, as it does when the user was forgotten; tells whether it had to. */
  listen(): boolean {
    this.#mind();
    // What only looks like a client has no stream; its records are shown as they were when they were loaded.
    if (this.#stream || this.#subscriptions.size === 0 || !transportOf(this.#client)) return false;
    const stream = (this.#stream = new AbortController());
    liveOf(this.#client).subscribe(
      {
        event: (event) => this.#hear(event),
        removed: ({ record, id }) => this.#cache.hear(record, { kind: 'gone', id }),
        reset: () => this.#reset(),
        state: (state) => this.#stream === stream && this.#stand(state),
      },
      { signal: stream.signal },
    );
    return true;
  }

  /** Asks for everything again that is shown, after a time in which the client could read nothing. */
  renew() {
    this.listen();
    this.#reset();
  }

  async #answered<Answer>(call: () => Promise<Answer>) {
    this.#mind();
    const life = this.#life;
    const asked = this.#cache.now();
    const answer = await call();
    // The user may have changed since the client let the answer through.
    life?.throwIfAborted();
    return { answer, asked };
  }

  async #ask<Kind extends RecordKind>(kind: Kind, id: string): Promise<LiveRow> {
    try {
      const { answer, asked } = await this.#answered(() => readRecord(this.#client, kind, id));
      const row = bare(kind, answer);
      if (row.id !== id) this.#cache.gone(kind, id);
      const [newest] = this.#cache.learn<LiveRow>(kind, [row], asked);
      return newest!;
    } catch (error) {
      const { status } = error as { status?: number };
      if (status === 404 || status === 403) this.#cache.gone(kind, id);
      throw error;
    }
  }

  #hear({ event, record_id, data }: LiveEvent) {
    const kind = event.slice(0, event.indexOf('.'));
    if (event === `${kind}.deleted`) return this.#cache.hear(kind, { kind: 'gone', id: record_id });
    const change = event === `${kind}.created` ? 'created' : 'changed';
    const isWhole = typeof (data as Partial<LiveRow>).version === 'number';
    if (isShared(kind) && isWhole) this.#cache.hear(kind, { kind: change, row: bare(kind, data as RecordKinds[RecordKind]) });
    else this.#cache.pass(kind, { kind: change, row: data as LiveRow });
  }

  #reset() {
    this.#cache.doubt();
    this.#each((listener) => listener.reset?.());
  }

  #stand(state: LiveState) {
    this.#state = state;
    if (state === 'ended') this.#stream = undefined;
    this.#each((listener) => listener.state?.(state));
    if (state === 'ended' && this.#isNewUser) {
      this.#isNewUser = false;
      this.listen();
    } else if (state === 'open') this.#isNewUser = false;
  }

  /** Sees to it that the end of the present user is heard. */
  #mind() {
    const life = lifeOf(this.#client);
    if (!life || life === this.#life || life.aborted) return;
    this.#life = life;
    life.addEventListener('abort', this.#forget, { once: true });
  }

  readonly #forget = () => {
    this.#cache.clear();
    this.#flights.clear();
    this.#isNewUser = this.#stream !== undefined;
    // The next user's life begins only after this; whoever hears of it may ask for theirs.
    queueMicrotask(() => {
      this.#mind();
      this.#each((listener) => listener.forgotten?.());
    });
  };

  #close() {
    this.#stream?.abort();
    this.#stream = undefined;
    this.#state = 'ended';
    // From here on nobody tells what has changed.
    this.#cache.clear();
  }

  #each(call: (listener: RecordListener) => void) {
    for (const subscription of Array.from(this.#subscriptions))
      if (this.#subscriptions.has(subscription)) isolated(() => call(subscription.listener));
  }
}

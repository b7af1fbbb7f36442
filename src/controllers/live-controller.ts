import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { transportOf } from '../client/client.ts';
import type { Client } from '../client/index.ts';
import { liveOf, type LiveListener, type LiveState } from '../client/live.ts';
import type { Change } from '../core/live-page.ts';

/** What becomes of what is heard. */
interface Listening<Row> {
  heard(change: Change<Row>): void;
  /** What was read before now may be stale. */
  reset?(): void;
  /** The stream stands, so the server can be reached. */
  open?(): void;
}

/** Hears what happens to one kind of record while its host is on the page. */
export class LiveController<Row> implements ReactiveController {
  /** Whether the stream is cut, so that changes arrive late. */
  isCut = false;

  readonly #host: ReactiveControllerHost;
  readonly #client: () => Client | undefined;
  readonly #listener: LiveListener;
  readonly #open: (() => void) | undefined;
  #followed: Client | undefined;
  #run: AbortController | undefined;
  #isConnected = false;

  /** `record` is what events call the records: `lead` for `lead.created`. */
  constructor(
    host: ReactiveControllerHost,
    client: () => Client | undefined,
    record: string,
    { heard, reset, open }: Listening<Row>,
  ) {
    this.#host = host;
    this.#client = client;
    this.#open = open;
    this.#listener = {
      event: ({ event, record_id, data }) => {
        if (!event.startsWith(`${record}.`)) return;
        if (event === `${record}.deleted`) heard({ kind: 'gone', id: record_id });
        else heard({ kind: event === `${record}.created` ? 'created' : 'changed', row: data as Row });
      },
      removed: (removed) => {
        if (removed.record === record) heard({ kind: 'gone', id: removed.id });
      },
      reset: () => reset?.(),
      state: (state) => this.#stand(state),
    };
    host.addController(this);
  }

  hostConnected() {
    this.#isConnected = true;
    this.listen();
  }

  hostDisconnected() {
    this.#isConnected = false;
    this.#leave();
  }

  hostUpdate() {
    if (this.#client() !== this.#followed) this.listen();
  }

  /** Listens to the present client, also where its stream has ended because its user was forgotten. */
  listen() {
    const client = this.#client();
    if ((client === this.#followed && this.#run) || !this.#isConnected) return;
    this.#leave();
    this.#followed = client;
    // What only looks like a client has no stream; its records are shown as they were when they were loaded.
    if (!client || !transportOf(client)) return;
    this.#run = new AbortController();
    liveOf(client).subscribe(this.#listener, { signal: this.#run.signal });
  }

  #leave() {
    this.#run?.abort();
    this.#run = undefined;
    this.isCut = false;
  }

  #stand(state: LiveState) {
    if (state === 'ended') this.#run = undefined;
    if (state === 'open') this.#open?.();
    const isCut = state === 'offline' || (this.isCut && state === 'connecting');
    if (isCut === this.isCut) return;
    this.isCut = isCut;
    this.#host.requestUpdate();
  }
}

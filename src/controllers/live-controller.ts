import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client, LiveState } from '../client/index.ts';
import type { Change } from '../core/live-page.ts';
import { lifeOf, recordsOf, type RecordListener } from './records.ts';

/** What becomes of what is heard. */
interface Listening<Row> {
  heard(change: Change<Row>): void;
  /** What was read before now may be stale. */
  reset?(): void;
  /** The stream stands, so the server can be reached. */
  open?(): void;
  /** The client's user is forgotten or another one: nothing of the former may be shown any more. */
  forgotten?(): void;
  /** The host is still there after that: whatever it shows is asked for anew, for whoever is the user by then. */
  again?(): void;
}

/** Hears what happens to one kind of record while its host is on the page, whoever does it: others, or elements beside it. */
export class LiveController<Row> implements ReactiveController {
  /** Whether the stream is cut, so that changes arrive late. */
  isCut = false;

  readonly #host: ReactiveControllerHost;
  readonly #client: () => Client | undefined;
  readonly #record: string;
  readonly #listener: RecordListener<Row>;
  readonly #listening: Listening<Row>;
  #followed: Client | undefined;
  /** The life of the user whose records the host may show. */
  #life: AbortSignal | undefined;
  #run: AbortController | undefined;
  #isConnected = false;

  /** `record` is what events call the records: `lead` for `lead.created`. */
  constructor(host: ReactiveControllerHost, client: () => Client | undefined, record: string, listening: Listening<Row>) {
    this.#host = host;
    this.#client = client;
    this.#record = record;
    this.#listening = listening;
    this.#listener = {
      changed: (change) => listening.heard(change),
      reset: () => listening.reset?.(),
      state: (state) => this.#stand(state),
      forgotten: () => this.#forget(),
    };
    host.addController(this);
  }

  hostConnected() {
    this.#isConnected = true;
    // The user may have gone while the host was away.
    if (this.#life?.aborted) this.#forget();
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
    if (!this.#isConnected) return;
    if (client && client === this.#followed && this.#run) {
      this.#life = lifeOf(client);
      recordsOf(client).listen();
      return;
    }
    this.#leave();
    this.#followed = client;
    this.#life = client && lifeOf(client);
    if (!client) return;
    this.#run = new AbortController();
    recordsOf(client).subscribe(this.#record, this.#listener, { signal: this.#run.signal });
  }

  #leave() {
    this.#run?.abort();
    this.#run = undefined;
    this.isCut = false;
  }

  #forget() {
    this.#life = undefined;
    this.#listening.forgotten?.();
    // A host that takes its elements off the page at a sign-out has done so by then, and nothing is asked for nobody.
    setTimeout(() => {
      if (!this.#isConnected) return;
      this.listen();
      this.#listening.again?.();
    });
  }

  #stand(state: LiveState) {
    if (state === 'open') this.#listening.open?.();
    const isCut = state === 'offline' || (this.isCut && state === 'connecting');
    if (isCut === this.isCut) return;
    this.isCut = isCut;
    this.#host.requestUpdate();
  }
}

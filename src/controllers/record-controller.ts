import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client } from '../client/index.ts';
import { failureOf } from './list-failure.ts';
import type { RecordKind, RecordKinds } from './record-kinds.ts';
import { recordsOf } from './records.ts';

/** `ready`: the record is there, and its changes are heard. `loading`: it is awaited. `idle`: none is to be shown. */
export type RecordStatus = 'idle' | 'loading' | 'ready' | 'failed';

/** What becomes of one record that is followed. */
export interface RecordSource<Row> {
  client(): Client | undefined;
  /** It was read, or has changed; one that was merged into another comes as that one. */
  heard(row: Row): void;
  /** It is deleted, or may not be seen any more. */
  gone(): void;
  /** The user was forgotten, or the client is another: nothing of the former may be shown. */
  forgotten(): void;
  /** The server can be reached. */
  open(): void;
  report(error: unknown): void;
}

/** Reads one record, and follows what becomes of it while its host is on the page. */
export class RecordController<Kind extends RecordKind> implements ReactiveController {
  status: RecordStatus = 'idle';
  error: unknown;

  readonly #host: ReactiveControllerHost;
  readonly #kind: Kind;
  readonly #source: RecordSource<RecordKinds[Kind]>;
  #id: string | undefined;
  #followed: Client | undefined;
  #last: Client | undefined;
  #run: AbortController | undefined;
  #isConnected = false;

  constructor(host: ReactiveControllerHost, kind: Kind, source: RecordSource<RecordKinds[Kind]>) {
    this.#host = host;
    this.#kind = kind;
    this.#source = source;
    host.addController(this);
  }

  hostConnected() {
    this.#isConnected = true;
    this.#meet();
  }

  hostDisconnected() {
    this.#isConnected = false;
    this.#run?.abort();
    this.#run = undefined;
  }

  hostUpdate() {
    if (this.#source.client() !== this.#followed) this.#meet();
  }

  /** Follows the record of this id, or none. One that is at hand already is not asked for. */
  show(id: string | undefined, isAtHand = false) {
    this.#id = id;
    this.#become(isAtHand ? 'ready' : this.#awaited);
    this.#follow();
  }

  /** One that is not there yet is awaited, also where a client is still to come. */
  get #awaited(): RecordStatus {
    return this.#id === undefined ? 'idle' : 'loading';
  }

  /** Goes on with the present client; what another one gave is shown no more. */
  #meet() {
    const client = (this.#followed = this.#source.client());
    const isOther = client && this.#last && client !== this.#last;
    this.#last = client ?? this.#last;
    // What was missed without one is asked for.
    if (!client || isOther) this.#become(this.#awaited);
    if (isOther) this.#source.forgotten();
    this.#follow();
  }

  /** Asks for the record again. */
  readonly retry = () => this.#follow();

  #follow() {
    this.#run?.abort();
    this.#run = undefined;
    const client = this.#source.client();
    if (!client || !this.#isConnected) return;
    this.#last = this.#followed = client;
    const { signal } = (this.#run = new AbortController());
    const id = this.#id;
    recordsOf(client).subscribe<RecordKinds[Kind]>(
      this.#kind,
      {
        changed: (change) => {
          if (change.kind !== 'gone') this.#heard(change.row);
          else if (this.status === 'ready') this.#source.gone();
        },
        reset: () => id !== undefined && void this.#load(client, id, signal),
        forgotten: () => this.#forget(),
        state: (state) => {
          if (state !== 'open') return;
          if (this.status === 'failed' && failureOf(this.error) === 'offline') this.retry();
          this.#source.open();
        },
      },
      // Of this record alone; without an id of none, for the stream's sake.
      { id: id ?? '', signal },
    );
    if (id === undefined || this.status === 'ready') return;
    const known = recordsOf(client).get(this.#kind, id);
    if (known) this.#heard(known);
    else this.#become('loading');
    void this.#load(client, id, signal);
  }

  async #load(client: Client, id: string, signal: AbortSignal) {
    try {
      const row = await recordsOf(client).load(this.#kind, id, { signal });
      if (signal.aborted) return;
      if (row.id === id) return this.#heard(row);
      // It was merged into another. What is being done to it is not done to that one by itself.
      if (this.status === 'ready') return this.#source.gone();
      this.#source.heard(row);
      this.show(row.id, true);
    } catch (error) {
      if (signal.aborted || (error as Error).name === 'AbortError') return;
      const isMissing = (error as { status?: number }).status === 404;
      if (this.status === 'ready') {
        // What is shown stays, unless it is there no more.
        if (isMissing) this.#source.gone();
        return;
      }
      this.#become('failed', error);
      this.#source.report(error);
    }
  }

  #heard(row: RecordKinds[Kind]) {
    this.#become('ready');
    this.#source.heard(row);
  }

  #forget() {
    this.#become('idle');
    this.#source.forgotten();
    this.#follow();
  }

  #become(status: RecordStatus, error?: unknown) {
    this.status = status;
    this.error = error;
    this.#host.requestUpdate();
  }
}

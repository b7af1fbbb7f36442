import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { FormState, type FieldProblem } from '../core/form-state.ts';

/** A record that changes by version. */
export interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** One wish to save, made by a person; it may be sent several times and takes effect once. */
export interface Intention<Values, Row> {
  /** What stood in the form. */
  readonly values: Values;
  /** The names of the fields that differ from the record's. */
  readonly changed: readonly string[];
  /** The record that is changed, as it was when the wish was made; nothing where one is added. */
  readonly record: Row | undefined;
}

/** How an intention is sent. `record` is the latest that is known; the key stays the same however often it is sent. */
export type Send<Row> = (how: {
  record: Row | undefined;
  idempotencyKey: string;
  signal: AbortSignal;
}) => Promise<Row | undefined>;

/** What a form is for. */
export interface FormSource<Values, Row> {
  /** What the fields hold for a record, or for one that is to be added. */
  valuesOf(record: Row | undefined): Values;
  /** Everything that is wrong, in the order of the fields. */
  check(values: Values): readonly FieldProblem[];
  /** Tells how to send what a person wants saved; nothing where someone else takes it from here. */
  begin(intention: Intention<Values, Row>): Send<Row> | undefined;
  /** All of it was saved; `before` is what it was made of. */
  saved(record: Row, before: Row | undefined): void;
  /** Something stands in the way that a person has to look at. */
  refused(): void;
  /** Hears of every failure that a person sees. */
  report(error: unknown): void;
}

/**
 * `waiting`: there is no connection, and it is sent by itself once there is one. `failed`: it could not be saved, for `error`.
 * `gone`: others have deleted the record.
 */
export type FormStatus = 'editing' | 'saving' | 'waiting' | 'failed' | 'gone';

interface Pending<Values, Row> {
  readonly intention: Intention<Values, Row>;
  readonly send: Send<Row>;
  readonly idempotencyKey: string;
}

/**
 * Keeps what is typed into its host, and saves it: one save at a time, each intention once, whatever the connection does.
 * Nothing that was typed goes away but by the person, by `show` with another record, or because it was saved.
 *
 * What could not be sent for certain is sent again as it was, under its key, before anything newer: so nothing is saved twice.
 */
export class FormController<Values extends Record<string, unknown>, Row extends Versioned> implements ReactiveController {
  status: FormStatus = 'editing';
  /** Why the last save failed; undefined once something else is done. */
  error: unknown;
  /** The record that is changed, as it is known by now; nothing while one is added. */
  record: Row | undefined;
  /** Whether leaving the page is held up while something isn't saved. */
  isGuarding = true;

  readonly #host: ReactiveControllerHost;
  readonly #source: FormSource<Values, Row>;
  readonly #newKey: () => string;
  #state: FormState<Values> | undefined;
  #pending: Pending<Values, Row> | undefined;
  #run: AbortController | undefined;
  #isConnected = false;
  #isGuarded = false;
  /** What others made of the record while it was being saved. */
  #heard: Row | undefined;

  constructor(host: ReactiveControllerHost, source: FormSource<Values, Row>, newKey = randomKey) {
    this.#host = host;
    this.#source = source;
    this.#newKey = newKey;
    host.addController(this);
  }

  hostConnected() {
    this.#isConnected = true;
    window.addEventListener('online', this.reconnected);
    this.#guard();
  }

  /** A save goes on, be it under way or waiting: the person has asked for it. */
  hostDisconnected() {
    this.#isConnected = false;
    if (this.status !== 'waiting') window.removeEventListener('online', this.reconnected);
    this.#guard();
  }

  hostUpdated() {
    this.#guard();
  }

  /** What is in the form; made when it is first looked at, by when its host is complete. */
  get state(): FormState<Values> {
    return (this.#state ??= new FormState(this.#source.valuesOf(this.record), (values) => this.#source.check(values)));
  }

  get isSaving() {
    return this.status === 'saving';
  }

  /** Whether something would be lost if the form went away. */
  get isDirty() {
    return this.state.isDirty || this.status === 'saving' || this.#pending !== undefined;
  }

  /** Begins anew with a record, or with none to add one; what was typed goes, and a save under way is not waited for. */
  show(record: Row | undefined) {
    this.#drop();
    this.record = record;
    this.state.reset(this.#source.valuesOf(record));
    this.#become('editing');
  }

  /** The record has become another; what was not changed here follows it. One older than what is known is left alone. */
  follow(record: Row) {
    const isNews = this.record?.id !== record.id || record.version >= this.record.version;
    if (!isNews) return;
    if (this.isSaving) this.#heard = record;
    else this.#follow(record);
  }

  /**
   * The fields themselves have become others, as when a workspace adds one, or what they hold is written otherwise: `mine` is what
   * stands in them, written so.
   */
  renew(mine?: Values) {
    this.state.renew(this.#source.valuesOf(this.record), mine);
    this.#host.requestUpdate();
  }

  /** Others have deleted the record; what was typed stays to be read. */
  lose() {
    if (this.status === 'gone') return;
    this.#drop();
    this.#become('gone');
  }

  /** Takes what was typed or chosen. */
  change<Name extends keyof Values & string>(name: Name, value: Values[Name]) {
    this.state.change(name, value);
    if (this.status === 'failed') {
      // What the API failed at is not insisted on: the next attempt may be a better one. What may have added a record is.
      if (this.record || (this.error as Refusal<Row>).name !== 'ConnectionError') this.#pending = undefined;
      this.#become('editing');
    }
    this.#host.requestUpdate();
  }

  /** A person goes on to another field. */
  leave(name: string) {
    this.state.leave(name);
    this.#host.requestUpdate();
  }

  /** Ends a conflict in favour of what stands here or of what the other has. */
  settle(name: keyof Values & string, favour: 'mine' | 'theirs') {
    this.state.settle(name, favour);
    if (this.#pending && !this.isSaving) this.#giveWay();
    this.#host.requestUpdate();
  }

  /** Begins anew with what was there at first, and gives up what could not be sent. */
  reset() {
    this.show(this.record);
  }

  /** Saves, unless something is wrong or a save is under way. What could not be sent before goes first. */
  async submit(): Promise<void> {
    if (this.isSaving || this.status === 'gone') return;
    if (this.#pending) return this.#sendPending(true);
    if (!this.state.try()) return this.#refuse();
    const intention = { values: this.state.values as Values, changed: this.state.changed, record: this.record };
    const send = this.#source.begin(intention);
    if (send) await this.#send({ intention, send, idempotencyKey: this.#newKey() });
    else this.#host.requestUpdate();
  }

  /** Sends what waits for a connection, now that there is one. */
  readonly reconnected = () => {
    if (!this.#isConnected) window.removeEventListener('online', this.reconnected);
    if (this.status === 'waiting') void this.#sendPending(false);
  };

  /** What was wanted later than what waited is sent after it, where the person asks for that. */
  async #sendPending(goesOn: boolean) {
    if (this.state.conflicts.length > 0) {
      // Someone else was faster, and the person has to choose first.
      this.#giveWay();
      return this.#source.refused();
    }
    await this.#send(this.#pending!);
    if (goesOn && this.status === 'editing' && this.state.isDirty) await this.submit();
  }

  async #send(pending: Pending<Values, Row>): Promise<void> {
    const { signal } = (this.#run = new AbortController());
    const { send, idempotencyKey } = pending;
    // Until the answer is there nobody knows whether it took effect.
    this.#pending = pending;
    this.#become('saving');
    try {
      const record = await send({ record: this.record, idempotencyKey, signal });
      if (!signal.aborted) this.#end(pending, record);
    } catch (error) {
      if (!signal.aborted) await this.#fail(pending, error);
    }
  }

  #end({ intention }: Pending<Values, Row>, record: Row | undefined) {
    const { record: before } = this;
    this.#pending = undefined;
    // Who saves it elsewhere may have nothing to tell of it.
    if (record === undefined) this.state.saved(intention.values, intention.values);
    else {
      this.record = record;
      this.state.saved(intention.values, this.#source.valuesOf(record));
    }
    this.#hear();
    this.#become('editing');
    if (record !== undefined) this.#source.saved(record, before);
  }

  async #fail(pending: Pending<Values, Row>, error: unknown): Promise<void> {
    const { name, cause, status = 0, code, issues, current } = error as Refusal<Row>;
    const isUncertain = name === 'ConnectionError' || status === 429 || status >= 500;
    if (!isUncertain) this.#pending = undefined;
    // The client was told to forget its user.
    if (name === 'AbortError') return this.#become('editing');
    if (code === 'VERSION_MISMATCH' && current) return this.#goOnFrom(pending, current);
    this.#hear();
    if (status === 404 && this.record) {
      this.#become('gone', error);
    } else {
      this.state.refuse((issues ?? []) as FieldProblem[]);
      // An answer without sense, as from a proxy, does not change with the connection.
      this.#become(name === 'ConnectionError' && cause ? 'waiting' : 'failed', error);
    }
    this.#source.report(error);
    this.#source.refused();
  }

  /** Someone else was faster. Where they changed other fields it is sent again; where the same, the person chooses. */
  async #goOnFrom(pending: Pending<Values, Row>, current: Row) {
    const before = this.record;
    this.#follow(current);
    if (this.state.conflicts.length > 0) {
      this.#become('editing');
      return this.#source.refused();
    }
    // An earlier attempt arrived, although its answer was lost.
    if (!this.state.isDirty) {
      this.#become('editing');
      return this.#source.saved(current, before);
    }
    await this.#send(pending);
  }

  /** Gives up what could not be sent, for what the person makes of it by now. */
  #giveWay() {
    this.#pending = undefined;
    this.#become('editing');
  }

  #follow(record: Row) {
    this.record = record;
    this.state.follow(this.#source.valuesOf(record));
    this.#host.requestUpdate();
  }

  #hear() {
    const heard = this.#heard;
    this.#heard = undefined;
    if (heard && heard.version > (this.record?.version ?? -1)) this.#follow(heard);
  }

  #refuse() {
    this.#host.requestUpdate();
    this.#source.refused();
  }

  #drop() {
    this.#run?.abort();
    this.#pending = undefined;
    this.#heard = undefined;
  }

  #become(status: FormStatus, error?: unknown) {
    this.status = status;
    this.error = error;
    this.#host.requestUpdate();
  }

  /** Listens only while it matters: a page with such a listener is not kept for going back. */
  #guard() {
    const isGuarded = this.isGuarding && (this.#isConnected ? this.isDirty : this.status === 'waiting');
    if (isGuarded === this.#isGuarded) return;
    this.#isGuarded = isGuarded;
    if (isGuarded) window.addEventListener('beforeunload', askToStay);
    else window.removeEventListener('beforeunload', askToStay);
  }
}

/** As far as it is known of any error: the client may come from another copy of the package. */
interface Refusal<Row> {
  name?: string;
  cause?: unknown;
  status?: number;
  code?: string;
  issues?: readonly unknown[];
  current?: Row;
}

function askToStay(event: BeforeUnloadEvent) {
  event.preventDefault();
  // Firefox before 119 and WebKit ask only where this is set.
  event.returnValue = true;
}

// Not randomUUID, which is missing where a page came over plain http.
const randomKey = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CallOptions, Client, Page } from '../client/index.ts';
import type { Pagination } from '../contract/envelope.ts';
import { changedPage, type Change, type LiveRow } from '../core/live-page.ts';
import { failureOf, type ListFailure } from './list-failure.ts';

export type ListStatus = 'idle' | 'loading' | 'ready' | 'failed';

/** What every list may be asked for. */
export interface ListQuery {
  page?: number | undefined;
  page_size?: number | undefined;
  search?: string | undefined;
  sort_by?: string | undefined;
  sort_order?: 'asc' | 'desc' | undefined;
}

/** One page as it was answered, and as it has changed since. */
export interface ListPage<Row, Query> {
  readonly query: Query;
  readonly rows: readonly Row[];
  readonly pagination: Pagination;
  /** New rows that stand on another page. */
  readonly unseen: ReadonlySet<string>;
}

/** Where the rows of a list come from, and which belong to it. */
export interface ListSource<Row, Query> {
  client(): Client | undefined;
  list(client: Client, query: Query, options: CallOptions): Promise<Page<Row>>;
  holds(row: Row, query: Query): boolean;
  precedes(row: Row, other: Row, query: Query): boolean;
  /** Hears of every failure that a person sees. */
  report(error: unknown): void;
}

/** How long a row is marked after it has changed under the eyes of its reader. */
const MARKED_FOR = 4_000;

/**
 * Keeps one page of a list in step with a query, and with what others change.
 *
 * The last good page stays readable while the next one loads or fails, so a table never blanks; only a refusal of the
 * caller takes it away. A newer load, or removal from the page, cancels the old. What failed for want of a connection is
 * loaded again once it is said to be back, by the browser or by whoever calls `reconnected`.
 */
export class ListController<Row extends LiveRow, Query extends ListQuery> implements ReactiveController {
  status: ListStatus = 'idle';
  page: ListPage<Row, Query> | undefined;
  error: unknown;
  /** The rows that changed a moment ago. */
  readonly marked = new Set<string>();

  readonly #host: ReactiveControllerHost;
  readonly #source: ListSource<Row, Query>;
  #query: Query | undefined;
  #run: AbortController | undefined;
  #isConnected = false;
  /** What was heard while a load was under way: its answer may be older. */
  #heard: Change<Row>[] | undefined;
  #isStale = false;

  constructor(host: ReactiveControllerHost, source: ListSource<Row, Query>) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  hostConnected() {
    this.#isConnected = true;
    window.addEventListener('online', this.reconnected);
    if (this.#query) void this.load(this.#query);
  }

  hostDisconnected() {
    this.#isConnected = false;
    window.removeEventListener('online', this.reconnected);
    this.#cancel();
  }

  /** Why the last load failed, if it did. */
  get failure(): ListFailure | undefined {
    return this.status === 'failed' ? failureOf(this.error) : undefined;
  }

  /** Loads a page; while the host is off the page, only remembers which. */
  async load(query: Query) {
    this.#query = query;
    this.#cancel();
    const client = this.#source.client();
    if (!client || !this.#isConnected) return this.#become('idle');
    this.#become('loading');
    await this.#ask(client, query);
  }

  /**
   * Loads the page once more, unseen, since nobody knows what has changed; a load under way may be older and is repeated. What
   * failed for want of a connection or a session is loaded too.
   */
  renew() {
    const client = this.#source.client();
    if (this.#heard) this.#isStale = true;
    else if (this.failure === 'signed-out' && this.#query) void this.load(this.#query);
    else if (this.failure === 'offline') this.reconnected();
    else if (this.page && client && this.#isConnected) void this.#ask(client, this.page.query);
  }

  /** Loads again what failed for want of a connection, now that there is one. */
  readonly reconnected = () => {
    if (this.failure === 'offline' && this.#query) void this.load(this.#query);
  };

  /** Brings the page in line with a change that was heard of. */
  hear(change: Change<Row>) {
    this.#heard?.push(change);
    this.#apply(change);
  }

  /** Takes the page away and cancels what is under way, as when someone else signs in. */
  clear() {
    this.#cancel();
    this.page = undefined;
    this.#become('idle');
  }

  #cancel() {
    this.#run?.abort();
    this.#heard = undefined;
  }

  async #ask(client: Client, query: Query) {
    this.#cancel();
    const { signal } = (this.#run = new AbortController());
    const heard = (this.#heard = [] as Change<Row>[]);
    this.#isStale = false;
    try {
      const { data, pagination } = await this.#source.list(client, query, { signal });
      if (signal.aborted) return;
      this.#heard = undefined;
      this.page = { query, rows: data, pagination, unseen: new Set() };
      this.#become('ready');
      for (const change of heard) this.#apply(change);
      if (this.#isStale) this.renew();
    } catch (error) {
      if (signal.aborted) return;
      this.#heard = undefined;
      // The client was told to forget its user while this was under way: nothing of them stays on the screen.
      if ((error as Error).name === 'AbortError') return this.clear();
      if (failureOf(error) === 'forbidden' || failureOf(error) === 'signed-out') this.page = undefined;
      this.#become('failed', error);
      this.#source.report(error);
    }
  }

  #apply(change: Change<Row>) {
    const { page } = this;
    if (!page) return;
    const { query, pagination } = page;
    const before = { rows: page.rows, total: pagination.total, unseen: page.unseen };
    const after = changedPage(before, change, {
      isFirstPage: (query.page ?? 1) === 1,
      pageSize: pagination.page_size,
      holds: (row) => this.#source.holds(row, query),
      precedes: (row, other) => this.#source.precedes(row, other, query),
    });
    if (after === before) return;
    const { rows, unseen, total } = after;
    const pages = total === null ? null : Math.ceil(total / pagination.page_size);
    this.page = { query, rows, unseen, pagination: { ...pagination, total, pages } };
    if (change.kind !== 'gone' && rows !== before.rows) this.#mark(change.row.id);
    this.#host.requestUpdate();
    if (rows.length < before.rows.length && pagination.next_cursor !== null) this.renew();
  }

  #mark(id: string) {
    this.marked.add(id);
    setTimeout(() => {
      this.marked.delete(id);
      this.#host.requestUpdate();
    }, MARKED_FOR);
  }

  #become(status: ListStatus, error?: unknown) {
    this.status = status;
    this.error = error;
    this.#host.requestUpdate();
  }
}

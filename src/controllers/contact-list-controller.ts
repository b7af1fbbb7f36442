import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client } from '../client/index.ts';
import type { Contact, ContactQuery } from '../contract/contact.ts';
import type { Pagination } from '../contract/envelope.ts';

export type ListStatus = 'idle' | 'loading' | 'ready' | 'failed';

/** Why a list has no answer: `offline` ends by itself, `failed` may end with another try, the others don't. */
export type ListFailure = 'offline' | 'forbidden' | 'signed-out' | 'failed';

/** One page as it was answered. */
export interface ContactPage {
  readonly query: Partial<ContactQuery>;
  readonly contacts: readonly Contact[];
  readonly pagination: Pagination;
}

/**
 * Keeps one page of contacts in step with a query.
 *
 * The last good page stays readable while the next one loads or fails, so a table never blanks; only a refusal of the
 * caller takes it away. A newer load, or removal from the page, cancels the old. What failed for want of a connection is
 * loaded again when the browser says that it is back.
 */
export class ContactListController implements ReactiveController {
  status: ListStatus = 'idle';
  page: ContactPage | undefined;
  error: unknown;

  readonly #host: ReactiveControllerHost;
  readonly #client: () => Client | undefined;
  readonly #report: (error: unknown) => void;
  #query: Partial<ContactQuery> | undefined;
  #run: AbortController | undefined;
  #isConnected = false;

  /** `report` hears of every failure that a person sees. */
  constructor(host: ReactiveControllerHost, client: () => Client | undefined, report: (error: unknown) => void) {
    this.#host = host;
    this.#client = client;
    this.#report = report;
    host.addController(this);
  }

  hostConnected() {
    this.#isConnected = true;
    window.addEventListener('online', this.#retryOffline);
    if (this.#query) void this.load(this.#query);
  }

  hostDisconnected() {
    this.#isConnected = false;
    window.removeEventListener('online', this.#retryOffline);
    this.#run?.abort();
  }

  /** Why the last load failed, if it did. */
  get failure(): ListFailure | undefined {
    return this.status === 'failed' ? failureOf(this.error) : undefined;
  }

  /** Loads a page; while the host is off the page, only remembers which. */
  async load(query: Partial<ContactQuery>) {
    this.#query = query;
    this.#run?.abort();
    const client = this.#client();
    if (!client || !this.#isConnected) return this.#become('idle');
    const { signal } = (this.#run = new AbortController());
    this.#become('loading');
    try {
      const { data, pagination } = await client.contacts.list(query, { signal });
      if (signal.aborted) return;
      this.page = { query, contacts: data, pagination };
      this.#become('ready');
    } catch (error) {
      if (signal.aborted) return;
      // The client was told to forget its user while this was under way: nothing of them stays on the screen.
      if ((error as Error).name === 'AbortError') return this.clear();
      if (failureOf(error) === 'forbidden' || failureOf(error) === 'signed-out') this.page = undefined;
      this.#become('failed', error);
      this.#report(error);
    }
  }

  /** Takes the page away and cancels what is under way, as when someone else signs in. */
  clear() {
    this.#run?.abort();
    this.page = undefined;
    this.#become('idle');
  }

  #become(status: ListStatus, error?: unknown) {
    this.status = status;
    this.error = error;
    this.#host.requestUpdate();
  }

  #retryOffline = () => {
    if (this.failure === 'offline' && this.#query) void this.load(this.#query);
  };
}

/** By name and status rather than by class: the client may come from another copy of the package. */
function failureOf(error: unknown): ListFailure {
  const { name, status } = error as { name?: unknown; status?: unknown };
  if (name === 'ConnectionError') return 'offline';
  if (status === 403) return 'forbidden';
  return status === 401 ? 'signed-out' : 'failed';
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client } from '../client/index.ts';
import type { CustomField, FieldContext } from '../contract/custom-field.ts';
import { recordsOf } from './records.ts';

const LARGEST_PAGE = 100;

/** Knows the fields that the workspace gives its contacts or leads, in their order, and hears when they become others. */
export class CustomFieldsController implements ReactiveController {
  /** Nothing until they are there. */
  fields: readonly CustomField[] | undefined;
  /** Why they could not be loaded. */
  error: unknown;

  readonly #host: ReactiveControllerHost;
  readonly #context: FieldContext;
  readonly #client: () => Client | undefined;
  #followed: Client | undefined;
  #last: Client | undefined;
  #run: AbortController | undefined;
  #isConnected = false;

  constructor(host: ReactiveControllerHost, context: FieldContext, client: () => Client | undefined) {
    this.#host = host;
    this.#context = context;
    this.#client = client;
    host.addController(this);
  }

  hostConnected() {
    this.#isConnected = true;
    this.#follow();
  }

  hostDisconnected() {
    this.#isConnected = false;
    this.#run?.abort();
    this.#run = undefined;
  }

  hostUpdate() {
    if (this.#client() !== this.#followed) this.#follow();
  }

  /** Loads them again. */
  readonly retry = () => this.#follow();

  #follow() {
    this.#run?.abort();
    this.#run = undefined;
    const client = this.#client();
    this.#followed = client;
    // Those of another client are not shown, even for a moment.
    if (client && client !== this.#last) this.fields = undefined;
    this.#last = client ?? this.#last;
    if (!client || !this.#isConnected) return;
    const { signal } = (this.#run = new AbortController());
    let latest: AbortController | undefined;
    const load = () => {
      latest?.abort();
      latest = new AbortController();
      void this.#load(client, AbortSignal.any([signal, latest.signal]));
    };
    recordsOf(client).subscribe('custom_field', { changed: load, reset: load, forgotten: load }, { signal });
    load();
  }

  async #load(client: Client, signal: AbortSignal) {
    try {
      const fields: CustomField[] = [];
      const query = { context: this.#context, is_active: true, page_size: LARGEST_PAGE } as const;
      for await (const field of client.customFields.all(query, { signal })) fields.push(field);
      if (signal.aborted) return;
      this.fields = fields;
      this.error = undefined;
    } catch (error) {
      if (signal.aborted || (error as Error).name === 'AbortError') return;
      this.error = error;
    }
    this.#host.requestUpdate();
  }
}

import type { ReactiveControllerHost } from 'lit';
import type { Client } from '../client/index.ts';
import type { CustomField, FieldContext } from '../contract/custom-field.ts';
import { ClientFollower } from './client-follower.ts';
import { recordsOf } from './records.ts';

const LARGEST_PAGE = 100;

/** Knows the fields that the workspace gives its contacts or leads, in their order, and hears when they become others. */
export class CustomFieldsController {
  /** Nothing until they are there. */
  fields: readonly CustomField[] | undefined;
  /** Why they could not be loaded. */
  error: unknown;

  readonly #host: ReactiveControllerHost;
  readonly #context: FieldContext;
  readonly #report: (error: unknown) => void;
  readonly #follower: ClientFollower;

  constructor(
    host: ReactiveControllerHost,
    context: FieldContext,
    client: () => Client | undefined,
    report: (error: unknown) => void,
  ) {
    this.#host = host;
    this.#context = context;
    this.#report = report;
    this.#follower = new ClientFollower(host, client, (...begun) => this.#begin(...begun));
  }

  /** Loads them again. */
  readonly retry = () => this.#follower.follow();

  #begin(client: Client, signal: AbortSignal, isOther: boolean) {
    if (isOther) this.fields = undefined;
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
      this.#report(error);
    }
    this.#host.requestUpdate();
  }
}

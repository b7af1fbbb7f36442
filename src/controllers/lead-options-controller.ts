import type { ReactiveControllerHost } from 'lit';
import type { Client } from '../client/index.ts';
import type { Pipeline } from '../contract/pipeline.ts';
import { ClientFollower } from './client-follower.ts';
import { recordsOf } from './records.ts';

/** Someone who may own leads. */
export interface OwnerOption {
  id: string;
  name: string;
}

/** What a lead is made of besides what is typed. A part that is not there yet, or could not be loaded, is undefined. */
export interface LeadOptions {
  pipelines?: readonly Pipeline[] | undefined;
  sources?: readonly { id: string; name: string }[] | undefined;
  owners?: readonly OwnerOption[] | undefined;
  /** What amounts are in unless said. */
  currency?: string | undefined;
}
export type LeadOption = keyof LeadOptions;

const LARGEST_PAGE = 100;

/** How each part is asked for. */
const CALLS: { [Part in LeadOption]-?: (client: Client, signal: AbortSignal) => Promise<LeadOptions[Part]> } = {
  pipelines,
  sources,
  owners,
  currency: async (client, signal) => (await client.workspace.get({ signal })).currency,
};
const PARTS = Object.keys(CALLS) as LeadOption[];

/** Knows pipelines, sources, people and the currency of the workspace, each as far as the caller may see it. */
export class LeadOptionsController {
  options: LeadOptions = {};
  /** The parts that could not be loaded, and why. */
  readonly failed = new Map<LeadOption, unknown>();

  readonly #host: ReactiveControllerHost;
  readonly #report: (error: unknown) => void;
  readonly #loading = new Map<LeadOption, Promise<void>>();
  #begun: { client: Client; signal: AbortSignal } | undefined;

  constructor(host: ReactiveControllerHost, client: () => Client | undefined, report: (error: unknown) => void) {
    this.#host = host;
    this.#report = report;
    void new ClientFollower(host, client, (...begun) => this.#begin(...begun));
  }

  /** Loads again what could not be loaded. */
  readonly retry = () => {
    for (const part of this.failed.keys()) this.#load(part);
  };

  /** A part, once it is there; one that could not be loaded is asked for again. */
  async wanted<Part extends LeadOption>(part: Part): Promise<LeadOptions[Part]> {
    if (this.failed.has(part)) this.#load(part);
    for (let loading; (loading = this.#loading.get(part));) await loading;
    if (this.failed.has(part)) throw this.failed.get(part);
    return this.options[part];
  }

  #begin(client: Client, signal: AbortSignal, isOther: boolean) {
    if (isOther) this.options = {};
    this.#begun = { client, signal };
    const load = () => {
      for (const part of PARTS) this.#load(part);
    };
    recordsOf(client).subscribe('pipeline', { changed: () => this.#load('pipelines'), reset: load, forgotten: load }, { signal });
    load();
  }

  #load(part: LeadOption) {
    this.failed.delete(part);
    const loading = this.#take(part).finally(() => {
      if (this.#loading.get(part) === loading) this.#loading.delete(part);
    });
    this.#loading.set(part, loading);
  }

  async #take(part: LeadOption) {
    const { client, signal } = this.#begun!;
    try {
      const found = await CALLS[part](client, signal);
      if (signal.aborted) return;
      this.options = { ...this.options, [part]: found };
      this.failed.delete(part);
    } catch (error) {
      if (signal.aborted || (error as Error).name === 'AbortError') return;
      this.failed.set(part, error);
      this.#report(error);
    }
    this.#host.requestUpdate();
  }
}

async function pipelines(client: Client, signal: AbortSignal) {
  const all: Pipeline[] = [];
  for await (const pipeline of client.pipelines.all({ page_size: LARGEST_PAGE }, { signal })) all.push(pipeline);
  return all;
}

async function sources(client: Client, signal: AbortSignal) {
  const all: { id: string; name: string }[] = [];
  const query = { is_active: true, page_size: LARGEST_PAGE, sort_by: 'name', sort_order: 'asc' } as const;
  for await (const { id, name } of client.leadSources.all(query, { signal })) all.push({ id, name });
  return all;
}

async function owners(client: Client, signal: AbortSignal) {
  const all: OwnerOption[] = [];
  const query = { page_size: LARGEST_PAGE, sort_by: 'name', sort_order: 'asc' } as const;
  for await (const { user_id, name, email } of client.members.all({ ...query, status: ['active'] }, { signal }))
    if (user_id !== null) all.push({ id: user_id, name: name ?? email });
  return all;
}

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

/** Knows pipelines, sources, people and the currency of the workspace, each as far as the caller may see it. */
export class LeadOptionsController {
  options: LeadOptions = {};
  /** The parts that could not be loaded. */
  readonly failed = new Set<LeadOption>();

  readonly #host: ReactiveControllerHost;
  readonly #follower: ClientFollower;

  constructor(host: ReactiveControllerHost, client: () => Client | undefined) {
    this.#host = host;
    this.#follower = new ClientFollower(host, client, (...begun) => this.#begin(...begun));
  }

  /** Loads again what could not be loaded. */
  readonly retry = () => this.#follower.follow();

  #begin(client: Client, signal: AbortSignal, isOther: boolean) {
    if (isOther) this.options = {};
    const load = () => this.#loadAll(client, signal);
    recordsOf(client).subscribe(
      'pipeline',
      { changed: () => void this.#load('pipelines', () => pipelines(client, signal), signal), forgotten: load },
      { signal },
    );
    load();
  }

  #loadAll(client: Client, signal: AbortSignal) {
    this.failed.clear();
    void this.#load('pipelines', () => pipelines(client, signal), signal);
    void this.#load('sources', () => sources(client, signal), signal);
    void this.#load('owners', () => owners(client, signal), signal);
    void this.#load('currency', async () => (await client.workspace.get({ signal })).currency, signal);
  }

  async #load<Part extends LeadOption>(part: Part, call: () => Promise<LeadOptions[Part]>, signal: AbortSignal) {
    try {
      const found = await call();
      if (signal.aborted) return;
      this.options = { ...this.options, [part]: found };
      this.failed.delete(part);
    } catch (error) {
      if (signal.aborted || (error as Error).name === 'AbortError') return;
      this.failed.add(part);
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

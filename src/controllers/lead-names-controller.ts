import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client } from '../client/index.ts';
import type { Lead } from '../contract/lead.ts';
import { LiveController } from './live-controller.ts';

/**
 * Knows what the stages and sources are called that leads name by their ids. They are loaded once, and again when a stage
 * changes or a lead names one that is not known; what can't be loaded stays without a name.
 */
export class LeadNamesController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #client: () => Client | undefined;
  readonly #pipelines: LiveController<unknown>;
  #stages = new Map<string, string>();
  #sources = new Map<string, string>();
  /** Asked for without success, so that an id that nobody knows is not asked for again and again. */
  #unknown = new Set<string>();
  #run: AbortController | undefined;

  constructor(host: ReactiveControllerHost, client: () => Client | undefined) {
    this.#host = host;
    this.#client = client;
    host.addController(this);
    this.#pipelines = new LiveController(host, client, 'pipeline', {
      heard: () => this.#renew(),
      forgotten: () => this.forget(),
    });
  }

  hostDisconnected() {
    this.#run?.abort();
    this.#run = undefined;
  }

  stageOf({ stage_id }: Lead) {
    return this.#stages.get(stage_id);
  }

  sourceOf({ source_id }: Lead) {
    return source_id === null ? undefined : this.#sources.get(source_id);
  }

  /** Sees to it that the names for these leads are there, now or soon. */
  async know(leads: readonly Lead[]) {
    const needed = leads.flatMap(({ stage_id, source_id }) => (source_id === null ? [stage_id] : [stage_id, source_id]));
    const lacking = needed.filter((id) => !this.#stages.has(id) && !this.#sources.has(id) && !this.#unknown.has(id));
    if (lacking.length > 0 && !this.#run) await this.#load(lacking);
  }

  /** Drops what is known, as when someone else signs in or a stage was renamed. */
  forget() {
    this.hostDisconnected();
    this.#stages = new Map();
    this.#sources = new Map();
    this.#unknown = new Set();
  }

  #renew() {
    this.hostDisconnected();
    this.#unknown.clear();
    void this.#load([]);
  }

  async #load(lacking: readonly string[]) {
    const client = this.#client();
    if (!client) return;
    this.#pipelines.listen();
    const { signal } = (this.#run = new AbortController());
    try {
      const [pipelines, sources] = await Promise.all([everyPipeline(client, signal), everySource(client, signal)]);
      if (signal.aborted) return;
      this.#stages = pipelines;
      this.#sources = sources;
    } catch {
      // The table says why it can't be loaded; without names it is still worth reading.
      if (signal.aborted) return;
    }
    for (const id of lacking) if (!this.#stages.has(id) && !this.#sources.has(id)) this.#unknown.add(id);
    this.#run = undefined;
    this.#host.requestUpdate();
  }
}

async function everyPipeline(client: Client, signal: AbortSignal) {
  const names = new Map<string, string>();
  for await (const { stages } of client.pipelines.all({ page_size: 100 }, { signal })) {
    for (const { id, name } of stages) names.set(id, name);
  }
  return names;
}

async function everySource(client: Client, signal: AbortSignal) {
  const names = new Map<string, string>();
  for await (const { id, name } of client.leadSources.all({ page_size: 100 }, { signal })) names.set(id, name);
  return names;
}

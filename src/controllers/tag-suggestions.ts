import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client } from '../client/index.ts';

const MOST = 8;
const TYPING_PAUSE = 200;

/** The tags that are in use, the most used first, as far as they hold what is being typed; asked for once someone comes to type. */
export class TagSuggestions implements ReactiveController {
  tags: readonly string[] = [];

  readonly #host: ReactiveControllerHost;
  readonly #client: () => Client | undefined;
  #search: string | undefined;
  #run: AbortController | undefined;
  #pausing: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, client: () => Client | undefined) {
    this.#host = host;
    this.#client = client;
    host.addController(this);
  }

  hostDisconnected() {
    this.#cancel();
    this.#search = undefined;
    this.tags = [];
  }

  /** Someone comes to type, or has typed this far. */
  ask(typed: string) {
    const search = typed.trim();
    if (search === this.#search) return;
    const isFirst = this.#search === undefined;
    this.#search = search;
    this.#cancel();
    if (isFirst) void this.#load(search);
    else this.#pausing = setTimeout(() => void this.#load(search), TYPING_PAUSE);
  }

  async #load(search: string) {
    const client = this.#client();
    if (!client) return;
    const { signal } = (this.#run = new AbortController());
    try {
      const query = { page_size: MOST * 2, count: 'none', ...(search !== '' && { search }) } as const;
      const { data } = await client.tags.list(query, { signal });
      if (signal.aborted) return;
      this.tags = data.map(({ tag }) => tag);
    } catch {
      // They are a help alone: tags can be typed without them.
      if (signal.aborted) return;
      this.tags = [];
    }
    this.#host.requestUpdate();
  }

  #cancel() {
    clearTimeout(this.#pausing);
    this.#run?.abort();
  }
}

/** Those to offer beside the tags that are there already. */
export function offered(suggestions: readonly string[], tags: readonly string[]): string[] {
  const known = new Set(tags.map((tag) => tag.toLowerCase()));
  return suggestions.filter((tag) => !known.has(tag.toLowerCase())).slice(0, MOST);
}

import type { Client } from '../client/index.ts';
import type { Me } from '../contract/session.ts';
import { lifeOf, recordsOf } from './records.ts';

const known = new WeakMap<Client, Access>();

/** Who calls with a client and what they may do: asked once, however many want to know. */
export function accessOf(client: Client): Access {
  let access = known.get(client);
  if (!access) known.set(client, (access = new Access(client)));
  return access;
}

/** What is known of a client's user while anyone wants to know; with another user it is asked anew. */
export class Access {
  me: Me | undefined;

  readonly #client: Client;
  readonly #listeners = new Set<{ changed: () => void }>();
  #life: AbortSignal | undefined;
  #run: AbortController | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Calls back whenever more is known, or less, until the returned function is called. */
  subscribe(changed: () => void): () => void {
    const listener = { changed };
    this.#listeners.add(listener);
    this.#follow();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#unsubscribe?.();
      this.#unsubscribe = undefined;
      this.#stop();
    };
  }

  #follow() {
    if (this.#life?.aborted) this.#forget();
    // What was learnt while nobody listened to changes may no longer be so.
    if ((!this.me || !this.#unsubscribe) && !this.#run) void this.#ask();
    this.#unsubscribe ??= recordsOf(this.#client).subscribe('access', {
      // What could not be learnt while the server was away can be now; what is known may have changed meanwhile.
      state: (state) => state === 'open' && !this.me && !this.#run && void this.#ask(),
      forgotten: () => {
        this.#forget();
        setTimeout(() => this.#unsubscribe && !this.#run && void this.#ask());
      },
    });
  }

  async #ask() {
    const { signal } = (this.#run = new AbortController());
    const life = (this.#life = lifeOf(this.#client));
    try {
      const me = await this.#client.auth.me({ signal });
      if (signal.aborted || life?.aborted) return;
      this.me = me;
    } catch {
      // Whoever asked still knows nothing; what else the element asks for fails as well, and says why.
    } finally {
      if (this.#run?.signal === signal) this.#run = undefined;
    }
    this.#tell();
  }

  #forget() {
    this.#stop();
    this.me = undefined;
    this.#tell();
  }

  #stop() {
    this.#run?.abort();
    this.#run = undefined;
  }

  #tell() {
    for (const { changed } of Array.from(this.#listeners)) changed();
  }
}

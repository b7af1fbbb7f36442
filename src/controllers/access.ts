import type { Client } from '../client/index.ts';
import { perClient } from '../client/per-client.ts';
import type { Me } from '../contract/session.ts';
import { failureOf } from './list-failure.ts';
import { lifeOf, recordsOf } from './records.ts';

/** Who calls with a client and what they may do: asked once, however many want to know. */
export const accessOf: (client: Client) => Access = perClient('access', (client) => new Access(client));

/** What whoever wants to know of a user's rights hears. */
export interface AccessListener {
  /** More is known, or less. */
  changed(): void;
  /** It could not be learnt, and is not tried again before the stream opens anew. */
  failed?(error: unknown): void;
}

/** What is known of a client's user while anyone wants to know; with another user it is asked anew. */
export class Access {
  me: Me | undefined;

  readonly #client: Client;
  readonly #listeners = new Set<AccessListener>();
  #life: AbortSignal | undefined;
  #run: AbortController | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Calls back until the returned function is called. */
  subscribe(given: AccessListener): () => void {
    const listener = { ...given };
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
    let me;
    try {
      me = await this.#client.auth.me({ signal });
    } catch (error) {
      // It is asked again when the stream opens. What needs a connection or a session fails elsewhere as well, and says why.
      if (!signal.aborted && failureOf(error) === 'failed') this.#each(({ failed }) => failed?.(error));
      return;
    } finally {
      if (this.#run?.signal === signal) this.#run = undefined;
    }
    if (signal.aborted || life?.aborted) return;
    this.me = me;
    this.#tell();
  }

  #forget() {
    this.#stop();
    if (!this.me) return;
    this.me = undefined;
    this.#tell();
  }

  #stop() {
    this.#run?.abort();
    this.#run = undefined;
  }

  #tell() {
    this.#each(({ changed }) => changed());
  }

  #each(call: (listener: AccessListener) => void) {
    for (const listener of Array.from(this.#listeners)) call(listener);
  }
}

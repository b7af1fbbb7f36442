import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client } from '../client/index.ts';

/** Begins to load for the client of a host that is on the page, and anew whenever that client is another. */
export class ClientFollower implements ReactiveController {
  readonly #client: () => Client | undefined;
  readonly #begin: (client: Client, signal: AbortSignal, isOther: boolean) => void;
  #followed: Client | undefined;
  #last: Client | undefined;
  #run: AbortController | undefined;
  #isConnected = false;

  /** `begin` is told whether the client is another than before, so that nothing of the former is shown, even for a moment. */
  constructor(
    host: ReactiveControllerHost,
    client: () => Client | undefined,
    begin: (client: Client, signal: AbortSignal, isOther: boolean) => void,
  ) {
    this.#client = client;
    this.#begin = begin;
    host.addController(this);
  }

  hostConnected() {
    this.#isConnected = true;
    this.follow();
  }

  hostDisconnected() {
    this.#isConnected = false;
    this.#end();
  }

  hostUpdate() {
    if (this.#client() !== this.#followed) this.follow();
  }

  /** Ends what was begun, and begins anew where there is a client to ask. */
  follow() {
    this.#end();
    const client = (this.#followed = this.#client());
    if (!client || !this.#isConnected) return;
    const isOther = client !== this.#last;
    this.#last = client;
    this.#run = new AbortController();
    this.#begin(client, this.#run.signal, isOther);
  }

  #end() {
    this.#run?.abort();
    this.#run = undefined;
  }
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client } from '../client/index.ts';
import type { Permission } from '../contract/permissions.ts';
import { accessOf, type Access, type AccessListener } from './access.ts';

/**
 * Knows what the caller may do, while its host is on the page. Nothing is asked before someone wants to know, and only once
 * for all elements with the same client.
 */
export class AccessController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #client: () => Client | undefined;
  readonly #listener: Partial<AccessListener>;
  #followed: Access | undefined;
  #leave: (() => void) | undefined;
  #isWanted = false;
  #isConnected = false;

  constructor(host: ReactiveControllerHost, client: () => Client | undefined, listener: Partial<AccessListener> = {}) {
    this.#host = host;
    this.#client = client;
    this.#listener = listener;
    host.addController(this);
  }

  hostConnected() {
    this.#isConnected = true;
    this.#follow();
  }

  hostUpdate() {
    this.#follow();
  }

  hostDisconnected() {
    this.#isConnected = false;
    this.#follow();
  }

  /** Whether the caller may; undefined until it is known, after which the host updates. */
  can(permission: Permission): boolean | undefined {
    this.#isWanted = true;
    this.#follow();
    return this.#followed?.me?.permissions.includes(permission);
  }

  #follow() {
    const client = this.#isWanted && this.#isConnected ? this.#client() : undefined;
    const access = client && accessOf(client);
    if (access === this.#followed) return;
    this.#leave?.();
    this.#followed = access;
    this.#leave = access?.subscribe({
      changed: () => {
        this.#listener.changed?.();
        this.#host.requestUpdate();
      },
      failed: (error) => this.#listener.failed?.(error),
    });
  }
}

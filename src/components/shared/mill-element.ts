import { LitElement } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Client } from '../../client/index.ts';
import { Provided, type Provision, type Toast } from '../../controllers/provision.ts';
import { MillErrorEvent } from './error.events.ts';

/** An element that works with the API: by a client of its own, or by that of the provider around it. */
export abstract class MillElement extends LitElement {
  /** What was said where no provider shows toasts: for the element's own status line. */
  @state() protected ownToast: Toast | undefined;

  #ownClient: Client | undefined;
  #givenClient: Client | undefined;
  readonly #provided = new Provided(this, () => this.#take());

  /** Where records come from; the provider's unless it is set. A property alone, since it holds a token. */
  @property({ attribute: false })
  get client(): Client | undefined {
    return this.#ownClient ?? this.#givenClient;
  }
  set client(client: Client | undefined) {
    this.#ownClient = client;
  }

  /** What the provider around the element gives, where there is one. */
  protected get provided(): Provision | undefined {
    return this.#provided.value;
  }

  /** Tells the host of an error that the element shows as well. */
  protected report(error: unknown) {
    this.dispatchEvent(new MillErrorEvent(error));
  }

  /** Says something in passing: where the provider says such things, or in the element's own status line. */
  protected toast(toast: Toast) {
    this.ownToast = this.provided ? undefined : toast;
    this.provided?.toast(toast);
  }

  #take() {
    const { client } = this;
    this.#givenClient = this.provided?.client;
    this.requestUpdate('client', client);
  }
}

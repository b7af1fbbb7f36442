import { ContextEvent, createContext } from '@lit/context';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Client } from '../client/index.ts';
import type { TextTree } from '../core/text-layers.ts';

/** A host's own texts: by section (`{ contactForm: { save: 'Keep' } }`), or by language first (`{ de: { contactForm: … } }`). */
export type MessagesOverride = TextTree;

/** What an element says in passing, without taking the focus. */
export interface Toast {
  readonly text: string;
  /** `neutral` unless said. A bad one stays until it is dismissed. */
  readonly kind?: 'good' | 'bad' | 'neutral' | undefined;
  /** What can be done about it; whoever does it dismisses the toast. */
  readonly action?: { readonly text: string; act(): void } | undefined;
  /** Whether it stays until it is dismissed; what is bad does anyway. */
  readonly stays?: boolean | undefined;
}

/** What a provider gives to the elements within it. Two versions of it may meet on a page, so the shape only grows. */
export interface Provision {
  readonly client: Client | undefined;
  readonly locale: string | undefined;
  readonly messages: MessagesOverride;
  /** Shows a toast; the function that is returned takes it away. */
  toast(toast: Toast): () => void;
}

/** The context by which providers and elements meet, whatever copy of the package they come from. */
export const provision = createContext<Provision>(Symbol.for('millrace.provision'));

type Host = ReactiveControllerHost & HTMLElement;
type Leave = () => void;
type Take = (value: Provision | undefined, leave?: Leave) => void;

/** What contexts are asked by and announced with; `context` says which. */
interface ContextMessage extends Event {
  readonly context?: unknown;
  readonly callback?: Take;
  readonly subscribe?: boolean;
}

/**
 * Knows what the nearest provider around its host gives, and nothing where there is none. Follows the host to another
 * provider, and hears of one that comes or goes around a host that stays.
 */
export class Provided implements ReactiveController {
  value: Provision | undefined;

  readonly #host: Host;
  readonly #changed: (() => void) | undefined;
  #leave: Leave | undefined;
  #isAnswered = false;

  /** `changed` is called after each change, before the host updates. */
  constructor(host: Host, changed?: () => void) {
    this.#host = host;
    this.#changed = changed;
    host.addController(this);
  }

  hostConnected() {
    this.#ask();
    document.addEventListener('context-provider', this.#hear);
  }

  /** What was given stays known, for what ends after the host has gone. */
  hostDisconnected() {
    document.removeEventListener('context-provider', this.#hear);
    this.#leave?.();
    this.#leave = undefined;
  }

  /** Takes the answer of a provider. */
  readonly take: Take = (value, leave) => {
    this.#isAnswered = true;
    if (leave !== this.#leave) this.#leave?.();
    this.#leave = leave;
    if (value === this.value) return;
    this.value = value;
    this.#changed?.();
    this.#host.requestUpdate();
  };

  #ask() {
    this.#isAnswered = false;
    this.#host.dispatchEvent(new ContextEvent(provision, this.#host, this.take, true));
    if (!this.#isAnswered) this.take(undefined);
  }

  readonly #hear = (event: ContextMessage) => {
    if (event.context === provision) this.#ask();
  };
}

/** Gives something to the elements within its host, whenever they come, and knows what a provider further out gives. */
export class Providing implements ReactiveController {
  readonly #host: Host;
  readonly #outer: Provided;
  readonly #takers = new Map<Take, Leave>();
  #value: Provision;

  /** `changed` is called after each change of what is given further out. */
  constructor(host: Host, value: Provision, changed: () => void) {
    this.#host = host;
    this.#value = value;
    this.#outer = new Provided(host, changed);
    host.addController(this);
    host.addEventListener('context-request', this.#answer);
  }

  get outer(): Provision | undefined {
    return this.#outer.value;
  }

  /** What everyone within has from now on. */
  give(value: Provision) {
    this.#value = value;
    for (const [take, leave] of this.#takers) take(value, leave);
  }

  /** Elements that were there before, whoever gave to them, look for the nearest provider once more. */
  hostConnected() {
    this.#announce(this.#host);
  }

  /** So do those that stay, as where the host stood around their slot. */
  hostDisconnected() {
    this.#announce(document);
  }

  #announce(target: EventTarget) {
    const event = new Event('context-provider', { bubbles: true, composed: true });
    target.dispatchEvent(Object.assign(event, { context: provision, contextTarget: this.#host }));
  }

  readonly #answer = (event: ContextMessage) => {
    const { context, callback: take, subscribe } = event;
    if (context !== provision || !take || take === this.#outer.take) return;
    event.stopPropagation();
    if (!subscribe) return take(this.#value);
    const leave = this.#takers.get(take) ?? (() => void this.#takers.delete(take));
    this.#takers.set(take, leave);
    take(this.#value, leave);
  };
}

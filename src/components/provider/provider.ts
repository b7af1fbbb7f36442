import { html, LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { Client, ClientOptions } from '../../client/index.ts';
import type { Permission } from '../../contract/permissions.ts';
import { AccessController } from '../../controllers/access-controller.ts';
import { Providing, type Provision, type Toast } from '../../controllers/provision.ts';
import { TooltipController } from '../../controllers/tooltip-controller.ts';
import { mergedTexts } from '../../core/merged-texts.ts';
import type { TextTree } from '../../core/text-layers.ts';
import { provider as english } from '../../locales/en.ts';
import type { MessagesOverride } from '../../locales/index.ts';
import buttonStyles from '../shared/button.styles.ts';
import { Localized } from '../shared/localized.ts';
import toastStyles from '../shared/toast.styles.ts';
import tooltipStyles from '../shared/tooltip.styles.ts';
import { tooltip } from '../shared/tooltip.ts';
import tokens from '../shared/tokens.styles.ts';
import { OwnClient, type Settings } from './own-client.ts';
import { AccessChangedEvent, SessionEndedEvent } from './provider.events.ts';
import styles from './provider.styles.ts';
import { ToastRegion } from './toast-region.ts';

export type { MessagesOverride, Toast };

const NO_TEXTS: TextTree = {};

/**
 * Gives the elements within it a client, a language, texts, and a place where they say things in passing. One within
 * another gives what it sets itself, and for the rest what the outer one gives.
 *
 * @tag mill-provider
 * @slot - The page, or the part of it that has Millrace's elements in it.
 * @csspart toasts - The region where toasts stand one above the other.
 * @csspart toast - One of them.
 * @csspart more - How many there are besides those that are shown.
 * @cssprop [--mill-density=1] - From 0, compact, to 1, comfortable; `density` sets it.
 * @fires {SessionEndedEvent} mill-session-ended - The API accepts no token of the user any more.
 * @fires {AccessChangedEvent} mill-access-changed - `can` answers otherwise than before.
 */
export class MillProvider extends LitElement implements Settings {
  static override styles = [tokens, buttonStyles, toastStyles, tooltipStyles, styles];

  /** The API's origin, like `https://crm.example.com`; the page's own where it is empty or left out. */
  @property({ attribute: 'base-url' }) baseUrl: string | undefined;

  /** The user's access token, or an embed token. A property alone: nobody reads it in the page. Another user's changes everything at once. */
  @property({ attribute: false }) token: string | undefined;

  /** Gives a token whenever one is needed: at first, shortly before the last one ends, and after it was refused. It wins over `token`. */
  @property({ attribute: false }) getToken: ClientOptions['getToken'];

  /** Takes the place of the global fetch for the client that is made of `token` or `getToken`. */
  @property({ attribute: false }) fetch: ClientOptions['fetch'];

  /** The language of the texts, dates and numbers, like `de` or `pt-BR`; the page's where it is left out. */
  @property() locale: string | undefined;

  /** `system` follows the user's; without it the page's own `color-scheme` counts. */
  @property({ reflect: true }) theme: 'light' | 'dark' | 'system' | undefined;

  /** How much room there is; without it the page's own `--mill-density` counts. */
  @property({ reflect: true }) density: 'comfortable' | 'compact' | undefined;

  /** Texts instead of the package's own: `{ contactForm: { … } }`, or by language `{ de: { contactForm: { … } } }`. */
  @property({ attribute: false }) messages: MessagesOverride | undefined;

  #given: Client | undefined;
  readonly #own = new OwnClient(
    () => this,
    (error) => this.dispatchEvent(new SessionEndedEvent(error)),
  );
  #provision: Provision = { client: undefined, locale: undefined, messages: NO_TEXTS, toast: (toast) => this.toast(toast) };
  /** What the present texts were made of. */
  #merged: [outer: TextTree, own: TextTree] = [NO_TEXTS, NO_TEXTS];
  readonly #providing = new Providing(this, this.#provision, () => this.requestUpdate());
  readonly #access = new AccessController(this, () => this.client, {
    changed: () => this.dispatchEvent(new AccessChangedEvent()),
  });
  readonly #toasts = new ToastRegion(this, new Localized(this, 'provider', english));
  readonly #tooltip = new TooltipController(this, { id: 'tooltip' });

  /** What the elements within call the API with: the one that is set, else one made of `token` or `getToken`, else the outer provider's. */
  @property({ attribute: false })
  get client(): Client | undefined {
    return this.#given ?? this.#own.present ?? this.#providing.outer?.client;
  }
  set client(client: Client | undefined) {
    this.#given = client;
  }

  protected override willUpdate() {
    const { outer } = this.#providing;
    const client = this.client;
    const locale = this.locale || outer?.locale;
    const messages = this.#messagesOver(outer?.messages ?? NO_TEXTS);
    const former = this.#provision;
    if (client === former.client && locale === former.locale && messages === former.messages) return;
    this.#provision = { ...former, client, locale, messages };
    this.#providing.give(this.#provision);
  }

  /** Shows something in passing, in the outermost provider's region; the function that is returned takes it away. */
  toast(toast: Toast): () => void {
    const { outer } = this.#providing;
    return outer ? outer.toast(toast) : this.#toasts.show(toast);
  }

  /** Whether the user may; undefined until it is known, which `mill-access-changed` tells. */
  can(permission: Permission): boolean | undefined {
    return this.#access.can(permission);
  }

  /** Has done with the user, at a sign-out or before another signs in: nothing of them is shown any more, and `getToken` is asked anew. */
  forget(): void {
    this.client?.forget();
  }

  protected override render() {
    return html`<slot></slot>${this.#toasts.render()}${tooltip(this.#tooltip)}`;
  }

  #messagesOver(outer: TextTree): TextTree {
    const own = (this.messages ?? NO_TEXTS) as TextTree;
    if (outer === this.#merged[0] && own === this.#merged[1]) return this.#provision.messages;
    this.#merged = [outer, own];
    return mergedTexts(outer, own);
  }
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Provided, type MessagesOverride } from '../../controllers/provision.ts';
import { directionOf, localeOf, widened } from '../../core/locale-tags.ts';
import { hasOwnTexts } from '../../core/text-layers.ts';
import { bundleOf, LANGUAGES, loadBundle } from '../../locales/bundles.ts';
import type { Messages } from '../../locales/index.ts';
import { MillErrorEvent } from './error.events.ts';
import { directionAround, isDirectionSaid, languageAround, mark, watchLanguage } from './page-language.ts';

export type LocalizedHost = ReactiveControllerHost & HTMLElement;

const NO_TEXTS: MessagesOverride = {};

/**
 * Knows the locale of one element: the provider's, else what the page says around it, else English. Follows changes of
 * either, and marks the element's inner parts where they are in another language or direction than the page.
 */
export class HostLocale implements ReactiveController {
  locale = 'en';
  dir: 'ltr' | 'rtl' = 'ltr';
  /** The texts of the language, once they are there; English has none. */
  bundle: Messages | undefined;
  /** A host's own texts. */
  given = NO_TEXTS;

  readonly #host: LocalizedHost;
  readonly #provided: Provided;
  #pageDirection: 'ltr' | 'rtl' = 'ltr';
  #pageLanguage: string | undefined;
  #language: string | undefined;
  #loading: string | undefined;
  #unwatch: (() => void) | undefined;

  constructor(host: LocalizedHost) {
    this.#host = host;
    this.#provided = new Provided(host, () => this.#find());
    host.addController(this);
  }

  hostConnected() {
    this.#unwatch = watchLanguage(this.#host, () => this.#find());
    window.addEventListener('online', this.#loadAgain);
    this.#find();
  }

  hostDisconnected() {
    window.removeEventListener('online', this.#loadAgain);
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#loading = undefined;
  }

  hostUpdated() {
    const dir = this.dir === this.#pageDirection ? undefined : this.dir;
    const lang = this.#pageLanguage && isSame(this.spoken, this.#pageLanguage) ? undefined : this.spoken;
    for (const part of this.#host.shadowRoot?.children ?? []) {
      if (part.localName === 'style' || part.localName === 'slot') continue;
      mark(part, 'dir', dir);
      mark(part, 'lang', lang);
    }
  }

  /** The locale that the texts are in: English while others are on their way, or where there are none. */
  get spoken() {
    return this.bundle || hasOwnTexts(this.given, this.locale) ? this.locale : 'en';
  }

  /** Loads the texts of the language where it has some; the host updates once they are there. */
  load() {
    const language = this.#language;
    if (language === undefined || this.bundle || this.#loading === language || !this.#unwatch) return;
    this.#loading = language;
    loadBundle(language).then(
      () => this.#find(),
      (error: unknown) => {
        if (this.#loading === language) this.#host.dispatchEvent(new MillErrorEvent(error));
      },
    );
  }

  readonly #loadAgain = () => {
    this.#loading = undefined;
    this.#host.requestUpdate();
  };

  #find() {
    if (!this.#unwatch) return;
    const before = this.#facts;
    const { value } = this.#provided;
    const provided = localeOf(value?.locale);
    this.given = value?.messages ?? NO_TEXTS;
    this.#pageLanguage = languageAround(this.#host);
    this.#pageDirection = directionAround(this.#host);
    this.locale = provided ?? this.#pageLanguage ?? 'en';
    const isSaid = isDirectionSaid(this.#host, provided !== undefined);
    this.dir = isSaid ? this.#pageDirection : directionOf(this.locale);
    this.#language = widened(this.locale).find((tag) => LANGUAGES.includes(tag));
    this.bundle = this.#language === undefined ? undefined : bundleOf(this.#language);
    if (this.#facts.some((fact, index) => fact !== before[index])) this.#host.requestUpdate();
  }

  /** All that decides what is shown. */
  get #facts() {
    return [this.locale, this.dir, this.bundle, this.given, this.#pageLanguage, this.#pageDirection];
  }
}

const isSame = (locale: string, other: string) => widened(locale).at(-1) === widened(other).at(-1);

const known = new WeakMap<LocalizedHost, HostLocale>();

/** The locale of an element, the same object at every call. */
export function hostLocaleOf(host: LocalizedHost): HostLocale {
  let locale = known.get(host);
  if (!locale) known.set(host, (locale = new HostLocale(host)));
  return locale;
}

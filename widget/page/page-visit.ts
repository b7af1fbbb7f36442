import { ofDocument } from '../launcher/page-document.ts';
import type { Consent, Visit } from '../parts.ts';
import { Counter } from './counter.ts';
import { Touches } from './touches.ts';

/** What is known of the visit of this page, and how much of it may be kept. */
export class PageVisit {
  readonly consent: Consent = {};
  readonly counter: Counter;
  readonly #touches = new Touches();
  #traits: Record<string, unknown> | undefined;

  constructor(signal: AbortSignal) {
    this.counter = new Counter(() => this.#allows('analytics'), signal);
  }

  /** Hears what a consent manager says; what it does not say stays as it is. */
  hear(consent: Consent) {
    Object.assign(this.consent, consent);
    this.#touches.remember(this.#allows('storage'));
  }

  identify(traits: Record<string, unknown>) {
    this.#traits = { ...this.#traits, ...traits };
  }

  /** The visit as a form of this API sees it. */
  of(api: string): Visit {
    return {
      page: () => ({ page: location.href.slice(0, 2_000), referrer: ofDocument('referrer').slice(0, 2_000) }),
      attribution: () => this.#touches.read(),
      traits: () => this.#traits,
      allows: (purpose) => this.#allows(purpose),
      track: (event, form, facts) => this.counter.count(api, { form_id: form.id, event, version: form.version, ...facts }),
    };
  }

  /** Nothing is stored until someone says that it may be; forms are counted unless the visitor or the site objects. */
  #allows(purpose: keyof Consent) {
    if (purpose === 'storage') return this.consent.storage === true;
    const { globalPrivacyControl, doNotTrack } = navigator as Navigator & Record<string, unknown>;
    return !globalPrivacyControl && doNotTrack !== '1' && this.consent.analytics !== false;
  }
}

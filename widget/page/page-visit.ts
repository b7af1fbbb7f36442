import { ofDocument } from '../launcher/page-document.ts';
import type { Consent, Visit } from '../parts.ts';
import { type Counter, openCounter } from './counter.ts';
import { cut, type Touches, visitTouches } from './touches.ts';

/** What is known of the visit of this page, and how much of it may be kept. */
export interface PageVisit extends Counter, Pick<Visit, 'allows'> {
  readonly touches: Touches;
  /** Hears what a consent manager says; what it does not say stays as it is. */
  consent(signals: Consent): void;
  identify(traits: Record<string, unknown>): void;
  /** The visit as a form of this API sees it, which brings values of no field of its own. */
  of(api: string, others: Record<string, string>): Visit;
}

/** Begins to watch the visit of this page, until the signal. */
export function pageVisit(signal: AbortSignal): PageVisit {
  const said: Consent = {};
  const touches = visitTouches();
  const traits = {};

  /** Nothing is stored until someone says that it may be; forms are counted unless the visitor or the site objects. */
  function allows(purpose: keyof Consent) {
    if (purpose === 'storage') return said.storage === true;
    const { globalPrivacyControl, doNotTrack } = navigator as Navigator & Record<string, unknown>;
    return !globalPrivacyControl && doNotTrack !== '1' && said.analytics !== false;
  }

  const counter = openCounter(() => allows('analytics'), signal);
  return {
    ...counter,
    touches,
    allows,
    consent(signals) {
      Object.assign(said, signals);
      touches.remember(allows('storage'));
    },
    identify: (more) => void Object.assign(traits, more),
    of: (api, others) => ({
      allows,
      about: () => ({
        page: cut(location.href),
        referrer: cut(ofDocument('referrer')),
        attribution: touches.read(),
        traits: { ...others, ...traits },
      }),
      track: (event, { id, version }, facts) => counter.count(api, { form_id: id, event, version, ...facts }),
    }),
  };
}

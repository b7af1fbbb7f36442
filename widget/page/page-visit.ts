import { ofDocument } from '../launcher/page-document.ts';
import type { Consent, Visit } from '../parts.ts';
import { type Counter, openCounter } from './counter.ts';
import { visitTouches } from './touches.ts';

/** What is known of the visit of this page, and how much of it may be kept. */
export interface PageVisit extends Counter, Pick<Visit, 'attribution' | 'allows'> {
  /** Hears what a consent manager says; what it does not say stays as it is. */
  hear(consent: Consent): void;
  identify(traits: Record<string, unknown>): void;
  /** The visit as a form of this API sees it, which brings values of no field of its own. */
  of(api: string, others: Record<string, string>): Visit;
}

/** Begins to watch the visit of this page, until the signal. */
export function pageVisit(signal: AbortSignal): PageVisit {
  const consent: Consent = {};
  const touches = visitTouches();
  let traits: Record<string, unknown> | undefined;

  /** Nothing is stored until someone says that it may be; forms are counted unless the visitor or the site objects. */
  function allows(purpose: keyof Consent) {
    if (purpose === 'storage') return consent.storage === true;
    const { globalPrivacyControl, doNotTrack } = navigator as Navigator & Record<string, unknown>;
    return !globalPrivacyControl && doNotTrack !== '1' && consent.analytics !== false;
  }

  const counter = openCounter(() => allows('analytics'), signal);
  return {
    ...counter,
    attribution: touches.read,
    allows,
    hear(signals) {
      Object.assign(consent, signals);
      touches.remember(allows('storage'));
    },
    identify(more) {
      traits = { ...traits, ...more };
    },
    of: (api, others) => ({
      page: () => ({ page: location.href, referrer: ofDocument('referrer') }),
      attribution: touches.read,
      traits: () => (traits || Object.keys(others)[0] ? { ...others, ...traits } : undefined),
      allows,
      track: (event, { id, version }, facts) => counter.count(api, { form_id: id, event, version, ...facts }),
    }),
  };
}

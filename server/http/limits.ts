import { ApiFailure } from './failure.ts';

/** So many calls in so many seconds. */
export interface Limit {
  name: string;
  quota: number;
  seconds: number;
}

/** How a caller stands against a limit after one more call. */
export interface Standing {
  allowed: boolean;
  remaining: number;
  /** Seconds until the count begins anew. */
  reset: number;
}

/** Where calls are counted: one process's memory, or a store that several share. */
export interface LimitStore {
  take(limit: Limit, caller: string): Promise<Standing>;
  giveBack(limit: Limit, caller: string): Promise<void>;
}

export type LimitName = 'sign-in' | 'public' | 'captures' | 'plain-captures' | 'people' | 'keys';
export type Limits = Record<LimitName, Limit>;

export const DEFAULT_LIMITS: Limits = {
  /** Attempts to sign in or up that did not succeed, counted per account and per address. */
  'sign-in': { name: 'sign-in', quota: 5, seconds: 900 },
  /** Calls without a credential, per address. */
  public: { name: 'public', quota: 120, seconds: 60 },
  /** Submissions of a form, per address and form. */
  captures: { name: 'captures', quota: 100, seconds: 900 },
  /** The same of those that come without a proof of work: plain form posts, and pages on plain http. */
  'plain-captures': { name: 'plain-captures', quota: 10, seconds: 900 },
  /** A person's calls, per session, and those of an embed token. */
  people: { name: 'people', quota: 600, seconds: 60 },
  /** A program's calls, per key; a key may carry a quota of its own. */
  keys: { name: 'keys', quota: 1000, seconds: 900 },
};

/** The headers of the IETF draft on rate limits. */
export const limitHeaders = (limit: Limit, { remaining, reset }: Standing): Record<string, string> => ({
  'RateLimit-Policy': `"${limit.name}";q=${limit.quota};w=${limit.seconds}`,
  RateLimit: `"${limit.name}";r=${remaining};t=${reset}`,
});

/** The refusal of a call too many. */
export const tooMany = (limit: Limit, standing: Standing) =>
  new ApiFailure('RATE_LIMITED', `Too many calls: try again in ${standing.reset} second${standing.reset === 1 ? '' : 's'}.`, {
    headers: { ...limitHeaders(limit, standing), 'Retry-After': String(standing.reset) },
  });

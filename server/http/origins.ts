import type { System } from '../db/system.ts';
import { ApiFailure } from './failure.ts';

const KEPT_MS = 5_000;
const MOST_KEPT = 1_000;

/** Which web pages' scripts may call: those of the server's own origin, and those that a workspace has allowed. */
export class Origins {
  readonly #system: System;
  readonly #ownOrigin: string;
  readonly #clock: () => number;
  readonly #known = new Map<string, { allowed: Promise<boolean>; until: number }>();

  constructor(system: System, publicUrl: string, clock: () => number) {
    this.#system = system;
    this.#ownOrigin = new URL(publicUrl).origin;
    this.#clock = clock;
  }

  /** The request's origin if it is another than the server's. */
  foreign(request: Request): string | undefined {
    const origin = request.headers.get('origin');
    if (origin === null || origin === this.#ownOrigin || origin === new URL(request.url).origin) return undefined;
    return origin;
  }

  /** Whether any workspace has allowed an origin: all that a preflight can ask, since it carries no credential. */
  async isKnown(origin: string): Promise<boolean> {
    const now = this.#clock();
    const known = this.#known.get(origin);
    if (known && known.until > now) return known.allowed;
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    const allowed = origin === 'null' || origin.length > 300 ? Promise.resolve(false) : this.#system.isAllowedOrigin(origin);
    this.#known.set(origin, { allowed, until: now + KEPT_MS });
    allowed.catch(() => this.#known.delete(origin));
    return allowed;
  }

  /** Whether an origin was looked up within the last seconds. */
  isRemembered(origin: string): boolean {
    return (this.#known.get(origin)?.until ?? 0) > this.#clock();
  }

  /** Forgets what was known of origins, so that the next request sees what has just changed. */
  forget() {
    this.#known.clear();
  }
}

export const originRefused = (origin: string) =>
  new ApiFailure(
    'ORIGIN_NOT_ALLOWED',
    `Pages of ${origin} may not call this workspace: add it to the workspace's allowed origins.`,
  );

export const preflightHeaders: Record<string, string> = {
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Request-Id',
  'Access-Control-Max-Age': '600',
};

/** The same where every page may call: browsers keep it as long as any of them does. */
export const openPreflightHeaders: Record<string, string> = { ...preflightHeaders, 'Access-Control-Max-Age': '7200' };

/** What a page of another origin may read of an answer. */
export const corsHeaders = (origin: string): Record<string, string> => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Expose-Headers': 'ETag, X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, Idempotent-Replayed',
});

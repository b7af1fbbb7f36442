import type { Db } from './db/db.ts';
import type { Limits, LimitStore } from './http/limits.ts';
import type { Mailer } from './mail/mailer.ts';

/** Turns passwords into what may be stored, and compares them with it. */
export interface Passwords {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** Where the server says what happens; values must hold nothing about people. */
export interface Log {
  info(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

/** What the server counts. */
export interface Metrics {
  request(route: string, method: string, status: number, seconds: number): void;
  limited(limit: string): void;
  /** Everything counted so far, in the text format of Prometheus. */
  text(): Promise<string>;
}

/** Everything that varies between the homes of the server: Node over PostgreSQL, Node over PGlite, the browser over PGlite. */
export interface AppParts {
  db: Db;
  /** Signs tokens; the first signs, the others are still accepted. */
  secrets: readonly [string, ...string[]];
  /** Milliseconds since 1970. */
  clock: () => number;
  mailer: Mailer;
  passwords: Passwords;
  limits: Limits;
  limitStore: LimitStore;
  log: Log;
  metrics: Metrics;
  /** A short hash of a text, for ETags: fast rather than secret. */
  digest: (text: string) => string;
  /** The address people reach the server at, without a slash at its end. */
  publicUrl: string;
  signUp: 'open' | 'closed';
  /** Addresses of proxies whose X-Forwarded-For counts. */
  trustedProxies: readonly string[];
}

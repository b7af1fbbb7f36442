import type { CdnFiles } from './cdn/cdn-files.ts';
import type { Db } from './db/db.ts';
import type { Bell } from './events/bell.ts';
import type { Limits, LimitStore } from './http/limits.ts';
import type { JobStanding } from './jobs/job-table.ts';
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
  /** One attempt at a job; `continued` where it ended with a next piece to do, `lost` where it was given to another. */
  job(kind: string, outcome: 'done' | 'continued' | 'retried' | 'failed' | 'lost', seconds: number): void;
  /** The jobs that are not done, as they are now. */
  jobs(standing: readonly JobStanding[]): void;
  /** One live stream more, or one less. */
  streams(change: 1 | -1): void;
  /** So many events went out on live streams. */
  eventsSent(count: number): void;
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
  /** Tells other processes over the same database of events, and hears of theirs. */
  bell: Bell;
  /** How many live streams one credential may have open at a time, in each process. */
  mostStreams: number;
  /** Addresses of proxies whose X-Forwarded-For counts. */
  trustedProxies: readonly string[];
  /** The widget's files; without them nothing is served of it. */
  cdn?: CdnFiles | undefined;
}

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Log } from '../app-parts.ts';
import type { Bell } from './bell.ts';

const CHANNEL = 'millrace_events';
/** Rings that come closer together are one: each notification takes a lock that all of the server's databases share. */
const PACE_MS = 10;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Rings through PostgreSQL: by NOTIFY, in a statement of its own after the commit, and heard by LISTEN on a connection of
 * its own, which is opened anew when it breaks. After a break it hears a ring, for there may have been some.
 */
export class PostgresBell implements Bell {
  readonly #url: string;
  readonly #log: Log;
  /** What others' notifications are told from this process's own by. */
  readonly #name = randomUUID();
  readonly #hearers: (() => void)[] = [];
  #client: pg.Client | undefined;
  #pause = FIRST_PAUSE_MS;
  #isClosed = false;
  #reopening: NodeJS.Timeout | undefined;
  #ringing: NodeJS.Timeout | undefined;
  #isRinging = false;
  #isRung = false;

  constructor(url: string, log: Log) {
    this.#url = url;
    this.#log = log;
  }

  /** Begins to listen; a first connection that can't be made is tried again, and meanwhile the feed polls. */
  async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
      application_name: 'millrace events',
    });
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    client.on('notification', ({ payload }) => {
      if (payload !== this.#name) this.#hear();
    });
    this.#client = client;
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch {
      // Closes what may be half open; either way it is lost.
      void client.end().catch(() => {});
      this.#lose(client);
      return;
    }
    this.#pause = FIRST_PAUSE_MS;
    this.#hear();
    this.ring();
  }

  ring() {
    this.#isRung = true;
    if (this.#isRinging || this.#ringing || this.#isClosed) return;
    void this.#notify();
  }

  onRing(hear: () => void) {
    this.#hearers.push(hear);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#reopening);
    clearTimeout(this.#ringing);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  async #notify() {
    const client = this.#client;
    this.#isRinging = true;
    this.#isRung = false;
    try {
      await client?.query('select pg_notify($1, $2)', [CHANNEL, this.#name]);
    } catch {
      // The connection is lost; the one that follows it rings by itself.
    }
    this.#isRinging = false;
    this.#ringing = setTimeout(() => {
      this.#ringing = undefined;
      if (this.#isRung) this.ring();
    }, PACE_MS).unref();
  }

  #hear() {
    for (const hear of this.#hearers) hear();
  }

  /** A connection tells of its end more than once, and by then another may have its place. */
  #lose(client: pg.Client) {
    if (this.#client !== client) return;
    this.#client = undefined;
    if (this.#isClosed) return;
    this.#log.error({ retry_ms: this.#pause }, 'LISTENING_BROKE');
    this.#reopening = setTimeout(() => void this.open(), this.#pause).unref();
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }
}

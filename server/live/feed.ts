import type { Log } from '../app-parts.ts';
import type { System } from '../db/system.ts';
import type { OutboxEvent } from '../events/outbox-event.ts';
import { before, type Position } from '../events/position.ts';

/** Who is handed what the feed reads. */
export interface Audience {
  /** Makes ready for events; what it gives back hands them out, at once. */
  prepare(events: readonly OutboxEvent[]): Promise<() => void>;
  /** The outbox is another one than before: nothing says what happened in between. */
  lost(): void;
}

const PIECE = 500;
/** Commits that come close together are read together. */
const PACE_MS = 10;
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 1_000;

/**
 * The one tail of a process over the outbox of all workspaces. It reads an event once every transaction that began before
 * it has ended, for only then nothing can still appear in front of it. It runs while there is someone to hear.
 */
export class Feed {
  readonly #system: System;
  readonly #audience: Audience;
  readonly #log: Log;
  #position: Position | undefined;
  #starting: Promise<void> | undefined;
  #isReading = false;
  #isRung = false;
  #wait = FIRST_WAIT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(system: System, audience: Audience, log: Log) {
    this.#system = system;
    this.#audience = audience;
    this.#log = log;
  }

  /** How far everything has been handed out; there is a position once `start` has resolved. */
  get position(): Position {
    return this.#position!;
  }

  /** Begins at what happens from now on, unless it runs already. */
  async start(): Promise<void> {
    if (this.#position) return;
    this.#starting ??= this.#system.outbox
      .after(undefined, 0)
      .then(({ horizon }) => {
        this.#position = before(horizon);
        // What is held back by older transactions was committed already, and nobody rings for it again.
        this.ring();
      })
      .finally(() => {
        this.#starting = undefined;
      });
    await this.#starting;
  }

  /** Reads nothing more, and forgets where it was. */
  stop() {
    clearTimeout(this.#timer);
    this.#timer = this.#position = undefined;
    this.#isRung = false;
  }

  /** Says that there may be something to read. */
  ring() {
    this.#wait = FIRST_WAIT_MS;
    this.#look();
  }

  #look() {
    this.#isRung = true;
    if (this.#isReading || !this.#position) return;
    clearTimeout(this.#timer);
    void this.#read();
  }

  async #read() {
    this.#isReading = true;
    this.#isRung = false;
    try {
      const position = this.#position!;
      const { events, horizon, waits } = await this.#system.outbox.after(position, PIECE);
      if (this.#position !== position) return;
      const isWhole = events.length < PIECE;
      if (horizon < position.txid) {
        this.#position = before(horizon);
        this.#audience.lost();
      } else {
        const hand = events.length > 0 ? await this.#audience.prepare(events) : undefined;
        if (this.#position !== position) return;
        const last = events.at(-1);
        // In one turn, so that whoever looks at the position has been or will be handed everything after it.
        this.#position = isWhole ? before(horizon) : { txid: last!.txid, seq: last!.seq };
        hand?.();
      }
      if (!isWhole) this.#isRung = true;
      else if (waits) this.#later(this.#nextWait());
    } catch (error) {
      this.#log.error({ kind: (error as Error).name }, 'FEED_FAILED');
      this.#later(this.#nextWait());
    } finally {
      this.#isReading = false;
      if (this.#isRung && this.#position) this.#later(PACE_MS);
    }
  }

  #nextWait() {
    const wait = this.#wait;
    this.#wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    return wait;
  }

  #later(milliseconds: number) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), milliseconds);
    // A browser's timers are numbers.
    (this.#timer as { unref?: () => void }).unref?.();
  }
}

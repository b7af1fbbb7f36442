import type { Caller } from '../http/caller.ts';
import { heard, heartbeat, message, type OutboxEvent } from '../events/outbox-event.ts';
import { isAfter, type Position } from '../events/position.ts';

/** What a stream is opened with. */
export interface StreamOptions {
  caller: Caller;
  /** The caller as of now; rejects where they may not listen any more. */
  authorise: () => Promise<Caller>;
  /** The events that are asked for; all where it is left out. */
  wanted: ReadonlySet<string> | undefined;
  /** Begins to read what was missed since the stream's position, to be followed by `joinLive`. */
  catchUp: () => void;
  /** Runs once, when the stream has ended, whoever ended it. */
  ended: () => void;
}

/** How much may wait for a slow reader, in bytes; what comes then is read from the outbox when there is room. */
const MOST_WAITING_BYTES = 262_144;
/** How many events may happen while the missed ones are read; beyond, they are read as missed ones too. */
const MOST_HELD = 1_000;
/** How long a reader may leave everything waiting before they are cut off. */
const PATIENCE_MS = 30_000;

/** One open stream: first what was missed, then what happens, as far as its caller may hear it. */
export class LiveStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: StreamOptions;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #caller: Caller;
  #isOver = false;
  #room: (() => void) | undefined;
  /** Everything up to here was told, as far as the caller may hear it. */
  #position: Position;
  /** Events that happen while missed ones are read; undefined while the stream is live. */
  #held: OutboxEvent[] | undefined = [];
  #hasDropped = false;
  #saidAt: number;
  #fullSince: number | undefined;
  /** How many events went out since it was asked. */
  sent = 0;

  constructor(options: StreamOptions, position: Position, now: number) {
    this.#options = options;
    this.#position = position;
    this.#caller = options.caller;
    this.#saidAt = now;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => {
          this.#fullSince = undefined;
          this.#room?.();
        },
        cancel: () => this.#finish(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING_BYTES }),
    );
  }

  get caller(): Caller {
    return this.#caller;
  }

  get position(): Position {
    return this.#position;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Looks whether the caller may still listen, and ends the stream if not. Rejects where that could not be learnt. */
  async recheck(isRefusal: (error: unknown) => boolean): Promise<void> {
    try {
      this.#caller = await this.#options.authorise();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.end();
    }
  }

  /** Goes live without anything missed. */
  goLive() {
    this.#held = undefined;
    this.#say(heartbeat(this.#position));
  }

  /** Goes live after everything up to `position` was read; tells whether that can be: if not, more must be read. */
  joinLive(position: Position): boolean {
    const held = this.#held ?? [];
    this.#position = position;
    if (this.#hasDropped) {
      this.#hasDropped = false;
      this.#held = [];
      return false;
    }
    this.goLive();
    for (const event of held) this.take(event);
    return true;
  }

  /** Tells the reader that what they know may be stale, and goes on from a position. */
  reset(position: Position) {
    this.#position = position;
    this.#held = undefined;
    this.#say(message('reset', position, '{}'));
  }

  /** Hands over an event that has just happened. */
  take(event: OutboxEvent) {
    if (this.#isOver || !isAfter(event, this.#position)) return;
    if (this.#held) {
      if (this.#held.length < MOST_HELD) this.#held.push(event);
      else this.#hasDropped = true;
    } else if (this.#isFull) {
      this.#held = [event];
      this.#options.catchUp();
    } else this.#tell(event);
  }

  /** Hands over an event that was missed, when the reader has room for it. */
  async takeMissed(event: OutboxEvent): Promise<void> {
    while (!this.#isOver && this.#isFull)
      await new Promise<void>((resolve) => {
        this.#room = resolve;
      });
    if (!this.#isOver) this.#tell(event);
  }

  /** Shows that the stream lives where nothing was said for a while; cuts off a reader who takes nothing. */
  beat(position: Position, now: number, silence: number) {
    if (this.#isOver) return;
    if (this.#isFull) {
      this.#fullSince ??= now;
      if (now - this.#fullSince >= PATIENCE_MS) this.#cut();
    } else if (now - this.#saidAt >= silence) {
      if (!this.#held && isAfter(position, this.#position)) this.#position = position;
      this.#say(heartbeat(this.#position));
      this.#saidAt = now;
    }
  }

  /** Ends the stream after what was said. */
  end() {
    if (this.#isOver) return;
    this.#controller.close();
    this.#finish();
  }

  get #isFull() {
    return this.#controller.desiredSize! <= 0;
  }

  #tell(event: OutboxEvent) {
    this.#position = { txid: event.txid, seq: event.seq };
    const bytes = heard(event, this.#caller, this.#options.wanted);
    if (!bytes) return;
    this.sent++;
    this.#say(bytes);
  }

  #say(bytes: Uint8Array) {
    if (!this.#isOver) this.#controller.enqueue(bytes);
  }

  /** What waits for the reader is given up with the connection: they will come again for it. */
  #cut() {
    this.#controller.error(new Error('The reader takes nothing.'));
    this.#finish();
  }

  #finish() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#held = undefined;
    this.#room?.();
    this.#options.ended();
  }
}

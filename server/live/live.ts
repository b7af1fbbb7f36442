import type { AppParts } from '../app-parts.ts';
import type { System } from '../db/system.ts';
import { readingTenant } from '../db/tenant.ts';
import type { Caller } from '../http/caller.ts';
import { traceOf } from '../http/errors.ts';
import { ApiFailure } from '../http/failure.ts';
import { Feed } from './feed.ts';
import { LiveStream } from './live-stream.ts';
import type { OutboxEvent } from '../events/outbox-event.ts';
import { missedSince } from '../events/outbox-table.ts';
import { before, readPosition } from '../events/position.ts';

/** What someone asks for who wants to listen. */
export interface Listening {
  caller: Caller;
  /** The caller as of now; rejects where they may not listen any more. */
  authorise: () => Promise<Caller>;
  events: readonly string[] | undefined;
  /** Where a former stream of theirs broke off, as they say. */
  lastEventId: string | null;
  requestId: string;
}

const PIECE = 500;
const SILENCE_MS = 15_000;
/** How long the feed is not looked at where nobody rings. */
const POLL_MS = 5_000;

/** The live streams of one process: who listens, what they are told, and when it ends. */
export class Live {
  readonly #parts: AppParts;
  readonly #feed: Feed;
  readonly #streams = new Map<string, Set<LiveStream>>();
  readonly #open = new Map<string, number>();
  #isStopped = false;
  #polledAt = 0;

  constructor(parts: AppParts, system: System) {
    this.#parts = parts;
    const audience = { prepare: (events: readonly OutboxEvent[]) => this.#prepare(events), lost: () => this.#lost() };
    this.#feed = new Feed(system, audience, parts.log);
    parts.bell.onRing(() => this.#feed.ring());
  }

  /** Says that events were committed by this process. */
  told() {
    this.#feed.ring();
    this.#parts.bell.ring();
  }

  /** Opens a stream; refuses one too many of the same credential. */
  async listen(listening: Listening): Promise<ReadableStream<Uint8Array>> {
    const { caller, authorise, events, lastEventId, requestId } = listening;
    const leave = this.#enter(caller);
    try {
      if (!this.#isStopped) await this.#feed.start();
      if (this.#isStopped) throw new ApiFailure('UNAVAILABLE', 'The server is stopping: try again in a moment.', RETRY_SOON);
    } catch (error) {
      leave();
      throw error;
    }
    const mates = this.#streams.get(caller.workspace.id) ?? new Set();
    const ended = () => {
      mates.delete(stream);
      if (mates.size === 0) this.#streams.delete(caller.workspace.id);
      leave();
    };
    const since = lastEventId === null ? undefined : readPosition(lastEventId);
    const catchUp = () => void this.#catchUp(stream, requestId);
    const options = { caller, authorise, wanted: events && new Set(events), catchUp, ended };
    const stream = new LiveStream(options, since ?? this.#feed.position, this.#parts.clock());
    mates.add(stream);
    this.#streams.set(caller.workspace.id, mates);
    if (since) catchUp();
    else if (lastEventId === null) stream.goLive();
    else stream.reset(this.#feed.position);
    return stream.body;
  }

  /** What is due by the clock: shows quiet streams' readers that they are heard, ends those of ended credentials, and looks whether a ring was missed. */
  async tick(): Promise<void> {
    const streams = this.#all();
    if (streams.length === 0) return;
    const now = this.#parts.clock();
    if (now - this.#polledAt >= POLL_MS) {
      this.#polledAt = now;
      this.#feed.ring();
    }
    // Where the database does not answer there is nothing to be told either.
    await Promise.all(streams.map((stream) => stream.recheck(isRefusal).catch(() => {})));
    for (const stream of streams) stream.beat(this.#feed.position, now, SILENCE_MS);
  }

  /** Ends every stream and opens none any more. */
  stop() {
    this.#isStopped = true;
    for (const stream of this.#all()) stream.end();
    this.#feed.stop();
  }

  #all() {
    return [...this.#streams.values()].flatMap((mates) => [...mates]);
  }

  #enter({ counted: { by } }: Caller): () => void {
    const open = this.#open.get(by) ?? 0;
    const { mostStreams, metrics } = this.#parts;
    if (open >= mostStreams) {
      metrics.limited('streams');
      throw new ApiFailure(
        'RATE_LIMITED',
        `This credential has ${open} live stream${open === 1 ? '' : 's'} open, which is the most: close one first.`,
        { headers: { 'Retry-After': '5' } },
      );
    }
    this.#open.set(by, open + 1);
    metrics.streams(1);
    return () => {
      const left = this.#open.get(by)! - 1;
      if (left > 0) this.#open.set(by, left);
      else this.#open.delete(by);
      metrics.streams(-1);
      if (this.#open.size === 0) this.#feed.stop();
    };
  }

  /** Looks at once whether those who would hear these events still may; nobody hears by a credential that was not looked at within five seconds. */
  async #prepare(events: readonly OutboxEvent[]): Promise<() => void> {
    const concerned = new Set(events.map(({ workspace_id }) => workspace_id));
    const listeners = [...concerned].flatMap((id) => [...(this.#streams.get(id) ?? [])]);
    // What can't be looked at ends, for it would miss these.
    await Promise.all(listeners.map((stream) => stream.recheck(isRefusal).catch(() => stream.end())));
    return () => {
      for (const event of events) for (const stream of this.#streams.get(event.workspace_id) ?? []) stream.take(event);
      this.#count(listeners);
    };
  }

  #lost() {
    for (const stream of this.#all()) stream.reset(this.#feed.position);
  }

  async #catchUp(stream: LiveStream, requestId: string) {
    try {
      while (!stream.isOver) {
        const { db } = readingTenant(this.#parts.db, stream.caller, requestId);
        const { events, horizon, isLost } = await missedSince(db, stream.position, PIECE);
        if (stream.isOver) return;
        // What comes after the feed's position is handed to the stream.
        if (isLost) return stream.reset(this.#feed.position);
        for (const event of events) await stream.takeMissed(event);
        this.#count([stream]);
        if (events.length < PIECE && stream.joinLive(before(horizon))) return;
        await stream.recheck(isRefusal);
      }
    } catch (error) {
      this.#parts.log.error({ request_id: requestId, ...traceOf(error) }, 'STREAM_FAILED');
      stream.end();
    }
  }

  #count(streams: readonly LiveStream[]) {
    let sent = 0;
    for (const stream of streams) {
      sent += stream.sent;
      stream.sent = 0;
    }
    if (sent > 0) this.#parts.metrics.eventsSent(sent);
  }
}

const isRefusal = (error: unknown) => error instanceof ApiFailure;

const RETRY_SOON = { headers: { 'Retry-After': '1' } };

import type { EventStream } from '../../support/event-stream.ts';
import { whole } from './writers.ts';

/** Opens a stream at any of the servers, after a place or at what happens now. */
export type Opening = (lastEventId: string | undefined) => Promise<EventStream>;

const MOST_AT_ONCE = 60;

/** Someone who listens, goes away at random moments, and comes again from where they were. */
export class Reader {
  /** The records whose events came, in the order in which they came. */
  readonly heard: string[] = [];
  /** How often they came again. */
  returns = 0;
  readonly #open: Opening;
  #stream: EventStream;

  private constructor(open: Opening, stream: EventStream) {
    this.#open = open;
    this.#stream = stream;
  }

  /** A reader who hears everything from now on. */
  static async start(open: Opening): Promise<Reader> {
    const stream = await open(undefined);
    await stream.sign();
    return new Reader(open, stream);
  }

  /** Listens until the event of that record has come. */
  async until(last: Promise<string>): Promise<void> {
    let end: string | undefined;
    void last.then((id) => (end = id));
    for (;;) {
      for (let left = whole(0, MOST_AT_ONCE); left > 0; left--) {
        const message = await this.#stream.next();
        if (!message) break;
        if (message.event === 'reset') throw new Error('A reader was told to begin anew.');
        this.heard.push(message.data.record_id);
        if (this.heard.at(-1) === end) return this.#stream.close();
      }
      await this.#stream.close();
      this.returns++;
      this.#stream = await this.#open(this.#stream.lastEventId);
    }
  }
}

import type { EventName } from '../../src/contract/events.ts';

const encoder = new TextEncoder();

/** A live stream that says what the test says. It does not open before it is told to, and then opens at once. */
export class FakeStream {
  #isThere = false;
  #waiting: (() => void)[] = [];
  #open: ReadableStreamDefaultController<Uint8Array> | undefined;
  #place = 0;

  /** Answers the request for a stream. */
  async open(signal: AbortSignal): Promise<Response> {
    if (!this.#isThere) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    signal.throwIfAborted();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#open = controller;
        this.#say(': hello');
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  /** Lets streams open from now on. */
  begin() {
    this.#isThere = true;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Tells that something happened to a record. */
  tell(event: EventName, data: { id: string }) {
    const told = {
      id: crypto.randomUUID(),
      event,
      timestamp: new Date().toISOString(),
      data,
      record_id: data.id,
      actor_id: null,
    };
    this.#say(`event: ${event}\ndata: ${JSON.stringify(told)}`);
  }

  /** Tells that a record may not be seen any more. */
  remove(record: string, id: string) {
    this.#say(`event: removed\ndata: ${JSON.stringify({ record, id })}`);
  }

  /** Says that something may have been missed. */
  reset() {
    this.#say('event: reset\ndata: {}');
  }

  /** Breaks, and stays away until `begin`. */
  break() {
    this.#isThere = false;
    this.#open?.error(new TypeError('network error'));
    this.#open = undefined;
  }

  #say(lines: string) {
    this.#place += 1;
    this.#open?.enqueue(encoder.encode(`id: 1-${this.#place}\n${lines}\n\n`));
  }
}

import type { EventName } from '../../src/contract/events.ts';

const encoder = new TextEncoder();

/** A live stream that opens at once, and tells what the story says. */
export class MemoryStream {
  readonly #open = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #opened = Promise.withResolvers<void>();
  /** Settles once somebody listens. */
  readonly opened = this.#opened.promise;
  #place = 0;

  /** Answers the request for a stream. */
  answer(signal: AbortSignal): Response {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#open.add(controller);
        signal.addEventListener('abort', () => this.#open.delete(controller));
        this.#say(':');
        this.#opened.resolve();
      },
      cancel: () => this.#open.clear(),
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
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

  /** Cuts every stream that is open, as a network does. */
  cut() {
    for (const controller of this.#open) controller.error(new TypeError('The network is gone.'));
    this.#open.clear();
  }

  #say(lines: string) {
    this.#place += 1;
    for (const controller of this.#open) controller.enqueue(encoder.encode(`id: 1-${this.#place}\n${lines}\n\n`));
  }
}

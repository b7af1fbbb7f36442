import assert from 'node:assert/strict';
import type { EventName } from '../../src/contract/events.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';

/** One message of a stream. */
export interface Message {
  event: string;
  id: string;
  data: any;
}

interface Fetching {
  fetch(input: string, init?: RequestInit): Promise<Response>;
}

export interface ListenOptions {
  lastEventId?: string | undefined;
  events?: EventName[];
  headers?: Record<string, string>;
}

/** The request that opens a stream. */
export const askToListen = (server: Fetching, token: string, { lastEventId, events = [], headers }: ListenOptions = {}) =>
  server.fetch(`${API_PREFIX}/events?${new URLSearchParams(events.map((name) => ['events', name]))}`, {
    headers: { Authorization: `Bearer ${token}`, ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }), ...headers },
  });

/** A reader of one stream, as a program would write it. */
export class EventStream {
  /** The id of the last message or heartbeat, as a reader keeps it for the next time. */
  lastEventId: string;
  /** How many times it was shown that the stream lives, where nothing happened. */
  heartbeats = 0;
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = '';

  constructor(response: Response, lastEventId = '') {
    this.lastEventId = lastEventId;
    this.response = response;
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Opens a stream, which must be given; resolves when it is live or its first message is there. */
  static async open(server: Fetching, token: string, options?: ListenOptions): Promise<EventStream> {
    const response = await askToListen(server, token, options);
    assert.equal(response.status, 200, response.ok ? '' : await response.clone().text());
    return new EventStream(response, options?.lastEventId);
  }

  /** The next message, or nothing once the stream has ended. */
  async next(): Promise<Message | undefined> {
    for (;;) {
      const block = await this.#block();
      if (block === undefined) return undefined;
      const fields = Object.fromEntries(
        block.split('\n').map((line) => /^(\w*):? ?([^]*)$/.exec(line)!.slice(1) as [string, string]),
      );
      if (fields['id'] !== undefined) this.lastEventId = fields['id'];
      if (fields['data'] !== undefined)
        return { event: fields['event']!, id: this.lastEventId, data: JSON.parse(fields['data']) };
      this.heartbeats++;
    }
  }

  /** The next messages, so many. */
  async take(count: number): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < count) {
      const message = await this.next();
      assert.ok(message, `The stream ended after ${messages.length} of ${count} messages.`);
      messages.push(message);
    }
    return messages;
  }

  /** Resolves at the next sign of life, whether it is a message or not; false once the stream has ended. */
  async sign(): Promise<boolean> {
    const block = await this.#block();
    if (block === undefined) return false;
    this.lastEventId = /^id: (.*)$/m.exec(block)?.[1] ?? this.lastEventId;
    return true;
  }

  /** Goes away. */
  async close(): Promise<void> {
    await this.#reader.cancel();
  }

  async #block(): Promise<string | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return block;
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#text += value;
    }
  }
}

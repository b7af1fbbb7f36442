import type { LiveEvent, Removed } from '../contract/live.ts';
import type { API_PREFIX } from '../contract/routes.ts';
import { readAnswer } from './answers.ts';
import { ConnectionError, type ApiError } from './errors.ts';

/** What a stream says, with the place after which another stream goes on. */
export type StreamMessage =
  | { kind: 'event'; at: string; event: LiveEvent }
  | { kind: 'removed'; at: string; removed: Removed }
  | { kind: 'reset'; at: string }
  /** A sign of life where nothing happened. */
  | { kind: 'alive'; at: string };

export interface StreamSource {
  baseUrl: string;
  fetch: (request: Request) => Response | Promise<Response>;
  token: string | undefined;
  /** The place to go on from; without one the stream begins with what happens now. */
  after: string | undefined;
  signal: AbortSignal;
}

const PATH: `${typeof API_PREFIX}/events` = '/api/v2/events';

/** Reads one stream until it ends; a refusal rejects with an `ApiError`, a break with a `ConnectionError`. */
export async function* readEventStream({
  baseUrl,
  fetch,
  token,
  after,
  signal,
}: StreamSource): AsyncGenerator<StreamMessage, void> {
  const headers = new Headers({ Accept: 'text/event-stream' });
  if (token) headers.set('Authorization', `Bearer ${token}`);
  if (after !== undefined) headers.set('Last-Event-ID', after);
  const response = await orConnectionError(() =>
    fetch(new Request(baseUrl.replace(/\/$/, '') + PATH, { headers, signal, cache: 'no-store' })),
  );
  if (!response.ok || !response.body) throw refusalOf(response, await orConnectionError(() => response.text()));
  const reader = response.body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await orConnectionError(() => reader.read());
      if (done) return;
      const blocks = (text + value).split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const message = readBlock(block);
        if (message) yield message;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function readBlock(block: string): StreamMessage | undefined {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
  const at = field('id');
  if (at === undefined) return undefined;
  const data = field('data');
  if (data === undefined) return { kind: 'alive', at };
  const name = field('event');
  if (name === 'reset') return { kind: 'reset', at };
  return name === 'removed' ? { kind: 'removed', at, removed: JSON.parse(data) } : { kind: 'event', at, event: JSON.parse(data) };
}

function refusalOf(response: Response, text: string) {
  try {
    readAnswer(response, text);
  } catch (error) {
    return error as ApiError | ConnectionError;
  }
  return new ConnectionError('The server answered, but not with a stream.');
}

async function orConnectionError<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new ConnectionError('The live stream broke.', { cause });
  }
}

import type { Client } from '../../src/client/index.ts';
import type { ErrorCode } from '../../src/contract/envelope.ts';
import { MemoryApi, refusal } from './memory-api.ts';
import type { Row } from './memory-tables.ts';

/** A client whose API holds these rows, by the path of their resource. */
export const answering = (tables: Record<string, readonly Row[]>): Client => new MemoryApi({ tables }).client;

/** A client whose API says that there is far more than it holds. */
export const answeringOf = (total: number, tables: Record<string, readonly Row[]>): Client =>
  new MemoryApi({ tables, total }).client;

/** A client that waits for its first answer for ever. */
export const neverAnswering = (): Client => new MemoryApi({ instead: () => new Promise<never>(() => {}) }).client;

/** A client whose every call is refused. */
export const refusing = (code: ErrorCode): Client => new MemoryApi({ instead: () => refusal(code) }).client;

/** A client whose API breaks at these resources, and answers of all others. */
export const refusingFor = (resources: readonly string[], tables: Record<string, readonly Row[]>): Client => {
  const isRefused = ({ url }: Request) => resources.includes(new URL(url).pathname.split('/').at(-1)!);
  return new MemoryApi({ tables, instead: (request) => (isRefused(request) ? refusal('INTERNAL') : undefined) }).client;
};

/** A client that reads as usual, and whose every save comes to this. */
export const saving = (tables: Record<string, readonly Row[]>, outcome: () => Response | Promise<Response>): Client =>
  new MemoryApi({ tables, instead: ({ method }) => (method === 'GET' ? undefined : outcome()) }).client;

/** A client without a network. */
export const offline = (): Client =>
  new MemoryApi({ instead: () => Promise.reject(new TypeError('There is no network.')) }).client;

/** A client whose API still answers, but whose live stream is cut and stays away. */
export const cutOff = (tables: Record<string, readonly Row[]>): Client => {
  const isStream = ({ url }: Request) => url.endsWith('/events');
  return new MemoryApi({
    tables,
    instead: (request) => (isStream(request) ? Promise.reject(new TypeError('There is no network.')) : undefined),
  }).client;
};

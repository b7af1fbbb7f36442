import type { API_PREFIX } from '../contract/routes.ts';

/** What may be said with any call. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Refuses the change unless the record still has this version. */
  ifMatch?: number | undefined;
  /** Tells repeats of one intention from new ones; made up for every POST that brings none. */
  idempotencyKey?: string | undefined;
  headers?: HeadersInit | undefined;
}

/** One call, ready to be sent as often as it takes. */
export interface Call {
  readonly method: string;
  readonly isPublic: boolean;
  readonly url: string;
  readonly body: string | null;
  readonly headers: Headers;
  readonly signal: AbortSignal | null;
}

const PREFIX: typeof API_PREFIX = '/api/v2';

/** Makes a call of an address and what its method was given: the path's parameters, the input if it takes one, the options. */
export function callOf(baseUrl: string, address: string, given: unknown[]): Call {
  const [method, path, ...marks] = address.split(' ') as [string, string, ...string[]];
  const located = baseUrl.replace(/\/$/, '') + PREFIX + path.replace(/:\w+/g, () => segmentOf(given.shift()));
  const query = marks.includes('query') ? queryOf(given.shift()) : '';
  const body = marks.includes('body') ? JSON.stringify(given.shift()) : null;
  const { signal = null, ifMatch, idempotencyKey, headers } = (given.shift() ?? {}) as CallOptions;
  return {
    method,
    isPublic: marks.includes('public'),
    url: located + query,
    body,
    headers: withHeaders(headers, {
      Accept: 'application/json',
      'Content-Type': body && 'application/json',
      'Idempotency-Key': idempotencyKey ?? (method === 'POST' && newKey()),
      'If-Match': ifMatch !== undefined && `"${ifMatch}"`,
    }),
    signal,
  };
}

/** A copy of headers with those more that have a value. */
export function withHeaders(headers: HeadersInit | undefined, more: Record<string, string | false | null | undefined>) {
  const all = new Headers(headers);
  for (const [name, value] of Object.entries(more)) if (value) all.set(name, value);
  return all;
}

function segmentOf(id: unknown) {
  const segment = encodeURIComponent(String(id));
  // A browser takes dots for a way up the path, and the call would reach another route.
  if (/^\.{0,2}$/.test(segment)) throw new TypeError('An id is empty or made of dots.');
  return segment;
}

/** What stands under a name of its own is sent by both names: `cf.size`. */
function queryOf(query: unknown, prefix = '', parameters = new URLSearchParams()) {
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of [value].flat())
      if (typeof one === 'object') queryOf(one, `${name}.`, parameters);
      else if (one !== undefined) parameters.append(prefix + name, one);
  }
  return `?${parameters}`.replace(/\?$/, '');
}

// Not randomUUID, which is missing where a page came over plain http.
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

import type { Route } from '../../src/contract/route.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import type { ApiFailure } from './failure.ts';
import { Json, MovedTo, Page, Queued } from './json.ts';

/** What goes out: everything of a response but the headers that every one has. */
export class Answer {
  readonly status: number;
  readonly body: string | ReadableStream<Uint8Array>;
  readonly etag: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    body: string | ReadableStream<Uint8Array>,
    etag?: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.status = status;
    this.body = body;
    this.etag = etag;
    this.headers = headers;
  }
}

const metadata = (requestId: string, now: number) =>
  `"metadata":{"timestamp":"${new Date(now).toISOString()}","request_id":"${requestId}"}`;

/**
 * Puts what a service answered into the envelope. The ETag is of the data alone, for the metadata differs each time; one
 * of a single record begins with its version, which is the part that If-Match compares. What is no JSON goes out as it is.
 */
export function envelope(
  route: Route,
  result: unknown,
  requestId: string,
  now: number,
  digest: (text: string) => string,
): Answer {
  const status = result instanceof Queued ? 202 : (route.status ?? 200);
  if (route.produces) {
    const text = result as string;
    return new Answer(status, text, `"${digest(text)}"`, { 'Content-Type': `${route.produces}; charset=utf-8` });
  }
  if (status === 204) return new Answer(204, '');
  if (result instanceof MovedTo) {
    const Location = API_PREFIX + route.path.replace(':id', result.id);
    const body = `{"success":true,"data":${JSON.stringify(result)},${metadata(requestId, now)}}`;
    return new Answer(301, body, undefined, { Location });
  }
  if (result instanceof Page) {
    const rest = `"pagination":${JSON.stringify(result.pagination)},"filters":${JSON.stringify(result.filters)}`;
    const body = `{"success":true,"data":${result.rows.text},${rest},${metadata(requestId, now)}}`;
    return new Answer(status, body, `"${digest(result.rows.text + rest)}"`);
  }
  const { text, version } = jsonOf(result);
  const etag = version === undefined ? `"${digest(text)}"` : `"${version}-${digest(text)}"`;
  return new Answer(status, `{"success":true,"data":${text},${metadata(requestId, now)}}`, etag);
}

function jsonOf(result: unknown): Json<unknown> {
  if (result instanceof Queued) return result.data;
  return result instanceof Json ? result : new Json(JSON.stringify(result));
}

/** Puts a refusal into the envelope. */
export function failureEnvelope(failure: ApiFailure, requestId: string, now: number): Answer {
  const { issues, existingId, allowed, current, headers } = failure.extras;
  const details = issues && Object.fromEntries(issues.map(({ path, message }) => [path, message]));
  const known = JSON.stringify({
    success: false,
    error: failure.message,
    code: failure.code,
    details,
    issues,
    existing_id: existingId,
    allowed,
  });
  const withCurrent = current ? `${known.slice(0, -1)},"current":${current.text}}` : known;
  return new Answer(failure.status, `${withCurrent.slice(0, -1)},${metadata(requestId, now)}}`, undefined, headers);
}

/** Which version of a record a change was made from: any, a certain one, or not said. */
export type Expected = number | '*' | undefined;

/** Reads If-Match: `"3"` or an ETag that we gave. What can't be one of ours matches no version. */
export function readIfMatch(header: string | null): Expected {
  if (header === null) return undefined;
  if (header.trim() === '*') return '*';
  const version = /^(?:W\/)?("?)(\d{1,9})(?:-[\w-]+)?\1$/.exec(header.trim())?.[2];
  return version === undefined ? Number.NaN : Number(version);
}

/** Whether If-None-Match names this ETag. */
export const namesEtag = (header: string | null, etag: string) =>
  header !== null && header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*');

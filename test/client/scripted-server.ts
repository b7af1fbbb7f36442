import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** One request as it arrived. */
export interface Arrival {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What becomes of one request. */
export type Reaction = (response: ServerResponse, arrival: Arrival) => void | Promise<void>;

/** An HTTP server on loopback that meets each request with the next of its reactions, and every later one with the last. */
export class ScriptedServer {
  readonly arrivals: Arrival[] = [];
  origin = '';

  #reactions: Reaction[] = [];
  readonly #http: Server;

  constructor() {
    this.#http = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      const arrival = { method: request.method!, url: request.url!, headers: request.headers, body };
      this.arrivals.push(arrival);
      await this.#next()(response, arrival);
    });
  }

  /** A server that lives as long as the test. */
  static async start(test: TestContext, ...reactions: Reaction[]) {
    const server = new ScriptedServer();
    await new Promise<void>((resolve) => server.#http.listen(0, '127.0.0.1', resolve));
    server.origin = `http://127.0.0.1:${(server.#http.address() as AddressInfo).port}`;
    test.after(() => server.close());
    server.react(...reactions);
    return server;
  }

  /** Replaces what is left of the reactions. */
  react(...reactions: Reaction[]) {
    this.#reactions = reactions;
  }

  /** Breaks every connection and listens no more. */
  close() {
    return new Promise((resolve) => {
      this.#http.close(resolve);
      this.#http.closeAllConnections();
    });
  }

  get last() {
    return this.arrivals.at(-1)!;
  }

  /** What every request carried in one header. */
  sent(header: string) {
    return this.arrivals.map(({ headers }) => headers[header]);
  }

  #next() {
    return this.#reactions.length > 1 ? this.#reactions.shift()! : this.#reactions[0]!;
  }
}

const metadata = { timestamp: '2026-01-31T09:30:00.000Z', request_id: 'request-1' };

type Headers = Record<string, string>;

/** Any text under any status. */
export const text =
  (status: number, body: string, headers: Headers = {}): Reaction =>
  (response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);

/** Success with data in the envelope. */
export const data = (value: unknown, headers?: Headers, status = 200) =>
  text(status, JSON.stringify({ success: true, data: value, metadata }), headers);

/** One page of a list. */
export const page = (rows: unknown[], next_cursor: string | null = null, headers?: Headers) => {
  const pagination = { total: 3, total_is_estimate: false, page: 1, page_size: 50, pages: 1, next_cursor };
  return text(200, JSON.stringify({ success: true, data: rows, pagination, filters: {}, metadata }), headers);
};

/** A refusal in the envelope. */
export const refusal = (status: number, code: string, more: object = {}, headers?: Headers) =>
  text(status, JSON.stringify({ success: false, error: `Refused with ${code}.`, code, ...more, metadata }), headers);

/** Success without a body. */
export const nothing: Reaction = (response) => void response.writeHead(204).end();

/** The connection breaks before an answer. */
export const reset: Reaction = (response) => void response.socket!.resetAndDestroy();

/** The connection breaks in the middle of the answer. */
export const cutOff: Reaction = (response) => {
  response.writeHead(200, { 'Content-Length': '1000' });
  response.write('{"success":true,"data":{', () => response.socket!.resetAndDestroy());
};

/** No answer for as long as anyone waits. */
export const silence: Reaction = () => {};

/** A 304 where the request names the ETag, else data with it. */
export const revalidated =
  (etag: string, value: unknown): Reaction =>
  (response, arrival) =>
    arrival.headers['if-none-match'] === etag ? text(304, '')(response, arrival) : data(value, { ETag: etag })(response, arrival);

/** What a promise rejects with; that it rejects is the claim. */
export const rejectionOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => Promise.reject(new Error('It resolved.')),
    (error: unknown) => error,
  );

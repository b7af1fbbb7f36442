import { once } from 'node:events';
import {
  createServer,
  request as ask,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';

/** What may happen to a submission between its page and the server. */
export const FAULTS = [
  'reset before the commit',
  'reset after the commit',
  'cut answer',
  '500',
  '502 of a stranger',
  '429',
  '503',
  'tab closed before the commit',
  'tab closed after the commit',
  'server killed',
] as const;
export type Fault = (typeof FAULTS)[number];

/** What the proxy can't do by itself. */
export interface Accidents {
  closeTab(email: string): Promise<void>;
  killServer(): void;
}

interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

/** Stands between browsers and a server, and lets happen to each submission what it was told to, once each; the rest passes. */
export class FaultProxy {
  /** How often each fault has happened. */
  readonly met = new Map<Fault, number>();
  readonly #server: Server;
  readonly #target: () => string;
  readonly #accidents: Accidents;
  readonly #faults = new Map<string, Fault[]>();

  private constructor(target: () => string, accidents: Accidents) {
    this.#target = target;
    this.#accidents = accidents;
    this.#server = createServer((request, response) => void this.#pass(request, response).catch(() => request.socket.destroy()));
  }

  static async before(target: () => string, accidents: Accidents): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, accidents);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Says what is to happen to the sendings of the submission with that address, one after another. */
  expect(email: string, faults: readonly Fault[]) {
    this.#faults.set(email, [...faults]);
  }

  async close() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(request: IncomingMessage, response: ServerResponse) {
    const body = await buffer(request);
    const email = request.method === 'POST' && request.url!.endsWith('/submissions') ? emailIn(body) : undefined;
    const fault = email === undefined ? undefined : this.#faults.get(email)?.shift();
    const forward = () => this.#forward(request, body);
    if (fault === undefined) return answer(response, await forward());
    this.met.set(fault, (this.met.get(fault) ?? 0) + 1);
    switch (fault) {
      case 'reset before the commit':
        return request.socket.destroy();
      case 'reset after the commit':
        await forward();
        return request.socket.destroy();
      case 'cut answer': {
        const { status, headers, body: whole } = await forward();
        response.writeHead(status, { ...headers, 'content-length': whole.length });
        response.write(whole.subarray(0, whole.length / 2), () => request.socket.destroy());
        return;
      }
      case 'tab closed before the commit':
        await this.#accidents.closeTab(email!);
        return request.socket.destroy();
      case 'tab closed after the commit':
        await forward();
        await this.#accidents.closeTab(email!);
        return request.socket.destroy();
      case 'server killed': {
        const answering = forward();
        setTimeout(() => this.#accidents.killServer(), Math.random() * 12);
        return answer(response, await answering);
      }
      case '502 of a stranger':
        return answer(response, {
          status: 502,
          headers: { 'content-type': 'text/html' },
          body: Buffer.from('<h1>Bad gateway</h1>'),
        });
      default:
        return answer(response, refusal(Number(fault), request.headers.origin ?? '*'));
    }
  }

  #forward(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const options = { method: request.method!, headers: request.headers, agent: false };
    ask(new URL(request.url!, this.#target()), options, (incoming) => {
      buffer(incoming).then((whole) => {
        const { 'transfer-encoding': _, ...headers } = incoming.headers;
        resolve({ status: incoming.statusCode!, headers, body: whole });
      }, reject);
    })
      .on('error', reject)
      .end(body);
    return promise;
  }
}

function answer(response: ServerResponse, { status, headers, body }: Answer) {
  response.writeHead(status, headers).end(body);
}

/** A refusal as the server makes it when it is in trouble, which the page may read. */
function refusal(status: number, origin: string): Answer {
  const code = status === 429 ? 'RATE_LIMITED' : status === 503 ? 'UNAVAILABLE' : 'INTERNAL';
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'Retry-After',
      ...(status === 500 ? {} : { 'retry-after': '1' }),
    },
    body: Buffer.from(JSON.stringify({ success: false, error: 'Not now.', code, metadata: {} })),
  };
}

const emailIn = (body: Buffer): string | undefined => JSON.parse(body.toString()).answers?.email;

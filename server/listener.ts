import { getRequestListener, RequestError } from '@hono/node-server';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { StartError } from './settings.ts';

/** Answers a request that came from an address. */
export type Answering = (request: Request, address: string) => Response | Promise<Response>;

/** How long a request may take to arrive, in milliseconds. */
export interface Patience {
  /** Until its headers are there. */
  headers: number;
  /** Until all of it is there. */
  request: number;
  /** How often it is looked at. */
  check: number;
}

const PATIENCE: Patience = { headers: 10_000, request: 30_000, check: 1_000 };
const STOP_MS = 10_000;
const IDLE_MS = 20;
const MOST_HEADER_BYTES = 16_384;

/** What the HTTP parser itself refuses, before there is a request: said in the same envelope as everything else. */
const REFUSALS: Record<string, [status: string, code: string, sentence: string]> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'PAYLOAD_TOO_LARGE',
    'The headers are larger than 16 KB: send less.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'UNAVAILABLE', 'The request took too long to arrive: send it again.'],
};

const NOT_HTTP = 'This is not a valid HTTP request.';

/** An HTTP server that has its port from the start, and answers once it is told with what. */
export class Listener {
  readonly #server: Server;
  #answering: Answering | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Takes the port, before anything else is touched; until `serve` is called every request is told to wait. */
  static async open(host: string, port: number, { headers, request, check } = PATIENCE): Promise<Listener> {
    const server = createServer(
      // A missing Host is refused like every other that is no host, in the envelope.
      {
        headersTimeout: headers,
        requestTimeout: request,
        maxHeaderSize: MOST_HEADER_BYTES,
        connectionsCheckingInterval: check,
        requireHostHeader: false,
      },
      getRequestListener((request, { incoming }) => listener.#answer(request, incoming as IncomingMessage), {
        overrideGlobalObjects: false,
        errorHandler: unreadable,
      }),
    );
    const listener = new Listener(server);
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
      const [status, code, sentence] = REFUSALS[error.code ?? ''] ?? ['400 Bad Request', 'VALIDATION_ERROR', NOT_HTTP];
      const body = JSON.stringify({
        success: false,
        error: sentence,
        code,
        metadata: { timestamp: new Date().toISOString(), request_id: 'none' },
      });
      socket.end(
        `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
      return undefined;
    });
    // Whatever else a client expects of us, it is told what it asked for.
    server.on('checkExpectation', (request, response) => server.emit('request', request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
      server.listen(port, host, resolve);
    });
    return listener;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  serve(answering: Answering) {
    this.#answering = answering;
  }

  /** Takes no more connections, lets running requests finish, and cuts off what is left after ten seconds. */
  async close() {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // Again and again: a connection whose request ends now would stay open for as long as it is kept alive.
    const closing = setInterval(() => this.#server.closeIdleConnections(), IDLE_MS);
    const cut = setTimeout(() => this.#server.closeAllConnections(), STOP_MS);
    await closed;
    clearInterval(closing);
    clearTimeout(cut);
  }

  #answer(request: Request, incoming: IncomingMessage): Response | Promise<Response> {
    if (!this.#answering) return starting();
    return this.#answering(request, incoming.socket.remoteAddress ?? '');
  }
}

/** What comes of a request whose address or host can't be read, so that nothing was asked; anything else is a fault of ours. */
const unreadable = (error: unknown) => {
  const metadata = { timestamp: new Date().toISOString(), request_id: 'none' };
  if (error instanceof RequestError)
    return Response.json({ success: false, error: NOT_HTTP, code: 'VALIDATION_ERROR', metadata }, { status: 400 });
  return Response.json(
    { success: false, error: 'Something went wrong on our side.', code: 'INTERNAL', metadata },
    { status: 500 },
  );
};

const starting = () =>
  Response.json(
    {
      success: false,
      error: 'The server is starting: try again in a moment.',
      code: 'UNAVAILABLE',
      metadata: { timestamp: new Date().toISOString(), request_id: 'none' },
    },
    { status: 503, headers: { 'Retry-After': '1' } },
  );

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new StartError(`Port ${port} of ${host} is taken: stop what uses it, or set PORT to another.`);
  if (error.code === 'EACCES')
    return new StartError(`Port ${port} needs more rights than this process has: set PORT to one from 1024 on.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return new StartError(`HOST ${host} is not an address of this machine: set it to one, like 127.0.0.1.`);
  return error;
}

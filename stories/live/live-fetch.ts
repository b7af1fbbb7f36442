import type { FromServer, ToServer } from './messages.ts';

interface Call {
  answered(response: Response): void;
  body: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
}

/** Statuses whose answers have no body; a Response refuses one. */
const WITHOUT_BODY = new Set([204, 205, 304]);

/** The server of the live stories, in a worker of this page. It starts when it is first asked something. */
class LiveServer {
  readonly #calls = new Map<number, Call>();
  readonly #worker = new Worker(new URL('./live-server.ts', import.meta.url), { type: 'module' });
  readonly started: Promise<void>;
  #number = 0;

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.started = promise;
    this.#worker.addEventListener('error', ({ message }) => reject(new Error(message)));
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromServer>) => {
      if (data.kind === 'started') resolve();
      else if (data.kind === 'broken') reject(new Error(data.message));
      else this.#hear(data);
    });
  }

  async fetch(request: Request): Promise<Response> {
    const { url, method, headers, signal } = request;
    const body = method === 'GET' ? undefined : await request.arrayBuffer();
    signal.throwIfAborted();
    const number = ++this.#number;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const call: Call = { answered: resolve, body: undefined };
    this.#calls.set(number, call);
    signal.addEventListener('abort', () => {
      if (!this.#calls.delete(number)) return;
      this.#tell({ kind: 'abort', number });
      reject(signal.reason);
      call.body?.error(signal.reason);
    });
    this.#tell({ kind: 'request', number, url, method, headers: [...headers], body });
    return promise;
  }

  #hear(message: Exclude<FromServer, { kind: 'started' | 'broken' }>) {
    const call = this.#calls.get(message.number);
    if (!call) return;
    if (message.kind === 'answer') {
      const { status, headers } = message;
      const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({ start: (controller) => void (call.body = controller) });
      call.answered(new Response(WITHOUT_BODY.has(status) ? null : stream, { status, headers }));
    } else if (message.kind === 'chunk') {
      call.body?.enqueue(message.bytes);
    } else {
      this.#calls.delete(message.number);
      call.body?.close();
    }
  }

  #tell(message: ToServer) {
    this.#worker.postMessage(message);
  }
}

let server: LiveServer | undefined;

/** The fetch of the live stories. */
export const liveFetch = (request: Request): Promise<Response> => (server ??= new LiveServer()).fetch(request);

/** Starts the server unless it runs; resolves when it has its workspace. */
export const liveServer = (): Promise<void> => (server ??= new LiveServer()).started;

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * Stands before a server and takes from its callers every answer: each connection is cut, either when the request has
 * been passed on or when its answer begins to come.
 */
export class FaultProxy {
  /** How many connections were cut so far. */
  cuts = 0;
  /** Called once, when the next answer has begun to come and before its caller's connection is cut. */
  onAnswer: (() => void) | undefined;
  readonly #server: Server;
  readonly #target: () => string;
  readonly #open = new Set<Socket>();

  private constructor(target: () => string) {
    this.#target = target;
    this.#server = createServer((caller) => this.#pass(caller));
  }

  static async before(target: () => string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close() {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(caller: Socket) {
    const { hostname, port } = new URL(this.#target());
    const upstream = connect(Number(port), hostname);
    const waitsForAnswer = Math.random() < 0.5;
    for (const socket of [caller, upstream]) {
      this.#open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#open.delete(socket));
    }
    const cut = () => {
      if (caller.destroyed) return;
      this.cuts += 1;
      caller.destroy();
    };
    let request = '';
    caller.setEncoding('latin1').on('data', (text: string) => {
      request += text;
      upstream.write(text, 'latin1');
      if (!waitsForAnswer && isWhole(request)) {
        upstream.end();
        cut();
      }
    });
    upstream.on('data', () => {
      if (waitsForAnswer) {
        this.onAnswer?.();
        this.onAnswer = undefined;
      }
      cut();
      upstream.destroy();
    });
    upstream.on('close', cut);
  }
}

/** Whether a request's head and all of its body have come. */
function isWhole(request: string) {
  const end = request.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: *(\d+)/i.exec(request)?.[1];
  return end !== -1 && request.length >= end + 4 + Number(length ?? 0);
}

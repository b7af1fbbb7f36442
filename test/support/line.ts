import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut, be mended, and stand still. */
export class Line {
  readonly #target: URL;
  readonly #open = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #isStill = false;

  private constructor(target: string) {
    this.#target = new URL(target);
  }

  static async to(target: string): Promise<Line> {
    const line = new Line(target);
    await line.mend();
    return line;
  }

  /** The server's address by this way. */
  get url() {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String(this.#port);
    return url.href;
  }

  /** Ends every connection, and lets no new one come. */
  async cut() {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    server.close();
    for (const socket of this.#open) socket.destroy();
    await once(server, 'close');
  }

  /** Lets connections come again, at the same address. */
  async mend() {
    this.#isStill = false;
    if (this.#server) return;
    this.#server = createServer((caller) => this.#pass(caller)).listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Takes what is sent and passes nothing on any more. */
  standStill() {
    this.#isStill = true;
  }

  #pass(caller: Socket) {
    const server = connect(Number(this.#target.port || 6379), this.#target.hostname);
    for (const [from, to] of [
      [caller, server],
      [server, caller],
    ] as const) {
      this.#open.add(from);
      from.on('data', (bytes) => !this.#isStill && to.write(bytes));
      from.on('error', () => from.destroy());
      from.on('close', () => {
        this.#open.delete(from);
        to.destroy();
      });
    }
  }
}

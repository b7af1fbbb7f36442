import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CHROMIUM_FLAGS, findChromium } from '../../../scripts/browsers.ts';

/** What a tab answers to a command of the DevTools protocol. */
export type Command = (method: string, params?: object) => Promise<any>;

/**
 * A Chromium in which nothing is watched but what is asked for. Test runners follow a page's network and scripts, for which
 * the browser keeps track of who called whom, and reads scripts a second time: as much work again as a small script has.
 */
export class BareBrowser {
  readonly #process: ChildProcess;
  readonly #directory: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: any) => void>();
  #sent = 0;

  private constructor(process: ChildProcess, directory: string, socket: WebSocket) {
    this.#process = process;
    this.#directory = directory;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data));
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  static async open(): Promise<BareBrowser> {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-bare-'));
    const flags = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${directory}`, '--no-first-run'];
    const process = spawn(await findChromium(), [...flags, ...CHROMIUM_FLAGS], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const line of createInterface(process.stderr!)) {
      const address = /^DevTools listening on (.*)$/.exec(line)?.[1];
      if (!address) continue;
      const socket = new WebSocket(address);
      await new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve);
        socket.addEventListener('error', reject);
      });
      return new BareBrowser(process, directory, socket);
    }
    throw new Error('Chromium ended before it could be asked anything.');
  }

  /** Works in a tab of its own, whose storage and cache are its own too. */
  async inNewTab<T>(size: { width: number; height: number }, work: (command: Command) => Promise<T>): Promise<T> {
    const { browserContextId } = await this.#send('Target.createBrowserContext');
    try {
      const { targetId } = await this.#send('Target.createTarget', { url: 'about:blank', browserContextId, ...size });
      const { sessionId } = await this.#send('Target.attachToTarget', { targetId, flatten: true });
      return await work((method, params) => this.#send(method, params, sessionId));
    } finally {
      await this.#send('Target.disposeBrowserContext', { browserContextId });
    }
  }

  async close() {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#socket.close();
    this.#process.kill();
    await ended;
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  #send(method: string, params: object = {}, sessionId?: string): Promise<any> {
    const id = (this.#sent += 1);
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((resolve, reject) =>
      this.#waiting.set(id, ({ result, error }) => (error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result))),
    );
  }
}

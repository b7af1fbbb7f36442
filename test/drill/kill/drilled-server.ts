import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { clientOver } from '../../../src/client/client.ts';
import { ConnectionError, type Client } from '../../../src/client/index.ts';
import { createTransport } from '../../../src/client/transport.ts';
import { ServerProcess, type StartedServer } from '../../support/process.ts';
import { halvesIn } from './halves.ts';
import type { Home } from './homes.ts';
import { tallies } from './tallies.ts';

const PERSON = { email: 'drill@example.test', password: 'a password for drills' };
const TOKEN_MS = 300_000;
const MOST_TRIES = 200;
const PAUSE_MS = 50;
/** Longer than a killed process keeps its claims, and than the first pause of the retry schedule. */
const MOST_LOOKS = 400;
const LOOK_PAUSE_MS = 500;
const PROGRAM = [fileURLToPath(new URL('tallying-server.ts', import.meta.url))];

/** A server that is killed and started again over the same data, and the way to call it. */
export class DrilledServer {
  kills = 0;
  /** Half transactions that a kill left. */
  readonly halves: string[] = [];
  readonly #home: Home;
  #server: StartedServer;
  #restart: Promise<void> | undefined;
  #token: { text: string; until: number } | undefined;

  private constructor(home: Home, server: StartedServer) {
    this.#home = home;
    this.#server = server;
  }

  /** Starts a server on new data, with one person who may do everything. */
  static async start(home: Home): Promise<DrilledServer> {
    const drilled = new DrilledServer(home, await ServerProcess.start(home.settings, PROGRAM));
    const { workspace, user } = await drilled.#visitor().auth.signUp({ name: 'Drill', workspace: 'Drill', ...PERSON });
    await drilled.stop();
    await home.prepare(tallies(workspace.id, user!.id));
    drilled.#server = await ServerProcess.start(home.settings, PROGRAM);
    return drilled;
  }

  get engine() {
    return this.#home.engine;
  }

  get url() {
    return this.#server.url;
  }

  get isDown() {
    return this.#restart !== undefined;
  }

  /** The real client, but that it gives up while the server is down instead of trying again. */
  client(): Client {
    const pause = async () => {
      if (this.isDown) throw new ConnectionError('The server was killed.');
    };
    return clientOver(createTransport({ baseUrl: this.url, getToken: () => this.token() }, { random: Math.random, pause }));
  }

  /** A token of the person, which outlives every kill. */
  async token(): Promise<string> {
    if (this.#token === undefined || this.#token.until < Date.now()) {
      const { access_token } = await this.#visitor().auth.signIn(PERSON);
      this.#token = { text: access_token, until: Date.now() + TOKEN_MS };
    }
    return this.#token.text;
  }

  async userId(): Promise<string> {
    return (await this.client().auth.me()).user!.id;
  }

  /** Kills the server and starts another over what is left, which is searched for half transactions. */
  killAndStart(): Promise<void> {
    this.#restart ??= this.#again().finally(() => {
      this.#restart = undefined;
    });
    return this.#restart;
  }

  /** Resolves when a server is up. */
  async up() {
    await this.#restart;
  }

  /** Posts a contact by hand, to see its answer as it stands; undefined where there was none that counts. */
  async post(path: string, key: string, body: string, through = this.url): Promise<Posted | undefined> {
    let response;
    let text;
    try {
      const headers = {
        Authorization: `Bearer ${await this.token()}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
      };
      response = await fetch(`${through}/api/v2${path}`, { method: 'POST', headers, body });
      text = await response.text();
    } catch {
      return undefined;
    }
    // Both ask to be tried again.
    if (response.status === 409 || response.status === 503) return undefined;
    assert.equal(response.status, 201, `POST ${path} was answered ${response.status}: ${text}`);
    return { text, isReplay: response.headers.get('Idempotent-Replayed') === 'true' };
  }

  /** The same, again and again until it is answered. */
  async persist(path: string, key: string, body: string): Promise<Posted> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      await this.up();
      const posted = await this.post(path, key, body);
      if (posted) return posted;
      await wait(PAUSE_MS);
    }
    throw new Error(`POST ${path} with the key ${key} was sent ${MOST_TRIES} times and never answered.`);
  }

  /** Resolves when no job waits or runs any more; tells which have failed. */
  async jobsDone(): Promise<string[]> {
    for (let tries = 0; tries < MOST_LOOKS; tries += 1) {
      const counts = await (await fetch(`${this.url}/metrics`)).text();
      const standing = counts.split('\n').filter((line) => line.startsWith('millrace_jobs{'));
      if (standing.every((line) => line.includes('state="failed"'))) return standing;
      await wait(LOOK_PAUSE_MS);
    }
    throw new Error('There are jobs that never end.');
  }

  async stop(): Promise<void> {
    await this.up();
    const { code, stderr } = await this.#server.stop();
    assert.equal(code, 0, `The server ended with exit code ${code}: ${stderr}`);
  }

  async #again() {
    this.kills += 1;
    const { signal, stderr } = await this.#server.kill();
    assert.equal(signal, 'SIGKILL', `The server had ended by itself: ${stderr}`);
    const left = await this.#home.leftBehind();
    const starting = ServerProcess.start(this.#home.settings, PROGRAM);
    try {
      this.halves.push(...(await halvesIn(left.look)));
    } finally {
      await left.close();
    }
    this.#server = await starting;
  }

  #visitor(): Client {
    return clientOver(createTransport({ baseUrl: this.url }));
  }
}

/** An answer as it came. */
export interface Posted {
  text: string;
  isReplay: boolean;
}

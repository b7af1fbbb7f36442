import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../server/cli.ts', import.meta.url));
const LONGEST_START_MS = 60_000;

/** The settings a process is given; nothing of this process's own environment reaches it but what finds its programs. */
export type Environment = Readonly<Record<string, string>>;

/** How a command ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function spawnCommand(words: readonly string[], settings: Environment) {
  return spawnProgram([CLI, ...words], settings);
}

function spawnProgram(words: readonly string[], settings: Environment) {
  const child = spawn(process.execPath, ['--conditions=millrace-source', ...words], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Runs a command of the server to its end; one that goes on for a minute is killed. */
export async function runCommand(words: readonly string[], settings: Environment): Promise<Ended> {
  const child = spawnCommand(words, settings);
  const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_START_MS);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(late);
  return { code, signal, stdout, stderr };
}

/** The real server in a process of its own, as an operator runs it. */
export class ServerProcess {
  /** What it wrote so far to its log, line by line as it stands. */
  readonly lines: string[] = [];
  /** Resolves once it has ended, however it did. */
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #started: Promise<string>;
  #stderr = '';

  constructor(settings: Environment, program: readonly string[] = [CLI, 'start']) {
    const child = spawnProgram(program, { PORT: '0', ...settings });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#started = new Promise((resolve) => {
      let rest = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop()!;
        this.lines.push(...lines);
        for (const line of lines) if (line.includes('"msg":"started"')) resolve(JSON.parse(line).url);
      });
    });
    this.ended = once(child, 'close').then(([code, signal]) => ({
      code,
      signal,
      stdout: this.lines.join('\n'),
      stderr: this.#stderr,
    }));
  }

  /** Starts a server, the real one unless another program is said, and waits until it answers; rejects with what it said if it ends instead. */
  static async start(settings: Environment, program?: readonly string[]): Promise<StartedServer> {
    const server = new ServerProcess(settings, program);
    return Object.assign(server, { url: await server.started() });
  }

  /** The address at which it answers, once it does. */
  async started(): Promise<string> {
    const failed = this.ended.then(({ code, signal, stderr }) => {
      throw new Error(`The server did not start (${signal ?? `exit code ${code}`}): ${stderr}`);
    });
    failed.catch(() => {});
    const late = setTimeout(() => this.#child.kill('SIGKILL'), LONGEST_START_MS);
    try {
      return await Promise.race([this.#started, failed]);
    } finally {
      clearTimeout(late);
    }
  }

  /** Resolves when so many lines of its log hold a text; rejects if it ends before. */
  async logged(text: string, times = 1): Promise<void> {
    const early = this.ended.then(() => {
      throw new Error(`The server ended before it logged ${text} ${times} times.`);
    });
    early.catch(() => {});
    while (this.lines.filter((line) => line.includes(text)).length < times)
      await Promise.race([once(this.#child.stdout!, 'data'), early]);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Sends a signal; `ended` tells what came of it. */
  signal(name: NodeJS.Signals) {
    this.#child.kill(name);
  }

  /** Ends it as an operator does. */
  stop(): Promise<Ended> {
    this.signal('SIGTERM');
    return this.ended;
  }

  /** Ends it as a power cut does. */
  kill(): Promise<Ended> {
    this.signal('SIGKILL');
    return this.ended;
  }
}

export type StartedServer = ServerProcess & { readonly url: string };

/** Every file below a directory by its path, with a digest of what is in it. */
export async function treeOf(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const tree: Record<string, string> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    tree[relative(directory, path)] = entry.isFile()
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : 'directory';
  }
  return tree;
}

/** Waits until nothing listens on a port of the loopback address any more. */
export async function closed(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
    } catch {
      return;
    } finally {
      socket.destroy();
    }
  }
}

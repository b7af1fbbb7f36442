import { readdir, readFile } from 'node:fs/promises';
import type { Migration } from './migrate.ts';

const directory = new URL('./migrations/', import.meta.url);

/** The schema's history as this release has it, in its order. */
export async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(names.map(async (name) => ({ name, sql: await readFile(new URL(name, directory), 'utf8') })));
}

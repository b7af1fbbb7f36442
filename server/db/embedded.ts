import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StartError } from '../settings.ts';
import { DirectoryLock } from './directory-lock.ts';
import { migrate, SchemaError, type Migration } from './migrate.ts';
import { PgliteDb } from './pglite.ts';

/** The version of PostgreSQL that the embedded engine is; its files are of no use to another. */
const ENGINE_VERSION = '18';

/** The size of the file without which the engine can't tell what state the others are in. */
const CONTROL_BYTES = 8_192;

/** An open data directory: the database in it, and the secret that is kept beside it. */
export interface Embedded {
  db: PgliteDb;
  secret: string;
  /** Where mail is put while there is no SMTP server. */
  mailDirectory: string;
  close(): Promise<void>;
}

/** Opens a data directory, making it at the first time. It is this process's alone until it is closed. */
export async function openEmbedded(dataDir: string, migrations: readonly Migration[]): Promise<Embedded> {
  const directory = resolve(dataDir);
  await makeWritable(directory);
  const files = join(directory, 'postgres');
  // Looked at before anything is written, and once more when nobody else can change it.
  if (await exists(files)) await assertEngine(files);
  const lock = new DirectoryLock(directory);
  try {
    const { db, inner } = await openDatabase(files, migrations);
    return {
      db,
      secret: await keptSecret(directory),
      mailDirectory: join(directory, 'mail'),
      close: async () => {
        await db.close();
        inner.release();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function makeWritable(directory: string) {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(
      `The data directory ${directory} can't be written to (${(error as NodeJS.ErrnoException).code}): make it writable, or set DATA_DIR to another directory.`,
    );
  }
}

/** The database with the lock that goes with its files: a lock beside them may be taken for rubbish and removed. */
async function openDatabase(files: string, migrations: readonly Migration[]): Promise<{ db: PgliteDb; inner: DirectoryLock }> {
  if (!(await exists(files))) await makeDatabase(files, migrations);
  await assertEngine(files);
  const inner = new DirectoryLock(files);
  try {
    const db = await PgliteDb.open({ directory: files }).catch(() => {
      throw damaged(files);
    });
    await migrate(db, migrations).catch(async (error: unknown) => {
      await db.close();
      throw error instanceof SchemaError ? new StartError(error.message) : error;
    });
    return { db, inner };
  } catch (error) {
    inner.release();
    throw error;
  }
}

/** Makes the database under another name first, so that one whose making was cut short is never taken for whole. */
async function makeDatabase(files: string, migrations: readonly Migration[]) {
  const unfinished = `${files}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const db = await PgliteDb.open({ directory: unfinished });
  await migrate(db, migrations);
  await db.close();
  await rename(unfinished, files);
}

async function assertEngine(files: string) {
  const version = await readFile(join(files, 'PG_VERSION'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
  const control = await stat(join(files, 'global', 'pg_control')).catch(() => undefined);
  if (version === undefined || !/^\d+$/.test(version) || control?.size !== CONTROL_BYTES) throw damaged(files);
  if (version !== ENGINE_VERSION) {
    throw new StartError(
      `The data in ${files} was made with PostgreSQL ${version} and this release embeds ${ENGINE_VERSION}: start the release that made it, or set DATA_DIR to another directory to begin anew.`,
    );
  }
}

const damaged = (files: string) =>
  new StartError(
    `The database in ${files} is damaged and can't be opened: put a copy of the directory from a backup in its place, or set DATA_DIR to another directory to begin anew.`,
  );

async function keptSecret(directory: string): Promise<string> {
  const file = join(directory, 'secret');
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StartError(`The secret in ${file} can't be read (${error.code}): make it readable, or set SECRET.`);
  });
  if (kept !== undefined && kept.trim().length >= 32) return kept.trim();
  if (kept !== undefined)
    throw new StartError(`The secret in ${file} is damaged: put it back from a backup, or remove it to have a new one made.`);
  const secret = randomBytes(32).toString('base64url');
  // Whole under its name or not there at all.
  const unfinished = `${file}.unfinished`;
  await writeFile(unfinished, `${secret}\n`, { mode: 0o600, flush: true });
  await rename(unfinished, file);
  return secret;
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

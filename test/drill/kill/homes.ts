import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { PgliteDb } from '../../../server/db/pglite.ts';
import { withPostgres } from '../../../scripts/postgres.ts';
import { addressed, OWNER, REQUESTS } from '../../support/database.ts';
import { runCommand, type Environment } from '../../support/process.ts';

/** Reads as the database's owner, past every policy. */
export type Read = (sql: string) => Promise<any[]>;

/** Where a drilled server keeps its data. */
export interface Home {
  engine: 'pglite' | 'postgres';
  /** What a server is started with to live here. */
  settings: Environment;
  /** Where mail is put. */
  mailDirectory: string;
  /** Runs a script past every policy, while no server runs. */
  prepare(script: string): Promise<void>;
  /** Shows what a killed server left, before another one has touched it; `look` reads it until it is closed. */
  leftBehind(): Promise<{ look: Read; close(): Promise<void> }>;
}

const SECRET = randomBytes(32).toString('base64url');
const UNLIMITED = { RATE_LIMIT_PEOPLE: '999999999/60', RATE_LIMIT_PUBLIC: '999999999/60' };

/** Lends a new data directory of the embedded database. */
export async function inDirectory<T>(work: (home: Home) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-drill-'));
  const takeAway = () => rmSync(folder, { recursive: true, force: true });
  process.on('exit', takeAway);
  const directory = join(folder, 'data');
  let copies = 0;
  const home: Home = {
    engine: 'pglite',
    settings: { ...UNLIMITED, DATA_DIR: directory },
    mailDirectory: join(directory, 'mail'),
    prepare: async (script) => {
      const db = await PgliteDb.open({ directory: join(directory, 'postgres') });
      await db.script(script);
      await db.close();
    },
    leftBehind: async () => {
      // A copy, so that the next server finds the crashed directory itself and not one that was mended by looking.
      const copy = join(folder, `copy-${(copies += 1)}`);
      await cp(join(directory, 'postgres'), copy, { recursive: true });
      let db: PgliteDb | undefined;
      return {
        look: async (sql) => (await (db ??= await PgliteDb.open({ directory: copy })).read({ sql, parameters: [] })).rows,
        close: async () => {
          await db?.close();
          await rm(copy, { recursive: true });
        },
      };
    },
  };
  try {
    return await work(home);
  } finally {
    process.off('exit', takeAway);
    takeAway();
  }
}

/** Lends a new database of a PostgreSQL server. */
export function inPostgres<T>(work: (home: Home) => Promise<T>): Promise<T> {
  return withPostgres(async (server) => {
    const name = `millrace_drill_${randomBytes(6).toString('hex')}`;
    const superuser = new pg.Pool({ connectionString: server, max: 1 });
    for (const [user, rights] of [
      [OWNER, 'createrole'],
      [REQUESTS, ''],
    ] as const) {
      const { rows } = await superuser.query('select from pg_roles where rolname = $1', [user]);
      if (rows.length === 0) await superuser.query(`create role ${user} login password 'test' ${rights}`);
    }
    await superuser.query(`create database ${name} owner ${OWNER}`);
    const folder = await mkdtemp(join(tmpdir(), 'millrace-drill-'));
    const takeAway = () => rmSync(folder, { recursive: true, force: true });
    process.on('exit', takeAway);
    const outside = new pg.Pool({ connectionString: addressed(server, undefined, name), max: 1 });
    try {
      const urls = { DATABASE_URL: addressed(server, REQUESTS, name), MIGRATE_DATABASE_URL: addressed(server, OWNER, name) };
      const migrated = await runCommand(['migrate'], urls);
      if (migrated.code !== 0) throw new Error(`The database was not migrated: ${migrated.stderr}`);
      return await work({
        engine: 'postgres',
        settings: { ...UNLIMITED, DATABASE_URL: urls.DATABASE_URL, SECRET, DATA_DIR: folder },
        mailDirectory: join(folder, 'mail'),
        prepare: async (script) => void (await outside.query(script)),
        leftBehind: async () => {
          await outside.query(`do $$ begin
            while exists (select from pg_stat_activity where usename = '${REQUESTS}' and datname = '${name}') loop
              perform pg_sleep(0.005);
              perform pg_stat_clear_snapshot();
            end loop;
          end $$`);
          return { look: async (sql) => (await outside.query(sql)).rows, close: async () => {} };
        },
      });
    } finally {
      process.off('exit', takeAway);
      takeAway();
      await outside.end();
      await superuser.query(`drop database ${name} with (force)`);
      await superuser.end();
    }
  });
}

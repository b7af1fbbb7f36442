import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Db } from '../../server/db/db.ts';
import { readMigrations } from '../../server/db/migration-files.ts';
import { migrate, type Migration } from '../../server/db/migrate.ts';
import { PgliteDb } from '../../server/db/pglite.ts';
import { PostgresDb } from '../../server/db/postgres.ts';
import { migrateServerDatabase } from '../../server/db/server-database.ts';

/** A database of a test's own, with the schema in it and nothing else. */
export interface TestDatabase {
  db: Db;
  /** Runs SQL as the database's owner, past every policy: to look, and to prepare what no caller could. */
  asOwner(sql: string, parameters?: unknown[]): Promise<any[]>;
  /** The addresses of its owner and of the user that requests come as; only PostgreSQL has them. */
  urls?: { owner: string; requests: string };
  close(): Promise<void>;
}

export const engine = process.env['MILLRACE_TEST_DB'] ?? 'pglite';

/** Opens a new database of the engine that this run is for, unless another is said. */
export async function newDatabase({
  of = engine,
  ...options
}: { of?: string; shared?: number; alone?: number } = {}): Promise<TestDatabase> {
  const migrations = await readMigrations();
  return of === 'postgres' ? newPostgres(migrations, options) : newPglite(migrations);
}

async function newPglite(migrations: Migration[]): Promise<TestDatabase> {
  const db = await PgliteDb.open({ snapshot: await packedSchema(migrations) });
  return {
    db,
    asOwner: async (sql, parameters = []) => (await db.read({ sql, parameters })).rows,
    close: () => db.close(),
  };
}

/** Applies again what a test took from the list of migrations, as the owner would. */
export async function migrateAnew({ db, urls }: TestDatabase) {
  const migrations = await readMigrations();
  if (urls) await migrateServerDatabase({ url: urls.requests, migrateUrl: urls.owner }, migrations);
  else await migrate(db as PgliteDb, migrations);
}

/** A database with the schema in it, packed once for every run until a migration changes. */
async function packedSchema(migrations: Migration[]): Promise<Uint8Array> {
  const version = JSON.parse(
    await readFile(new URL(import.meta.resolve('@electric-sql/pglite')).pathname.replace(/dist\/.*/, 'package.json'), 'utf8'),
  ).version;
  const file = join(tmpdir(), `millrace-schema-${markOf(migrations, version)}.tar`);
  const kept = await readFile(file).catch(() => undefined);
  if (kept) return new Uint8Array(kept);
  const db = await PgliteDb.open();
  await migrate(db, migrations);
  const packed = await db.pack();
  await db.close();
  await mkdir(tmpdir(), { recursive: true });
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, packed);
  await rename(unfinished, file);
  return packed;
}

const markOf = (...facts: unknown[]) => createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);

/** The users that own test databases and that requests come as; their password is `test`. */
export const OWNER = 'millrace_test_owner';
export const REQUESTS = 'millrace_test_requests';

async function newPostgres(migrations: Migration[], options: { shared?: number; alone?: number }): Promise<TestDatabase> {
  const server = process.env['MILLRACE_TEST_POSTGRES_URL'];
  if (!server)
    throw new Error('MILLRACE_TEST_POSTGRES_URL is not set: run the tests by npm test, which starts a PostgreSQL server.');
  const template = await templateDatabase(server, migrations);
  const name = `millrace_test_${randomUUID().replaceAll('-', '')}`;
  await asSuperuser(server, (client) => client.query(`create database ${name} template ${template} owner ${OWNER}`));
  const urls = { owner: addressed(server, OWNER, name), requests: addressed(server, REQUESTS, name) };
  const db = new PostgresDb({ url: urls.requests, ...options });
  // Past row-level security, as nothing of ours is: a test must see what is really there.
  const outside = new pg.Pool({ connectionString: addressed(server, undefined, name), max: 2 });
  // A connection that is just closing is told that its database goes.
  outside.on('error', () => {});
  return {
    db,
    urls,
    asOwner: async (sql, parameters = []) => (await outside.query(sql, parameters)).rows,
    close: async () => {
      await db.close();
      await outside.end();
      await asSuperuser(server, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

/** Migrated once for the server; every test's database is a copy, which takes a moment where migrating takes a second. */
async function templateDatabase(server: string, migrations: Migration[]): Promise<string> {
  const name = `millrace_template_${markOf(migrations)}`;
  await asSuperuser(server, async (client) => {
    await client.query('select pg_advisory_lock(8787)');
    const { rows } = await client.query('select from pg_database where datname = $1', [name]);
    if (rows.length > 0) return;
    for (const [user, rights] of [
      [OWNER, 'createrole'],
      [REQUESTS, ''],
    ]) {
      const known = await client.query('select from pg_roles where rolname = $1', [user]);
      if (known.rows.length === 0) await client.query(`create role ${user} login password 'test' ${rights}`);
    }
    // A template has its name only once it is whole.
    const unfinished = `${name}_${randomUUID().slice(0, 8)}`;
    await client.query(`create database ${unfinished} owner ${OWNER}`);
    await migrateServerDatabase(
      { url: addressed(server, REQUESTS, unfinished), migrateUrl: addressed(server, OWNER, unfinished) },
      migrations,
    );
    await client.query(`alter database ${unfinished} rename to ${name}`);
  });
  return name;
}

/** The address of a database of a server, as one of the test users or as the server's own. */
export function addressed(server: string, user: string | undefined, database: string): string {
  const url = new URL(server);
  if (user) {
    url.username = user;
    url.password = 'test';
  }
  url.pathname = `/${database}`;
  return url.href;
}

async function asSuperuser<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

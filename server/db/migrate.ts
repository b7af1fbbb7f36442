import type { Statement } from './db.ts';

/** One step of the schema's history: its file's name and its text. */
export interface Migration {
  name: string;
  sql: string;
}

/** The owner's connection, which may change the schema. */
export interface Owner {
  script(sql: string): Promise<void>;
  read(statement: Statement): Promise<{ rows: any[] }>;
}

/** The schema is not what this release was made for. The message says what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

const TABLE = `
  create table if not exists migrations (
    name text primary key,
    checksum text not null,
    applied_at timestamptz(3) not null default now()
  );
  grant select on migrations to public`;

/** Any number that only Millrace uses: one process migrates, others wait. */
const LOCK = 4_727_837_240;

/**
 * Brings the schema up to date, each migration in a transaction of its own, and tells which were applied. Refuses a
 * database whose history differs from these files.
 */
export async function migrate(owner: Owner, migrations: readonly Migration[]): Promise<string[]> {
  await owner.script(`select pg_advisory_lock(${LOCK}); ${TABLE}`);
  try {
    const pending = await pendingMigrations(owner, migrations);
    for (const { name, sql } of pending) {
      const entry = `insert into migrations (name, checksum) values ('${name}', '${await checksumOf(sql)}')`;
      try {
        await owner.script(`begin;\n${sql};\n${entry};\ncommit;`);
      } catch (error) {
        await owner.script('rollback');
        throw error;
      }
    }
    return pending.map(({ name }) => name);
  } finally {
    await owner.script(`select pg_advisory_unlock(${LOCK})`);
  }
}

/** Which migrations the database still lacks; it must exist for that. Changes nothing. */
export async function pendingMigrations(owner: Pick<Owner, 'read'>, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await owner.read({ sql: 'select name, checksum from migrations order by name', parameters: [] });
  const applied = new Map<string, string>(rows.map(({ name, checksum }) => [name, checksum]));
  const known = new Set(migrations.map(({ name }) => name));
  for (const name of applied.keys()) {
    if (!known.has(name))
      throw new SchemaError(
        `The database was made by a newer release (it has ${name}): start that release, or restore a backup.`,
      );
  }
  const pending: Migration[] = [];
  for (const migration of migrations) {
    const checksum = applied.get(migration.name);
    if (checksum === undefined) pending.push(migration);
    else if (checksum !== (await checksumOf(migration.sql))) {
      throw new SchemaError(
        `The migration ${migration.name} is not the one that the database was made with: restore the file as released.`,
      );
    }
  }
  return pending;
}

/** Line ends don't count: a checkout may change them. */
async function checksumOf(sql: string) {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(sql.replaceAll('\r\n', '\n')));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

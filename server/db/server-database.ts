import pg from 'pg';
import { StartError } from '../settings.ts';
import { migrate, pendingMigrations, SchemaError, type Migration, type Owner } from './migrate.ts';
import { PostgresDb } from './postgres.ts';

/** The oldest server that can grant a role without its rights being inherited. */
const OLDEST = 160_000;

const OWNER_REFUSED =
  "The user of DATABASE_URL owns tables, which would let it step over row-level security: use another user than the owner's.";

export interface ServerDatabase {
  url: string;
  /** The owner's address; without it the schema must be up to date already. */
  migrateUrl: string | undefined;
  /** Whether a proxy stands in between that gives each transaction another connection. */
  isPooled: boolean;
}

/** Opens a PostgreSQL database, bringing its schema up to date if the owner's address is known. */
export async function openServerDatabase(
  { url, migrateUrl, isPooled }: ServerDatabase,
  migrations: readonly Migration[],
): Promise<PostgresDb> {
  if (migrateUrl !== undefined) {
    // A user that would be refused afterwards is refused before the schema is touched.
    await asClient('DATABASE_URL', url, assertPlain);
    if (userOf(url) === userOf(migrateUrl)) throw new StartError(OWNER_REFUSED);
    await migrateServerDatabase({ url, migrateUrl }, migrations);
  }
  await asClient('DATABASE_URL', url, async (client) => {
    await assertPlain(client);
    await assertBound(client);
    await assertUpToDate(client, migrations);
  });
  return new PostgresDb({ url, keepsPlans: !isPooled });
}

/** Brings the schema up to date as its owner, and lets the user of `url` become the roles that requests run as. */
export async function migrateServerDatabase(
  { url, migrateUrl }: { url: string; migrateUrl: string },
  migrations: readonly Migration[],
): Promise<string[]> {
  return asClient('MIGRATE_DATABASE_URL', migrateUrl, async (client) => {
    const { rows } = await client.query('show server_version_num');
    if (Number(rows[0].server_version_num) < OLDEST)
      throw new StartError('Millrace needs PostgreSQL 16 or newer: upgrade the server that MIGRATE_DATABASE_URL names.');
    const applied = await migrate(ownerOf(client), migrations).catch(explain);
    const user = userOf(url);
    if (user !== userOf(migrateUrl)) {
      await client
        .query(`grant millrace_app, millrace_system to ${client.escapeIdentifier(user)} with inherit false, set true`)
        .catch((error: Error) => {
          throw new StartError(
            `The user of DATABASE_URL can't be made a member of millrace_app and millrace_system (${error.message}): create it first, and let the user of MIGRATE_DATABASE_URL administer these roles.`,
          );
        });
    }
    return applied;
  });
}

/** Refuses an address that can't be connected to, by the name of its setting. */
export const assertReachable = (variable: string, url: string): Promise<void> => asClient(variable, url, async () => {});

/** A user that may step over row-level security, by itself or as another, is refused before anything is done with it. */
async function assertPlain(client: pg.Client) {
  const { rows } = await client.query(`
    select from pg_roles r join pg_roles g on pg_has_role(r.oid, g.oid, 'MEMBER') where r.rolname = session_user and (g.rolsuper or g.rolbypassrls)`);
  if (rows.length > 0) {
    throw new StartError(
      'The user of DATABASE_URL is a superuser or may bypass row-level security, which would let tenants see each other: create a plain user for it.',
    );
  }
}

/** Requests must be bound by row-level security, which the tables' owner could take off. */
async function assertBound(client: pg.Client) {
  const { rows } = await client.query(`
    select
      exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p') and pg_has_role(r.oid, c.relowner, 'MEMBER')) as owns,
      (select count(*)::integer from pg_roles g where g.rolname in ('millrace_app', 'millrace_system')
        and not exists (select from pg_class c where c.relowner = g.oid) and pg_has_role(r.oid, g.oid, 'SET')) as roles,
      (select count(*)::integer from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> 'migrations' and not (c.relrowsecurity and c.relforcerowsecurity)) as unforced
    from pg_roles r where r.rolname = session_user`);
  const { owns, roles, unforced } = rows[0];
  if (owns) throw new StartError(OWNER_REFUSED);
  if (roles < 2)
    throw new StartError(
      'The user of DATABASE_URL is not a member of millrace_app and millrace_system: set MIGRATE_DATABASE_URL once, or run millrace-server migrate with it.',
    );
  if (unforced > 0)
    throw new StartError('Row-level security is not forced on every table of the database: restore the schema as released.');
}

async function assertUpToDate(client: pg.Client, migrations: readonly Migration[]) {
  const pending = await pendingMigrations(ownerOf(client), migrations).catch(explain);
  if (pending.length > 0) {
    throw new StartError(
      `The database lacks the migration ${pending[0]!.name}: set MIGRATE_DATABASE_URL to its owner's address, or run millrace-server migrate with it.`,
    );
  }
}

const userOf = (url: string) => decodeURIComponent(new URL(url).username);

const ownerOf = (client: pg.Client): Owner => ({
  script: async (sql) => void (await client.query(sql)),
  read: ({ sql, parameters }) => client.query(sql, [...parameters]),
});

async function asClient<T>(variable: string, url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  let client: pg.Client;
  try {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    await client.connect();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StartError(
      `${variable} can't be connected to (${code ?? message}): check host, port, user, password and database name.`,
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A history that does not fit is the operator's to mend; a database without one was never migrated. */
function explain(error: Error & { code?: string }): never {
  if (error instanceof SchemaError) throw new StartError(error.message);
  if (error.code === '42P01')
    throw new StartError(
      "The database has no Millrace schema yet: set MIGRATE_DATABASE_URL to its owner's address, or run millrace-server migrate with it.",
    );
  if (error.code === '42501')
    throw new StartError(`The database refuses a migration (${error.message}): let its owner create roles and extensions.`);
  throw error;
}

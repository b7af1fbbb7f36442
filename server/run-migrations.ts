import { openEmbedded } from './db/embedded.ts';
import { readMigrations } from './db/migration-files.ts';
import { migrateServerDatabase } from './db/server-database.ts';
import { readSettings, StartError } from './settings.ts';

/** Brings the database that an environment names up to date; tells which migrations were applied. */
export async function runMigrations(environment: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  const migrations = await readMigrations();
  const settings = readSettings({ SECRET: 'not needed to migrate a database.', ...environment });
  if (settings.databaseUrl === undefined) {
    const embedded = await openEmbedded(settings.dataDir, migrations);
    await embedded.close();
    return [];
  }
  if (settings.migrateDatabaseUrl === undefined)
    throw new StartError("MIGRATE_DATABASE_URL is required to migrate: set it to the address of the database's owner.");
  return migrateServerDatabase({ url: settings.databaseUrl, migrateUrl: settings.migrateDatabaseUrl }, migrations);
}

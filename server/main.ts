import { runMigrations } from './run-migrations.ts';
import { readSettings } from './settings.ts';
import { startServer } from './start.ts';
import { untilStopped } from './until-stopped.ts';

/** The commands, each as the environment says. */
export const commands = {
  start: () => untilStopped(async () => startServer(readSettings(process.env))),
  migrate: () => runMigrations(process.env),
};

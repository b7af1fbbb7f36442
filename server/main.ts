import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runMigrations } from './run-migrations.ts';
import { readSettings } from './settings.ts';
import { startServer } from './start.ts';
import { untilStopped } from './until-stopped.ts';

/** Where the published package has the widget. */
const WIDGET = fileURLToPath(new URL('./cdn/built', import.meta.url));

/** The commands, each as the environment says. */
export const commands = {
  start: () => untilStopped(async () => startServer(readSettings(process.env), { cdn: existsSync(WIDGET) ? WIDGET : undefined })),
  migrate: () => runMigrations(process.env),
};

#!/usr/bin/env node
import { commands } from './main.ts';
import { StartError } from './settings.ts';

const USAGE = `Usage: millrace-server <command>

  start     runs the server (settings: see .env.example)
  migrate   brings the database of DATABASE_URL up to date, as the user of MIGRATE_DATABASE_URL
`;

const [command, ...rest] = process.argv.slice(2);

try {
  if (rest.length > 0 || !(command === 'start' || command === 'migrate')) {
    process.stderr.write(USAGE);
    process.exitCode = command === 'help' || command === '--help' ? 0 : 2;
  } else if (command === 'migrate') {
    const applied = await commands.migrate();
    process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.join(', ')}.\n`);
  } else {
    await commands.start();
  }
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

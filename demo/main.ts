import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEMO_PASSWORD, readSettings, startServer, untilStopped } from '@millrace/server';
import { demoWorkspace } from './data/demo-workspace.ts';

const CONSOLE = fileURLToPath(new URL('../dist/console', import.meta.url));

await untilStopped(async () => {
  const settings = readSettings({ DEMO: '1', ...process.env });
  // A person reads along here, so the log goes to a file; it is made with its first line, when the start has succeeded.
  const logFile = join(settings.dataDir, 'server.log');
  const logTo = { write: (line: string) => appendFileSync(logFile, line) };
  const server = await startServer(settings, { demo: demoWorkspace(new Date()), pages: CONSOLE, logTo });
  process.stdout.write(`
  Millrace is running.

    Console    ${server.url}/
    API        ${server.url}/api/v2
    API docs   ${server.url}/api/v2/docs
    Log        ${logFile}
    Mail       ${settings.smtpUrl === undefined ? join(settings.dataDir, 'mail') : 'is sent'}
${settings.demo ? `\n    Sign in with owner@demo.test and the password ${DEMO_PASSWORD}\n    (or admin@, manager@, member@, viewer@demo.test)\n` : ''}
  Press Ctrl+C to stop.
`);
  return server;
});

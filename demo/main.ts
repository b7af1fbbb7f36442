import { fileURLToPath } from 'node:url';
import { DEMO_PASSWORD, readSettings, startServer, untilStopped } from '@millrace/server';
import { demoWorkspace } from './data/demo-workspace.ts';

const CONSOLE = fileURLToPath(new URL('../dist/console', import.meta.url));

await untilStopped(async () => {
  const settings = readSettings({ DEMO: '1', ...process.env });
  // A person starts this and reads along: requests are logged where the operator says, not between the addresses.
  const server = await startServer(settings, { demo: demoWorkspace(new Date()), pages: CONSOLE, logTo: { write: () => {} } });
  process.stdout.write(`
  Millrace is running.

    Console    ${server.url}/
    API        ${server.url}/api/v2
    API docs   ${server.url}/api/v2/docs
${settings.demo ? `\n    Sign in with owner@demo.test and the password ${DEMO_PASSWORD}\n    (or admin@, manager@, member@, viewer@demo.test)\n` : ''}
  Press Ctrl+C to stop.
`);
  return server;
});

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEMO_PASSWORD, readSettings, startServer, untilStopped } from '@millrace/server';
import { demoWorkspace } from './data/demo-workspace.ts';
import { DEMO_FORMS } from './data/forms.ts';
import { openSite, type Site } from './site/site.ts';

const CONSOLE = fileURLToPath(new URL('../dist/console', import.meta.url));
const CDN = fileURLToPath(new URL('../dist/cdn', import.meta.url));

await untilStopped(async () => {
  const settings = readSettings({ DEMO: '1', ...process.env });
  // A person reads along here, so the log goes to a file; it is made with its first line, when the start has succeeded.
  const logFile = join(settings.dataDir, 'server.log');
  const logTo = { write: (line: string) => appendFileSync(logFile, line) };
  const server = await startServer(settings, { demo: demoWorkspace(new Date()), pages: CONSOLE, cdn: CDN, logTo });
  const site = settings.demo ? await openMarketingPage(server.url, settings) : undefined;
  process.stdout.write(`
  Millrace is running.

    Console    ${server.url}/
    Website    ${siteLine(site)}
    API        ${server.url}/api/v2
    API docs   ${server.url}/api/v2/docs
    Log        ${logFile}
    Mail       ${settings.smtpUrl === undefined ? join(settings.dataDir, 'mail') : 'is sent'}
${settings.demo ? `\n    Sign in with owner@demo.test and the password ${DEMO_PASSWORD}\n    (or admin@, manager@, member@, viewer@demo.test)\n` : ''}
  Press Ctrl+C to stop.
`);
  return {
    url: server.url,
    async stop() {
      if (site && !(site instanceof Error)) await site.close();
      await server.stop();
    },
  };
});

function siteLine(site: Site | Error | undefined) {
  if (site === undefined) return 'is part of the demo';
  return site instanceof Error ? `is not shown: ${site.message}` : `${site.url}/, and ${site.url}/strict.html`;
}

/** The rest of the demo goes on without it, so what keeps it from opening is only said. */
async function openMarketingPage(api: string, { host, port }: { host: string; port: number }): Promise<Site | Error> {
  const { SITE_PORT = port === 0 ? 0 : port + 1 } = process.env;
  try {
    return await openSite({ api, host, port: Number(SITE_PORT), forms: DEMO_FORMS });
  } catch (error) {
    return error as Error;
  }
}

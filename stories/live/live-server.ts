/// <reference types="vite/client" />
import { demoWorkspace } from '../../demo/data/demo-workspace.ts';
import { createApp, type App } from '../../server/app.ts';
import type { Metrics, Passwords } from '../../server/app-parts.ts';
import { migrate } from '../../server/db/migrate.ts';
import { silentBell } from '../../server/events/bell.ts';
import { MemoryLimits } from '../../server/http/limits-memory.ts';
import { DEFAULT_LIMITS } from '../../server/http/limits.ts';
import { seedWorkspace, type Seed } from '../../server/seed/seed.ts';
import { BrowserDb } from './browser-db.ts';
import { LIVE_ORIGIN, type FromServer, type ToServer } from './messages.ts';

/** Runs in a worker: the whole API over a database in memory, with the demo workspace. */

const MIGRATIONS = import.meta.glob<string>('../../server/db/migrations/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const TICK_MS = 1_000;
const LEADS = 60;

/** Nobody but the reader of the story is here, so a password need not be slow to guess. */
const passwords: Passwords = {
  hash: async (password) => password,
  verify: async (stored, password) => stored === password,
};

const metrics: Metrics = {
  request: () => {},
  limited: () => {},
  job: () => {},
  jobs: () => {},
  streams: () => {},
  eventsSent: () => {},
  text: async () => '',
};

async function start(): Promise<App> {
  const db = new BrowserDb();
  await migrate(
    db,
    Object.entries(MIGRATIONS).map(([path, sql]) => ({ name: path.split('/').at(-1)!, sql })),
  );
  await seedWorkspace(db, passwords, fewer(demoWorkspace(new Date())));
  const app = createApp({
    db,
    secrets: [crypto.randomUUID() + crypto.randomUUID()],
    clock: Date.now,
    mailer: { sender: 'crm@millrace.test', send: async () => {} },
    passwords,
    limits: DEFAULT_LIMITS,
    limitStore: new MemoryLimits(),
    log: { info: () => {}, error: (facts, sentence) => console.error(sentence, facts) },
    metrics,
    digest,
    publicUrl: LIVE_ORIGIN,
    signUp: 'closed',
    trustedProxies: [],
    bell: silentBell,
    mostStreams: 20,
  });
  app.worker.start();
  setInterval(() => void app.live.tick(), TICK_MS);
  return app;
}

/** Enough of the demo workspace to look at: writing the whole of it would keep its readers waiting. */
function fewer(workspace: Seed): Seed {
  const leads = workspace.leads.slice(0, LEADS);
  const wanted = new Set(leads.map(({ contact_email }) => contact_email));
  return { ...workspace, leads, contacts: workspace.contacts.filter(({ email }) => email !== null && wanted.has(email)) };
}

/** FNV-1a, twice: told apart is enough, for ETags guard nothing here. */
function digest(text: string): string {
  let [one, other] = [0x811c9dc5, 0x01000193];
  for (let at = 0; at < text.length; at++) {
    one = Math.imul(one ^ text.charCodeAt(at), 0x01000193);
    other = Math.imul(other ^ text.charCodeAt(text.length - 1 - at), 0x01000193);
  }
  return `${(one >>> 0).toString(36)}${(other >>> 0).toString(36)}`;
}

const started = start();
started.then(
  () => tell({ kind: 'started' }),
  (error: Error) => tell({ kind: 'broken', message: error.message }),
);
const underWay = new Map<number, AbortController>();

self.addEventListener('message', ({ data }: MessageEvent<ToServer>) => {
  if (data.kind === 'abort') underWay.get(data.number)?.abort();
  else void answer(data);
});

async function answer({ number, url, method, headers, body }: Extract<ToServer, { kind: 'request' }>) {
  const abort = new AbortController();
  underWay.set(number, abort);
  try {
    const app = await started;
    const request = new Request(url, { method, headers, signal: abort.signal, ...(body && { body }) });
    const response = await app.fetch(request, { address: '127.0.0.1' });
    tell({ kind: 'answer', number, status: response.status, headers: [...response.headers] });
    for await (const bytes of response.body ?? []) tell({ kind: 'chunk', number, bytes: bytes as Uint8Array<ArrayBuffer> });
  } catch (error) {
    // A stream that its reader has left ends by that.
    if (!abort.signal.aborted) throw error;
  } finally {
    underWay.delete(number);
    tell({ kind: 'end', number });
  }
}

function tell(message: FromServer) {
  self.postMessage(message);
}

import { hash } from 'node:crypto';
import { join } from 'node:path';
import pino from 'pino';
import { createApp } from './app.ts';
import type { Log } from './app-parts.ts';
import { argon2Passwords } from './auth/argon2.ts';
import { readCdn } from './cdn/read-cdn.ts';
import type { Db } from './db/db.ts';
import { openEmbedded } from './db/embedded.ts';
import { readMigrations } from './db/migration-files.ts';
import { assertReachable, openServerDatabase } from './db/server-database.ts';
import { System } from './db/system.ts';
import { DEMO_PASSWORD } from './demo-password.ts';
import { silentBell, type Bell } from './events/bell.ts';
import { PostgresBell } from './events/postgres-bell.ts';
import { MemoryLimits } from './http/limits-memory.ts';
import type { JobWorker } from './jobs/job-worker.ts';
import { Listener } from './listener.ts';
import { FileMailer } from './mail/file-mailer.ts';
import type { Mailer } from './mail/mailer.ts';
import { SmtpMailer } from './mail/smtp-mailer.ts';
import { Pages } from './pages.ts';
import { prometheusMetrics } from './prometheus.ts';
import { seedWorkspace, type Seed } from './seed/seed.ts';
import { isLoopback, StartError, urlHost, type Settings } from './settings.ts';

export interface StartOptions {
  /** What DEMO=1 shows. */
  demo?: Seed;
  /** A directory of static pages, served beside the API. */
  pages?: string;
  /** The directory of the built widget, served below /cdn/. */
  cdn?: string | undefined;
  /** Where log lines go; standard output unless said. */
  logTo?: pino.DestinationStream;
  /** Tells the worker of further kinds of jobs, before it starts. */
  work?: (worker: JobWorker) => void;
}

/** A server that is answering. */
export interface RunningServer {
  /** Where it is reached. */
  url: string;
  /** Lets running requests finish, then closes everything. */
  stop(): Promise<void>;
}

/** How often it is looked what is due of live streams. */
const TICK_MS = 1_000;

/** Starts the server: first its port, then its database, then answers. What can't be is a `StartError` and leaves nothing behind. */
export async function startServer(
  settings: Settings,
  { demo, pages: pagesDirectory, cdn, logTo, work }: StartOptions = {},
): Promise<RunningServer> {
  if (settings.demo && !demo)
    throw new StartError(
      'DEMO=1 needs the demo workspace, which only the source repository has: run npm start there, or set DEMO=0.',
    );
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, logTo ?? pino.destination(1));
  const listener = await Listener.open(settings.host, settings.port);
  const closers: (() => Promise<void>)[] = [() => listener.close()];
  const close = async () => {
    for (const one of closers) await one();
  };
  try {
    const url = `http://${urlHost(settings.host)}:${listener.port}`;
    const publicUrl = settings.port === 0 ? url : settings.publicUrl;
    const metrics = prometheusMetrics();
    const limitStore = await openLimits(settings, log, (areShared) => metrics.limitsShared(areShared));
    closers.push(() => limitStore.close());
    const store = await openStore(settings, log);
    closers.push(() => store.close());
    await refuseDemoPasswords(settings, store.db);
    if (settings.demo) await seedWorkspace(store.db, argon2Passwords, demo!);
    const app = createApp({
      db: store.db,
      secrets: store.secrets,
      clock: Date.now,
      mailer: store.mailer,
      passwords: argon2Passwords,
      limits: settings.limits,
      limitStore,
      log: log satisfies Log,
      metrics,
      digest: (text) => hash('sha1', text, 'base64url'),
      publicUrl,
      signUp: settings.signUp,
      trustedProxies: settings.trustedProxies,
      bell: store.bell,
      mostStreams: settings.mostStreams,
      cdn: cdn === undefined ? undefined : await readCdn(cdn),
    });
    const pages = pagesDirectory === undefined ? undefined : await Pages.read(pagesDirectory);
    const answer = (request: Request, address: string) => pages?.answer(request) ?? app.fetch(request, { address });
    const isOurs = (request: Request) => !isLoopback(settings.host) || isOwnHost(request, publicUrl);
    listener.serve((request, address) => (isOurs(request) ? answer(request, address) : foreignHost(request)));
    work?.(app.worker);
    app.worker.start();
    // Behind the requests, which may still enqueue, and before the database.
    closers.splice(1, 0, () => app.worker.stop());
    // A stream would hold up the listener's end; whoever listens comes again, to another process.
    closers.unshift(async () => app.live.stop());
    const ticking = setInterval(() => void app.live.tick(), TICK_MS).unref();
    closers.push(async () => clearInterval(ticking));
    if (settings.smtpUrl === undefined)
      log.info({ directory: join(settings.dataDir, 'mail') }, 'mail goes to files, for there is no SMTP_URL');
    log.info({ url }, 'started');
    return { url, stop: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * A server on loopback is asked by its own names only: a page whose host name was made to point at this machine would
 * otherwise be of its origin.
 */
function isOwnHost(request: Request, publicUrl: string): boolean {
  const { hostname } = new URL(request.url);
  return isLoopback(hostname.replace(/^\[|\]$/g, '')) || hostname === new URL(publicUrl).hostname;
}

const foreignHost = (request: Request) =>
  Response.json(
    {
      success: false,
      error: `This server does not go by the name ${new URL(request.url).hostname}: set PUBLIC_URL to the address that people use.`,
      code: 'ORIGIN_NOT_ALLOWED',
      metadata: { timestamp: new Date().toISOString(), request_id: 'none' },
    },
    { status: 403 },
  );

/** Redis is loaded only where it is used: it takes longer than the rest of the server. */
async function openLimits({ redisUrl }: Settings, log: Log, shared: (areShared: boolean) => void) {
  const inMemory = new MemoryLimits();
  shared(false);
  if (redisUrl === undefined) return Object.assign(inMemory, { close: async () => {} });
  const { RedisLimits } = await import('./http/limits-redis.ts');
  try {
    return await RedisLimits.open(redisUrl, { meanwhile: inMemory, log, shared });
  } catch (error) {
    throw new StartError(
      `REDIS_URL names a Redis that can't be used (${(error as Error).message}): see that it runs and that the address is right, or leave REDIS_URL out.`,
    );
  }
}

interface Store {
  db: Db;
  secrets: readonly [string, ...string[]];
  mailer: Mailer;
  bell: Bell;
  close(): Promise<void>;
}

async function openStore(settings: Settings, log: Log): Promise<Store> {
  const migrations = await readMigrations();
  const smtp = settings.smtpUrl === undefined ? undefined : new SmtpMailer(settings.smtpUrl, settings.mailFrom);
  if (settings.databaseUrl !== undefined) {
    if (settings.databaseDirectUrl !== undefined) await assertReachable('DATABASE_DIRECT_URL', settings.databaseDirectUrl);
    const isPooled = settings.databaseDirectUrl !== undefined;
    const db = await openServerDatabase(
      { url: settings.databaseUrl, migrateUrl: settings.migrateDatabaseUrl, isPooled },
      migrations,
    );
    const mailer = smtp ?? new FileMailer(join(settings.dataDir, 'mail'), settings.mailFrom);
    const bell = new PostgresBell(settings.databaseDirectUrl ?? settings.databaseUrl, log);
    await bell.open();
    const close = async () => {
      await bell.close();
      await db.close();
    };
    return { db, secrets: settings.secrets as [string, ...string[]], mailer, bell, close };
  }
  const embedded = await openEmbedded(settings.dataDir, migrations);
  const [secret = embedded.secret, ...former] = settings.secrets;
  return {
    db: embedded.db,
    secrets: [secret, ...former],
    mailer: smtp ?? new FileMailer(embedded.mailDirectory, settings.mailFrom),
    bell: silentBell,
    close: () => embedded.close(),
  };
}

/** A database that once was a demo must not be opened to the network with the passwords that everyone knows. */
async function refuseDemoPasswords({ host }: Settings, db: Db) {
  if (isLoopback(host)) return;
  const system = new System(db, 'start');
  for (const role of ['owner', 'admin', 'manager', 'member', 'viewer']) {
    const account = await system.accountByEmail(`${role}@demo.test`);
    if (account && (await argon2Passwords.verify(account.password_hash, DEMO_PASSWORD))) {
      throw new StartError(
        `${account.email} has the demo password, which everyone knows, and HOST ${host} is not loopback: set HOST=127.0.0.1, or another DATA_DIR.`,
      );
    }
  }
}

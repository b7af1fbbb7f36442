import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { withPostgres } from '../../scripts/postgres.ts';
import { freePort } from '../../scripts/ports.ts';
import { argon2Passwords } from '../../server/auth/argon2.ts';
import { readMigrations } from '../../server/db/migration-files.ts';
import { migrateServerDatabase } from '../../server/db/server-database.ts';
import { addressed, OWNER, REQUESTS } from '../support/database.ts';
import { loadOf, type Load } from './api/http-load.ts';
import { pgbench } from './api/pgbench.ts';
import { handWrittenPlan } from './api/hand-written-plan.ts';
import { rawCreate, rawList, rawKeyset, rawSearches, TERMS } from './api/raw-sql.ts';
import { fill, ownerEmail, workspaceId } from './api/seeded-leads.ts';

/**
 * Requests a second of the API beside the same work without it, and how its times grow with the data: a million leads in a
 * hundred workspaces, then one workspace of a million, then a thousand workspaces. `--small` fills a tenth, to try it out.
 */
const small = process.argv.includes('--small');
const WORKSPACES = small ? 10 : 100;
const LEADS = 10_000;
const LARGE = small ? 100_000 : 1_000_000;
const MANY = small ? 100 : 1_000;
const CONNECTIONS = 8;
const SECONDS = small ? 3 : 5;
const RUNS = 3;
const PASSWORD = 'a password for the bench';
const LARGE_NUMBER = 100_001;
const ALONE_NUMBER = 200_001;

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
const children: ChildProcess[] = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Measured {
  what: string;
  load: Load;
}

/** The API beside raw SQL and the hand-written handler, each of them several times in turn. */
async function compare(api: Api, urls: Urls) {
  const tokens = await signedIn(api, WORKSPACES);
  const plan = await handWrittenPlan(
    urls.requests,
    tokens.map(({ number }) => number),
  );
  const handWritten = await startHandWritten(plan);
  const any = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)]!;
  const get = (path: string) => () => requestOf('GET', path, any(tokens).token);
  const contacts = (number: number) => `0000000c-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

  const rows: { what: string; runs: Record<string, () => Promise<Load>> }[] = [
    {
      what: 'list',
      runs: {
        millrace: () => http(api, get('/api/v2/leads')),
        'hand-written': () => handWrittenLoad(handWritten, plan, '/list'),
        'raw SQL': () =>
          pgbench(urls.superuser, [rawList(WORKSPACES)], { connections: CONNECTIONS, seconds: SECONDS, prepared: true }),
      },
    },
    {
      what: 'keyset, deep',
      runs: {
        millrace: () => {
          const walks = plan.cursors;
          return http(api, () => {
            const { number, cursor } = any(walks);
            return requestOf('GET', `/api/v2/leads?cursor=${cursor}`, tokens.find((one) => one.number === number)!.token);
          });
        },
        'hand-written': () => handWrittenLoad(handWritten, plan, '/keyset'),
        'raw SQL': () =>
          pgbench(urls.superuser, [rawKeyset(WORKSPACES)], { connections: CONNECTIONS, seconds: SECONDS, prepared: true }),
      },
    },
    {
      what: 'search',
      runs: {
        millrace: () => http(api, () => requestOf('GET', `/api/v2/leads?count=none&search=${any(TERMS)}`, any(tokens).token)),
        'raw SQL': () =>
          pgbench(urls.superuser, rawSearches(WORKSPACES), { connections: CONNECTIONS, seconds: SECONDS, prepared: false }),
      },
    },
    {
      what: 'board',
      runs: { millrace: () => http(api, get('/api/v2/leads/board')) },
    },
    {
      what: 'create',
      runs: {
        millrace: () =>
          http(
            api,
            () =>
              requestOf('POST', '/api/v2/leads', any(tokens).token, {
                contact_id: contacts(1 + Math.floor(Math.random() * 3_000)),
                title: 'A lead of the bench',
                lead_value: 1_200,
              }),
            201,
          ),
        'raw SQL': () =>
          pgbench(urls.superuser, [rawCreate(WORKSPACES)], { connections: CONNECTIONS, seconds: SECONDS, prepared: true }),
      },
    },
  ];

  say(
    `\n${CONNECTIONS} connections, ${WORKSPACES} workspaces of ${LEADS} leads: requests a second (p99 in ms), median of ${RUNS} runs of ${SECONDS} s`,
  );
  const lines: string[][] = [];
  for (const { what, runs } of rows) {
    const results: Record<string, Load[]> = {};
    for (let run = 0; run < RUNS; run++)
      for (const [name, work] of Object.entries(runs)) (results[name] ??= []).push(await work());
    const medians = Object.fromEntries(Object.entries(results).map(([name, loads]) => [name, median(loads)]));
    const own = medians['millrace']!;
    const cell = (load: Load | undefined) => (load ? `${Math.round(load.perSecond)} (${ms(load.p99)})` : '—');
    const share = (load: Load | undefined) => (load ? ratio(own.perSecond / load.perSecond) : '—');
    lines.push([
      what,
      cell(own),
      cell(medians['hand-written']),
      share(medians['hand-written']),
      cell(medians['raw SQL']),
      share(medians['raw SQL']),
    ]);
  }
  table(['', 'Millrace', 'hand-written handler', 'ratio', 'pgbench, raw SQL', 'ratio'], lines);
}

/** Times of one workspace alone on one connection, so that nothing but the data differs. */
async function growthOf(api: Api, number: number): Promise<Measured[]> {
  const { token } = await signIn(api, number);
  const measured: Measured[] = [];
  for (const [what, path] of [
    ['list', () => '/api/v2/leads'],
    ['board', () => '/api/v2/leads/board'],
    ['search, three letters', () => `/api/v2/leads?count=none&search=${TERMS[Math.floor(Math.random() * TERMS.length)]}`],
    ['search, counted', () => `/api/v2/leads?search=${TERMS[Math.floor(Math.random() * TERMS.length)]}`],
  ] as const) {
    await load(api.port, () => requestOf('GET', path(), token), 200, 1, 1);
    measured.push({ what, load: await load(api.port, () => requestOf('GET', path(), token), 200, 1, SECONDS) });
  }
  return measured;
}

interface Urls {
  superuser: string;
  requests: string;
}

async function newDatabase(server: string): Promise<Urls> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create role ${OWNER} login password 'test' createrole`);
  await client.query(`create role ${REQUESTS} login password 'test'`);
  await client.query(`create database bench owner ${OWNER}`);
  await client.end();
  const requests = addressed(server, REQUESTS, 'bench');
  await migrateServerDatabase({ url: requests, migrateUrl: addressed(server, OWNER, 'bench') }, await readMigrations());
  return { requests, superuser: addressed(server, undefined, 'bench') };
}

interface Api {
  port: number;
}

/** The server as an operator runs it, its log going nowhere. */
async function startServer(url: string): Promise<Api> {
  const port = await freePort();
  const limits = Object.fromEntries(['PEOPLE', 'PUBLIC', 'SIGN_IN'].map((name) => [`RATE_LIMIT_${name}`, '999999999/60']));
  await startChild(fileURLToPath(new URL('../../server/cli.ts', import.meta.url)), ['start'], port, '/readyz', {
    ...limits,
    PORT: String(port),
    DATABASE_URL: url,
    DATA_DIR: folder,
    SECRET: 'a secret of the bench that is long enough',
  });
  return { port };
}

async function startHandWritten(plan: object): Promise<Api> {
  const port = await freePort();
  const file = join(folder, 'plan.json');
  writeFileSync(file, JSON.stringify({ ...plan, port }));
  await startChild(fileURLToPath(new URL('api/hand-written.ts', import.meta.url)), [file], port, '/list?n=0', {});
  return { port };
}

async function startChild(script: string, words: string[], port: number, path: string, settings: Record<string, string>) {
  const child = spawn(process.execPath, ['--conditions=millrace-source', script, ...words], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(child);
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${script} ended before it answered.`);
  });
  ended.catch(() => {});
  const answers = async () => {
    for (;;) {
      const isUp = await fetch(`http://127.0.0.1:${port}${path}`).then(
        (response) => response.ok,
        () => false,
      );
      if (isUp) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await Promise.race([answers(), ended]);
}

function stopChildren() {
  for (const child of children) child.kill('SIGTERM');
}

async function signIn({ port }: Api, number: number): Promise<{ number: number; token: string }> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v2/auth/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: ownerEmail(number), password: PASSWORD, workspace_id: workspaceId(number) }),
  });
  const { data, error } = (await response.json()) as any;
  if (!data) throw new Error(error);
  return { number, token: data.access_token };
}

async function signedIn(api: Api, workspaces: number) {
  const tokens = [];
  for (let number = 1; number <= workspaces; number++) tokens.push(await signIn(api, number));
  return tokens;
}

function requestOf(method: string, path: string, token: string, body?: object): string {
  const text = body && JSON.stringify(body);
  const sent = text === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n${sent}\r\n${text ?? ''}`;
}

const load = (port: number, next: () => string, status: number, connections: number, seconds: number) =>
  loadOf({ port, next, status, connections, seconds });

const http = (api: Api, next: () => string, status = 200) => load(api.port, next, status, CONNECTIONS, SECONDS);

const handWrittenLoad = (api: Api, plan: Awaited<ReturnType<typeof handWrittenPlan>>, path: '/list' | '/keyset') =>
  http(
    api,
    () => `GET ${path}?n=${Math.floor(Math.random() * plan.routes[path].calls.length)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
  );

const median = (loads: Load[]) => loads.toSorted((one, other) => one.perSecond - other.perSecond)[Math.floor(loads.length / 2)]!;
const ms = (value: number) => value.toFixed(value < 10 ? 2 : 1);
const ratio = (value: number) => value.toFixed(2);

function say(line: string) {
  process.stdout.write(`${line}\n`);
}

function table(head: string[], rows: string[][]) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  for (const row of [head, ...rows])
    say(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  '));
}

await withPostgres(
  async (server) => {
    const urls = await newDatabase(server);
    const superuser = new pg.Client({ connectionString: urls.superuser });
    await superuser.connect();
    const hash = await argon2Passwords.hash(PASSWORD);
    const filled = async (what: string, work: () => Promise<void>) => {
      const began = performance.now();
      await work();
      say(`${what}: filled in ${Math.round((performance.now() - began) / 1_000)} s`);
    };

    await filled('one workspace of 1,000 leads', () =>
      fill(superuser, { first: ALONE_NUMBER, workspaces: 1, leads: 1_000, contacts: 300 }, hash),
    );
    const api = await startServer(urls.requests);
    const alone = await growthOf(api, ALONE_NUMBER);

    await filled(`${WORKSPACES} workspaces of ${LEADS} leads`, () =>
      fill(superuser, { first: 1, workspaces: WORKSPACES, leads: LEADS, contacts: 3_000 }, hash),
    );
    await compare(api, urls);
    const usual = await growthOf(api, 1);

    await filled(`one workspace of ${LARGE} leads`, () =>
      fill(superuser, { first: LARGE_NUMBER, workspaces: 1, leads: LARGE, contacts: LARGE / 4 }, hash),
    );
    const large = await growthOf(api, LARGE_NUMBER);
    await filled(`${MANY} workspaces of 1,000 leads`, () =>
      fill(superuser, { first: ALONE_NUMBER + 1, workspaces: MANY - 1, leads: 1_000, contacts: 300 }, hash),
    );
    const many = await growthOf(api, ALONE_NUMBER);

    say(`\nGrowth: p99 in ms, one connection`);
    table(
      ['', '10,000 leads', `${LARGE} leads`, 'ratio', '1 workspace', `${MANY} workspaces`, 'ratio'],
      usual.map(({ what, load }, index) => {
        const [big, one, thousand] = [large, alone, many].map((rows) => rows[index]!.load.p99);
        return [what, ms(load.p99), ms(big!), ratio(big! / load.p99), ms(one!), ms(thousand!), ratio(thousand! / one!)];
      }),
    );
    await superuser.end();
    stopChildren();
  },
  { durable: true, settings: { shared_buffers: '2GB', max_wal_size: '8GB' } },
);

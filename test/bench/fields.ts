/**
 * How filters and sorts by custom fields compare with those by plain columns, over a million leads of one workspace and
 * through a server of its own: `npm run bench:fields`. `--leads 50000` fills fewer, to try it out.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { withPostgres } from '../../scripts/postgres.ts';
import { exitOnSignals } from '../../scripts/signals.ts';
import { AccessTokens } from '../../server/auth/access-tokens.ts';
import { System } from '../../server/db/system.ts';
import { newId } from '../../server/ids.ts';
import type { TestDatabase } from '../support/database.ts';
import { ServerProcess } from '../support/process.ts';
import { loadOf, type Load } from './api/http-load.ts';
import { fill, ownerId, workspaceId } from './api/seeded-leads.ts';
import { COMPARED } from './fields/compared-lists.ts';
import { fillValues, VALUES_OF_LEAD } from './fields/custom-values.ts';

/** Many short runs in turn, so that what else the machine does falls on both sides alike. */
const RUNS = 9;
const SECONDS = 0.5;
const SECRET = 'a secret of the bench that is long enough';

const { values } = parseArgs({ options: { leads: { type: 'string', default: '1000000' } } });
const LEADS = Number(values.leads);

async function fillAll(database: TestDatabase, url: string) {
  const name = new URL(database.urls!.owner).pathname;
  const superuser = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: name }).href });
  await superuser.connect();
  const filling = { first: 1, workspaces: 1, leads: LEADS, contacts: Math.ceil(LEADS / 4), customFields: VALUES_OF_LEAD };
  await fill(superuser, filling, 'none');
  await fillValues(superuser, workspaceId(1));
  await superuser.end();
}

async function tokenOf({ db }: TestDatabase): Promise<string> {
  const session = { id: newId(), userId: ownerId(1), workspaceId: workspaceId(1) };
  await new System(db, 'bench').transaction((system) => system.beginSession(session));
  return new AccessTokens([SECRET], Date.now).sign({ ...session, sessionId: session.id });
}

/** Times of the list that a query asks for, one call after the other on one connection. */
class Lists {
  readonly #url: URL;
  readonly #token: string;
  readonly #marks = new Map<string, string[]>();

  constructor(url: string, token: string) {
    this.#url = new URL(url);
    this.#token = token;
  }

  async load(query: () => string, isDeep = false): Promise<Load> {
    const cursors = isDeep ? await this.#cursorsOf(query()) : [];
    const next = () => {
      const cursor = cursors.length > 0 ? `&cursor=${cursors[Math.floor(Math.random() * cursors.length)]}` : '';
      return `GET /api/v2/leads?${query()}${cursor} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${this.#token}\r\n\r\n`;
    };
    return loadOf({ port: Number(this.#url.port), next, status: 200, connections: 1, seconds: SECONDS });
  }

  /** Cursors all over the list, to its end. */
  async #cursorsOf(query: string): Promise<string[]> {
    const known = this.#marks.get(query);
    if (known) return known;
    // No mark stands behind the last row.
    const every = Math.max(101, Math.min(9_973, Math.floor(LEADS / 20.5)));
    const response = await fetch(new URL(`/api/v2/leads/marks?${query}&every=${every}`, this.#url), {
      headers: { Authorization: `Bearer ${this.#token}` },
    });
    const { data, error } = (await response.json()) as any;
    if (!data) throw new Error(error);
    this.#marks.set(query, data.cursors);
    return data.cursors;
  }
}

async function compare(lists: Lists) {
  const rows: Record<string, Record<string, string>> = {};
  const ratios: number[] = [];
  for (const { what, plain, custom, isDeep } of COMPARED) {
    const runs: { plain: Load; custom: Load }[] = [];
    for (let run = 0; run <= RUNS; run++)
      runs.push({ plain: await lists.load(plain, isDeep), custom: await lists.load(custom, isDeep) });
    // In the first, plans were made that the others keep.
    runs.shift();
    const of = (side: 'plain' | 'custom', at: 'p50' | 'p99') => median(runs.map((run) => run[side][at]));
    const ratio = of('custom', 'p99') / of('plain', 'p99');
    ratios.push(ratio);
    const told = (side: 'plain' | 'custom') => `${of(side, 'p50').toFixed(1)} / ${of(side, 'p99').toFixed(1)}`;
    rows[what] = { 'plain column': told('plain'), 'custom field': told('custom'), 'ratio of p99': ratio.toFixed(2) };
  }
  console.log(`\n${LEADS} leads, one connection: p50 / p99 in ms, medians of ${RUNS} runs of ${SECONDS} s`);
  console.table(rows);
  console.log(`The highest ratio is ${Math.max(...ratios).toFixed(2)}.`);
}

const median = (numbers: number[]) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]!;

exitOnSignals();
process.env['MILLRACE_TEST_DB'] = 'postgres';
await withPostgres(
  async (url) => {
    process.env['MILLRACE_TEST_POSTGRES_URL'] = url;
    // Reads the environment when it is loaded.
    const { newDatabase } = await import('../support/database.ts');
    const database = await newDatabase();
    const began = performance.now();
    await fillAll(database, url);
    console.log(`Filled in ${Math.round((performance.now() - began) / 1_000)} s.`);
    const server = await ServerProcess.start({
      DATABASE_URL: database.urls!.requests,
      SECRET,
      RATE_LIMIT_PEOPLE: '999999999/60',
    });
    try {
      await compare(new Lists(server.url, await tokenOf(database)));
    } finally {
      await server.kill();
      await database.close();
    }
  },
  { durable: true, settings: { shared_buffers: '2GB', max_wal_size: '8GB' } },
);
process.exit();

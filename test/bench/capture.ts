import { spawn } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { withPostgres } from '../../scripts/postgres.ts';
import { freePort } from '../../scripts/ports.ts';
import { Challenges } from '../../server/capture/challenges.ts';
import { readMigrations } from '../../server/db/migration-files.ts';
import { migrateServerDatabase } from '../../server/db/server-database.ts';
import { newId } from '../../server/ids.ts';
import { addressed, OWNER, REQUESTS } from '../support/database.ts';
import { loadOf, type Load } from './api/http-load.ts';
import { pgbench } from './api/pgbench.ts';

/**
 * Submissions a second of one form, each from a visitor of its own and with a proof of its own, beside the bare transaction of
 * their three inserts on as many connections to the database as the server has; and whether each of them is there afterwards.
 * `--small` sends a tenth.
 */
const SUBMISSIONS = process.argv.includes('--small') ? 1_000 : 10_000;
const CONNECTIONS = 50;
/** On which the server's transactions take turns; more would only wait for each other longer. */
const DATABASE_CONNECTIONS = 8;
const RUNS = 3;
const RAW_SECONDS = 8;
const SECRET = 'a secret of the bench that is long enough';

const WORKSPACE = newId();
const FORM = newId();
const DEFINITION: FormDefinition = {
  steps: [
    {
      id: 'one',
      fields: [
        { id: 'name', type: 'text', label: 'Name', required: true, maps_to: 'contact.name' },
        { id: 'email', type: 'email', label: 'E-mail', required: true, maps_to: 'contact.email' },
        { id: 'message', type: 'textarea', label: 'Message', maps_to: 'lead.notes' },
        { id: 'terms', type: 'consent', label: 'I agree to be called.', version: '1', required: true },
      ],
    },
  ],
};

const challenges = new Challenges([SECRET], Date.now);

/** A proof as a browser has it in the end, without its search: the bench knows what to find. */
async function proof(): Promise<string> {
  const counter = 60 + Math.floor(Math.random() * 180);
  const challenge = await challenges.make(FORM, counter);
  const { nonce, salt, cost, keyLength } = challenge.parameters;
  const password = Buffer.from(nonce + counter.toString(16).padStart(8, '0'), 'hex');
  const derivedKey = pbkdf2Sync(password, Buffer.from(salt, 'hex'), cost, keyLength, 'sha256').toString('hex');
  return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
}

async function requestOf(email: string): Promise<string> {
  const text = JSON.stringify({
    version: 1,
    answers: { name: 'Ada Lovelace', email, message: 'Please call me back.', terms: true },
    locale: 'en',
    page: 'https://www.example.com/pricing',
    referrer: 'https://www.example.com/',
    attribution: { first: { utm_source: 'news' }, last: { utm_source: 'ads' } },
    elapsed_ms: 20_000,
    proof: await proof(),
  });
  return [
    `POST /api/v2/public/forms/${FORM}/submissions HTTP/1.1`,
    'Host: 127.0.0.1',
    'User-Agent: Mozilla/5.0 (bench)',
    'Content-Type: application/json',
    `Idempotency-Key: ${newId()}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}

/** What a submission leaves at the least: a contact, a lead and itself, with all that their triggers do. */
const RAW = `\\set c random(1, 281474976710655)
begin;
select set_config('millrace.workspace', '${WORKSPACE}', true), set_config('millrace.request', 'bench', true);
insert into contacts (id, firstname, lastname, email) values (('0000000c-0000-7000-8000-' || lpad(to_hex(:c::bigint), 12, '0'))::uuid, 'Ada', 'Lovelace', 'raw-' || :c::bigint || '@example.com');
insert into leads (id, contact_id, title, pipeline_id, stage_id, status, currency, last_activity_at, position, form_id, notes, attribution) select ('0000000d-0000-7000-8000-' || lpad(to_hex(:c::bigint), 12, '0'))::uuid, ('0000000c-0000-7000-8000-' || lpad(to_hex(:c::bigint), 12, '0'))::uuid, 'Ada Lovelace', s.pipeline_id, s.id, 'new', 'USD', now(), 'Zz', '${FORM}', 'Please call me back.', '{"first": {"utm_source": "news"}}' from stages s where s.workspace_id = '${WORKSPACE}' and s.display_order = 1;
insert into submissions (form_id, form_version, state, answers, address_hash, contact_id, lead_id, key, fingerprint, success, answered_at, request_id) values ('${FORM}', 1, 'accepted', '{"name": "Ada Lovelace", "message": "Please call me back."}', 'hash', ('0000000c-0000-7000-8000-' || lpad(to_hex(:c::bigint), 12, '0'))::uuid, ('0000000d-0000-7000-8000-' || lpad(to_hex(:c::bigint), 12, '0'))::uuid, 'raw-' || :c::bigint, 'print', '{}', now(), 'bench');
commit;
`;

async function fill(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`insert into workspaces (id, name) values ($1, 'Bench')`, [WORKSPACE]);
  await client.query(
    `insert into forms (workspace_id, id, name, draft, published_version, published_at) values ($1, $2, 'Bench', $3, 1, now())`,
    [WORKSPACE, FORM, JSON.stringify(DEFINITION)],
  );
  await client.query('insert into form_versions (workspace_id, form_id, number, definition) values ($1, $2, 1, $3)', [
    WORKSPACE,
    FORM,
    JSON.stringify(DEFINITION),
  ]);
  return client;
}

async function startServer(url: string, folder: string) {
  const port = await freePort();
  const limits = Object.fromEntries(['PUBLIC', 'CAPTURES'].map((name) => [`RATE_LIMIT_${name}`, '999999999/60']));
  const cli = fileURLToPath(new URL('../../server/cli.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=millrace-source', cli, 'start'], {
    env: { PATH: process.env['PATH'], ...limits, PORT: String(port), DATABASE_URL: url, DATA_DIR: folder, SECRET },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.on('exit', () => child.kill('SIGKILL'));
  while (
    !(await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error('The server ended before it answered.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { port, stop: () => (child.kill('SIGTERM'), once(child, 'exit')) };
}

const median = (loads: Load[]) => loads.toSorted((one, other) => one.perSecond - other.perSecond)[Math.floor(loads.length / 2)]!;
const say = (line: string) => process.stdout.write(`${line}\n`);
const cell = ({ perSecond, p50, p99 }: Load) =>
  `${Math.round(perSecond)} a second, half within ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

await withPostgres(
  async (server) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(`create role ${OWNER} login password 'test' createrole`);
    await client.query(`create role ${REQUESTS} login password 'test'`);
    await client.query(`create database bench owner ${OWNER}`);
    await client.end();
    const url = addressed(server, REQUESTS, 'bench');
    await migrateServerDatabase({ url, migrateUrl: addressed(server, OWNER, 'bench') }, await readMigrations());
    const superuser = addressed(server, undefined, 'bench');
    const looking = await fill(superuser);
    // Both are planned for tables that are in use.
    await pgbench(superuser, [RAW], { connections: DATABASE_CONNECTIONS, seconds: 2, prepared: true });
    await looking.query('analyze');
    const { port, stop } = await startServer(url, folder);

    const load = (requests: string[]) =>
      loadOf({ port, connections: CONNECTIONS, requests: requests.length, status: 201, next: () => requests.pop()! });
    const requestsOf = async (emails: readonly string[]) => {
      const requests: string[] = [];
      for (const email of emails) requests.push(await requestOf(email));
      return requests;
    };
    await load(await requestsOf(Array.from({ length: 300 }, (_, number) => `first-${number}@example.com`)));

    const [raw, own]: Load[][] = [[], []];
    for (let run = 0; run < RUNS; run++) {
      raw!.push(await pgbench(superuser, [RAW], { connections: DATABASE_CONNECTIONS, seconds: RAW_SECONDS, prepared: true }));
      const emails = Array.from({ length: SUBMISSIONS }, (_, number) => `visitor-${run}-${number}@example.com`);
      own!.push(await load(await requestsOf(emails)));
      const { rows } = await looking.query(
        `select count(*)::integer as leads, count(distinct contact_email)::integer as visitors,
          (select count(*)::integer from submissions where state = 'accepted' and answers ->> 'email' = any ($2)) as submissions
        from leads where workspace_id = $1 and contact_email = any ($2)`,
        [WORKSPACE, emails],
      );
      const { leads, visitors, submissions } = rows[0];
      if (leads !== SUBMISSIONS || visitors !== SUBMISSIONS || submissions !== SUBMISSIONS)
        throw new Error(`Of ${SUBMISSIONS} submissions there are ${submissions}, ${leads} leads and ${visitors} visitors.`);
      say(`run ${run + 1}: raw ${cell(raw!.at(-1)!)}; Millrace ${cell(own!.at(-1)!)}; ${leads} leads of ${SUBMISSIONS}`);
    }
    const ratio = median(own!).perSecond / median(raw!).perSecond;
    say(`\n${SUBMISSIONS} submissions over ${CONNECTIONS} connections, median of ${RUNS} runs, none lost`);
    say(`three inserts, raw: ${cell(median(raw!))}`);
    say(`Millrace:           ${cell(median(own!))}`);
    say(`ratio:              ${ratio.toFixed(2)}`);
    await looking.end();
    await stop();
  },
  { durable: true, settings: { shared_buffers: '1GB', max_wal_size: '4GB' } },
);

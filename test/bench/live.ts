/**
 * How long an event takes to a thousand people who listen to one server process, from the call that makes it to each of
 * them, and what a listener costs in memory: `npm run bench:live`.
 */
import { readFile } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { createClient, type Client } from '../../src/client/index.ts';
import { withPostgres } from '../../scripts/postgres.ts';
import { exitOnSignals } from '../../scripts/signals.ts';
import { newId } from '../../server/ids.ts';
import { newWorkspaceIn, SECRET } from '../drill/resume/workspace.ts';
import { ServerProcess, type StartedServer } from '../support/process.ts';

const PEOPLE = 1_000;
const AT_ONCE = 50;
const WARM_UP = 10;
const EVENTS = 100;

async function measure(server: StartedServer, tokens: string[]) {
  const client = createClient({ baseUrl: server.url, token: tokens[0]! });
  for (let time = 0; time < WARM_UP; time++) await newContact(client);
  const idle = await memoryOf(server);

  const crowd = new Crowd();
  const agent = new Agent({ maxSockets: Infinity });
  const began = performance.now();
  const left = [...tokens];
  const opener = async () => {
    for (let token = left.pop(); token; token = left.pop()) await listen(server, agent, token, crowd);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, opener));
  const opening = performance.now() - began;
  for (let time = 0; time < WARM_UP; time++) await crowd.allHear(() => newContact(client));
  const open = await memoryOf(server);

  const delays: number[] = [];
  for (let time = 0; time < EVENTS; time++) delays.push(...(await crowd.allHear(() => newContact(client))));
  delays.sort((one, other) => one - other);
  const at = (share: number) => `${delays[Math.min(delays.length - 1, Math.floor(delays.length * share))]!.toFixed(1)} ms`;
  const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MB`;

  console.table({
    'listeners of one process': PEOPLE,
    'all open after': `${opening.toFixed(0)} ms`,
    'events to each': EVENTS,
    'call to listener, median': at(0.5),
    'call to listener, p99': at(0.99),
    'call to listener, last': at(1),
    'memory without listeners': megabytes(idle),
    'memory with them': megabytes(open),
    'memory a listener': `${((open - idle) / PEOPLE / 1024).toFixed(1)} KB`,
    'memory after the events': megabytes(await memoryOf(server)),
  });
}

const newContact = (client: Client) => client.contacts.create({ email: `${newId()}@example.test` });

/** Everyone who listens, and when each heard the event that is waited for. */
class Crowd {
  #delays: number[] = [];
  #began = 0;
  #all = () => {};

  /** Makes one event; the delays in milliseconds after which each heard it. */
  async allHear(make: () => Promise<unknown>): Promise<number[]> {
    this.#delays = [];
    const all = new Promise<void>((resolve) => {
      this.#all = resolve;
    });
    this.#began = performance.now();
    await make();
    await all;
    return this.#delays;
  }

  hear() {
    this.#delays.push(performance.now() - this.#began);
    if (this.#delays.length === PEOPLE) this.#all();
  }
}

/** Opens a stream; resolves when it is live. */
async function listen({ url }: StartedServer, agent: Agent, token: string, crowd: Crowd): Promise<void> {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(`${url}/api/v2/events`, { agent, headers: { Authorization: `Bearer ${token}` } }, resolve).on('error', reject),
  );
  if (response.statusCode !== 200) throw new Error(`A stream was refused with ${response.statusCode}.`);
  return new Promise((resolve) =>
    response.setEncoding('utf8').on('data', (text: string) => {
      resolve();
      if (text.includes('event: contact.created')) crowd.hear();
    }),
  );
}

/** What of a process is in memory, in bytes. */
async function memoryOf({ pid }: StartedServer): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024;
}

exitOnSignals();
process.env['MILLRACE_TEST_DB'] = 'postgres';
await withPostgres(
  async (url) => {
    process.env['MILLRACE_TEST_POSTGRES_URL'] = url;
    // Reads the environment when it is loaded.
    const { newDatabase } = await import('../support/database.ts');
    const database = await newDatabase();
    const roles = ['owner', ...Array.from({ length: PEOPLE - 1 }, () => 'member' as const)] as const;
    const { tokens } = await newWorkspaceIn(database.db, roles);
    const server = await ServerProcess.start({ DATABASE_URL: database.urls!.requests, SECRET, RATE_LIMIT_PEOPLE: '1000000/60' });
    try {
      await measure(server, tokens);
    } finally {
      await server.kill();
      await database.close();
    }
  },
  { durable: true },
);
process.exit();

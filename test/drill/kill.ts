/**
 * Kills the real server again and again while it is written to and carries out jobs, on both databases, and holds what is
 * left against what it had acknowledged: `npm run drill:kill`, with `-- --short` for a few kills instead of hundreds.
 */
import assert from 'node:assert/strict';
import { ApiError, ConnectionError, type Client } from '../../src/client/index.ts';
import type { ContactChange, ContactDetail, NewContact } from '../../src/contract/contact.ts';
import { exitOnSignals } from '../../scripts/signals.ts';
import { newId } from '../../server/ids.ts';
import { DrilledServer } from './kill/drilled-server.ts';
import { FaultProxy } from './kill/fault-proxy.ts';
import { halvesIn } from './kill/halves.ts';
import { inDirectory, inPostgres, type Home } from './kill/homes.ts';
import { Invitations } from './kill/invitations.ts';
import { LeadMoves } from './kill/lead-moves.ts';
import { Ledger } from './kill/ledger.ts';
import { FILLED_COMPANY } from './kill/tallies.ts';

const isShort = process.argv.includes('--short');
const KILLS = isShort ? 5 : 100;
const KEYS = isShort ? 50 : 1_000;
const KILLS_AMONG_KEYS = isShort ? 2 : 20;
const POSTS_PER_KEY = 100;
const KEYS_AT_ONCE = 2;
const WRITERS = 8;

const whole = (from: number, to: number) => from + Math.floor(Math.random() * (to - from + 1));
const oneOf = <T>(list: readonly T[]): T => list[whole(0, list.length - 1)]!;

const TAGS = ['roof', 'VIP', 'Größe', 'call back', 'north', 'Ω'];
const tags = () => TAGS.filter(() => Math.random() < 0.4);
const companyName = (marker: string) => (Math.random() < 0.3 ? `Company of ${marker}` : `Company ${whole(1, 12)}`);

/** A call without an answer, to be sent again as it was. */
interface Open {
  path: string;
  key: string;
  body: string;
}

/** Writes over HTTP until the server is gone, and keeps the books. */
class Writers {
  readonly open: Open[] = [];
  readonly ledger = new Ledger();
  readonly invitations = new Invitations();
  readonly leads: LeadMoves;
  readonly #server: DrilledServer;
  readonly #userId: string;
  readonly #filledCompanyId: string;

  constructor(server: DrilledServer, userId: string, filledCompanyId: string, leads: LeadMoves) {
    this.leads = leads;
    this.#server = server;
    this.#userId = userId;
    this.#filledCompanyId = filledCompanyId;
    this.ledger.company(filledCompanyId, FILLED_COMPANY);
  }

  /** Resolves when every writer has met the end of the server, which comes at a random moment. */
  async untilKilled(): Promise<void> {
    const client = this.#server.client();
    const last = this.ledger.acknowledged + whole(5, 60);
    let restart: Promise<void> | undefined;
    const writer = async (number: number) => {
      while (!this.#server.isDown) {
        await this.#write(client, number);
        if (this.ledger.acknowledged >= last)
          restart ??= new Promise((resolve) => setTimeout(() => resolve(this.#server.killAndStart()), whole(0, 12)));
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
    await restart;
  }

  #write(client: Client, writer: number): Promise<void> {
    const own = this.ledger.standing.filter(({ metadata }) => metadata['writer'] === writer);
    const chance = Math.random();
    if (chance < 0.04)
      return this.#attempt(
        () => this.invitations.invite(client, `${newId()}@example.test`),
        () => {},
      );
    // Its new name is brought to most of its contacts by jobs.
    if (chance < 0.07 && writer === 0) return this.#rename(client, this.#filledCompanyId, `Filled ${newId()}`);
    if (chance < 0.12)
      return this.#attempt(
        () => this.leads.create(client),
        () => {},
      );
    if (chance < 0.22)
      return this.#attempt(
        () => this.leads.move(client, writer, WRITERS),
        () => {},
      );
    if (own.length === 0 || chance < 0.45) return this.#create(client, writer);
    const contact = oneOf(own);
    if (chance < 0.65) return this.#update(client, contact);
    if (chance < 0.77 && contact.assignments.length === 0) return this.#assign(client, contact);
    if (chance < 0.85) return this.#remove(client, contact);
    // Each company is renamed by one writer alone, so that it is known which name came last: shared ones by the first.
    const isShared = /^Company \d/.test(contact.company ?? '');
    if (contact.company_id === null || (isShared && writer !== 0)) return this.#update(client, contact);
    return this.#rename(client, contact.company_id, `${isShared ? 'Company 0' : 'Renamed'} ${newId()}`);
  }

  async #create(client: Client, writer: number) {
    const key = newId();
    const given: NewContact = { firstname: 'Kept', lastname: key, tags: tags(), notes: `note ${key}`, metadata: { writer } };
    if (Math.random() < 0.7) given.company = companyName(key);
    await this.#attempt(
      async () => this.ledger.contact(await client.contacts.create(given, { idempotencyKey: key })),
      () => this.open.push({ path: '/contacts', key, body: JSON.stringify(given) }),
    );
  }

  async #update(client: Client, contact: ContactDetail) {
    const wanted = { firstname: oneOf(['Kept', 'Changed', 'Zoë']), notes: `note ${newId()}`, tags: tags() };
    const given: ContactChange = Math.random() < 0.3 ? { ...wanted, company: companyName(contact.lastname!) } : wanted;
    await this.#attempt(
      async () => this.ledger.contact(await client.contacts.update(contact.id, given, { ifMatch: contact.version })),
      () => this.ledger.unconfirmed(contact, { ...wanted, version: contact.version + 1 }),
    );
  }

  async #assign(client: Client, contact: ContactDetail) {
    const key = `assign-${contact.lastname}`;
    const given = { user_id: this.#userId };
    await this.#attempt(
      async () => this.ledger.contact(await client.contacts.assign(contact.id, given, { idempotencyKey: key })),
      () => {
        this.ledger.unconfirmed(contact, { version: contact.version, assignments: [] });
        this.open.push({ path: `/contacts/${contact.id}/assignments`, key, body: JSON.stringify(given) });
      },
    );
  }

  async #remove(client: Client, contact: ContactDetail) {
    await this.#attempt(
      async () => {
        await client.contacts.remove(contact.id, { ifMatch: contact.version });
        this.ledger.removed(contact);
      },
      () => this.ledger.unconfirmed(contact, 'gone'),
    );
  }

  async #rename(client: Client, id: string, name: string) {
    await this.#attempt(
      async () => this.ledger.company(id, (await client.companies.update(id, { name })).name),
      () => this.ledger.companyUnconfirmed(id, name),
    );
  }

  /** Sends one write; what is refused because the database was busy was not done, anything else refused is a fault. */
  async #attempt(write: () => Promise<void>, leaveOpen: () => void) {
    try {
      await write();
    } catch (error) {
      if (error instanceof ConnectionError) leaveOpen();
      else if (!(error instanceof ApiError && error.status === 503)) throw error;
    }
  }
}

interface Sum {
  kills: number;
  acknowledged: number;
  invitations: Invitations;
  leads: LeadMoves;
  open: number;
  carriedOut: number;
  faults: string[];
}

/** Kills a server under load, and after each kill compares and repeats what was left open. */
async function killUnderLoad(server: DrilledServer): Promise<Sum> {
  const [filled] = (await server.client().companies.list({ search: FILLED_COMPANY })).data;
  const [contact] = (await server.client().contacts.list({ company_id: filled!.id, page_size: 1 })).data;
  const leads = await LeadMoves.on(server.client(), contact!.id);
  const writers = new Writers(server, await server.userId(), filled!.id, leads);
  const sum = { kills: 0, open: 0, carriedOut: 0, faults: [] as string[] };
  while (sum.kills < KILLS) {
    await writers.untilKilled();
    sum.kills += 1;
    sum.faults.push(...(await writers.ledger.losses(server.client())));
    for (const { path, key, body } of writers.open.splice(0)) {
      sum.open += 1;
      const first = await server.persist(path, key, body);
      const again = await server.persist(path, key, body);
      if (first.isReplay) sum.carriedOut += 1;
      if (first.text !== again.text || !again.isReplay)
        sum.faults.push(`key ${key} was answered ${first.text} and then ${again.text}`);
      writers.ledger.settle(JSON.parse(first.text).data);
    }
    if (!isShort && sum.kills % 10 === 0)
      console.log(`  ${server.engine}: ${sum.kills} kills, ${sum.faults.length + server.halves.length} faults`);
  }
  sum.faults.push(...(await writers.ledger.losses(server.client())));
  return { ...sum, acknowledged: writers.ledger.acknowledged, invitations: writers.invitations, leads };
}

interface Crowd {
  keys: number;
  unanswered: number;
  cuts: number;
  kills: number;
  faults: string[];
}

/** Sends each of many posts a hundred times at once, loses answers on the way, and kills the server among them. */
async function crowd(server: DrilledServer): Promise<Crowd> {
  const sum: Crowd = { keys: 0, unanswered: 0, cuts: 0, kills: 0, faults: [] };
  const proxy = await FaultProxy.before(() => server.url);
  const keys = Array.from({ length: KEYS }, () => newId());
  const killsBefore = server.kills;
  const deadly = Array.from(
    { length: KILLS_AMONG_KEYS },
    (_, number) => keys[Math.floor(((number + 0.5) * KEYS) / KILLS_AMONG_KEYS)]!,
  );
  const ids = new Map<string, string>();

  const sendAll = async (key: string) => {
    const body = JSON.stringify({ firstname: 'Crowd', lastname: key, company: companyName(key), tags: tags() });
    const kill = deadly.indexOf(key);
    // By turns: while an answer is on its way, so that a change is committed and nobody was told; and while most still wait.
    if (kill % 2 === 0) proxy.onAnswer = () => void server.killAndStart();
    let answersBeforeKill = kill % 2 === 1 ? whole(1, POSTS_PER_KEY / 2) : Infinity;
    const send = async (number: number) => {
      const first = await server.post('/contacts', key, body, number % 10 === 0 ? proxy.url : server.url);
      if (first) {
        if ((answersBeforeKill -= 1) === 0) void server.killAndStart();
        return first.text;
      }
      sum.unanswered += 1;
      return (await server.persist('/contacts', key, body)).text;
    };
    const texts = new Set(await Promise.all(Array.from({ length: POSTS_PER_KEY }, (_, number) => send(number))));
    if (texts.size !== 1) sum.faults.push(`key ${key} has ${texts.size} answers: ${[...texts].slice(0, 2).join(' and ')}`);
    ids.set(key, JSON.parse([...texts][0]!).data.id);
    sum.keys += 1;
  };

  try {
    const line = keys.values();
    const lane = async () => {
      for (const key of line) {
        await server.up();
        await sendAll(key);
        if (!isShort && sum.keys % 100 === 0) console.log(`  ${server.engine}: ${sum.keys} keys, ${sum.faults.length} faults`);
      }
    };
    await Promise.all(Array.from({ length: KEYS_AT_ONCE }, lane));
  } finally {
    await proxy.close();
  }
  const made = new Map<string, string[]>();
  for await (const { id, firstname, lastname } of server.client().contacts.all({ page_size: 100, count: 'none' })) {
    if (firstname === 'Crowd') made.set(lastname!, [...(made.get(lastname!) ?? []), id]);
  }
  for (const key of keys) {
    const effects = made.get(key) ?? [];
    if (effects.length !== 1 || effects[0] !== ids.get(key))
      sum.faults.push(`key ${key} answered contact ${ids.get(key)} and made ${effects.join(', ')}`);
  }
  return { ...sum, cuts: proxy.cuts, kills: server.kills - killsBefore };
}

async function drill(home: Home): Promise<string[]> {
  const server = await DrilledServer.start(home);
  const load = await killUnderLoad(server);
  const posts = await crowd(server);
  await server.killAndStart();
  const failed = await server.jobsDone();
  await server.stop();
  const left = await home.leftBehind();
  const [jobs] = await left.look(`
    select count(*)::integer as count, (count(*) filter (where attempts > 1))::integer as again,
      (select count(*)::integer from events) as events from jobs where state = 'done'`);
  const jobFaults = [
    ...failed.map((line) => `a job has failed: ${line}`),
    ...(await halvesIn(left.look)),
    ...(await load.invitations.faults(left.look, home.mailDirectory)),
    ...(await load.leads.faults(left.look)),
  ];
  await left.close();
  assert.ok(posts.kills >= KILLS_AMONG_KEYS, `Only ${posts.kills} kills came among the keys.`);
  const faults = [...load.faults, ...posts.faults, ...server.halves, ...jobFaults];
  console.log(
    `${home.engine}: ${load.kills} kills under load, ${load.acknowledged} acknowledged writes; ` +
      `${load.open} posts without an answer, ${load.carriedOut} of them carried out, each repeated to the same answer.\n` +
      `${home.engine}: ${posts.keys} keys sent ${POSTS_PER_KEY} times each, ${posts.unanswered} sendings without an answer, ` +
      `${posts.cuts} cut connections and ${posts.kills} kills among them.\n` +
      `${home.engine}: ${jobs.count} jobs, each done once, ${jobs.again} of them in a later attempt than the first; ${jobs.events} events, one for each change; ` +
      `${load.invitations.count} invitations, each mailed; ` +
      `${load.leads.count} leads and ${load.leads.moves} moves.\n` +
      `${home.engine}: ${faults.length === 0 ? 'nothing lost, nothing half, nothing twice' : `${faults.length} faults`}.`,
  );
  return faults;
}

exitOnSignals();
const faults = [...(await inDirectory(drill)), ...(await inPostgres(drill))];
for (const fault of faults.slice(0, 20)) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

/**
 * Visitors submit a form while everything between their browsers and the server breaks: `npm run drill:capture`, with
 * `-- --short` for a few submissions instead of five hundred, on both databases. Each must become one lead, and nothing
 * may be left on a device.
 */
import assert from 'node:assert/strict';
import { chromium, type Browser } from 'playwright-core';
import { createClient, type Client } from '../../src/client/index.ts';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/browsers.ts';
import { exitOnSignals } from '../../scripts/signals.ts';
import { ServerProcess, type StartedServer } from '../support/process.ts';
import { faultsOf, Visitor } from './capture/crowd.ts';
import { FAULTS, FaultProxy } from './capture/fault-proxy.ts';
import { openSite } from './capture/site.ts';
import { inDirectory, inPostgres, type Home } from './kill/homes.ts';

const isShort = process.argv.includes('--short');
const SUBMISSIONS = isShort ? 22 : 500;
const KILLS_EVERY = isShort ? 12 : 25;
const VISITORS = 4;
/** One in so many submits while the server is down too; with more, what waits would be left alone ever longer. */
const SUBMIT_ANYWAY_EVERY = 5;
const PERSON = { email: 'drill@example.test', password: 'a password for drills' };
const UNLIMITED = Object.fromEntries(
  ['PUBLIC', 'CAPTURES', 'PLAIN_CAPTURES'].map((name) => [`RATE_LIMIT_${name}`, '999999999/60']),
);

/** A server that can be killed and comes again with what it had. */
class KilledServer {
  kills = 0;
  readonly #home: Home;
  #server: StartedServer;
  #restart: Promise<void> | undefined;

  private constructor(home: Home, server: StartedServer) {
    this.#home = home;
    this.#server = server;
  }

  static async start(home: Home) {
    return new KilledServer(home, await ServerProcess.start({ ...home.settings, ...UNLIMITED }));
  }

  get url() {
    return this.#server.url;
  }

  kill() {
    this.#restart ??= this.#again().finally(() => (this.#restart = undefined));
  }

  async stop() {
    await this.#restart;
    const { code, stderr } = await this.#server.stop();
    assert.equal(code, 0, `The server ended with exit code ${code}: ${stderr}`);
  }

  async up() {
    await this.#restart;
  }

  async #again() {
    this.kills += 1;
    await this.#server.kill();
    this.#server = await ServerProcess.start({ ...this.#home.settings, ...UNLIMITED });
  }
}

async function signedIn(url: string): Promise<Client> {
  const { access_token } = await createClient({ baseUrl: url }).auth.signIn(PERSON);
  return createClient({ baseUrl: url, getToken: async () => access_token });
}

/** A form with one question, that pages of the site may send. */
async function newForm(server: KilledServer, origin: string): Promise<string> {
  await createClient({ baseUrl: server.url }).auth.signUp({ name: 'Drill', workspace: 'Drill', ...PERSON });
  const client = await signedIn(server.url);
  const { id } = await client.forms.create({
    name: 'Drill',
    draft: {
      locale: 'en',
      steps: [{ id: 'one', fields: [{ id: 'email', type: 'email', label: 'E-mail', required: true, maps_to: 'contact.email' }] }],
      display: { mode: 'inline' },
      success: { kind: 'message', message: 'Thank you' },
      allowed_origins: [origin],
      spam: { min_seconds: 0 },
    },
  });
  await client.forms.publish(id);
  return id;
}

async function drill(home: Home, browser: Browser): Promise<string[]> {
  const server = await KilledServer.start(home);
  const site = await openSite();
  const visitorOf = new Map<string, Visitor>();
  const proxy = await FaultProxy.before(() => server.url, {
    closeTab: async (email) => visitorOf.get(email)?.closeTab(email),
    killServer: () => server.kill(),
  });
  try {
    const form = await newForm(server, site.origin);
    const address = `${site.origin}/?${new URLSearchParams({ form, api: proxy.url })}`;
    const visitors = await Promise.all(Array.from({ length: VISITORS }, () => Visitor.of(browser, proxy, address)));
    const emails = Array.from({ length: SUBMISSIONS }, (_, number) => `visitor-${number}@example.test`);
    const line = emails.entries();
    const begin = performance.now();
    await Promise.all(
      visitors.map(async (visitor) => {
        for (const [number, email] of line) {
          if (number % SUBMIT_ANYWAY_EVERY > 0) await server.up();
          visitorOf.set(email, visitor);
          const { faults, isOffline } = faultsOf(number, KILLS_EVERY);
          await visitor.submit(email, faults, isOffline);
          if (!isShort && number % 100 === 99) console.log(`  ${home.engine}: ${number + 1} submissions`);
        }
      }),
    );
    await server.up();
    const left = await Promise.all(visitors.map((visitor) => visitor.untilNothingWaits()));
    await server.up();
    const client = await signedIn(server.url);
    const leads = new Map<string, number>();
    for await (const { contact } of client.leads.all({ page_size: 100, count: 'none', form_id: form }))
      leads.set(contact.email!, (leads.get(contact.email!) ?? 0) + 1);
    const sum = [...leads.values()].reduce((one, other) => one + other, 0);
    const told = new Map(visitors.flatMap((visitor) => [...visitor.told]));
    const tellings = [...new Set(told.values())].map(
      (one) => `${[...told.values()].filter((other) => other === one).length} ${one}`,
    );
    console.log(
      `${home.engine}: ${SUBMISSIONS} submissions (their visitors were told: ${tellings.join(', ')}) into ` +
        `${[...proxy.met].map(([fault, times]) => `${times} × ${fault}`).join(', ')}; ${server.kills} kills.\n` +
        `${home.engine}: ${sum} leads of ${leads.size} people, ${left.reduce((a, b) => a + b)} left on devices, ` +
        `${Math.round((performance.now() - begin) / 1_000)} s.`,
    );
    await server.stop();
    return [
      ...emails
        .filter((email) => leads.get(email) !== 1)
        .map((email) => `${email} became ${leads.get(email) ?? 0} leads; its visitor was told: ${told.get(email)}`),
      ...left.filter((count) => count > 0).map((count) => `${count} submissions were left on a device`),
      ...FAULTS.filter((fault) => !proxy.met.has(fault)).map((fault) => `nobody met this: ${fault}`),
    ];
  } finally {
    await proxy.close();
    await site.close();
  }
}

exitOnSignals();
const browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
const faults = [...(await inDirectory((home) => drill(home, browser))), ...(await inPostgres((home) => drill(home, browser)))];
await browser.close();
for (const fault of faults.slice(0, 20)) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);

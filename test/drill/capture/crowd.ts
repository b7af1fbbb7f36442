import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { FAULTS, type Fault, type FaultProxy } from './fault-proxy.ts';

/** Longer than the longest pause between two attempts. */
const MOST_LOOKS = 1_800;
const LOOK_PAUSE_MS = 200;
const FORM_PATIENCE_MS = 3_000;
const MOST_LOOKS_FOR_FORM = 40;
/** So often somebody goes to another page instead of submitting from the same one. */
const VISITS = 0.2;
/** Who comes back for what waits stays for so many looks, as what is sent takes its time, and then comes anew. */
const LOOKS_A_VISIT = 25;

/** A person with a browser profile of their own, who submits again and again from pages of a site. */
export class Visitor {
  /** How submissions ended as far as the visitor was told, by their addresses. */
  readonly told = new Map<string, string>();
  readonly #context: BrowserContext;
  readonly #proxy: FaultProxy;
  readonly #site: string;
  #page: Page | undefined;
  #current: { email: string; done: Promise<unknown> } | undefined;

  private constructor(context: BrowserContext, proxy: FaultProxy, site: string) {
    this.#context = context;
    this.#proxy = proxy;
    this.#site = site;
  }

  static async of(browser: Browser, proxy: FaultProxy, site: string): Promise<Visitor> {
    return new Visitor(await browser.newContext(), proxy, site);
  }

  /** Submits once, with something going wrong on the way; what is not told at once is left to the queue. */
  async submit(email: string, faults: readonly Fault[], isOffline: boolean) {
    this.#proxy.expect(email, faults);
    const page = await this.#visit();
    if (isOffline) await this.#context.setOffline(true);
    const telling = page.evaluate((email) => window.submitOnce(email), email).catch(() => 'tab closed');
    this.#current = { email, done: telling };
    const told = await telling;
    this.#current = undefined;
    if (isOffline) await this.#context.setOffline(false);
    this.told.set(email, told);
    if (told === 'failed') throw new Error(`The submission of ${email} was refused.`);
  }

  /** Closes the tab while a submission is on its way, but not before another one that is being made is stored. */
  async closeTab(email?: string) {
    if (email !== this.#current?.email) await this.#current?.done;
    const page = this.#page;
    this.#page = undefined;
    await page?.close();
  }

  /** Comes back until nothing waits on the device any more; tells how much does in the end. */
  async untilNothingWaits(): Promise<number> {
    let waiting = 0;
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const page = await this.#visit(looks % LOOKS_A_VISIT === 0 ? 1 : 0);
      // What still happens to submissions may close this tab too.
      waiting = await page.evaluate(() => window.countWaiting()).catch(() => Infinity);
      if (waiting === 0) break;
      await wait(LOOK_PAUSE_MS);
    }
    await this.#context.close();
    return waiting;
  }

  /** The page that is open, or by that chance a new one. */
  async #visit(chanceOfNew = VISITS): Promise<Page> {
    if (this.#page && Math.random() < chanceOfNew) await this.closeTab();
    if (this.#page) return this.#page;
    const page = await this.#context.newPage();
    for (let looks = 0; looks < MOST_LOOKS_FOR_FORM; looks += 1) {
      await page.goto(this.#site);
      // The form does not come while the server is down: then the visitor looks again.
      const isReady = page.waitForFunction(() => window.isReady, undefined, { timeout: FORM_PATIENCE_MS });
      if (await isReady.catch(() => false)) return (this.#page = page);
    }
    throw new Error('The form did not come.');
  }
}

/** What is to happen to the submission of a number: each thing by turns, some after another. */
export function faultsOf(number: number, killsEvery: number): { faults: Fault[]; isOffline: boolean } {
  if (number % killsEvery === killsEvery - 1) return { faults: ['server killed'], isOffline: false };
  const passing = FAULTS.filter((fault) => fault !== 'server killed');
  // One in so many meets nothing, and one goes offline.
  const kind = number % (passing.length + 2);
  if (kind === passing.length) return { faults: [], isOffline: false };
  if (kind === passing.length + 1) return { faults: [], isOffline: true };
  const second = passing[Math.floor(Math.random() * passing.length)]!;
  return { faults: Math.random() < 0.3 ? [passing[kind]!, second] : [passing[kind]!], isOffline: false };
}

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readSettings, startServer, type RunningServer } from '@millrace/server';
import { createClient } from 'millrace/client';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { demoWorkspace } from '../../demo/data/demo-workspace.ts';
import { DEMO_FORMS } from '../../demo/data/forms.ts';
import { openSite, type Site } from '../../demo/site/site.ts';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/browsers.ts';
import { buildConsole } from '../../scripts/console.ts';
import { buildWidget } from '../../scripts/widget.ts';

const folder = (path: string) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const MANAGER = { email: 'manager@demo.test', password: 'millrace-demo' };
const CAMPAIGN = '?utm_source=google&utm_medium=cpc&utm_campaign=solar-roof-search';

describe('The marketing page', () => {
  let directory: string;
  let server: RunningServer;
  let site: Site;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let troubles: string[];
  let asked: Set<string>;

  // Each with a time limit of its own.
  before(() => buildConsole());
  before(() => buildWidget());
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-e2e-'));
    const settings = readSettings({ DEMO: '1', PORT: '0', DATA_DIR: directory });
    server = await startServer(settings, {
      demo: demoWorkspace(new Date()),
      pages: folder('console'),
      cdn: folder('cdn'),
      logTo: { write: () => {} },
    });
    site = await openSite({ api: server.url, host: '127.0.0.1', port: 0, forms: DEMO_FORMS });
    browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
  });

  after(async () => {
    await browser?.close();
    await site?.close();
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    troubles = [];
    asked = new Set();
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) troubles.push(message.text());
    });
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
    await page.addInitScript(() => {
      const violations: string[] = [];
      Object.assign(window, { violations });
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
        violations.push(`${effectiveDirective} ${blockedURI} ${sample}`),
      );
    });
  });

  afterEach(async () => {
    await context.close();
    assert.deepEqual(troubles, []);
    assert.deepEqual(
      [...asked].filter((origin) => origin !== site.url && origin !== server.url),
      [],
    );
  });

  const quote = () => page.locator('#quote');

  /** Goes through the quote form up to its last button. */
  async function fillQuote(name: string) {
    await quote().getByLabel('What are you thinking of?').selectOption('Solar with storage');
    await quote().getByLabel('Clay tiles').check();
    await quote().getByRole('button', { name: 'Next' }).click();
    await quote().getByLabel('Your name').fill(name);
    await quote()
      .getByLabel('E-mail')
      .fill(`${name.toLowerCase().replaceAll(' ', '.')}@example.test`);
    await quote().getByLabel('Brightfield Solar may keep my details').check();
    await aWhile();
  }

  /** Whoever is quicker than the form's least time is suspected: the clock of the page goes on by ten seconds. */
  const aWhile = () => page.clock.fastForward(10_000);

  async function leadsOf(name: string) {
    const { access_token: token } = await createClient({ baseUrl: server.url }).auth.signIn(MANAGER);
    return (await createClient({ baseUrl: server.url, token }).leads.list({ search: name })).data;
  }

  /** An open console that somebody looks at. */
  async function consoleOf(): Promise<Page> {
    const salesperson = await (await browser.newContext()).newPage();
    await salesperson.goto(server.url);
    await salesperson.getByLabel('E-mail').fill(MANAGER.email);
    await salesperson.getByLabel('Password').fill(MANAGER.password);
    await salesperson.keyboard.press('Enter');
    await salesperson.getByRole('row').nth(1).getByRole('link').first().waitFor();
    return salesperson;
  }

  test('makes a lead of a visitor, which appears in the open console with its source and campaign', async () => {
    const salesperson = await consoleOf();
    await page.clock.install();
    await page.goto(site.url + CAMPAIGN);
    await fillQuote('Vera Visitor');
    await quote().getByRole('button', { name: 'Ask for a quote' }).click();
    await quote().getByText('Thank you, it has arrived.').waitFor();

    const row = salesperson.getByRole('row').filter({ hasText: 'Vera Visitor' });
    await row.waitFor();
    assert.match((await row.textContent())!, /Website/);
    await row.getByRole('link').first().click();
    const panel = salesperson.getByRole('dialog');
    await panel.getByText('Website, google, solar-roof-search').waitFor();
    await panel.getByText('vera.visitor@example.test').waitFor();
    await salesperson.context().close();
  });

  test('does not move while its forms appear', async () => {
    await page.goto(site.url);
    await quote().getByRole('button', { name: 'Next' }).waitFor();
    await page.locator('footer').getByRole('button', { name: 'Subscribe' }).waitFor();
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) sum += entry.value;
          }).observe({ type: 'layout-shift', buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
        }),
    );
    assert.equal(shift, 0);
  });

  test('keeps what is sent offline, says so, and sends it once when the network is back', async () => {
    await page.clock.install();
    await page.goto(site.url);
    await fillQuote('Olaf Offline');
    await context.setOffline(true);
    await quote().getByRole('button', { name: 'Ask for a quote' }).click();
    await quote().getByText('as soon as you are online').waitFor();
    assert.deepEqual(await leadsOf('Olaf Offline'), []);

    const arrived = page.waitForResponse((response) => response.url().endsWith('/submissions') && response.status() === 201);
    await context.setOffline(false);
    await arrived;
    assert.equal((await leadsOf('Olaf Offline')).length, 1);
    await page.reload();
    await quote().getByRole('button', { name: 'Next' }).waitFor();
    assert.equal((await leadsOf('Olaf Offline')).length, 1);
  });

  test('opens the slide-in by its button, with the keyboard alone, and gives the focus back', async () => {
    await page.clock.install();
    await page.goto(site.url);
    const opener = page.getByRole('banner').getByRole('button', { name: 'Call me back' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Shall we call you?' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await opener.evaluate((button) => button === document.activeElement), true);

    await page.keyboard.press('Enter');
    await dialog.getByLabel('Your name').fill('Cora Callback');
    await dialog.getByLabel('Phone').fill('+49 30 9876543');
    await dialog.getByLabel('may call me').check();
    await aWhile();
    await dialog.getByRole('button', { name: 'Call me' }).click();
    await page.getByText('We will call.').waitFor();
    assert.equal((await leadsOf('Cora Callback')).length, 1);
  });

  test('works under the strictest security policy without one violation', async () => {
    await page.clock.install();
    const answer = await page.goto(`${site.url}/strict.html`);
    const policy = answer!.headers()['content-security-policy']!;
    assert.match(policy, /default-src 'none'; script-src 'nonce-[^']+';/);
    assert.match(policy, /require-trusted-types-for 'script'; trusted-types millrace 'allow-duplicates'$/);
    assert.match(
      await page
        .locator('#quote script')
        .first()
        .evaluate((script) => (script as HTMLScriptElement).integrity),
      /^sha384-/,
    );

    await quote().getByRole('button', { name: 'Next' }).click();
    await quote().getByRole('alert').first().waitFor();
    await fillQuote('Stella Strict');
    await quote().getByRole('button', { name: 'Ask for a quote' }).click();
    await quote().getByText('Thank you, it has arrived.').waitFor();
    await page.getByRole('banner').getByRole('button', { name: 'Call me back' }).click();
    await page.getByRole('dialog', { name: 'Shall we call you?' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal((await leadsOf('Stella Strict')).length, 1);
    assert.deepEqual(await page.evaluate(() => (window as unknown as { violations: string[] }).violations), []);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readSettings, startServer, type RunningServer } from '@millrace/server';
import { createClient } from 'millrace/client';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { demoWorkspace } from '../../demo/data/demo-workspace.ts';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/browsers.ts';
import { buildConsole } from '../../scripts/console.ts';

const CONSOLE = fileURLToPath(new URL('../../dist/console', import.meta.url));
const PASSWORD = 'millrace-demo';

describe('The console', () => {
  let directory: string;
  let server: RunningServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let troubles: string[];

  before(async () => {
    await buildConsole();
    directory = await mkdtemp(join(tmpdir(), 'millrace-e2e-'));
    const settings = readSettings({ DEMO: '1', PORT: '0', DATA_DIR: directory, RATE_LIMIT_SIGN_IN: '3/900' });
    server = await startServer(settings, { demo: demoWorkspace(new Date()), pages: CONSOLE, logTo: { write: () => {} } });
    browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    troubles = [];
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => {
      // Chromium notes every refused request by itself; a policy that was broken is one of ours.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) troubles.push(message.text());
    });
    await page.goto(server.url);
  });

  afterEach(async () => {
    await context.close();
    assert.deepEqual(troubles, []);
  });

  async function signIn(email = 'owner@demo.test', password = PASSWORD) {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
  }

  const signedIn = () => page.getByRole('heading', { name: 'Contacts' }).waitFor();
  const rows = () => page.getByRole('row').filter({ has: page.getByRole('link') });

  test('signs in by keyboard, shows the contacts of the workspace and finds one without its accents', async () => {
    await signIn();
    await signedIn();
    await rows().first().waitFor();
    assert.equal(await rows().count(), 25);
    await page.getByRole('searchbox').fill('zurcher uhren');
    await page.getByText('Zürcher Uhren').first().waitFor();
    await page.waitForFunction(() => {
      const table = document.querySelector('mill-contact-table')!;
      return [...table.shadowRoot!.querySelectorAll('tbody tr')].every((row) => row.textContent?.includes('Zürcher Uhren'));
    });
  });

  test('says what is wrong with a password and keeps the address', async () => {
    await signIn('viewer@demo.test', 'not the password');
    await page.getByText('E-mail or password is wrong.').first().waitFor();
    assert.equal(await page.getByLabel('E-mail').inputValue(), 'viewer@demo.test');
  });

  test('keeps the session over a reload, and its tokens out of reach of every script', async () => {
    const answers: string[] = [];
    page.on('response', async (response) => {
      if (response.url().includes('/auth/')) answers.push(await response.text());
    });
    await signIn();
    await signedIn();
    await page.reload();
    await signedIn();

    const token = /"access_token":"([^"]+)"/.exec(answers.join())![1]!;
    const seen = await page.evaluate(() =>
      JSON.stringify([
        document.documentElement.outerHTML,
        { ...localStorage },
        { ...sessionStorage },
        document.cookie,
        location.href,
        history.state,
      ]),
    );
    assert.ok(!seen.includes(token));
    assert.ok(!answers.join().includes('refresh_token'));
    const [cookie] = await context.cookies(`${server.url}/api/v2/auth/refresh`);
    assert.partialDeepStrictEqual(cookie, { httpOnly: true, sameSite: 'Strict', path: '/api/v2/auth' });
  });

  test('shows nothing of who was signed in after a sign-out, also not by going back', async () => {
    await signIn();
    await signedIn();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goBack().catch(() => {});
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await page.getByText('@').count(), 0);
    assert.deepEqual(await context.cookies(`${server.url}/api/v2/auth/refresh`), []);
  });

  test('goes back to signing in when the session was ended elsewhere', async () => {
    await signIn('member@demo.test');
    await signedIn();
    const elsewhere = createClient({ baseUrl: server.url });
    const { access_token: token } = await elsewhere.auth.signIn({ email: 'member@demo.test', password: PASSWORD });
    await createClient({ baseUrl: server.url, token }).auth.changePassword({
      current_password: PASSWORD,
      new_password: 'another password',
    });
    await page.getByRole('searchbox').fill('anything');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await rows().count(), 0);
  });

  test('says that the network is gone, keeps what was read, and goes on when it is back', async () => {
    await signIn('manager@demo.test');
    await rows().first().waitFor();
    await context.setOffline(true);
    await page.getByText('You are offline').waitFor();
    await page.getByRole('searchbox').fill('lumen');
    await page.getByText('No connection to the server').first().waitFor();
    assert.equal(await rows().count(), 25);
    await context.setOffline(false);
    await page.getByText('Lumen Software').first().waitFor();
  });

  async function linkOfInvitation(email: string) {
    const { access_token: token } = await createClient({ baseUrl: server.url }).auth.signIn({
      email: 'admin@demo.test',
      password: PASSWORD,
    });
    const client = createClient({ baseUrl: server.url, token });
    const known = (await client.members.list({ search: email })).data[0];
    if (known) await client.members.remove(known.id, { reassign_to: 'nobody' });
    await client.members.invite({ email, role: 'viewer' });
    const mails = (await readdir(join(directory, 'mail'))).toSorted();
    return /http\S+/.exec(await readFile(join(directory, 'mail', mails.at(-1)!), 'utf8'))![0];
  }

  test('takes someone in again who has an account, for its password alone', async () => {
    await page.goto(await linkOfInvitation('viewer@demo.test'));
    await page.getByRole('button', { name: 'Accept invitation' }).click();
    await page.getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('that is not its password').first().waitFor();
    assert.equal(await page.getByLabel('Your name').count(), 0);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await signedIn();
    await page.getByText('Violet Tran').waitFor();
  });

  test('takes someone in who was invited by mail', async () => {
    await page.goto(await linkOfInvitation('newcomer@demo.test'));
    await page.getByRole('button', { name: 'Accept invitation' }).click();
    await page.getByLabel('Your name').fill('Nia Newcomer');
    await page.getByLabel('Password').fill('a password of hers');
    await page.getByRole('button', { name: 'Accept invitation' }).click();
    await signedIn();
    await page.getByText('Nia Newcomer').waitFor();
    assert.ok(!page.url().includes('invitation'));
  });
});

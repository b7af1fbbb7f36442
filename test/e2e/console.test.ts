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

  // Each with a time limit of its own.
  before(() => buildConsole());
  before(async () => {
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

  const signedIn = () => page.getByRole('heading', { name: 'Leads', exact: true }).waitFor();
  const rows = (on = page) => on.getByRole('row').filter({ has: on.getByRole('link') });

  /** A client of a member who works elsewhere. */
  async function elsewhere(email: string) {
    const { access_token: token } = await createClient({ baseUrl: server.url }).auth.signIn({ email, password: PASSWORD });
    return createClient({ baseUrl: server.url, token });
  }

  test('asks nobody for a session where nobody has signed in', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.deepEqual(
      asked.filter((url) => url.includes('/api/')),
      [],
    );
  });

  test('signs in by keyboard, shows the leads and contacts of the workspace and finds one without its accents', async () => {
    await signIn();
    await signedIn();
    await rows().first().waitFor();
    assert.equal(await rows().count(), 25);
    // Which stages the latest leads are in depends on the day.
    const stage =
      /^\s*(?:New lead|Contacted|Qualified|Appointment set|Proposal sent|Won|Lost|Nurture|Long-term nurture|Engaged)\s*$/;
    await rows().getByText(stage).first().waitFor();
    await page.getByRole('link', { name: 'Contacts', exact: true }).click();
    await page.getByRole('heading', { name: 'Contacts', exact: true }).waitFor();
    await page.getByText('@').first().waitFor();
    assert.equal(await rows().count(), 25);
    await page.getByRole('searchbox').fill('zurcher uhren');
    await page.getByText('Zürcher Uhren').first().waitFor();
    await page.waitForFunction(() => {
      const table = document.querySelector('mill-contact-table')!;
      return [...table.shadowRoot!.querySelectorAll('tbody tr')].every((row) => row.textContent?.includes('Zürcher Uhren'));
    });
  });

  test('shows what others do to leads as they do it, without a reload', async () => {
    await signIn('manager@demo.test');
    await rows().first().waitFor();
    const admin = await elsewhere('admin@demo.test');
    const member = await elsewhere('member@demo.test');

    const lead = await admin.leads.create({ title: 'A roof as large as a field', contact: { name: 'Ada Field' } });
    const row = rows().filter({ hasText: 'A roof as large as a field' });
    await row.waitFor();
    assert.match((await rows().first().textContent())!, /A roof as large as a field/);

    const { stages } = (await member.pipelines.list()).data.find(({ is_default }) => is_default)!;
    await member.leads.move(lead.id, { stage_id: stages.find(({ category }) => category === 'proposal')!.id });
    await row.getByText('Proposal sent').waitFor();
    await row.getByRole('link').click();
    await page.getByRole('dialog').getByText('Proposal sent (Sales)').waitFor();
    await admin.leads.setScore(lead.id, { score_value: 91 });
    await page.getByRole('dialog').getByText('91, hot').waitFor();
    await page.keyboard.press('Escape');

    await admin.leads.remove(lead.id);
    await row.waitFor({ state: 'detached' });
  });

  test('adds a contact, shows it at once, and takes it back', async () => {
    await signIn('manager@demo.test');
    await page.getByRole('link', { name: 'Contacts', exact: true }).click();
    await rows().first().waitFor();
    await page.getByRole('button', { name: 'Add contact' }).click();
    const form = page.getByRole('dialog', { name: 'Add contact' });
    await form.getByLabel('E-mail').fill('ida@rhodes.example');
    await form.getByLabel('First name').fill('Ida');
    await form.getByLabel('Last name').fill('Rhodes');
    await form.getByLabel('Company').fill('Univac');
    await form.getByLabel('Last name').press('Enter');
    const row = rows().filter({ hasText: 'Ida Rhodes' });
    await row.waitFor();
    assert.match((await row.textContent())!, /Univac/);
    await form.waitFor({ state: 'detached' });
    await page.getByText('Ida Rhodes was added.').first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor({ state: 'detached' });
  });

  test('changes a contact beside what is known of it', async () => {
    const admin = await elsewhere('admin@demo.test');
    const { id } = await admin.contacts.create({ firstname: 'Mary', lastname: 'Keller', email: 'mary@keller.example' });
    await signIn('manager@demo.test');
    await signedIn();
    await page.goto(new URL(`#/contacts/${id}`, server.url).href);
    const panel = page.getByRole('dialog').filter({ hasText: 'mary@keller.example' });
    await panel.getByRole('button', { name: 'Edit' }).click();
    const form = page.getByRole('dialog', { name: 'Edit contact' });
    await form.getByLabel('Last name').fill('Kenneth Keller');
    await form.getByRole('button', { name: 'Save changes' }).click();
    await panel.getByRole('heading', { name: 'Mary Kenneth Keller' }).waitFor();
    assert.equal((await admin.contacts.get(id)).lastname, 'Kenneth Keller');
  });

  test('adds a lead of someone who is known, and of someone new', async () => {
    const admin = await elsewhere('admin@demo.test');
    await admin.contacts.create({ firstname: 'Jean', lastname: 'Bartik', email: 'jean@bartik.example' });
    await signIn('manager@demo.test');
    await rows().first().waitFor();
    for (const [typed, line, title] of [
      ['jean@bartik', 'Jean Bartik', 'A stored program'],
      ['Kay McNulty', 'Add “Kay McNulty” as a new contact', 'A table of trajectories'],
    ] as const) {
      await page.getByRole('button', { name: 'Add lead' }).click();
      const form = page.getByRole('dialog', { name: 'Add lead' });
      await form.getByRole('combobox', { name: 'Contact' }).fill(typed);
      await form.getByRole('option', { name: line }).click();
      await form.getByLabel('Title').fill(title);
      await form.getByRole('button', { name: 'Add lead' }).click();
      await rows().filter({ hasText: title }).waitFor();
      await form.waitFor({ state: 'detached' });
    }
    const [lead] = (await admin.leads.list({ search: 'trajectories' })).data;
    assert.equal(lead!.contact.name, 'Kay McNulty');
  });

  test('offers nothing to add or change to those who may only look', async () => {
    await signIn('viewer@demo.test');
    await rows().first().waitFor();
    await rows().first().getByRole('link').first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).waitFor();
    assert.equal(await page.getByRole('button', { name: /^(?:Add|Edit)/ }).count(), 0);
  });

  test('hears of it in every tab, over one stream', async () => {
    const streams: string[] = [];
    context.on('request', (request) => {
      if (request.url().endsWith('/api/v2/events')) streams.push(request.url());
    });
    await signIn('manager@demo.test');
    await rows().first().waitFor();
    const tab = await context.newPage();
    await tab.goto(server.url);
    await rows(tab).first().waitFor();

    const admin = await elsewhere('admin@demo.test');
    const { id } = await admin.leads.create({ title: 'Seen in two tabs', contact: { name: 'Tab Twice' } });
    await Promise.all([page, tab].map((each) => rows(each).filter({ hasText: 'Seen in two tabs' }).waitFor()));
    assert.equal(streams.length, 1);
    await page.close();
    await admin.leads.update(id, { title: 'Seen in the tab that is left' });
    await rows(tab).filter({ hasText: 'Seen in the tab that is left' }).waitFor();
  });

  test('says what is wrong with a password and keeps the address', async () => {
    await signIn('viewer@demo.test', 'not the password');
    await page.getByText('E-mail or password is wrong.').first().waitFor();
    assert.equal(await page.getByLabel('E-mail').inputValue(), 'viewer@demo.test');
  });

  test('keeps the session over a reload, and its tokens out of reach of every script', async () => {
    const answers: string[] = [];
    page.on('response', async (response) => {
      // What a reload came before can't be read any more.
      if (response.url().includes('/auth/')) answers.push(await response.text().catch(() => ''));
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
    const other = await elsewhere('member@demo.test');
    await other.auth.changePassword({ current_password: PASSWORD, new_password: 'another password' });
    const form = page.getByRole('heading', { name: 'Sign in' });
    // Its stream may have told it before anything is asked for.
    await Promise.race([
      page
        .getByRole('searchbox')
        .fill('anything')
        .catch(() => {}),
      form.waitFor(),
    ]);
    await form.waitFor();
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
    const client = await elsewhere('admin@demo.test');
    const known = (await client.members.list({ search: email })).data[0];
    if (known) await client.members.remove(known.id, { reassign_to: 'nobody' });
    await client.members.invite({ email, role: 'viewer' });
    return /http\S+\n/.exec(await mailTo(email))![0].trim();
  }

  /** The mail to an address, which is sent soon after the answer. */
  async function mailTo(email: string): Promise<string> {
    for (;;) {
      for (const name of await readdir(join(directory, 'mail')).catch(() => [])) {
        const mail = await readFile(join(directory, 'mail', name), 'utf8');
        if (mail.startsWith(`To: ${email}\n`) && mail.endsWith('\n')) return mail;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
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

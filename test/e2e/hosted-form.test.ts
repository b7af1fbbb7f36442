import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { readSettings, startServer, type RunningServer } from '@millrace/server';
import { createClient, type Client } from 'millrace/client';
import type { FormDefinition } from 'millrace/contract';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/browsers.ts';

const FORM: FormDefinition = {
  title: 'Talk to us about your roof',
  locale: 'en',
  // A test is quicker than people are.
  spam: { min_seconds: 0 },
  steps: [
    {
      id: 'about',
      title: 'About you',
      fields: [
        { id: 'name', type: 'text', label: 'Name', required: true, width: 'half', maps_to: 'contact.name' },
        { id: 'email', type: 'email', label: 'E-mail', required: true, width: 'half', maps_to: 'contact.email' },
        { id: 'size', type: 'number', label: 'Square metres', min: 10 },
      ],
    },
    {
      id: 'wish',
      title: 'Your wish',
      fields: [
        {
          id: 'topic',
          type: 'radio',
          label: 'Topic',
          options: [
            { value: 'quote', label: 'A quote' },
            { value: 'other', label: 'Something else' },
          ],
        },
        {
          id: 'what',
          type: 'textarea',
          label: 'What then?',
          required: true,
          show_if: { all: [{ field: 'topic', operator: 'equals', value: 'other' }] },
        },
        {
          id: 'days',
          type: 'multi_select',
          label: 'Days',
          options: [
            { value: 'monday', label: 'Monday' },
            { value: 'friday', label: 'Friday' },
          ],
        },
        { id: 'terms', type: 'consent', label: 'You may call me.', version: '1', required: true },
      ],
    },
  ],
  texts: { ar: { title: 'تحدث إلينا', 'name.label': 'الاسم' } },
};

describe('A hosted form without a script', () => {
  let directory: string;
  let server: RunningServer;
  let client: Client;
  let browser: Browser;
  let form: string;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-hosted-'));
    const settings = readSettings({
      PORT: '0',
      DATA_DIR: directory,
      RATE_LIMIT_PLAIN_CAPTURES: '1000/60',
      RATE_LIMIT_PUBLIC: '10000/60',
    });
    server = await startServer(settings, { logTo: { write: () => {} } });
    const { access_token: token } = await createClient({ baseUrl: server.url }).auth.signUp({
      name: 'Eva',
      email: 'eva@example.com',
      password: 'correct horse battery',
      workspace: 'Roofs',
    });
    client = createClient({ baseUrl: server.url, token });
    form = await publish(FORM);
    browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  beforeEach(() => open());
  afterEach(() => context.close());

  async function open(options: BrowserContextOptions = {}) {
    await context?.close();
    context = await browser.newContext({ javaScriptEnabled: false, ...options });
    page = await context.newPage();
  }

  async function publish(draft: FormDefinition) {
    const { id } = await client.forms.create({ name: `Roofs ${Math.random()}`, draft });
    await client.forms.publish(id);
    return id;
  }

  const leads = async (email: string) => (await client.leads.list({ search: email })).data;

  async function fillIn(email: string) {
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('You may call me.').check();
  }

  const send = () => page.getByRole('button', { name: 'Send' }).click();

  test('becomes a lead, and the visitor is thanked', async () => {
    await page.goto(`${server.url}/f/${form}`);
    await fillIn('ada@example.com');
    await page.getByLabel('A quote').check();
    await page.getByLabel('Monday').check();
    await page.getByLabel('Friday').check();
    await send();
    await page.getByRole('heading', { name: 'Thank you!' }).waitFor();
    assert.match(page.url(), new RegExp(`/f/${form}/done\\?lang=en$`));
    const [lead] = await leads('ada@example.com');
    assert.equal(lead?.contact.name, 'Ada Lovelace');
    const [submission] = (await client.forms.submissions(form)).data;
    assert.equal(submission?.state, 'accepted');
    assert.deepEqual(submission.answers, {
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      topic: 'quote',
      days: ['monday', 'friday'],
      terms: true,
    });
    assert.equal(submission.consents[0]?.text, 'You may call me.');
  });

  test('that is refused keeps every answer, says what is wrong where, and leads there', async () => {
    await page.goto(`${server.url}/f/${form}`);
    await page.getByLabel('Name').fill('Grace "Amazing" <Hopper>');
    await page.getByLabel('E-mail').fill('grace');
    await page.getByLabel('Square metres').fill('a lot');
    await page.getByLabel('Something else').check();
    await page.getByLabel('Friday').check();
    await send();
    const problems = page.getByRole('alert');
    await problems.waitFor();
    assert.equal(await problems.evaluate((element) => element === document.activeElement), true);
    assert.deepEqual(await problems.getByRole('link').allInnerTexts(), [
      'E-mail: Please enter an e-mail address like name@example.com.',
      'Square metres: Please enter a number.',
      'What then? Please fill this in.',
      'Please agree to this to go on.',
    ]);
    assert.equal(await page.getByLabel('Name').inputValue(), 'Grace "Amazing" <Hopper>');
    assert.equal(await page.getByLabel('E-mail').inputValue(), 'grace');
    assert.equal(await page.getByLabel('Square metres').inputValue(), 'a lot');
    assert.equal(await page.getByLabel('Something else').isChecked(), true);
    assert.deepEqual([await page.getByLabel('Monday').isChecked(), await page.getByLabel('Friday').isChecked()], [false, true]);
    assert.equal(await page.getByLabel('You may call me.').isChecked(), false);
    assert.equal(await page.getByLabel('E-mail').getAttribute('aria-invalid'), 'true');
    assert.match(
      await page
        .getByLabel('E-mail')
        .evaluate((input) => document.getElementById(input.getAttribute('aria-describedby')!)!.innerText),
      /Please enter an e-mail address/,
    );

    await problems.getByRole('link').first().click();
    assert.equal(await page.getByLabel('E-mail').evaluate((element) => element === document.activeElement), true);
    await page.keyboard.type('@example.com');
    // Where the field begins is up to the browser.
    await page.getByLabel('E-mail').fill('grace@example.com');
    await page.getByLabel('Square metres').fill('120');
    await page.getByLabel('A quote').check();
    await page.getByLabel('You may call me.').check();
    await send();
    await page.getByRole('heading', { name: 'Thank you!' }).waitFor();
    assert.equal((await leads('grace@example.com')).length, 1);
  });

  test('is sent by keyboard alone', async () => {
    await page.goto(`${server.url}/f/${form}`);
    await page.keyboard.press('Tab');
    await page.keyboard.type('Key Board');
    await page.keyboard.press('Tab');
    await page.keyboard.type('keys@example.com');
    await page.getByLabel('You may call me.').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Thank you!' }).waitFor();
    assert.equal((await leads('keys@example.com')).length, 1);
  });

  test('sends the visitor on to where its author wants, another site too', async () => {
    const redirecting = await publish({ ...FORM, success: { kind: 'redirect', url: 'https://shop.example.com/thanks' } });
    await context.route('https://shop.example.com/**', (route) => route.fulfill({ body: 'Thanks from the shop' }));
    await page.goto(`${server.url}/f/${redirecting}`);
    await fillIn('onwards@example.com');
    await send();
    await page.waitForURL('https://shop.example.com/thanks');
    assert.equal((await leads('onwards@example.com')).length, 1);
  });

  test('stands and is sent in a frame of another site', async () => {
    const blog = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end(`<iframe src="${server.url}/f/${form}" title="Form"></iframe>`),
    );
    await new Promise<void>((resolve) => blog.listen(0, '127.0.0.1', resolve));
    const { port } = blog.address() as AddressInfo;
    await page.goto(`http://localhost:${port}/`);
    const frame = page.frameLocator('iframe');
    await frame.getByLabel('Name').fill('Framed');
    await frame.getByLabel('E-mail').fill('framed@example.com');
    await frame.getByLabel('You may call me.').check();
    await frame.getByRole('button', { name: 'Send' }).click();
    await frame.getByRole('heading', { name: 'Thank you!' }).waitFor();
    assert.equal((await leads('framed@example.com')).length, 1);
    blog.close();
  });

  test('needs no scrolling to the side on the narrowest phone, whatever the language', async () => {
    await open({ viewport: { width: 320, height: 640 } });
    for (const lang of ['en', 'ar']) {
      await page.goto(`${server.url}/f/${form}?lang=${lang}`);
      await page.getByRole('button').click();
      await page.getByRole('alert').waitFor();
      const [inner, outer] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.equal(inner, outer, lang);
    }
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
  });

  test('has no fault that axe finds, in any of its states and colours', async () => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const branded = await publish({ ...FORM, theme: { brand_color: '#ffcc00', background: '#1d2430' } });
    for (const colorScheme of ['light', 'dark'] as const) {
      await open({ colorScheme, javaScriptEnabled: true, bypassCSP: true });
      for (const address of [`/f/${form}`, `/f/${form}?lang=ar`, `/f/${branded}`, `/f/${form}/done`, '/f/none']) {
        await page.goto(server.url + address);
        for (const state of ['as it comes', 'refused']) {
          if (state === 'refused') {
            if ((await page.getByRole('button').count()) === 0) continue;
            await page.getByRole('button').click();
            await page.getByRole('alert').waitFor();
          }
          await page.evaluate(axe);
          const violations = await page.evaluate(async () => {
            const found = await (globalThis as any).axe.run();
            return found.violations.map(({ id, nodes }: any) => `${id}: ${nodes.map(({ html }: any) => html).join(' ')}`);
          });
          assert.deepEqual(violations, [], `${address} ${state} ${colorScheme}`);
        }
      }
    }
  });
});

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { PublicForm } from 'millrace/contract';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/browsers.ts';
import { bundleWidget, type Widget } from '../../scripts/widget.ts';

type Display = PublicForm['display'];

const SHOP = 'https://shop.test';
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true };
const LAPTOP = { viewport: { width: 820, height: 600 } };

/** By its title; what comes by itself comes as often as it may. */
const formOf = (title: string, display: Partial<Display>) => ({
  id: title,
  title,
  version: 1,
  locale: 'en',
  dir: 'ltr',
  steps: [{ id: 'first', fields: [{ id: 'name', type: 'text', label: 'Name' }] }],
  display: { mode: 'inline', frequency: { show: 'always' }, ...display },
  theme: {},
  styles: '',
  success: { kind: 'message' },
  proof: false,
  partial: false,
  heights: [],
  texts: { submit: 'Send', close: 'Close' },
});

describe('On a device', () => {
  let widget: Widget;
  let browser: Browser;

  before(async () => {
    widget = await bundleWidget();
    browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
  });
  after(() => browser?.close());
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

  /** A tall page with forms of these displays, by their titles, whose clock stands still. */
  async function shop(device: BrowserContextOptions, displays: Record<string, Partial<Display>>): Promise<Page> {
    const page = await (await browser.newContext({ ...device, screen: device.viewport! })).newPage();
    page.setDefaultTimeout(15_000);
    await page.addInitScript(() => {
      const { json } = Response.prototype;
      Object.assign(window, { read: 0 });
      Response.prototype.json = function () {
        return json.call(this).finally(() => ((window as unknown as { read: number }).read += 1));
      };
    });
    await page.clock.install({ time: 0 });
    await page.clock.pauseAt(1_000);
    const scripts = Object.keys(displays).map(
      (title) => `<script async src="/cdn/v1/millrace.js" data-form="${title}"></script>`,
    );
    await page.route(`${SHOP}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      const [, kind, , , , id] = pathname.split('/');
      if (kind === 'cdn')
        return route.fulfill({ contentType: 'text/javascript', body: widget.files[pathname.split('/').at(-1)!]! });
      if (kind === 'api') return route.fulfill({ json: { success: true, data: formOf(id!, displays[id!]!) } });
      const body = `<!doctype html><meta name="viewport" content="width=device-width"><body style="height:5000px">${scripts.join('')}`;
      return route.fulfill({ contentType: 'text/html', body });
    });
    await page.goto(SHOP);
    return page;
  }

  const opened = (page: Page) => page.getByRole('dialog').getAttribute('aria-label');

  for (const [name, device, should] of [
    ['phone', PHONE, ['mobile']],
    ['phone that lies on its side', { ...PHONE, viewport: { width: 844, height: 390 } }, ['mobile']],
    ['tablet', TABLET, ['tablet']],
    ['laptop, however narrow its window', LAPTOP, ['desktop']],
  ] as const) {
    test(`forms are shown that are meant for a ${name}, and no others`, async () => {
      const page = await shop(device, {
        mobile: { targeting: { devices: ['mobile'] } },
        tablet: { targeting: { devices: ['tablet'] } },
        desktop: { targeting: { devices: ['desktop'] } },
        everybody: {},
      });
      await page.getByRole('form', { name: 'everybody' }).waitFor();
      await page.getByRole('form', { name: should[0] }).waitFor();
      await page.waitForFunction(() => (window as unknown as { read: number }).read === 4);
      const shown = await page.getByRole('form').evaluateAll((forms) => forms.map(({ ariaLabel }) => ariaLabel));
      assert.deepEqual(shown.toSorted(), [...should, 'everybody'].toSorted());
    });
  }

  describe('that is touched', () => {
    const EXIT: Partial<Display> = { mode: 'popup', triggers: [{ on: 'exit', value: 5 }], opener: 'Stay' };
    const MARKER: Partial<Display> = { mode: 'popup', triggers: [{ on: 'event', value: 'marker' }], opener: 'Marker' };

    /** A page with a form that comes as the visitor leaves; both forms listen by now. */
    async function leavable() {
      const page = await shop(PHONE, { exit: EXIT, marker: MARKER });
      await page.getByRole('button', { name: 'Stay' }).waitFor();
      await page.getByRole('button', { name: 'Marker' }).waitFor();
      return page;
    }

    /** Fails where the form has come, or waits until nothing else is open. */
    async function hasNotCome(page: Page) {
      await page.evaluate(() => document.dispatchEvent(new Event('marker')));
      assert.equal(await opened(page), 'marker');
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).tap();
      assert.equal(await page.getByRole('dialog').count(), 0);
    }

    async function hasCome(page: Page) {
      assert.equal(await opened(page), 'exit');
    }

    const hide = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));

    /** Scrolls by so much at one stroke, and waits until the page knows. */
    const scroll = (page: Page, by: number) =>
      page.evaluate(
        (by) =>
          new Promise((resolve) => {
            addEventListener('scroll', resolve, { once: true });
            scrollBy({ top: by, behavior: 'instant' });
          }),
        by,
      );

    test('the form that comes at the exit comes as the page is left for another, but not at once', async () => {
      const page = await leavable();
      await page.clock.runFor(4_900);
      await hide(page);
      await hasNotCome(page);
      await page.clock.runFor(200);
      await hide(page);
      await hasCome(page);
    });

    test('it comes at a quick way back up, but not at once, nor to who scrolls down or slowly up', async () => {
      const page = await leavable();
      await scroll(page, 3_000);
      await scroll(page, -1_000);
      await hasNotCome(page);
      await page.clock.runFor(5_100);
      await scroll(page, 1_000);
      await hasNotCome(page);
      for (let stroke = 0; stroke < 8; stroke += 1) {
        await page.clock.runFor(400);
        await scroll(page, -100);
      }
      await hasNotCome(page);
      await page.clock.runFor(400);
      for (const by of [-50, -250, -250]) await scroll(page, by);
      await hasCome(page);
    });
  });
});

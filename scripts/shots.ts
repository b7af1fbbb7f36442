/**
 * Takes pictures of the console and the forms on a running `npm start`, and of every story, for people to look at:
 * `npm run shots -- http://127.0.0.1:8787 http://127.0.0.1:8788`. Forms and stories are taken light, dark, in Arabic and narrow; so
 * is the console, which has no Arabic and is turned round instead.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from './browsers.ts';
import { shootForms } from './form-shots.ts';
import { shootStories } from './story-shots.ts';

const FOLDER = '.cache/shots';
const EMAIL = 'owner@demo.test';
const PASSWORD = 'millrace-demo';
const LOOKS = [
  { look: 'light', colorScheme: 'light', dir: 'ltr', width: 1280, height: 860 },
  { look: 'dark', colorScheme: 'dark', dir: 'ltr', width: 1280, height: 860 },
  // The console is in English alone, so that this shows where things stand, and not how they read.
  { look: 'turned-round', colorScheme: 'light', dir: 'rtl', width: 1280, height: 860 },
  { look: 'narrow', colorScheme: 'light', dir: 'ltr', width: 360, height: 740 },
] as const;

const [, , url = process.env.MILLRACE_URL, site = process.env.MILLRACE_SITE_URL] = process.argv;
if (!url || !site)
  throw new Error('Say where npm start is: npm run shots -- http://127.0.0.1:8787 http://127.0.0.1:8788, as it prints them.');

async function take(page: Page, screen: string) {
  for (const { look, colorScheme, dir, width, height } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await page.evaluate((direction) => (document.documentElement.dir = direction), dir);
    await page.screenshot({ path: join(FOLDER, `${screen}-${look}.png`) });
  }
  console.log(screen);
}

await mkdir(FOLDER, { recursive: true });
const browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));

  await page.goto(url);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await take(page, 'sign-in');

  await page.getByRole('button', { name: 'Sign in' }).click();
  await take(page, 'sign-in-missing');

  await page.goto(new URL('#/invitation/unknown', url).href);
  await page.getByRole('heading', { name: 'invited' }).waitFor();
  await take(page, 'invitation');
  await page.getByRole('button', { name: 'Accept invitation' }).click();
  await page.getByRole('heading', { name: 'can’t be used' }).waitFor();
  await take(page, 'invitation-over');

  await page.goto(url);
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const firstLink = page.getByRole('row').nth(1).getByRole('link').first();
  for (const [view, record] of [
    ['Leads', 'lead'],
    ['Contacts', 'contact'],
  ] as const) {
    await page.getByRole('link', { name: view, exact: true }).click();
    await page.getByRole('heading', { name: view }).waitFor();
    await firstLink.waitFor();
    await take(page, view.toLowerCase());

    await firstLink.click();
    await page.getByRole('dialog').locator('dl').waitFor();
    await take(page, record);
    await page.keyboard.press('Escape');
  }

  await page.getByRole('link', { name: 'Leads', exact: true }).click();
  await page.getByRole('button', { name: 'Qualified', exact: true }).click();
  await page.getByRole('button', { name: 'Value' }).click();
  await page.locator('th[aria-sort=descending]').waitFor();
  await take(page, 'leads-filtered');

  await page.getByRole('searchbox').fill('nobody has this name');
  await page.getByText('No lead matches', { exact: true }).waitFor();
  await take(page, 'no-match');
  await page.getByRole('button', { name: 'Clear' }).click();
  await firstLink.waitFor();

  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Contact', exact: true }).click();
  await page.getByText('No connection to the server', { exact: true }).waitFor();
  await take(page, 'offline');

  await shootForms(await browser.newPage(), url, site, FOLDER);
  await shootStories(browser, FOLDER);
} finally {
  await browser.close();
}
console.log(`The pictures are in ${FOLDER}.`);

import { setTimeout as wait } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';
import type { Browser, CDPSession, Locator, Page } from 'playwright-core';
import type { Candidate } from './candidates.ts';
import { firstInputPainted, longestTaskSince, rememberAcrossPages, shiftSoFar } from './page-watch.ts';

/** One run of one candidate; times in milliseconds. */
export interface Run {
  /** Brotli bytes of every script and style that the whole flow loaded. */
  bytes: number;
  /** Time in scripts, their compilation included, until the form stood and the page was quiet. */
  script: number;
  layoutShift: number;
  /** The longest task of the load, of going on and of sending, as the browser tells of those over 50 ms; 0 where there is none. */
  longestTask: number;
  /** From the navigation until the form's first input is painted, over a mobile network. */
  visible: number;
}

const THROTTLE = 4;
/** Fast 4G as Chromium's own tools have it. */
const MOBILE = {
  offline: false,
  latency: 60,
  downloadThroughput: (9 * 1024 * 1024) / 8,
  uploadThroughput: (1.5 * 1024 * 1024) / 8,
};
const LOOK_MS = 250;
const QUIET_SECONDS = 0.005;

/**
 * Loads, fills and sends a candidate's form; then loads it once more to see when it is there. The processor is throttled
 * while the page works, and never while the bench itself runs code in it, so that none of that is counted.
 */
export async function measure(browser: Browser, url: string, candidate: Candidate, isSent: () => Promise<boolean>): Promise<Run> {
  const flow = await inNewPage(browser, (page, session) => runFlow(page, session, url, candidate, isSent));
  const visible = await inNewPage(browser, async (page, session) => {
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', MOBILE);
    await throttle(session, THROTTLE);
    await page.addInitScript(firstInputPainted);
    await page.goto(url);
    return page.evaluate(() => (window as unknown as { firstInput: Promise<number> }).firstInput);
  });
  return { ...flow, visible };
}

async function runFlow(
  page: Page,
  session: CDPSession,
  url: string,
  { name, hasSteps }: Candidate,
  isSent: () => Promise<boolean>,
): Promise<Omit<Run, 'visible'>> {
  const loaded = new Set<string>();
  page.on('request', (request) => {
    const isCode = ['script', 'stylesheet'].includes(request.resourceType());
    if (isCode && request.url().startsWith('http')) loaded.add(request.url());
  });
  await session.send('Performance.enable');
  await throttle(session, THROTTLE);
  await page.goto(url);
  await quiet(session);
  const script = ((await metric(session, 'ScriptDuration')) + (await metric(session, 'V8CompileDuration'))) * 1_000;
  await throttle(session, 1);
  await page.getByLabel('Name').first().waitFor();
  let longestTask = await page.evaluate(longestTaskSince, 0);
  await page.evaluate(rememberAcrossPages);

  await page.getByLabel('Name').first().fill('Ada Bench');
  await page.getByLabel('E-mail').fill(`ada.${crypto.randomUUID()}@example.test`);
  await page.getByLabel('Phone').fill('+49 30 1234567');
  if (hasSteps) {
    const tasks = await clickThrottled(page, session, page.getByRole('button', { name: 'Next' }), async () => true);
    longestTask = Math.max(longestTask, tasks);
  }
  await page.getByLabel('Interest').selectOption('solar');
  await page.getByLabel('Message').fill('A roof of 80 square metres, south-west.');
  await page.getByLabel(/I agree/).check();
  const layoutShift = await page.evaluate(shiftSoFar);
  longestTask = Math.max(
    longestTask,
    await clickThrottled(page, session, page.getByRole('button', { name: /^(send|submit)$/i }), isSent),
  );
  await page.getByText('Thank you').first().waitFor();
  if (!(await isSent())) throw new Error(`${name} thanked, but nothing has arrived.`);
  const bodies = await Promise.all([...loaded].map(async (address) => (await fetch(address)).text()));
  const bytes = bodies.reduce((sum, body) => sum + brotliCompressSync(body).length, 0);
  return { bytes, script, layoutShift, longestTask };
}

/** Clicks a button while the processor is throttled, and answers the longest task from there until the page is quiet again. */
async function clickThrottled(page: Page, session: CDPSession, button: Locator, isDone: () => Promise<boolean>): Promise<number> {
  await button.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await button.boundingBox())!;
  const from = await page.evaluate(() => performance.now());
  const origin = await page.evaluate(() => performance.timeOrigin);
  await throttle(session, THROTTLE);
  await page.mouse.click(x + width / 2, y + height / 2);
  while (!(await isDone())) await wait(20);
  await quiet(session);
  await throttle(session, 1);
  const isSamePage = (await page.evaluate(() => performance.timeOrigin)) === origin;
  return isSamePage ? page.evaluate(longestTaskSince, from) : page.evaluate(() => Number(sessionStorage.getItem('longest') ?? 0));
}

/** Waits until the page's thread has nothing to do, without running anything in it. */
async function quiet(session: CDPSession) {
  for (let before = -1; ;) {
    const now = await metric(session, 'TaskDuration');
    if (now - before < QUIET_SECONDS) return;
    before = now;
    await wait(LOOK_MS);
  }
}

async function metric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((each) => each.name === name)!.value;
}

const throttle = (session: CDPSession, rate: number) => session.send('Emulation.setCPUThrottlingRate', { rate });

async function inNewPage<T>(browser: Browser, work: (page: Page, session: CDPSession) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1024, height: 1400 } });
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(error));
    return await work(page, await context.newCDPSession(page));
  } finally {
    await context.close();
  }
}

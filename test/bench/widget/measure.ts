import { setTimeout as wait } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';
import type { Browser, CDPSession, Locator, Page } from 'playwright-core';
import type { BareBrowser, Command } from './bare-browser.ts';
import type { Candidate } from './candidates.ts';
import { firstInputPainted, longestScriptSoFar, longestTaskSince, rememberAcrossPages, shiftSoFar } from './page-watch.ts';

/** One run of one candidate; times in milliseconds. */
export interface Run {
  /** Brotli bytes of every script and style that the whole flow loaded. */
  bytes: number;
  /** Time in scripts, their compilation included, until the form stood and the page was quiet. */
  script: number;
  /** The longest that a script ran in one go in that time, as the browser tells of frames over 50 ms; 0 where there is none. */
  longestScript: number;
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

const SIZE = { width: 1024, height: 1400 };

/**
 * Loads a candidate's form; loads, fills and sends it; and loads it once more to see when it is there. The processor is
 * throttled while the page works, and never while the bench itself runs code in it, so that none of that is counted.
 */
export async function measure(
  browser: Browser,
  bare: BareBrowser,
  url: string,
  candidate: Candidate,
  isSent: () => Promise<boolean>,
): Promise<Run> {
  const load = await bare.inNewTab(SIZE, (command) => loadOnce(command, url));
  const flow = await inNewPage(browser, (page, session) => runFlow(page, session, url, candidate, isSent));
  const visible = await inNewPage(browser, async (page, session) => {
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', MOBILE);
    await throttle(session, THROTTLE);
    await page.addInitScript(firstInputPainted);
    await page.goto(url);
    return page.evaluate(() => (window as unknown as { firstInput: Promise<number> }).firstInput);
  });
  return { ...flow, ...load, longestTask: Math.max(load.longestTask, flow.longestTask), visible };
}

/** Loads the page, where nothing else watches it. */
async function loadOnce(command: Command, url: string): Promise<Pick<Run, 'script' | 'longestScript' | 'longestTask'>> {
  const watched: Watched = { send: command };
  const told = async (fact: (from: number) => Promise<number>): Promise<number> =>
    (await command('Runtime.evaluate', { expression: `(${fact})(0)`, awaitPromise: true })).result.value;
  await command('Performance.enable');
  await throttle(watched, THROTTLE);
  await command('Page.navigate', { url });
  while (!(await metric(watched, 'DomContentLoaded'))) await wait(20);
  await quiet(watched);
  const script = ((await metric(watched, 'ScriptDuration')) + (await metric(watched, 'V8CompileDuration'))) * 1_000;
  await throttle(watched, 1);
  return { script, longestScript: await told(longestScriptSoFar), longestTask: await told(longestTaskSince) };
}

async function runFlow(
  page: Page,
  session: CDPSession,
  url: string,
  { name, hasSteps }: Candidate,
  isSent: () => Promise<boolean>,
): Promise<Pick<Run, 'bytes' | 'layoutShift' | 'longestTask'>> {
  const loaded = new Set<string>();
  page.on('request', (request) => {
    const isCode = ['script', 'stylesheet'].includes(request.resourceType());
    if (isCode && request.url().startsWith('http')) loaded.add(request.url());
  });
  await session.send('Performance.enable');
  await throttle(session, THROTTLE);
  await page.goto(url);
  await quiet(session);
  await throttle(session, 1);
  await page.getByLabel('Name').first().waitFor();
  let longestTask = 0;
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
  return { bytes, layoutShift, longestTask };
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

/** A tab as far as it is asked how much it does. */
interface Watched {
  send(method: 'Performance.getMetrics'): Promise<{ metrics: { name: string; value: number }[] }>;
  send(method: 'Emulation.setCPUThrottlingRate', params: { rate: number }): Promise<unknown>;
}

/** Waits until the page's thread has nothing to do, without running anything in it. */
async function quiet(session: Watched) {
  for (let before = -1; ;) {
    const now = await metric(session, 'TaskDuration');
    if (now - before < QUIET_SECONDS) return;
    before = now;
    await wait(LOOK_MS);
  }
}

async function metric(session: Watched, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((each) => each.name === name)!.value;
}

const throttle = (session: Watched, rate: number) => session.send('Emulation.setCPUThrottlingRate', { rate });

async function inNewPage<T>(browser: Browser, work: (page: Page, session: CDPSession) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: SIZE });
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(error));
    return await work(page, await context.newCDPSession(page));
  } finally {
    await context.close();
  }
}

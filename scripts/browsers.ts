import { playwrightLauncher } from '@web/test-runner-playwright';
import { puppeteerLauncher } from '@web/test-runner-puppeteer';
import { webdriverLauncher } from '@web/test-runner-webdriver';
import type { BrowserLauncher } from '@web/test-runner';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { freePort, listening } from './ports.ts';
import { canInstallPackages, installPackage, isRoot, onPath } from './programs.ts';

/** What keeps a Chromium under test quiet: no GPU, and no talk with anyone but the page's own server. */
export const CHROMIUM_FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Its sandbox does not work for root.
  ...(isRoot ? ['--no-sandbox'] : []),
];

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe', 'msedge.exe'];
const CHROMIUM_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The path of a Chromium; where the machine has none, one is installed first. */
export async function findChromium(): Promise<string> {
  const found = installedChromium();
  if (found) return found;
  console.log('Installing Chromium for the browser tests …');
  if (canInstallPackages()) installPackage('chromium');
  else {
    const words = [join(import.meta.dirname, '../node_modules/playwright-core/cli.js'), 'install', 'chromium'];
    spawnSync(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const installed = installedChromium();
  if (installed) return installed;
  throw new Error('No Chromium was found and none could be installed: install one, or name its path by MILLRACE_CHROMIUM.');
}

function installedChromium() {
  for (const name of ['MILLRACE_CHROMIUM', 'CHROME_PATH']) {
    const path = process.env[name];
    if (path && !existsSync(path)) throw new Error(`${name} names ${path}, where there is no browser.`);
    if (path) return path;
  }
  return onPath(...CHROMIUM_NAMES) ?? [...CHROMIUM_PLACES, chromium.executablePath()].find((path) => existsSync(path));
}

/** A browser that can run the tests; `close` ends what was started for it. */
export interface Engine {
  name: 'Chromium' | 'Firefox' | 'WebKit';
  launcher: BrowserLauncher;
  close?: () => void;
}

/** Starts Chromium for the test runner. */
export async function chromiumEngine(): Promise<Engine> {
  const launchOptions = { executablePath: await findChromium(), args: CHROMIUM_FLAGS };
  return { name: 'Chromium', launcher: playwrightLauncher({ product: 'chromium', launchOptions }) };
}

/** Firefox for the test runner, where the machine has it. */
export async function firefoxEngine(): Promise<Engine | undefined> {
  const executablePath = onPath('firefox-esr', 'firefox');
  if (!executablePath) return undefined;
  return {
    name: 'Firefox',
    launcher: puppeteerLauncher({ launchOptions: { browser: 'firefox', headless: true, executablePath } }),
  };
}

/** WebKitGTK for the test runner, where the machine has it with its driver and Xvfb. */
export async function webkitEngine(): Promise<Engine | undefined> {
  const driver = onPath('WebKitWebDriver');
  const display = onPath('Xvfb');
  if (!driver || !display) return undefined;

  const home = mkdtempSync(join(tmpdir(), 'millrace-webkit-'));
  const started: ChildProcess[] = [];
  const close = () => {
    process.off('exit', close);
    for (const child of started) child.kill();
    rmSync(home, { recursive: true, force: true });
  };
  process.on('exit', close);

  const screen = spawn(display, ['-displayfd', '3', '-screen', '0', '1280x960x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  started.push(screen);
  const [number] = await once(screen.stdio[3]!, 'data');

  const port = await freePort();
  const env = { ...process.env, DISPLAY: `:${String(number).trim()}`, HOME: home, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' };
  started.push(spawn(driver, [`--port=${port}`, '--host=127.0.0.1'], { stdio: 'ignore', env }));
  await listening(port);
  // WebKitWebDriver does not know the bidirectional protocol, and refuses a session that asks for it.
  const capabilities = { browserName: 'MiniBrowser', 'wdio:enforceWebDriverClassic': true };
  const launcher = webdriverLauncher({ hostname: '127.0.0.1', port, path: '/', capabilities });
  return { name: 'WebKit', launcher: launcher as BrowserLauncher, close };
}

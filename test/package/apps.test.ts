import { transform } from 'esbuild';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium, type Browser } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/browsers.ts';
import { packPackage } from '../../scripts/pack.ts';
import { App, serve } from './app.ts';

/** Installing and building may take minutes where packages come from afar. */
const LONGEST = 15 * 60_000;

/** The apps, with a mistake in each that its types have to find. */
const APPS = [
  { name: 'react', file: 'src/main.tsx', right: 'pageSize={2}', wrong: "pageSize={'two'}" },
  { name: 'vue', file: 'src/leads.vue', right: ':pageSize="2"', wrong: ':pageSize="[2]"' },
  { name: 'svelte', file: 'src/leads.svelte', right: 'pageSize={2}', wrong: "pageSize={'two'}" },
  { name: 'angular', file: 'src/leads.ts', right: '[pageSize]="2"', wrong: '[pageSize]="[2]"' },
] as const;

let browser: Browser;
let packed: string;

before(
  async () => {
    packed = await packPackage();
    browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
  },
  { timeout: LONGEST },
);

after(async () => {
  await browser.close();
  rmSync(dirname(packed), { recursive: true, force: true });
});

/** Uses the app as a person would: it shows its lead, and opens it. */
async function assertWorks(folder: string) {
  const { url, server } = await serve(folder);
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  try {
    await page.goto(url);
    const lead = page.locator('.leads').getByRole('link', { name: 'Solar roof' });
    await lead.waitFor();
    assert.equal(
      await page
        .locator('mill-provider')
        .first()
        .evaluate((element) => getComputedStyle(element).colorScheme),
      'dark',
    );
    assert.equal(await page.locator('.leads').evaluate((table) => (table as HTMLElement & { pageSize: number }).pageSize), 2);
    await lead.click();
    await page.locator('output', { hasText: 'Solar roof' }).waitFor();
    assert.equal(await page.locator('output').textContent(), 'Solar roof');
    await page.getByRole('button', { name: 'Refresh' }).click();
    await lead.waitFor();
    assert.deepEqual(errors, []);
  } finally {
    await page.close();
    server.closeAllConnections();
    server.close();
  }
}

describe('The packed package on a plain page', () => {
  test('works by an import map, whose hashes the browser checks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-on-a-page-'));
    after(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'package'));
    execFileSync('tar', ['--extract', '--gzip', '--file', packed, '--directory', folder]);
    cpSync(join(folder, 'package', 'dist', 'bundle'), join(folder, 'millrace'), { recursive: true });
    const hashes = JSON.parse(readFileSync(join(folder, 'millrace', 'integrity.json'), 'utf8')) as Record<string, string>;
    const integrity = Object.fromEntries(Object.entries(hashes).map(([path, hash]) => [`./millrace/${path}`, hash]));
    const map = JSON.stringify({ imports: { millrace: './millrace/millrace.js' }, integrity });
    const page = readFileSync(join(import.meta.dirname, 'plain', 'index.html'), 'utf8');
    writeFileSync(
      join(folder, 'index.html'),
      page.replace('IMPORT_MAP', () => map),
    );
    const { code } = await transform(readFileSync(join(import.meta.dirname, 'answers.ts'), 'utf8'), { loader: 'ts' });
    writeFileSync(join(folder, 'answers.js'), code);
    await assertWorks(folder);
  });
});

for (const { name, file, right, wrong } of APPS) {
  describe(`The packed package in an app made with ${name}`, () => {
    let app: App;

    before(() => void (app = new App(name, packed)), { timeout: LONGEST });
    after(() => app.remove());

    test('is built by its usual tools, and works', { timeout: LONGEST }, async () => {
      app.run('build');
      await assertWorks(join(app.folder, 'dist'));
    });

    test('has types, by which what is right is right and what is wrong is found', { timeout: LONGEST }, () => {
      app.run('types');
      app.change(file, right, wrong);
      assert.throws(() => app.run('types'), /failed/);
    });
  });
}

describe('The React components', () => {
  test('are rendered on a server, where there is no document', { timeout: LONGEST }, () => {
    const app = new App('react', packed);
    after(() => app.remove());
    const program = `
      import { createElement } from 'react';
      import { renderToString } from 'react-dom/server';
      import { LeadTable } from 'millrace/react';
      console.log(renderToString(createElement(LeadTable, { pageSize: 2, className: 'leads', onMillLeadOpen() {} })));`;
    const words = ['--input-type=module', '--eval', program];
    const html = execFileSync(process.execPath, words, { cwd: app.folder, encoding: 'utf8' });
    assert.equal(html.trim(), '<mill-lead-table class="leads"></mill-lead-table>');
  });
});

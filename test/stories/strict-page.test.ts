import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/browsers.ts';

const GUIDE = readFileSync('stories/guides/content-security-policy.mdx', 'utf8');
/** What the guide tells pages with the elements of the package to say, word by word. */
const POLICY = /## The elements of the package.*?Content-Security-Policy:(.*?)```/s
  .exec(GUIDE)![1]!
  .replaceAll(/\s+/g, ' ')
  .trim();

const PAGE =
  '<!doctype html><html lang="en"><title>Stories</title><main></main><script type="module" src="/stories.js"></script>';

/** The live stories are not of a page of their own, but of a server in a worker. */
const files = globSync('stories/*.stories.ts').filter((file) => !file.includes('live'));
const stories = files.flatMap((file) => namesOf(file).map((name) => ({ file, name })));

/** The stories of a file, which are what it exports by name. */
function namesOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^export const (\w+)\b/gm)].map(([, name]) => name!);
}

async function bundle(): Promise<string> {
  const imports = files.map((file, index) => `import * as module${index} from './${file}';`);
  const modules = files.map((file, index) => `${JSON.stringify(file)}: module${index}`);
  const { outputFiles } = await build({
    stdin: {
      contents: `${imports.join('\n')}
        import { showStory } from './test/stories/shown-story.ts';
        globalThis.violations = [];
        addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample, sourceFile, lineNumber }) =>
          violations.push([violatedDirective, blockedURI, sample, sourceFile + ':' + lineNumber].join(' ')));
        globalThis.showStory = showStory.bind(undefined, { ${modules.join(', ')} });`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['millrace-source'],
    write: false,
  });
  return outputFiles[0]!.text;
}

describe('Under the policy of the guide, without a violation and without an error, runs the story', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  before(async () => {
    const script = await bundle();
    server = createServer(({ url }, response) => {
      if (url === '/stories.js') return void response.setHeader('Content-Type', 'text/javascript').end(script);
      if (url !== '/') return void response.writeHead(204).end();
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': POLICY }).end(PAGE);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
    page = await browser.newPage();
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error.stack)));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'showStory' in globalThis);
  });

  after(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });

  for (const { file, name } of stories) {
    test(`${name} of ${file}`, async () => {
      const violations = await page.evaluate(
        async ([file, name]) => {
          const globals = globalThis as unknown as { violations: string[]; showStory(...given: string[]): Promise<void> };
          await globals.showStory(file!, name!);
          return globals.violations.splice(0);
        },
        [file, name],
      );
      assert.deepEqual([...violations, ...errors.splice(0)], []);
    });
  }

  test('if the policy is there at all', async () => {
    const violations = await page.evaluate(() => {
      const { violations } = globalThis as unknown as { violations: string[] };
      try {
        document.querySelector('main')!.innerHTML = '<p></p>';
      } catch {
        // That is what the policy is for.
      }
      return new Promise<number>((resolve) => setTimeout(() => resolve(violations.length)));
    });
    assert.ok(violations > 0);
  });
});

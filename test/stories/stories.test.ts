import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium, type Browser } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/browsers.ts';
import { describeElements } from '../../scripts/manifest.ts';
import { buildStorybook, STORYBOOK } from '../../scripts/storybook.ts';
import { serveStories, type StoryServer } from '../../scripts/story-server.ts';
import { BRAND, LOOKS, StoryPage } from '../../scripts/story-page.ts';

interface Entry {
  id: string;
  title: string;
  name: string;
  type: 'story' | 'docs';
  tags: string[];
}

/** On a busy machine; the live stories start a whole server. */
const LONGEST_STORY = 240_000;
const LONGEST_LIVE_STORY = 600_000;

buildStorybook();
const { entries } = JSON.parse(readFileSync(join(STORYBOOK, 'index.json'), 'utf8')) as { entries: Record<string, Entry> };
const all = Object.values(entries);
const stories = all.filter(({ type, tags }) => type === 'story' && !tags.includes('live'));
const live = all.filter(({ type, tags }) => type === 'story' && tags.includes('live'));
const docs = all.filter(({ type }) => type === 'docs');

let server: StoryServer;
let browser: Browser;
let page: StoryPage;

before(async () => {
  server = await serveStories();
  browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
  page = await StoryPage.open(browser, server.url);
});

after(async () => {
  await browser.close();
  await server.close();
});

describe('The Storybook', () => {
  test('has stories for every element', () => {
    const sources = stories.map(({ title }) => title.toLowerCase().replaceAll(' ', '-').replace('components/', ''));
    for (const { tag } of describeElements()) assert.ok(sources.includes(tag.replace('mill-', '')), `${tag} has no stories`);
  });

  for (const { id, title, name } of docs) {
    test(`shows the page ${title}, ${name}, and asks nobody else`, async () => {
      await page.show(id, { kind: 'docs' });
      const links = await page
        .locator('#storybook-docs a[href*="path=/docs/"]')
        .evaluateAll((all) =>
          all.map((link) => new URL((link as HTMLAnchorElement).href).searchParams.get('path')!.replace('/docs/', '')),
        );
      for (const link of links) assert.ok(link in entries, `A link leads to ${link}, which is not there.`);
      assert.deepEqual(page.wrong(), []);
    });
  }
});

for (const { id, title, name } of stories) {
  test(
    `The story ${title}, ${name}, runs without an error, and axe finds nothing in any of its looks`,
    { timeout: LONGEST_STORY },
    async () => {
      const found: string[] = [];
      const look = async (name: string) => {
        for (const violation of await page.violations()) found.push(`${name}: ${violation}`);
      };
      for (const each of LOOKS) {
        await page.show(id, { look: each });
        await look(Object.values(each).join(' '));
      }
      await page.turn(BRAND);
      await look('brand');
      await page.prefer('dark');
      await look('brand where the system is dark');
      await page.prefer('light');
      assert.deepEqual([...page.wrong(), ...found], []);
    },
  );
}

for (const { id, name } of live) {
  test(`The live story ${name} runs on the real API in the browser`, { timeout: LONGEST_LIVE_STORY }, async () => {
    // Nothing lies on the device that a story of the capture form has left unsent.
    const fresh = await StoryPage.open(browser, server.url);
    await fresh.show(id, { patience: LONGEST_LIVE_STORY });
    assert.ok(
      (await fresh.locator('#storybook-root tbody tr:not(.skeleton)').count()) > 1,
      'The table shows what the database holds.',
    );
    assert.deepEqual([...fresh.wrong(), ...(await fresh.violations())], []);
    await fresh.close();
  });
}

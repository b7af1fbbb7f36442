import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { StoryPage } from './story-page.ts';
import { serveStories } from './story-server.ts';
import { buildStorybook, STORYBOOK } from './storybook.ts';

const LOOKS = [
  { look: 'light', globals: { theme: 'light', locale: 'en' }, width: 1000, height: 720 },
  { look: 'dark', globals: { theme: 'dark', locale: 'en' }, width: 1000, height: 720 },
  { look: 'arabic', globals: { theme: 'light', locale: 'ar' }, width: 1000, height: 720 },
  { look: 'narrow', globals: { theme: 'light', locale: 'en' }, width: 360, height: 720 },
] as const;

/** How wide each picture is on the sheets, which are as many beside each other as there is room for. */
const THUMB = 480;
const SHEET = 2_000;

interface Picture {
  name: string;
  data: Buffer;
}

/** Takes pictures of every story, one of each look, and lays those of an element beside each other on sheets. */
export async function shootStories(browser: Browser, folder: string) {
  buildStorybook();
  await mkdir(join(folder, 'stories'), { recursive: true });
  const { entries } = JSON.parse(await readFile(join(STORYBOOK, 'index.json'), 'utf8')) as {
    entries: Record<string, { id: string; title: string; name: string; type: string; tags: string[] }>;
  };
  const stories = Object.values(entries).filter(({ type, tags }) => type === 'story' && !tags.includes('live'));
  const server = await serveStories();
  try {
    for (const [title, ofElement] of Map.groupBy(stories, ({ title }) => title)) {
      const element = title.split('/').at(-1)!.toLowerCase().replaceAll(' ', '-');
      const sheets = new Map<string, Picture[]>(LOOKS.map(({ look }) => [look, []]));
      for (const { id, name } of ofElement) {
        for (const { look, globals, width, height } of LOOKS) {
          // What one leaves on the device is not the next one's.
          const page = await StoryPage.open(browser, server.url, { width, height });
          await page.show(id, { look: globals });
          const data = await page.shoot();
          sheets.get(look)!.push({ name, data });
          await writeFile(join(folder, 'stories', `${id}-${look}.png`), data);
          await page.close();
        }
      }
      for (const [look, pictures] of sheets)
        await writeFile(join(folder, `${element}-${look}.png`), await sheetOf(browser, pictures));
      console.log(element);
    }
  } finally {
    await server.close();
  }
}

async function sheetOf(browser: Browser, pictures: readonly Picture[]): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: SHEET, height: 1_000 } });
  await page.setContent(
    `<style>body{display:flex;flex-wrap:wrap;gap:16px;margin:16px;background:#888;font:14px sans-serif}
     figure{margin:0}img{display:block;max-width:${THUMB}px}figcaption{padding:4px;color:#fff}</style>` +
      pictures
        .map(
          ({ name, data }) =>
            `<figure><figcaption>${name.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</figcaption>` +
            `<img src="data:image/png;base64,${data.toString('base64')}"></figure>`,
        )
        .join(''),
  );
  const sheet = await page.screenshot({ fullPage: true });
  await page.close();
  return sheet;
}

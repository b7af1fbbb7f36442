import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** How a page is looked at, and in which language its forms are. */
const LOOKS = [
  { look: 'light', colorScheme: 'light', lang: 'en', width: 1280, height: 860 },
  { look: 'dark', colorScheme: 'dark', lang: 'en', width: 1280, height: 860 },
  { look: 'rtl', colorScheme: 'light', lang: 'ar', width: 1280, height: 860 },
  { look: 'narrow', colorScheme: 'light', lang: 'en', width: 360, height: 640 },
  { look: 'rtl-narrow', colorScheme: 'dark', lang: 'ar', width: 360, height: 640 },
] as const;

const SHAPES = ['popup', 'slide', 'tab', 'banner', 'full'] as const;

/** Takes the marketing page, its strict twin, the hosted page, and a form in each of its shapes, all in every look. */
export async function shootForms(page: Page, api: string, site: string, folder: string) {
  const form = await formOn(page, site);
  let language = 'en';
  // The page itself is in English, and its forms would be too.
  await page.route('**/public/forms/*?lang=*', (route) =>
    route.continue({
      url: route
        .request()
        .url()
        .replace(/lang=[\w-]+/, `lang=${language}`),
    }),
  );
  for (const { look, colorScheme, lang, width, height } of LOOKS) {
    language = lang;
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    const take = async (screen: string, fullPage = false) => {
      await page.screenshot({ path: join(folder, `${screen}-${look}.png`), fullPage });
      console.log(`${screen}-${look}`);
    };

    for (const [screen, path] of [
      ['site', '/'],
      ['strict', '/strict.html'],
    ] as const) {
      await page.goto(`${site}${path}`);
      await inlineForm(page).waitFor();
      await take(screen, true);
    }

    await page.goto(`${api}/f/${form}?lang=${lang}`);
    await page.getByRole('button').last().waitFor();
    await take('hosted', true);

    for (const shape of SHAPES) {
      await page.goto(site);
      await inlineForm(page).waitFor();
      await page.evaluate(openShape, { shape, form, lang });
      await page.locator('[data-shot] :focus, [data-shot]').first().waitFor({ state: 'attached' });
      await page.waitForTimeout(500);
      await take(`shape-${shape}`);
    }

    await page.goto(site);
    await inlineForm(page).waitFor();
    await page.locator('#quote').getByRole('button').last().click();
    await page.locator('#quote').getByRole('alert').first().waitFor();
    await page.locator('#quote').scrollIntoViewIfNeeded();
    await take('refused');
  }
}

const inlineForm = (page: Page) => page.locator('#quote').getByRole('button').last();

async function formOn(page: Page, site: string) {
  await page.goto(site);
  return (await page.locator('#quote [data-form]').first().getAttribute('data-form'))!;
}

/** Runs in the page: puts an opener there, as its author would, and opens it. */
function openShape({ shape, form, lang }: { shape: string; form: string; lang: string }) {
  document.documentElement.dir = lang === 'ar' ? 'rtl' : 'ltr';
  const opener = document.createElement('button');
  opener.setAttribute(`data-mill-${shape}`, form);
  opener.setAttribute('data-mill-lang', lang);
  opener.dataset['shot'] = '';
  document.body.append(opener);
  setTimeout(() => opener.click(), 200);
}

import type { Browser, Page } from 'playwright-core';

/**
 * Milliseconds from a visitor's click on the last button until the lead's row stands in the open console of a salesperson,
 * in each of several submissions.
 */
export async function timesUntilRow(
  browser: Browser,
  consoleUrl: string,
  pageUrl: string,
  credentials: { email: string; password: string },
  runs: number,
): Promise<number[]> {
  const salesperson = await (await browser.newContext()).newPage();
  await salesperson.goto(consoleUrl);
  await salesperson.getByLabel('E-mail').fill(credentials.email);
  await salesperson.getByLabel('Password').fill(credentials.password);
  await salesperson.keyboard.press('Enter');
  await salesperson.getByRole('row').nth(1).getByRole('link').first().waitFor();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const name = `Bench ${crypto.randomUUID().slice(0, 8)}`;
    const shown = salesperson.evaluate(momentOfRow, name);
    const visitor = await browser.newContext();
    const clicked = await submit(await visitor.newPage(), pageUrl, name);
    times.push((await shown) - clicked);
    await visitor.close();
  }
  await salesperson.context().close();
  return times;
}

async function submit(page: Page, url: string, name: string): Promise<number> {
  await page.goto(url);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(`${name.toLowerCase().replace(' ', '.')}@example.test`);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel(/I agree/).check();
  await page.evaluate(() => {
    const noted = window as unknown as { clicked: number };
    addEventListener('click', () => (noted.clicked = Date.now()), true);
  });
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Thank you').first().waitFor();
  return page.evaluate(() => (window as unknown as { clicked: number }).clicked);
}

/** Runs in the console's page: looks at every frame whether a row of the table names the lead. */
function momentOfRow(name: string): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      const table = document.querySelector('mill-lead-table');
      if (table?.shadowRoot?.textContent?.includes(name)) resolve(Date.now());
      else requestAnimationFrame(look);
    };
    look();
  });
}

import type { AxeResults } from 'axe-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';

/** What the toolbars are set to; what is not said is as at first. */
export type Look = Partial<Record<'theme' | 'direction' | 'locale', string>>;

export const LOOKS: readonly Look[] = ['light', 'dark'].flatMap((theme) =>
  ['ltr', 'rtl'].map((direction) => ({ theme, direction })),
);

/** A page's own colours, which follow the system. */
export const BRAND: Look = { theme: 'brand', direction: 'ltr' };

/** What a page is shown as. */
interface Shown {
  kind?: 'story' | 'docs';
  look?: Look;
  patience?: number;
}

/** What of Storybook's preview says how far a story is. */
interface Preview {
  currentRender?: { id: string; phase?: string };
}

const LONGEST_STORY = 120_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page of the built Storybook that notes whatever is wrong with what it shows. */
export class StoryPage {
  readonly #page: Page;
  readonly #url: string;
  readonly #wrong: string[] = [];

  private constructor(page: Page, url: string) {
    this.#page = page;
    this.#url = url;
    page.on('console', (message) => message.type() === 'error' && this.#wrong.push(message.text()));
    page.on('pageerror', (error) => this.#wrong.push(error.message));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== 'data:' && protocol !== 'blob:' && origin !== new URL(url).origin)
        this.#wrong.push(`It asks ${request.url()}, which is somebody else's.`);
    });
  }

  static async open(browser: Browser, url: string, viewport = { width: 1280, height: 900 }): Promise<StoryPage> {
    const page = await browser.newPage({ viewport, reducedMotion: 'reduce' });
    return new StoryPage(page, url);
  }

  /** Shows a story as its address says, or a page of documentation, and waits until all that it does is done. */
  async show(id: string, { kind = 'story', look = {}, patience = LONGEST_STORY }: Shown = {}) {
    // Its own addon looks for the same once a story is played, and would be in the way.
    const globals = ['a11y.manual:!true', ...Object.entries(look).map(([name, value]) => `${name}:${value}`)];
    await this.#page.goto(`${this.#url}iframe.html?id=${id}&viewMode=${kind}&globals=${globals.join(';')}`);
    const isDone = (given: { id: string; kind: string }) => {
      if (given.kind === 'docs') return document.querySelector('#storybook-docs h1') !== null;
      const { currentRender } = (globalThis as unknown as Record<string, Preview | undefined>)['__STORYBOOK_PREVIEW__'] ?? {};
      const isOver = currentRender?.phase === 'finished' || currentRender?.phase === 'errored';
      return currentRender?.id === given.id && isOver && currentRender.phase;
    };
    const phase = await this.#page.waitForFunction(isDone, { id, kind }, { timeout: patience });
    if ((await phase.jsonValue()) === 'errored') this.#wrong.push(`The story ${id} was not played to its end.`);
  }

  /** Turns the toolbars, as a reader would; what was done in the story stays. */
  async turn(look: Look) {
    await this.#page.evaluate(async (globals) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const channel = (globalThis as any)['__STORYBOOK_ADDONS_CHANNEL__'];
      channel.once('storyRendered', () => resolve());
      channel.emit('updateGlobals', { globals });
      await promise;
    }, look);
  }

  /** Lets the visitor's system prefer these colours. */
  prefer(colorScheme: 'light' | 'dark') {
    return this.#page.emulateMedia({ colorScheme });
  }

  /** What axe finds in the story: one line for each kind of violation. */
  async violations(): Promise<string[]> {
    if (!(await this.#page.evaluate(() => 'axe' in globalThis))) await this.#page.evaluate(axe);
    const { violations } = await this.#page.evaluate(async () => {
      await document.fonts.ready;
      return (globalThis as unknown as { axe: { run(root: string): Promise<AxeResults> } }).axe.run('#storybook-root');
    });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  }

  /** A picture of it. */
  shoot(): Promise<Buffer> {
    return this.#page.screenshot();
  }

  /** What was wrong since it was asked last. */
  wrong(): string[] {
    return this.#wrong.splice(0);
  }

  /** The text of what is shown, shadow roots included. */
  async text(selector: string): Promise<string> {
    return this.#page.locator(selector).first().innerText();
  }

  get locator() {
    return this.#page.locator.bind(this.#page);
  }

  close() {
    return this.#page.close();
  }
}

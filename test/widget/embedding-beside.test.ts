import { afterEach, describe, equal, it, ok, until } from '../components/browser-test.ts';
import { customerPage, form, INLINE_LAUNCHER, LAUNCHER, leavePages, popup, script, shown, STRICTEST } from './customer-page.ts';

const OLDER = '/widget/older/v1/millrace.js';
const EVERY_NAME = [
  'millrace',
  'currentScript',
  'documentElement',
  'createElement',
  'querySelectorAll',
  'querySelector',
  'body',
  'head',
  'forms',
  'addEventListener',
  'trustedTypes',
  'navigation',
  'referrer',
  'readyState',
  'visibilityState',
  'dataLayer',
  'localStorage',
  'fetch',
  'location',
  'q',
  'version',
  'activeElement',
  'adoptedStyleSheets',
  'cookie',
  'title',
  'dir',
  'getElementById',
];

describe('On a page', () => {
  afterEach(leavePages);

  it('the script may stand twice', async () => {
    const page = await customerPage(script(`data-form="${form()}"`) + script(`data-form="${form({ title: 'Second' })}"`), {
      csp: STRICTEST,
    });
    await shown(page, 2);
    equal(page.violations, []);
    equal(page.fetched('form.js').length, 1);
  });

  it('two versions of it may stand side by side', async () => {
    const page = await customerPage(
      script(`data-form="${form()}"`, OLDER) + script(`data-form="${popup({ opener: 'Write' })}"`) + script('', LAUNCHER),
      { csp: STRICTEST },
    );
    await shown(page, 2);
    equal(page.violations, []);
    equal(page.fetched('form.js').length, 1);
  });

  for (const order of ['before', 'after']) {
    it(`the script for inline forms alone may stand ${order} the whole one`, async () => {
      const both = [script(`data-form="${form()}"`, INLINE_LAUNCHER), script(`data-form="${popup({ opener: 'Write' })}"`)];
      const [first, second] = order === 'before' ? both : both.toReversed();
      const page = await customerPage(first! + second!);
      await shown(page, 2);
      await until('the popup has its opener', () => page.forms().some((root) => root.querySelector('.opener')));
      page.window.millrace('prefill', { name: 'Ada' });
      equal(
        page.forms().map((root) => root.querySelector<HTMLInputElement>('form input:not([tabindex="-1"])')!.value),
        ['Ada', 'Ada'],
      );
    });
  }

  it('the whole script takes over from the one for inline forms, with what was called and answered', async () => {
    const calls = `<script nonce="once">window.millrace=function(){(millrace.q=millrace.q||[]).push(arguments)};
      millrace('prefill', { name: 'Ada' })</script>`;
    const page = await customerPage(calls + script(`data-form="${form({ title: 'Kept' })}"`, INLINE_LAUNCHER));
    const before = await shown(page);
    equal(page.fetched('/form.js').length, 0);
    const whole = page.document.createElement('script');
    whole.src = LAUNCHER;
    page.document.body.append(whole);
    await until(`another shows it: ${page.window.errors}`, () => page.forms().length === 1 && page.forms()[0] !== before);
    equal(page.forms()[0]!.querySelector<HTMLInputElement>('form input:not([tabindex="-1"])')!.value, 'Ada');
    page.window.millrace('open', popup());
    await until('it is open', () => page.open().length === 1);
  });

  it('the script for inline forms says so where more is asked of it', async () => {
    const warning = `<script nonce="once">window.warned = []; console.warn = (...said) => warned.push(said.join(' '))</script>`;
    const page = await customerPage(warning + script(`data-form="${form()}"`, INLINE_LAUNCHER));
    await shown(page);
    page.window.millrace('open', popup());
    const { warned } = page.window as unknown as { warned: string[] };
    ok(warned[0]?.includes('include millrace.js'), `It says ${warned}`);
  });

  it('the script for inline forms fetches nothing more where no form stands', async () => {
    const page = await customerPage(`<p>No form here.</p>${script('', INLINE_LAUNCHER)}`);
    await until('it is there', () => page.window.millrace?.version);
    page.window.millrace('identify', { plan: 'pro' });
    equal([page.fetched('.js').length, page.fetched('/api/').length], [1, 0]);
    equal(page.window.errors, []);
  });

  for (const launcher of [LAUNCHER, INLINE_LAUNCHER]) {
    it(`the console says which form ${launcher.split('/').at(-1)} cannot read`, async () => {
      const warning = `<script nonce="once">window.warned = []; console.warn = (...said) => warned.push(said.join(' '))</script>`;
      const page = await customerPage(warning + script('data-form="no.form"', launcher));
      await until('it is told', () => page.heard.includes('failed'));
      const { warned } = page.window as unknown as { warned: string[] };
      ok(warned[0]?.includes('no.form'), `It says ${warned}`);
    });
  }

  it('the script may come again after it has taken everything away', async () => {
    const page = await customerPage(script(`data-form="${form()}"`), { csp: STRICTEST });
    await shown(page);
    page.window.millrace('destroy');
    equal(page.forms().length, 0);
    // Made where no policy is in its way, as the page's own policy would make it.
    page.document.body.append(Object.assign(document.createElement('script'), { nonce: 'once', src: LAUNCHER }));
    await shown(page);
    equal(page.violations, []);
    equal(page.fetched('form.js').length, 1);
  });

  it('someone else may have defined the element', async () => {
    const html = `<script nonce="once">customElements.define('mill-capture', class extends HTMLElement {})</script>
      <mill-capture form="${form()}"></mill-capture>${script(`data-form="${form()}"`)}`;
    const page = await customerPage(html);
    await shown(page);
    equal(page.document.querySelector('mill-capture')!.shadowRoot, null);
  });

  it('elements may be called whatever we read', async () => {
    const hostile = EVERY_NAME.map(
      (name) => `<img id="${name}" name="${name}"><form id="${name}" name="${name}"><input name="q"></form>`,
    );
    const page = await customerPage(
      hostile.join('') + script(`data-form="${form()}"`) + script(`data-form="${popup({ triggers: [{ on: 'load' }] })}"`),
    );
    await until(`both are shown: ${page.window.errors} ${page.heard}`, () => hostRoots(page.window).length === 2);
    equal(page.window.errors, []);
    equal(typeof page.window.millrace, 'function');
  });

  it('a form may be taken away and put back a hundred times', async () => {
    const counting = `<script nonce="once">window.listening = new Set();
      const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
      EventTarget.prototype.addEventListener = function (type, hear, options) {
        if (this === window || this === document || this === document.documentElement) {
          const one = { type, hear, target: this };
          if (!options?.signal?.aborted) listening.add(one);
          options?.signal?.addEventListener('abort', () => listening.delete(one));
        }
        return add.call(this, type, hear, options);
      };
      EventTarget.prototype.removeEventListener = function (type, hear, options) {
        for (const one of listening) if (one.type === type && one.hear === hear && one.target === this) listening.delete(one);
        return remove.call(this, type, hear, options);
      };</script>`;
    const page = await customerPage(`${counting}<div data-mill-form="${form()}"></div>${script()}`);
    await shown(page);
    const { listening } = page.window as unknown as { listening: Set<{ type: string }> };
    const element = page.document.querySelector('[data-mill-form]')!;
    const again = async () => {
      const before = element.shadowRoot!.querySelector('form');
      element.remove();
      await until('it is gone', () => !before!.isConnected && element.shadowRoot!.querySelector('form') !== before);
      page.document.body.append(element);
      await until('it is back', () => element.shadowRoot!.querySelector('form'));
    };
    await again();
    const before = listening.size;
    for (let time = 0; time < 100; time += 1) await again();
    equal([...listening].length, before);
    equal(page.forms().length, 1);
    equal(page.document.body.querySelectorAll('div').length, 1);
  });

  it('messages from anywhere change nothing', async () => {
    const page = await customerPage(script(`data-form="${popup({ opener: 'Write' })}"`));
    await shown(page);
    const messages = [['open'], { type: 'millrace', method: 'open' }, 'open'];
    let heard = 0;
    page.window.addEventListener('message', () => (heard += 1));
    for (const message of messages) page.window.postMessage(message, '*');
    await until('all are heard', () => heard === messages.length);
    equal(page.open().length, 0);
  });

  it('nothing of ours but one name is global', async () => {
    const names = (window: Window) => new Set(Object.getOwnPropertyNames(window));
    const without = names((await customerPage('<p></p>')).window);
    const page = await customerPage(script(`data-form="${form()}"`));
    await shown(page);
    equal(
      [...names(page.window)].filter((name) => !without.has(name) && !/^\d+$/.test(name)),
      ['millrace'],
    );
    ok(page.window.millrace.version, 'It does not say its version');
  });
});

/** As in a page whose document is not what it seems. */
function hostRoots(window: Window) {
  const all = Document.prototype.querySelectorAll.call(window.document, '*');
  return [...all].filter(({ shadowRoot }) => shadowRoot?.querySelector('form'));
}

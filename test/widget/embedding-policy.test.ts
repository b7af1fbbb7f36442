import { afterEach, describe, equal, it, ok, until } from '../components/browser-test.ts';
import {
  customerPage,
  forgetQueue,
  form,
  INLINE_LAUNCHER,
  LAUNCHER,
  leavePages,
  popup,
  script,
  shown,
  STRICTEST,
  STUB,
} from './customer-page.ts';

describe('A page under the strictest policy', () => {
  afterEach(leave);

  it('shows the form without breaking it, and fetches the form once', async () => {
    const page = await customerPage(script(`data-form="${form()}"`), { csp: STRICTEST });
    const root = await shown(page);
    ok(root.querySelector('input[name="name"], input'), 'The form has no field');
    equal(page.violations, []);
    equal(page.fetched('form.js').length, 1);
  });

  it('opens one above it without breaking it', async () => {
    const page = await customerPage(script(`data-form="${popup({ triggers: [{ on: 'load' }] })}"`), { csp: STRICTEST });
    await until('it is open', () => page.open().length === 1);
    equal(page.violations, []);
  });

  it('lives on where one byte of the form has changed', async () => {
    const id = form();
    const page = await customerPage(
      `<div data-mill-form="${id}">Write to us</div>${script('', '/widget/altered/v1/millrace.js')}`,
      {
        csp: STRICTEST,
      },
    );
    await until('it is told', () => page.heard.includes('failed'));
    equal(page.forms(), []);
    equal(page.document.querySelector('[data-mill-form]')!.shadowRoot, null);
    equal(page.window.errors, []);
  });

  it('hears of it by millrace, and has the form where it comes at the next try', async () => {
    const calls = `<script nonce="once">${STUB}; millrace('on', 'failed', () => (window.told = true));</script>`;
    const page = await customerPage(calls + script('', `/widget/flaky/${crypto.randomUUID()}/v1/millrace.js`), {
      csp: STRICTEST,
    });
    const id = popup();
    page.window.millrace('open', id);
    await until('it is told', () => (page.window as { told?: boolean }).told);
    equal(page.forms(), []);
    page.window.millrace('open', id);
    await until('it is open', () => page.open().length > 0);
    equal(page.violations, []);
  });

  for (const [launcher, scripts] of [
    [LAUNCHER, 2],
    [INLINE_LAUNCHER, 1],
  ] as const) {
    const name = launcher.split('/').at(-1);

    it(`asks for no more than ${scripts} of ${name} where all goes well`, async () => {
      const page = await customerPage(script(`data-form="${form()}"`, launcher), { csp: STRICTEST });
      send(await shown(page));
      await until('it is received', () => page.heard.includes('submitted'));
      equal(page.fetched('.js').length, scripts);
      equal(page.violations, []);
    });

    it(`has what does not come through looked after by one more of ${name}`, async () => {
      const page = await customerPage(script(`data-form="${form({ title: 'Busy' })}"`, launcher), { csp: STRICTEST });
      send(await shown(page));
      await until('it is queued', () => page.heard.includes('queued'));
      equal(page.fetched('/later.js').length, 1);
      equal([page.violations, page.window.errors], [[], []]);
    });
  }
});

describe('A page that trusts what its trusted scripts bring', () => {
  afterEach(leave);

  const STRICT_DYNAMIC = STRICTEST.replace("'nonce-once'", "'nonce-once' 'strict-dynamic'");

  for (const launcher of [LAUNCHER, INLINE_LAUNCHER]) {
    const name = launcher.split('/').at(-1);

    it(`goes through the whole flow of ${name} without a violation`, async () => {
      const page = await customerPage(script(`data-form="${form()}"`, launcher), { csp: STRICT_DYNAMIC });
      send(await shown(page));
      await until('it is received', () => page.heard.includes('submitted'));
      equal([page.violations, page.window.errors], [[], []]);
    });
  }

  it('lets one open above it, and what does not come through be looked after', async () => {
    const page = await customerPage(script(), { csp: STRICT_DYNAMIC });
    page.window.millrace('open', popup({}, { title: 'Busy' }));
    await until('it is open', () => page.open().length === 1);
    send(page.forms()[0]!);
    await until('it is queued', () => page.heard.includes('queued'));
    equal(page.fetched('/later.js').length, 1);
    equal([page.violations, page.window.errors], [[], []]);
  });
});

/** First the pages, so that none holds the queue open that is then to be forgotten. */
async function leave() {
  leavePages();
  await forgetQueue();
}

function send(root: ShadowRoot) {
  const field = root.querySelector<HTMLInputElement>('form input:not([tabindex="-1"])')!;
  field.value = 'Ada';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  root.querySelector('form')!.requestSubmit();
}

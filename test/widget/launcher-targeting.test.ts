import { afterEach, describe, equal, it, until } from '../components/browser-test.ts';
import type { Display } from '../../src/contract/form-definition.ts';
import { type CustomerPage, customerPage, decided, form, leavePages, popup, script, shown, STUB } from './customer-page.ts';

/** Beside the form there is one for everybody: once both are read and that one is shown, the first is, or will not be. */
async function isShown(display: Partial<Display>, { before = '', query = '' } = {}) {
  const page = await customerPage(
    before + script(`data-form="${popup({ opener: 'Write', triggers: [], ...display })}"`) + EVERYBODY,
    { query },
  );
  await decided(page, 2);
  return page.forms().length === 2;
}

const EVERYBODY = script(`data-form="${form()}"`);
const consenting = `<script nonce="once">${STUB}; millrace('consent', { storage: true })</script>`;

describe('A form is meant for', () => {
  afterEach(leavePages);

  it('addresses', async () => {
    equal(await isShown({ targeting: { urls: ['/widget/*'] } }), true);
    equal(await isShown({ targeting: { urls: ['/widget'] } }), false);
    equal(await isShown({ targeting: { urls: ['*&plan=pro*'] } }, { query: '&plan=pro&x' }), true);
    equal(await isShown({ targeting: { urls: [`${location.origin}/widget/page`] } }), false);
    equal(await isShown({ targeting: { urls: [`${location.origin}/widget/page*`] } }), true);
  });

  it('and not for others', async () => {
    equal(await isShown({ targeting: { not_urls: ['/widget/*'] } }), false);
    equal(await isShown({ targeting: { not_urls: ['/other'] } }), true);
  });

  it('visits from somewhere', async () => {
    equal(await isShown({ targeting: { referrers: [`${location.origin}/*`] } }), true);
    equal(await isShown({ targeting: { referrers: [location.host] } }), true);
    equal(await isShown({ targeting: { referrers: ['*google*'] } }), false);
  });

  it('campaigns', async () => {
    const targeting = { utm: { utm_source: ['google', 'bing*'] } };
    equal(await isShown({ targeting }, { query: '&utm_source=bing-ads' }), true);
    equal(await isShown({ targeting }, { query: '&utm_source=mail' }), false);
    equal(await isShown({ targeting }), false);
  });

  it('devices', async () => {
    equal(await isShown({ targeting: { devices: ['desktop'] } }), true);
    equal(await isShown({ targeting: { devices: ['mobile', 'tablet'] } }), false);
  });

  it('languages', async () => {
    equal(await isShown({ targeting: { languages: [navigator.language] } }), true);
    equal(await isShown({ targeting: { languages: [navigator.language.split('-')[0]!] } }), true);
    equal(await isShown({ targeting: { languages: ['is'] } }), false);
  });

  it('visitors who come again', async () => {
    equal(await isShown({ targeting: { visitors: 'new' } }, { before: consenting }), true);
    equal(await isShown({ targeting: { visitors: 'new' } }), true);
    equal(await isShown({ targeting: { visitors: 'returning' } }), false);
    sessionStorage.clear();
    equal(await isShown({ targeting: { visitors: 'returning' } }), true);
    equal(await isShown({ targeting: { visitors: 'new' } }), false);
  });
});

describe('A form comes by itself', () => {
  afterEach(leavePages);

  const at = (frequency: Display['frequency'], attributes = '') =>
    customerPage(
      script(`data-form="${popup({ triggers: [{ on: 'load' }], ...(frequency && { frequency }) })}" ${attributes}`) + EVERYBODY,
    );
  const comes = (page: CustomerPage) => until('it has come', () => page.open().length === 1);
  async function dismissed(frequency: Display['frequency'], attributes = '') {
    const page = await at(frequency, attributes);
    await comes(page);
    page.window.millrace('close');
  }
  async function staysAway(page: CustomerPage) {
    await decided(page, 2);
    equal(page.open().length, 0);
    // A call opens it all the same.
    page.window.millrace('open', page.document.querySelector('[data-form]')!.getAttribute('data-form'));
    await comes(page);
  }

  it('always', async () => {
    await dismissed({ show: 'always' });
    await comes(await at({ show: 'always' }));
  });

  it('once', async () => {
    await dismissed({ show: 'once' });
    sessionStorage.clear();
    await staysAway(await at({ show: 'once' }));
  });

  it('once a session', async () => {
    await dismissed({ show: 'session' });
    await staysAway(await at({ show: 'session' }));
    sessionStorage.clear();
    await comes(await at({ show: 'session' }));
  });

  it('every so many days', async () => {
    await dismissed({ show: 'days', days: 2 });
    await staysAway(await at({ show: 'days', days: 2 }));
    const kept = localStorage.getItem('millrace.forms')!;
    const { at: _, ...rows } = JSON.parse(kept) as Record<string, number[]> & { at?: never };
    for (const row of Object.values(rows)) row[3]! -= 2 * 86_400_000 + 1;
    localStorage.setItem('millrace.forms', JSON.stringify(rows));
    await comes(await at({ show: 'days', days: 2 }));
  });

  it('until it was submitted', async () => {
    await dismissed({ show: 'until_submitted' });
    const page = await at({ show: 'until_submitted' });
    await comes(page);
    const host = page.forms()[0]!.host;
    const formId = page.document.querySelector('[data-form]')!.getAttribute('data-form');
    host.dispatchEvent(new page.window.CustomEvent('mill-form-submitted', { bubbles: true, detail: { formId } }));
    await staysAway(await at({ show: 'until_submitted' }));
  });

  it('as often as the site allows for all forms together', async () => {
    await dismissed({ show: 'always' }, 'data-caps=",1"');
    await staysAway(await at({ show: 'always' }, 'data-caps=",1"'));
    await comes(await at({ show: 'always' }, 'data-caps="9,2"'));
  });

  it('with nothing stored before the visitor acts', async () => {
    const page = await at({ show: 'once' });
    await comes(page);
    equal([localStorage.length, sessionStorage.length, page.document.cookie], [0, 0, '']);
    page.window.millrace('close');
    equal(localStorage.getItem('millrace.forms') !== null, true);
  });

  it('where nothing may be stored at all', async () => {
    const closed = `<script nonce="once">for (const area of ['localStorage', 'sessionStorage', 'indexedDB'])
      Object.defineProperty(window, area, { get() { throw new DOMException('No', 'SecurityError'); } })</script>`;
    const page = await customerPage(
      closed + script(`data-form="${popup({ triggers: [{ on: 'load' }], frequency: { show: 'once' } })}"`),
    );
    await comes(page);
    page.window.millrace('close');
    await until('it is closed', () => page.open().length === 0);
    equal(page.window.errors, []);
  });
});

describe('Where a visit came from', () => {
  afterEach(leavePages);

  it('is kept across pages where that is allowed, the first touch and the last', async () => {
    const submitted = (page: CustomerPage) => shown(page);
    await submitted(await customerPage(consenting + script(`data-form="${form()}"`), { query: '&utm_source=mail' }));
    await submitted(await customerPage(consenting + script(`data-form="${form()}"`), { query: '&utm_source=ads' }));
    await submitted(await customerPage(consenting + script(`data-form="${form()}"`)));
    await until('it is kept', () => localStorage.getItem('millrace.touches'));
    const touches = JSON.parse(localStorage.getItem('millrace.touches')!) as [string, string][];
    equal(
      touches.map(([url]) => new URL(url).searchParams.get('utm_source')),
      ['mail', 'ads'],
    );
    const page = await customerPage(`<script nonce="once">${STUB}; millrace('consent', { storage: false })</script>${script()}`);
    await until('it is forgotten', () => page.window.localStorage.getItem('millrace.touches') === null);
  });
});

import { html, LitElement } from 'lit';
import '../../src/components/contact-table/contact-table.define.ts';
import '../../src/components/lead-table/lead-table.define.ts';
import '../../src/components/provider/provider.define.ts';
import { Localized } from '../../src/components/shared/localized.ts';
import { formatsOf } from '../../src/core/formats.ts';
import { common, recordTable } from '../../src/locales/en.ts';
import { afterEach, beforeEach, describe, equal, it, ok, until } from './browser-test.ts';
import { contact, FakeApi, lead, page } from './fake-api.ts';
import { find, findAll, header, onPage, place, range, said, settled, type Table, tablesOf, textOf } from './table-on-page.ts';

/** An element with little more than its texts. */
class Sayer extends LitElement {
  words = new Localized(this, 'common', common);
  table = new Localized(this, 'recordTable', recordTable);
  updates = 0;

  protected override render() {
    this.updates++;
    const rows = this.table.text('of', { rows: this.words.formats.range(1, 2), total: 12_345 });
    return html`<p class="cancel">${this.words.text('cancel')}</p><p class="rows">${rows}</p><p class="part">${this.words.texts.close}</p>`;
  }
}
customElements.define('test-sayer', Sayer);

onPage();
const contacts = tablesOf('mill-contact-table');
const leads = tablesOf('mill-lead-table');

const root = document.documentElement;
const before = { lang: root.getAttribute('lang'), dir: root.getAttribute('dir') };
beforeEach(() => root.setAttribute('lang', 'en'));
afterEach(() => {
  for (const name of ['lang', 'dir'] as const) {
    if (before[name] === null) root.removeAttribute(name);
    else root.setAttribute(name, before[name]);
  }
});

/** Puts an element into the page, in whatever stands around it; its inner parts are read through the others. */
function put(around = '<test-sayer></test-sayer>') {
  place.innerHTML = around;
  return place.querySelector<Sayer>('test-sayer')!;
}
const part = (sayer: Sayer, name: string) => sayer.shadowRoot!.querySelector<HTMLElement>(`.${name}`)!;
const saying = (sayer: Sayer, text: string) => until(`${text} is shown`, () => textOf(part(sayer, 'cancel')) === text);
const marks = (sayer: Sayer) => [part(sayer, 'cancel').getAttribute('lang'), part(sayer, 'cancel').getAttribute('dir')];
const provider = () => place.querySelector('mill-provider')!;

describe('The locale of an element is', () => {
  it("the document's, and English where nothing says another", async () => {
    root.setAttribute('lang', 'de');
    const sayer = put();
    await saying(sayer, 'Abbrechen');
    equal(textOf(part(sayer, 'rows')), '1–2 von 12.345');
    equal(textOf(part(sayer, 'part')), 'Schließen');

    root.removeAttribute('lang');
    await saying(sayer, 'Cancel');
    equal(sayer.words.locale, 'en');
  });

  it('that of the nearest lang around it, its own before others', async () => {
    root.setAttribute('lang', 'de');
    await saying(put('<div lang="fr"><div><test-sayer></test-sayer></div></div>'), 'Annuler');
    await saying(put('<div lang="fr"><test-sayer lang="es"></test-sayer></div>'), 'Cancelar');
  });

  it('found through shadow roots', async () => {
    const outer = document.createElement('div');
    outer.lang = 'fr';
    const middle = document.createElement('div');
    middle.attachShadow({ mode: 'open' }).innerHTML = '<section><test-sayer></test-sayer></section>';
    outer.append(middle);
    place.append(outer);
    const sayer = middle.shadowRoot!.querySelector<Sayer>('test-sayer')!;
    await saying(sayer, 'Annuler');
    outer.lang = 'es';
    await saying(sayer, 'Cancelar');
    middle.shadowRoot!.querySelector('section')!.lang = 'de';
    await saying(sayer, 'Abbrechen');
  });

  it("the provider's before what the page says, also where the provider comes later or goes", async () => {
    const sayer = put('<mill-provider locale="es"><div lang="de"><test-sayer></test-sayer></div></mill-provider>');
    await saying(sayer, 'Cancelar');
    provider().locale = 'fr';
    await saying(sayer, 'Annuler');
    provider().locale = undefined;
    await saying(sayer, 'Abbrechen');
    provider().locale = 'fr';
    await saying(sayer, 'Annuler');
    place.append(sayer.parentElement!);
    await saying(sayer, 'Abbrechen');
  });

  it('German in Austria with German texts and Austrian numbers', async () => {
    const sayer = put('<test-sayer lang="de-AT"></test-sayer>');
    await saying(sayer, 'Abbrechen');
    equal(sayer.words.locale, 'de-AT');
    equal(textOf(part(sayer, 'rows')), `1–2 von ${formatsOf('de-AT').number(12_345)}`.replace(/\s/g, ' '));
  });

  it('a language without texts: English texts, marked as such, with its own numbers', async () => {
    const sayer = put('<test-sayer lang="pl"></test-sayer>');
    await saying(sayer, 'Cancel');
    equal(textOf(part(sayer, 'rows')), `1–2 of ${formatsOf('pl').number(12_345)}`.replace(/\s/g, ' '));
    equal(marks(sayer), ['en', null]);
  });

  it('English where a tag is none', async () => {
    const sayer = put('<test-sayer lang="not a language"></test-sayer>');
    await saying(sayer, 'Cancel');
    equal(sayer.words.locale, 'en');
  });

  it('another as soon as the page changes it, without an update where nothing changes', async () => {
    const sayer = put('<div><test-sayer></test-sayer></div>');
    await saying(sayer, 'Cancel');
    await settled();
    const updates = sayer.updates;
    place.setAttribute('lang', 'en');
    place.append(Object.assign(document.createElement('p'), { lang: 'fr' }));
    await settled();
    equal(sayer.updates, updates);
    place.lang = 'fr';
    await saying(sayer, 'Annuler');
    const away = place.firstElementChild!;
    away.remove();
    place.lang = 'es';
    await settled();
    equal(textOf(part(sayer, 'cancel')), 'Annuler');
    place.append(away);
    await saying(sayer, 'Cancelar');
  });
});

describe("A host's own texts", () => {
  it('win over the bundles, in every language or in one, and change at run time', async () => {
    const sayer = put('<mill-provider><test-sayer></test-sayer></mill-provider>');
    provider().messages = { common: { cancel: 'Stop' }, de: { common: { close: 'Zumachen' } } };
    await saying(sayer, 'Stop');
    equal(textOf(part(sayer, 'part')), 'Close');

    provider().locale = 'de';
    await until('the own German text is shown', () => textOf(part(sayer, 'part')) === 'Zumachen');
    equal(textOf(part(sayer, 'cancel')), 'Stop');
    await until('the other German texts are there', () => textOf(part(sayer, 'rows')) === '1–2 von 12.345');

    provider().messages = { recordTable: { of: '{rows} / {total}' } };
    await saying(sayer, 'Abbrechen');
    equal(textOf(part(sayer, 'rows')), '1–2 / 12.345');
    provider().messages = undefined;
    await until('the bundle is back', () => textOf(part(sayer, 'rows')) === '1–2 von 12.345');
  });

  it('bring a language that there is no bundle for', async () => {
    const sayer = put('<mill-provider locale="it-CH"><test-sayer></test-sayer></mill-provider>');
    provider().messages = { it: { common: { cancel: 'Annulla' } } };
    await saying(sayer, 'Annulla');
    equal(textOf(part(sayer, 'part')), 'Close');
    equal(marks(sayer), ['it-CH', null]);
  });
});

describe('Arabic', () => {
  it('is written from right to left inside of elements that stand on another page, in Arabic digits', async () => {
    const sayer = put('<mill-provider locale="ar-EG"><test-sayer></test-sayer></mill-provider>');
    await saying(sayer, 'إلغاء');
    equal(marks(sayer), ['ar-EG', 'rtl']);
    equal([sayer.getAttribute('dir'), sayer.words.dir, getComputedStyle(part(sayer, 'cancel')).direction], [null, 'rtl', 'rtl']);
    ok(part(sayer, 'rows').textContent.includes('١٢٬٣٤٥'), part(sayer, 'rows').textContent);

    provider().locale = 'ar-u-nu-latn';
    await until('the digits are Latin', () => part(sayer, 'rows').textContent.includes('12,345'));
    provider().locale = 'en';
    await saying(sayer, 'Cancel');
    equal(marks(sayer), [null, null]);
  });

  it('marks nothing on a page that is Arabic itself', async () => {
    root.lang = 'ar';
    root.dir = 'rtl';
    const sayer = put();
    await saying(sayer, 'إلغاء');
    equal(marks(sayer), [null, null]);
    equal(sayer.words.dir, 'rtl');
  });

  it('follows a direction that the page says closer to the element than its locale', async () => {
    let sayer = put('<mill-provider locale="ar" dir="ltr"><test-sayer></test-sayer></mill-provider>');
    await saying(sayer, 'إلغاء');
    equal([marks(sayer)[1], sayer.words.dir], [null, 'ltr']);
    sayer = put('<div dir="rtl"><test-sayer></test-sayer></div>');
    await saying(sayer, 'Cancel');
    equal([marks(sayer)[1], sayer.words.dir], [null, 'rtl']);
    place.firstElementChild!.removeAttribute('dir');
    await until('the direction is the usual one', () => sayer.words.dir === 'ltr');
  });

  it('turns a table around', async () => {
    place.lang = 'ar';
    const api = new FakeApi(() => page([contact(1), contact(2)]));
    const table = await contacts.mountReady(api);
    await until('it is Arabic', () => textOf(find(table, 'caption')) === 'جهات الاتصال');
    const [first, last] = [find(table, 'thead th')!, find(table, 'thead th:last-child')!];
    ok(first.getBoundingClientRect().left > last.getBoundingClientRect().left, 'The first column is the rightmost.');
    equal(find(table, 'time')!.textContent, formatsOf('ar').day(contact(1).created_at));
  });
});

describe('A table speaks', () => {
  const shown = (table: Table) => ({
    search: find(table, 'input')!.getAttribute('aria-label'),
    columns: findAll(table, 'thead th').map(textOf),
    range: range(table),
    said: said(table),
  });

  it('the language of the page, in everything that it shows and says, and another at once', async () => {
    root.lang = 'de';
    const api = new FakeApi(() => page([contact(1, { status: 'bounced' })], { total: 12_345, total_is_estimate: true }));
    const table = await contacts.mountReady(api);
    await until('it is German', () => range(table) === '1 von etwa 12.345');
    equal(shown(table), {
      search: 'Kontakte suchen',
      columns: ['Name', 'E-Mail', 'Firma', 'Status', 'Hinzugefügt'],
      range: '1 von etwa 12.345',
      said: 'Kontakte 1 von etwa 12.345.',
    });
    equal(textOf(find(table, '.badge')), 'Unzustellbar');
    equal(textOf(find(table, 'time')), '04.05.2026');
    equal(textOf(find(table, 'option')), 'Jeder Status');
    header(table, 'Name').querySelector('button')!.click();
    await until('the order is said', () => said(table)?.includes('sortiert nach „Name“, aufsteigend'));

    root.lang = 'fr';
    await until('it is French', () => range(table)?.startsWith('1 sur environ'));
    equal(textOf(find(table, 'time')), '4 mai 2026');
    equal(api.asked.length, 2);
  });

  it('of money, scores and times in it', async () => {
    root.lang = 'de';
    const rows = [
      lead(1, { lead_value: 12_500.5, score: 'hot', last_activity_at: new Date(Date.now() - 5 * 60_000).toISOString() }),
    ];
    const table = await leads.mountReady(new FakeApi(() => page(rows)));
    await until('it is German', () => textOf(find(table, '.chip')) === 'Neu');
    equal(textOf(find(table, 'td.value'))!, '12.500,50 €');
    equal(textOf(find(table, 'td.score'))!.endsWith('Heiß'), true);
    equal(textOf(find(table, 'td.activity time')), 'vor 5 Min.');
  });

  it('of what went wrong in it', async () => {
    root.lang = 'es';
    const table = contacts.mount(new FakeApi(() => page([])));
    await until('it is Spanish', () => textOf(find(table, '.notice-title')) === 'Aún no hay contactos');
  });
});

describe('Another language is loaded', () => {
  /** A page of its own under the strictest policy: scripts by their nonce alone. */
  async function framed(lang: string, imports: Record<string, string> = {}) {
    const frame = document.createElement('iframe');
    const policy = "default-src 'none'; script-src 'nonce-right'; style-src 'nonce-right'; connect-src 'self'";
    frame.srcdoc = `<!doctype html><html lang="${lang}"><head>
      <meta http-equiv="Content-Security-Policy" content="${policy}">
      <script nonce="right">
        violations = [];
        errors = [];
        addEventListener('securitypolicyviolation', (event) => violations.push(event.blockedURI));
        addEventListener('mill-error', (event) => errors.push(event.detail.error));
      </script>
      <script type="importmap" nonce="right">${JSON.stringify({ imports })}</script>
      <script type="module" nonce="right" src="${location.origin}/src/components/contact-table/contact-table.define.ts"></script>
      </head><body><mill-contact-table></mill-contact-table></body></html>`;
    place.append(frame);
    const inside = frame.contentWindow as Window & { violations: string[]; errors: unknown[] };
    const search = () =>
      inside.document?.querySelector('mill-contact-table')?.shadowRoot?.querySelector('input')?.getAttribute('aria-label');
    await until('the element is there', search);
    return { inside, search };
  }

  it('under a strict policy for scripts', async () => {
    const { inside, search } = await framed('de');
    await until('German is there', () => search() === 'Kontakte suchen');
    equal([inside.violations, inside.errors], [[], []]);
  });

  it('or English stays and the host hears why', async () => {
    const french = `${location.origin}/src/locales/fr.ts`;
    const { inside, search } = await framed('fr', { [french]: `${location.origin}/not-there.js` });
    await until('the error was told', () => inside.errors.length > 0);
    equal(search(), 'Search contacts');
    equal(inside.document.querySelector('mill-contact-table')!.shadowRoot!.querySelector('form')!.lang, 'en');
    equal(inside.errors.length, 1);
    inside.dispatchEvent(new Event('online'));
    await until('it was tried again', () => inside.errors.length === 2);
  });
});

describe('An element that goes away', () => {
  it('leaves nothing behind that watches the page', async () => {
    const observed = new Set<MutationObserver>();
    const { observe, disconnect } = MutationObserver.prototype;
    MutationObserver.prototype.observe = function (...args) {
      observed.add(this);
      return observe.apply(this, args);
    };
    MutationObserver.prototype.disconnect = function () {
      observed.delete(this);
      return disconnect.call(this);
    };
    try {
      for (let round = 0; round < 50; round++) {
        const sayers = [put(), place.appendChild(document.createElement('test-sayer') as Sayer)];
        await sayers[1]!.updateComplete;
        equal(observed.size, 1);
        place.replaceChildren();
        equal(observed.size, 0);
      }
    } finally {
      Object.assign(MutationObserver.prototype, { observe, disconnect });
    }
  });
});

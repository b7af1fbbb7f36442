import { afterEach, describe, equal, it, ok, until } from '../components/browser-test.ts';
import { type CustomerPage, customerPage, form, leavePages, popup, script, shown, STUB } from './customer-page.ts';

const field = (page: CustomerPage) => page.forms()[0]!.querySelector<HTMLInputElement>('form input:not([tabindex="-1"])')!;

describe('A page calls Millrace', () => {
  afterEach(leavePages);

  it('before the script is there, and is heard in order', async () => {
    const calls = `<script nonce="once">${STUB}
      millrace('prefill', { name: 'Ada' }); millrace('prefill', { name: 'Grace' }); millrace('on', 'opened', () => (window.told = true));
      millrace('open', '${popup()}');</script>`;
    const page = await customerPage(calls + script());
    await until('it is open', () => page.open().length === 1);
    equal(field(page).value, 'Grace');
    ok((page.window as { told?: boolean }).told, 'The page is not told');
  });

  it('by name or by function, to open, close and toggle', async () => {
    const id = popup();
    const page = await customerPage(script());
    const { millrace } = page.window;
    millrace.open(id);
    await until('it is open', () => page.open().length === 1);
    millrace('close', id);
    await until('it is closed', () => page.open().length === 0);
    millrace.toggle(id);
    await until('it is open again', () => page.open().length === 1);
    millrace.toggle(id);
    await until('it is closed again', () => page.open().length === 0);
    equal(page.forms().length, 1);
  });

  it('to fill a form in, and to begin anew', async () => {
    const id = form();
    const page = await customerPage(script(`data-form="${id}"`));
    await shown(page);
    page.window.millrace('prefill', id, { name: 'Ada' });
    equal(field(page).value, 'Ada');
    page.window.millrace('prefill', 'another', { name: 'Grace' });
    equal(field(page).value, 'Ada');
  });

  it('to hear no more', async () => {
    let heard = 0;
    const page = await customerPage(script(`data-form="${popup({ opener: 'Write' })}"`));
    await shown(page);
    const hear = () => (heard += 1);
    const { millrace } = page.window;
    millrace('on', 'opened', hear);
    millrace('open', page.document.querySelector('[data-form]'));
    await until('it is heard', () => heard === 1);
    millrace('off', 'opened', hear);
    millrace('close');
    millrace('open', page.document.querySelector('[data-form]'));
    await until('it is open again', () => page.open().length === 1);
    equal(heard, 1);
  });

  it('to take a form away, or all that there is', async () => {
    const id = form();
    const page = await customerPage(script(`data-form="${id}"`) + script(`data-form="${form({ title: 'Second' })}"`));
    await shown(page, 2);
    page.window.millrace('destroy', id);
    equal(page.forms().length, 1);
    page.document.body.append('.');
    page.window.millrace('destroy');
    equal(page.forms().length, 0);
    equal(page.window.millrace, undefined);
  });

  it('by names that mean nothing, and nothing happens', async () => {
    const page = await customerPage(script(`data-form="${form()}"`));
    await shown(page);
    for (const method of ['constructor', '__proto__', 'toString', 'nothing']) page.window.millrace(method, {});
    page.window.millrace('prefill', JSON.parse('{"__proto__": {"polluted": true}, "constructor": "x"}'));
    page.window.millrace('identify', JSON.parse('{"__proto__": {"polluted": true}}'));
    equal(({} as { polluted?: boolean }).polluted, undefined);
    equal((page.window as unknown as { Object: ObjectConstructor }).Object.prototype.hasOwnProperty('polluted'), false);
    equal(page.window.errors, []);
  });
});

describe('What happens to forms is counted', () => {
  afterEach(leavePages);

  interface Counted {
    form_id: string;
    event: string;
    name?: string;
    page: string;
  }
  const counted = async (id: string) => {
    const beacons = (await (await fetch('/api/v2/public/events')).json()) as { events: Counted[] }[];
    return beacons.flatMap(({ events }) => events).filter(({ form_id }) => form_id === id);
  };
  async function sent(page: CustomerPage, id: string) {
    page.document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    let events: Counted[] = [];
    await until('it is sent', () => {
      void counted(id).then((found) => (events = found));
      return events.length > 0;
    });
    return events;
  }

  it('in memory, and sent as the visitor leaves, without what they were looking for', async () => {
    const id = form({ title: 'Counted' });
    const page = await customerPage(script(`data-form="${id}"`), { query: '&email=ada%40example.com' });
    await shown(page);
    await until('it is seen', () => page.forms().length === 1);
    page.window.millrace('track', 'pricing', { surface: 'hero' });
    const events = await sent(page, id);
    ok(
      events.some(({ event, name }) => event === 'cta' && name === 'pricing'),
      'The click is not counted',
    );
    equal([...new Set(events.map(({ page }) => page))], [`${location.origin}/widget/page`]);
    equal([localStorage.length, sessionStorage.length], [0, 0]);
  });

  it('unless the visitor or the site objects', async () => {
    const objecting = `<script nonce="once">Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })</script>`;
    const refusing = `<script nonce="once">${STUB}; millrace('consent', { analytics: false })</script>`;
    for (const [index, before] of [objecting, refusing].entries()) {
      const id = form({ title: `Objected ${index}` });
      const page = await customerPage(before + script(`data-form="${id}"`));
      await shown(page);
      page.window.millrace('track', 'pricing');
      page.document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      const other = form({ title: `Allowed ${index}` });
      const allowed = await customerPage(script(`data-form="${other}"`));
      await shown(allowed);
      allowed.window.millrace('track', 'pricing');
      await sent(allowed, other);
      equal(await counted(id), []);
    }
  });
});

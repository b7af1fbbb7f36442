import { afterEach, describe, equal, it, ok, until } from '../components/browser-test.ts';
import { customerPage, form, leavePages, popup, script, shown, STRICTEST } from './customer-page.ts';

const field = (root: ShadowRoot) => root.querySelector<HTMLInputElement>('form input:not([tabindex="-1"])')!;

describe('A form is embedded', () => {
  afterEach(leavePages);

  it('by the script alone, where the script stands', async () => {
    const page = await customerPage(`<main>${script(`data-form="${form()}"`)}</main><footer></footer>`);
    const root = await shown(page);
    equal(root.host.previousElementSibling?.localName, 'script');
    equal(root.host.parentElement?.localName, 'main');
  });

  it('by an element of its own name, whose contents show until it is there', async () => {
    const page = await customerPage(`<mill-capture form="${form()}">Write to us</mill-capture>${script()}`);
    const root = await shown(page);
    equal(root.host.localName, 'mill-capture');
    ok(page.window.customElements.get('mill-capture'), 'The element is not defined');
  });

  it('by an attribute of any element', async () => {
    const page = await customerPage(
      `<section data-mill-form="${form()}"></section><a data-mill-form="${form()}"></a>${script()}`,
    );
    await shown(page, 2);
    equal(
      page.forms().map(({ host }) => host.localName + '/' + host.parentElement!.localName),
      ['section/body', 'div/a'],
    );
  });

  it('in the place of a plain form, with what was typed', async () => {
    const html = `<form action="/api/v2/public/forms/${form()}/submissions" method="post">
      <input name="_version" value="1"><input name="name" value="Ada"><input name="matches"><input name="after"></form>`;
    const page = await customerPage(html + script());
    const root = await shown(page);
    await until('the answer is kept', () => field(root).value === 'Ada');
    const plain = page.document.querySelector('form')!;
    equal(page.window.getComputedStyle(plain).display, 'none');
    page.window.millrace('destroy');
    equal(page.window.getComputedStyle(plain).display, 'block');
  });

  it('but not in the place of a plain form that its visitor is at work in', async () => {
    const html = `<form action="/api/v2/public/forms/${form()}/submissions"><input name="name"></form>
      <script nonce="once">document.querySelector('input').focus()</script>`;
    const page = await customerPage(`${html}${script('data-form="' + form() + '"')}`);
    await shown(page);
    equal(page.window.getComputedStyle(page.document.querySelector('form')!).display, 'block');
    page.document.querySelector('input')!.blur();
    page.document.body.append('.');
    await shown(page, 2);
  });

  for (const word of ['popup', 'slide', 'tab', 'banner', 'full']) {
    it(`by a click on an element that says ${word}`, async () => {
      const page = await customerPage(`<button data-mill-${word}="${form()}"><i>Write</i></button>${script()}`);
      page.document.querySelector('i')!.click();
      await until('it is open', () => page.open().length === 1);
      equal(page.forms().length, 1);
      page.document.querySelector('i')!.click();
      equal(page.forms().length, 1);
    });
  }

  it('in a language, a look and with hidden values that its element says', async () => {
    const id = form({
      steps: [
        {
          id: 'first',
          fields: [
            { id: 'name', type: 'text', label: 'Name' },
            { id: 'plan', type: 'hidden' },
          ],
        },
      ],
    });
    const html = `<div data-mill-form="${id}" data-mill-lang="de" data-mill-theme="dark" data-mill-share-answers data-mill-hidden="plan=a\\,b,name=Ada"></div>`;
    const page = await customerPage(html + script());
    const root = await shown(page);
    equal(page.fetched('lang=de').length, 1);
    equal(page.window.getComputedStyle(root.querySelector('.root')!).colorScheme, 'dark');
    const sent = new Promise<CustomEvent>((resolve) =>
      page.document.addEventListener('mill-form-submit', (event) => {
        event.preventDefault();
        resolve(event);
      }),
    );
    page.document.querySelector('[data-mill-form]')!.setAttribute('data-mill-hidden', 'plan=pro,name=Grace');
    await until('the change is heard', () => field(root).value === 'Grace');
    root.querySelector<HTMLButtonElement>('button[type=submit], form button:last-of-type')!.click();
    equal((await sent).detail.answers, { name: 'Grace', plan: 'pro' });
  });

  it('by each script from the server that it came from', async () => {
    const elsewhere = location.origin.replace('localhost', '127.0.0.1');
    const page = await customerPage(
      script(`data-form="${form()}"`) +
        script(`data-form="${form({ title: 'Second' })}"`, `${elsewhere}/widget/cdn/v1/millrace.js`),
    );
    await until('both are asked for', () => page.fetched('/public/forms/').length === 2);
    equal(
      page
        .fetched('/public/forms/')
        .map((address) => new URL(address).origin)
        .sort(),
      [location.origin, elsewhere].sort(),
    );
  });

  it('and prefilled from the address', async () => {
    const page = await customerPage(script(`data-form="${form()}"`), { query: '&name=Grace&__proto__=x&constructor=y' });
    const root = await shown(page);
    equal(field(root).value, 'Grace');
  });

  it('wherever it appears later, and goes where it goes', async () => {
    const page = await customerPage(script(), { csp: STRICTEST });
    const element = page.document.createElement('div');
    element.setAttribute('data-mill-form', form());
    page.document.body.append(element);
    await shown(page);
    element.setAttribute('data-mill-form', form({ title: 'Another' }));
    await until('the other form is shown', () => element.shadowRoot!.textContent!.includes('Another'));
    element.remove();
    await until('it is gone', () => !element.shadowRoot!.querySelector('form'));
    page.document.body.append(element);
    await until('it is back', () => element.shadowRoot!.querySelector('form'));
  });

  it('above the page, once, however often it is added', async () => {
    const page = await customerPage(script(`data-form="${popup({ opener: 'Write' })}"`));
    await shown(page);
    page.forms()[0]!.querySelector<HTMLElement>('.opener')!.click();
    await until('it is open', () => page.open().length === 1);
    equal(page.forms().length, 1);
  });
});

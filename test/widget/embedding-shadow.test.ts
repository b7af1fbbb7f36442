import { afterEach, describe, equal, it, until } from '../components/browser-test.ts';
import { type CustomerPage, customerPage, form, leavePages, script, STRICTEST, STUB } from './customer-page.ts';

/** A component of a framework, which shows its contents in a shadow root of its own. */
const component = (contents: string) => `<x-card></x-card><script nonce="once">
  customElements.define('x-card', class extends HTMLElement {
    connectedCallback() {
      const root = this.attachShadow({ mode: 'open' });
      const [name, attribute, id] = ${JSON.stringify(contents.split(' '))};
      const element = document.createElement(name);
      element.setAttribute(attribute, id);
      root.append(element);
    }
  })</script>`;

const inside = (page: CustomerPage) => page.document.querySelector('x-card')!.shadowRoot!.firstElementChild!;
const isShown = (page: CustomerPage) => inside(page).shadowRoot?.querySelector('form');

describe('In the shadow root of another component', () => {
  afterEach(leavePages);

  for (const [sentence, contents] of [
    ['an element of its own name', `mill-capture form ${form()}`],
    ['an element with an attribute', `div data-mill-form ${form()}`],
  ] as const) {
    for (const [when, calls] of [
      ['before the script is there', true],
      ['afterwards', false],
    ] as const) {
      it(`${sentence} holds its form once a call opens it, ${when}`, async () => {
        const opening = "document.querySelector('x-card').shadowRoot.firstElementChild";
        const called = `<script nonce="once">${STUB}; millrace('open', ${opening})</script>`;
        const page = await customerPage(component(contents) + (calls ? called : '') + script(), { csp: STRICTEST });
        await until('the script is there', () => page.window.millrace?.version);
        if (!calls) page.window.millrace('open', inside(page));
        await until('it is shown', () => isShown(page));
        equal([page.violations, page.window.errors], [[], []]);
      });
    }
  }

  it('an element of its own name holds its form without a call where the page shows a form anyway', async () => {
    const html = component(`mill-capture form ${form()}`) + script(`data-form="${form({ title: 'Another' })}"`);
    const page = await customerPage(html, { csp: STRICTEST });
    await until('it is shown', () => isShown(page));
    equal([page.violations, page.window.errors], [[], []]);
  });

  it('a form lets its events out, and goes with its element', async () => {
    const page = await customerPage(
      component(`mill-capture form ${form()}`) + script(`data-form="${form({ title: 'Another' })}"`),
    );
    await until('both are told of', () => page.heard.filter((name) => name === 'ready').length === 2);
    const element = inside(page);
    page.document.querySelector('x-card')!.remove();
    await until('it is gone', () => !element.shadowRoot!.querySelector('form'));
  });
});

import { afterEach, describe, equal, it, ok, until } from '../components/browser-test.ts';
import { customerPage, form, leavePages, popup, script, shown, STRICTEST } from './customer-page.ts';

describe('A page under the strictest policy', () => {
  afterEach(leavePages);

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
});

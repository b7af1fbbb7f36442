import { show } from '../capture/show.ts';
import type { Bring } from '../launcher/bring.ts';
import { formIdIn } from '../launcher/naming.ts';
import type { FormPage, Launcher } from '../parts.ts';
import { themed } from './asked-form.ts';
import { hostIn } from './form-host.ts';
import { laterBy } from './later-by.ts';
import { pageForms } from './page-forms.ts';

const NOT_HERE = 'Millrace: include millrace.js for forms above the page.';

/** The forms that stand in a page, where none is ever opened above it; the console says who asks for more. */
export function inlineForms(launcher: Launcher, bring: Bring): FormPage {
  const { calls, formOf, mount, start } = pageForms(launcher, {
    telling: ['data-form', 'data-hidden', 'data-mill-form', 'data-mill-hidden'],
    idOn: formIdIn,
    asAskedFor: (element, form) => themed(element, { ...form, display: { mode: 'inline' } }),
    hostFor: hostIn,
    showForm: show,
    loadLater: laterBy(bring),
  });
  const refuse = () => console.warn(NOT_HERE);
  calls['open'] = calls['close'] = calls['toggle'] = refuse;
  start();
  return {
    async show(place) {
      const form = place && (await formOf(place));
      if (!form || place.shown) return;
      if (form.display.mode === 'inline' || place.element.matches('[data-mill-form]')) mount(place, form);
      else refuse();
    },
  };
}

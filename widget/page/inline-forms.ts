import type { FormPage, Launcher } from '../parts.ts';
import { type Kind, pageForms } from './page-forms.ts';

const NOT_HERE = 'Millrace: to open forms above the page, include millrace.js in place of millrace-inline.js.';

/** The forms that stand in a page, where none is ever opened above it; the console says who asks for more. */
export function inlineForms(launcher: Launcher, kind: Kind): FormPage {
  const { calls, formOf, shown, mount, start } = pageForms(launcher, kind);
  const refuse = () => console.warn(NOT_HERE);
  Object.assign(calls, { open: refuse, close: refuse, toggle: refuse });
  start();
  return {
    async show(place) {
      const form = await formOf(place);
      if (!form || shown.has(place)) return;
      if (form.display.mode === 'inline' || place.element.matches('[data-mill-form]')) mount(place, form);
      else refuse();
    },
  };
}

import { showInlineForm } from './capture/inline.ts';
import { laterThrough } from './later-through.ts';
import { formIdIn } from './launcher/naming.ts';
import { themed } from './page/asked-form.ts';
import { inlineForms } from './page/inline-forms.ts';
import type { FormPage, Launcher } from './parts.ts';

/** The script of the CDN that shows forms in the page, loaded by its launcher when one is needed. */
export const connect = (launcher: Launcher): FormPage =>
  inlineForms(launcher, {
    minds: () => true,
    telling: ['data-form', 'data-hidden', 'data-mill-form', 'data-mill-hidden'],
    idOn: formIdIn,
    asAskedFor: (element, form) => themed(element, { ...form, display: { mode: 'inline' } }),
    showForm: showInlineForm,
    loadLater: laterThrough(launcher),
  });

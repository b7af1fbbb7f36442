import { captureElement } from './capture/capture-element.ts';
import { showForm } from './capture/capture.ts';
import { allForms } from './page/all-forms.ts';
import type { Bring } from './launcher/bring.ts';
import { shaped } from './page/asked-shape.ts';
import { laterBy } from './page/later-by.ts';
import { formIdNow, TELLING } from './page/named-now.ts';
import type { FormPage, Launcher } from './parts.ts';

/** The script of the CDN that shows forms in every shape, loaded by its launcher when one is needed. */
export function connect(launcher: Launcher, bring: Bring): FormPage {
  const element = captureElement(() => launcher);
  const forms = allForms(launcher, {
    minds: (one) => one.localName !== 'mill-capture' || one instanceof element,
    telling: TELLING,
    idOn: formIdNow,
    asAskedFor: shaped,
    showForm,
    loadLater: laterBy(bring),
  });
  if (!customElements.get('mill-capture')) customElements.define('mill-capture', element);
  return forms;
}

import { captureElement } from './capture/capture-element.ts';
import { PageForms } from './page/form-page.ts';
import type { FormPage, Launcher } from './parts.ts';

/** The script of the CDN that shows forms, loaded by the launcher when one is needed. */
export function connect(launcher: Launcher): FormPage {
  const element = captureElement(() => launcher);
  const forms = new PageForms(launcher, (one) => one.localName !== 'mill-capture' || one instanceof element);
  if (!customElements.get('mill-capture')) customElements.define('mill-capture', element);
  return forms;
}

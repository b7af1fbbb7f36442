import type { PublicForm } from '../../src/contract/capture.ts';
import { said } from '../launcher/naming.ts';

/** The form in light or dark, as its element asks for it. */
export function themed(element: Element, form: PublicForm): PublicForm {
  const theme = said(element, 'theme');
  return /^(light|dark|system)$/.test(theme ?? '')
    ? { ...form, styles: `${form.styles}.root{color-scheme:${theme!.replace('system', 'light dark')}}` }
    : form;
}

import type { PublicForm } from '../../src/contract/capture.ts';
import { WORDS } from '../launcher/naming.ts';
import { themed } from './asked-form.ts';
import { plainFormAt } from './plain-form.ts';

const SHAPES = {
  form: 'inline',
  popup: 'popup',
  slide: 'slide_in',
  tab: 'side_tab',
  banner: 'banner',
  full: 'full_screen',
} as const satisfies Record<(typeof WORDS)[number], PublicForm['display']['mode']>;

/** The form as its element asks for it: in its shape, and in light or dark. */
export function shaped(element: Element, form: PublicForm): PublicForm {
  const word = WORDS.find((word) => element.hasAttribute(`data-mill-${word}`));
  const mode = plainFormAt(element) ? 'inline' : word ? SHAPES[word] : form.display.mode;
  const { opener, ...display } = form.display;
  // An element that opens a form is its opener, so the form needs none of its own.
  const hasOpener = opener !== undefined && (word === undefined || word === 'form');
  return themed(element, { ...form, display: { ...display, mode, ...(hasOpener && { opener }) } });
}

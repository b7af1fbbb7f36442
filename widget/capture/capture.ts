import type { Capture } from '../parts.ts';
import { OVERLAY } from './overlay.ts';
import { show } from './show.ts';
import type { ShowOptions } from './shown-form.ts';

/** Shows a form in an element, in the shape that its author chose. */
export const showForm = (host: HTMLElement, options: ShowOptions): Capture =>
  show(host, options, options.form.display.mode === 'inline' ? undefined : OVERLAY);

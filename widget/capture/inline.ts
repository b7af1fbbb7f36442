import type { Capture } from '../parts.ts';
import { show } from './show.ts';
import type { ShowOptions } from './shown-form.ts';

/** Shows a form in the page, whatever shape its author chose: for pages that never open one above themselves. */
export const showInlineForm = (host: HTMLElement, options: ShowOptions): Capture => show(host, options);

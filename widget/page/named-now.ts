import { formIdOn, WORDS } from '../launcher/naming.ts';
import { plainFormAt } from './plain-form.ts';

/** The attributes whose change is heard: which form an element names, and its hidden values. */
export const TELLING = ['form', 'action', 'data-form', 'data-hidden', ...[...WORDS, 'hidden'].map((word) => `data-mill-${word}`)];

/** The id of the form that an element names by now, be it a plain form. */
export const formIdNow = (element: Element) => plainFormAt(element)?.id ?? formIdOn(element);

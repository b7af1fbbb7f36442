import type { PublicForm } from '../../src/contract/capture.ts';
import type { Place } from '../parts.ts';
import { said } from './naming.ts';
import { root } from './page-document.ts';

/** Reads a form in the language of its place; none where it does not come. */
export const readForm = ({ element, api }: Place, id: string): Promise<PublicForm | undefined> =>
  fetch(`${api}/api/v2/public/forms/${id}?lang=${said(element, 'lang') || root.lang || navigator.language}`)
    .then((response) => response.json())
    .then(
      ({ data }) => data,
      () => {},
    );

/** Tells the page that a form can't be shown. */
export const tellOfFailure = (element: Element, formId: string | undefined) =>
  element.dispatchEvent(new CustomEvent('mill-form-failed', { bubbles: true, composed: true, detail: { formId } }));

import type { PublicForm } from '../../src/contract/capture.ts';
import { said } from '../launcher/naming.ts';
import { root } from '../launcher/page-document.ts';
import type { Place } from '../parts.ts';

/** Reads a form in the language of its place; none where it does not come. */
export async function readForm({ element, api }: Pick<Place, 'element' | 'api'>, id: string): Promise<PublicForm | undefined> {
  const lang = said(element, 'lang') || root.lang || navigator.language;
  try {
    const response = await fetch(`${api}/api/v2/public/forms/${id}?lang=${lang}`);
    return (await response.json()).data;
  } catch {
    return undefined;
  }
}

import type { PublicForm } from '../../src/contract/capture.ts';
import type { FormValue } from '../../src/contract/form-definition.ts';
import { readAnswer } from '../../src/core/form-answers.ts';
import { ApiFailure } from '../http/failure.ts';
import { isStorable, mediaType, readText } from '../http/request.ts';

const FORM_MEDIA = new Set(['application/x-www-form-urlencoded', 'multipart/form-data']);

/** Whether a request is what a browser makes of a form by itself. */
export const isFormPost = (request: Request) => FORM_MEDIA.has(mediaType(request.headers.get('content-type') ?? ''));

/** What a form sent, by the names of its inputs, each of which may have several values. */
export type Posted = ReadonlyMap<string, readonly string[]>;

/** Reads a form's post, so many bytes at most; refuses files, and text that can't be stored. */
export async function readPost(request: Request, most: number): Promise<Posted> {
  const type = request.headers.get('content-type')!;
  const text = await readText(request, most);
  const entries: [string, unknown][] = mediaType(type).startsWith('multipart')
    ? [...(await partsOf(text, type))]
    : [...new URLSearchParams(text)];
  const posted = new Map<string, string[]>();
  for (const [name, value] of entries) {
    if (typeof value !== 'string') throw new ApiFailure('UNSUPPORTED_MEDIA_TYPE', 'A form takes no files: leave them out.');
    if (!isStorable(name) || !isStorable(value))
      throw new ApiFailure('VALIDATION_ERROR', "The form holds a character that can't be stored.");
    posted.set(name, [...(posted.get(name) ?? []), value]);
  }
  return posted;
}

async function partsOf(text: string, type: string): Promise<FormData> {
  try {
    return await new Response(text, { headers: { 'Content-Type': type } }).formData();
  } catch {
    throw new ApiFailure('VALIDATION_ERROR', 'The form is broken: its parts end before they should.');
  }
}

/** The answers among what was posted; browsers end lines in two characters. */
export function answersIn({ steps }: PublicForm, posted: Posted): Record<string, FormValue> {
  const answers: Record<string, FormValue> = {};
  for (const field of steps.flatMap(({ fields }) => fields)) {
    if (field.type === 'heading') continue;
    const given = (posted.get(field.id) ?? []).map((text) => text.replaceAll('\r\n', '\n'));
    const answer = readAnswer(field, given);
    if (answer !== undefined) answers[field.id] = answer;
  }
  return answers;
}

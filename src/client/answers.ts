import type { Pagination } from '../contract/envelope.ts';
import { ApiError, ConnectionError } from './errors.ts';
import { secondsOf } from './retry.ts';

/** One page of a list. */
export interface Page<Row> {
  data: Row[];
  pagination: Pagination;
  /** The filters as the API understood them. */
  filters?: Record<string, unknown> | undefined;
}

/** Answers by address, as text, so that every caller parses a copy of their own. */
export type Answers = Map<string, { etag: string; text: string }>;

const MOST_ANSWERS = 100;

/** Keeps an answer for its next revalidation; the one that was kept longest makes room. */
export function keepAnswer(answers: Answers, url: string, etag: string, text: string) {
  answers.delete(url);
  answers.set(url, { etag, text });
  if (answers.size > MOST_ANSWERS) answers.delete(answers.keys().next().value!);
}

/** What stands in an answer for the caller, or the error that it is. */
export function readAnswer({ status, headers }: Response, text: string): unknown {
  let error;
  // A calendar, which is no JSON, is the answer itself.
  if (text.startsWith('BEGIN')) return text;
  try {
    const body = JSON.parse(text);
    const { success, data, pagination, filters } = body;
    if (success) return pagination ? { data, pagination, filters } : data;
    error = new ApiError(status, body, secondsOf(headers));
  } catch {
    // Without its cause: a parser's message quotes the text, which may hold a token.
    error = new ConnectionError(`The server answered ${status}, but not as the API does.`);
  }
  throw error;
}

import type { NewSubmission, PublicForm } from '../../src/contract/capture.ts';
import type { FormValue } from '../../src/contract/form-definition.ts';
import { readAnswer } from '../../src/core/form-answers.ts';
import { said } from '../launcher/naming.ts';

export type Values = Record<string, FormValue>;

/** What a page gives a form before the visitor does: answers to its fields, and what else is to go along. */
export interface GivenValues {
  answers: Values;
  others: Record<string, string>;
}

/** Reads `data-mill-hidden` ("k=v,k2=v2", commas escaped by a backslash). */
export function hiddenOn(element: Element): [name: string, value: string][] {
  const pairs = said(element, 'hidden')?.match(/(\\.|[^,\\])+/g) ?? [];
  return pairs.map((pair) => {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair.replace(/\\(.)/g, '$1'))!;
    return [name.trim(), value.trim()];
  });
}

/** Gathers it from the visit's touches, the address and the element: what comes later counts more. */
export function givenValues(element: Element, form: PublicForm, attribution: NewSubmission['attribution']): GivenValues {
  const given = new URLSearchParams();
  const { first = {}, last = {} } = attribution ?? {};
  const fields = fieldsOf(form);
  for (const [prefix, touch] of [
    ['first_', first],
    ['', last],
    ['last_', last],
  ] as const) {
    for (const [name, value] of Object.entries(touch))
      if (fields.some(({ id, type }) => id === prefix + name && type === 'hidden')) given.set(prefix + name, value!);
  }
  const address = new URL(location.href).searchParams;
  for (const name of [...fields.map(({ id }) => id), ...(said(element, 'params')?.split(/\s*,\s*/) ?? [])]) {
    if (!address.has(name)) continue;
    given.delete(name);
    for (const value of address.getAll(name)) given.append(name, value);
  }
  for (const [name, value] of hiddenOn(element)) given.set(name, value);
  return sort(form, given);
}

/** Answers as their fields have them; nobody but the visitor agrees to anything. */
export function sort(form: PublicForm, given: URLSearchParams | FormData): GivenValues {
  const answers: Values = {};
  const others: Record<string, string> = {};
  for (const name of new Set(given.keys())) {
    const field = fieldsOf(form).find(({ id }) => id === name);
    const values = given.getAll(name).filter((value) => typeof value === 'string');
    const answer = field && readAnswer(field, values);
    if (answer !== undefined && field!.type !== 'consent') answers[name] = answer;
    if (!field && name && !name.startsWith('_')) others[name] = values[0] ?? '';
  }
  return { answers, others };
}

const fieldsOf = ({ steps }: PublicForm) => steps.flatMap(({ fields }) => fields);

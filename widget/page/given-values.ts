import type { PublicForm } from '../../src/contract/capture.ts';
import type { FormValue } from '../../src/contract/form-definition.ts';
import { readAnswer } from '../../src/core/form-answers.ts';
import { said } from '../launcher/naming.ts';
import type { Touches } from './touches.ts';

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
    const [name = '', ...value] = pair.replace(/\\(.)/g, '$1').split('=');
    return [name.trim(), value.join('=').trim()];
  });
}

/** Gathers it from the visit's touches, the address and the element: what comes later counts more. */
export function givenValues(element: Element, form: PublicForm, address: URLSearchParams, touches: Touches): GivenValues {
  const given = new URLSearchParams();
  const fields = fieldsOf(form);
  for (const { id, type } of fields) {
    if (type !== 'hidden') continue;
    const { first, last } = touches.read() as Record<string, Values>;
    const value = id.startsWith('first_') ? first![id.slice(6)] : last![id.replace(/^last_/, '')];
    if (typeof value === 'string') given.set(id, value);
  }
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

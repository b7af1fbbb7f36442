import type { PublicField, PublicStep } from '../contract/capture.ts';
import type { Condition, FormValue, ShowIf } from '../contract/form-definition.ts';

/** What a visitor has answered, by the ids of the fields. */
export type Answers = Readonly<Record<string, FormValue>>;

/** As much of a field as its rules are made of; a published field is one, and so is a field of a definition. */
export type AskedField = Omit<PublicField, 'options'> & { options?: readonly { value: string }[] | undefined };
export type AskedStep<F extends AskedField = AskedField> = Omit<PublicStep, 'fields'> & { fields: readonly F[] };

export type ProblemCode =
  | 'required'
  | 'choose'
  | 'agree'
  | 'email'
  | 'tel'
  | 'url'
  | 'number'
  | 'date'
  | 'option'
  | 'pattern'
  | 'too_short'
  | 'too_long'
  | 'too_few'
  | 'too_many'
  | 'too_small'
  | 'too_large'
  | 'too_early'
  | 'too_late';

/** One thing that is wrong with one answer; the form's texts have a sentence for each code. */
export interface Problem {
  field: string;
  code: ProblemCode;
  params: Record<string, string | number>;
}

/** Whether the whole of a text matches a pattern. */
export type Matches = (pattern: string, text: string) => boolean;

/** The longest answer of a field that does not say: one line, or a text of several. */
export const LONGEST_LINE = 500;
export const LONGEST_TEXT = 5_000;
const STARS = 5;

/** What the contract takes for a contact: an answer that passes here must make one. */
const EMAIL = /^(?:[\w'+-]+\.)*[\w'+-]*[\w+-]@(?:[a-z\d][a-z\d-]*\.)+[a-z]{2,}$/i;
const PHONE = /^(?=.{5})(?=(?:\D*\d){3})\+?[\d\s()./-]+(?:\s*(?:x|ext\.?|#)\s*\d+)?$/i;
const LONGEST_PHONE = 50;

/** The steps that are asked for, each with the fields that are. What is not shown counts as not answered for what comes behind it. */
export function askedFor<F extends AskedField>(
  steps: readonly AskedStep<F>[],
  answers: Answers,
): (AskedStep<F> & { fields: F[] })[] {
  const shown: Record<string, FormValue> = Object.create(null);
  return steps.flatMap((step) => {
    if (!isMet(step.show_if, shown)) return [];
    const fields = step.fields.filter((field) => {
      if (!isMet(field.show_if, shown)) return false;
      const answer = answerOf(answers, field.id);
      if (answer !== undefined) shown[field.id] = answer;
      return true;
    });
    return fields.length > 0 ? [{ ...step, fields }] : [];
  });
}

/** The answers to what is asked for, and nothing else: trimmed, and without those that are empty. */
export function keptAnswers(steps: readonly AskedStep[], answers: Answers): Record<string, FormValue> {
  const kept: Record<string, FormValue> = {};
  for (const { fields } of askedFor(steps, answers)) {
    for (const { id, type } of fields) {
      const answer = answerOf(answers, id);
      const value = typeof answer === 'string' && type !== 'textarea' ? answer.trim() : answer;
      if (type !== 'heading' && !isEmpty(value)) kept[id] = value!;
    }
  }
  return kept;
}

/** Everything that is wrong with the answers to these fields, in their order, one problem a field at most. */
export function problemsOf(fields: readonly AskedField[], answers: Answers, matches: Matches): Problem[] {
  return fields.flatMap((field) => {
    const [code, params = {}] = problemOf(field, answerOf(answers, field.id), matches) ?? [];
    return code ? [{ field: field.id, code, params }] : [];
  });
}

/** Reads what inputs hold: texts, of which a field of several choices may have several. */
export function readAnswer({ type }: Pick<AskedField, 'type'>, given: readonly string[]): FormValue | undefined {
  if (type === 'multi_select') return given.length > 0 ? [...given] : undefined;
  const [text = ''] = given;
  if (type === 'checkbox' || type === 'consent') return text !== '' && text !== 'false';
  if (text.trim() === '') return undefined;
  // What is no number stays as it was typed, so that it can be refused and shown again.
  return (type === 'number' || type === 'rating') && Number.isFinite(Number(text)) ? Number(text) : text;
}

const answerOf = (answers: Answers, id: string) => (Object.hasOwn(answers, id) ? answers[id] : undefined);

const isEmpty = (value: FormValue | undefined) =>
  value === undefined || value === false || (typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && !value[0]);

function isMet(showIf: ShowIf | undefined, answers: Answers): boolean {
  if (!showIf) return true;
  return 'all' in showIf ? showIf.all.every((one) => holds(one, answers)) : showIf.any.some((one) => holds(one, answers));
}

function holds({ field, operator, value }: Condition, answers: Answers): boolean {
  const answer = answers[field];
  const given = Array.isArray(answer) ? answer : [answer ?? ''].map(String);
  const wanted = (Array.isArray(value) ? value : [value ?? '']).map(String);
  switch (operator) {
    case 'filled':
      return !isEmpty(answer);
    case 'empty':
      return isEmpty(answer);
    case 'equals':
      return given.length === 1 && given[0] === wanted[0];
    case 'not_equals':
      return !(given.length === 1 && given[0] === wanted[0]);
    case 'contains':
      return Array.isArray(answer) ? answer.includes(wanted[0]!) : given[0]!.toLowerCase().includes(wanted[0]!.toLowerCase());
    case 'one_of':
      return given.some((one) => wanted.includes(one));
    case 'greater':
    case 'less': {
      if (isEmpty(answer)) return false;
      const [a, b] = [given[0]!, wanted[0]!].map((one) => (one.trim() === '' || Number.isNaN(Number(one)) ? one : Number(one)));
      if (typeof a !== typeof b) return false;
      return operator === 'greater' ? a! > b! : a! < b!;
    }
  }
}

type Found = [ProblemCode, Problem['params']?] | undefined;

function problemOf(field: AskedField, value: FormValue | undefined, matches: Matches): Found {
  const { type, required, options, pattern } = field;
  const isChoice = type === 'select' || type === 'radio' || type === 'multi_select';
  if (type === 'heading') return;
  if (isEmpty(value)) {
    if (!required) return;
    return [type === 'consent' ? 'agree' : isChoice ? 'choose' : 'required'];
  }
  if (type === 'consent' || type === 'checkbox') return value === true ? undefined : ['option'];
  if (type === 'number' || type === 'rating') return outOfRange(field, value!);
  if (isChoice) {
    const chosen = type === 'multi_select' ? value : [value];
    if (!Array.isArray(chosen) || !chosen.every((one) => options?.some((option) => option.value === one))) return ['option'];
    return countWrong(field, chosen.length);
  }
  if (typeof value !== 'string')
    return [type === 'email' || type === 'tel' || type === 'url' || type === 'date' ? type : 'option'];
  const text = value.trim();
  if (type === 'email' && !EMAIL.test(text)) return ['email'];
  if (type === 'tel' && !(text.length <= LONGEST_PHONE && PHONE.test(text))) return ['tel'];
  if (type === 'url' && !(/^https?:\/\//i.test(text) && URL.canParse(text))) return ['url'];
  if (type === 'date') return dateWrong(field, text);
  return countWrong(field, [...text].length) ?? (pattern && !matches(pattern, text) ? ['pattern'] : undefined);
}

function countWrong({ type, min_length, max_length }: AskedField, length: number): Found {
  const minimum = min_length ?? 0;
  const maximum = max_length ?? (type === 'email' ? 254 : type === 'textarea' ? LONGEST_TEXT : LONGEST_LINE);
  const isList = type === 'multi_select';
  if (length < minimum) return [isList ? 'too_few' : 'too_short', { minimum }];
  if (length > maximum) return [isList ? 'too_many' : 'too_long', { maximum }];
}

function outOfRange({ type, min, max }: AskedField, value: FormValue): Found {
  if (typeof value !== 'number' || !Number.isFinite(value)) return ['number'];
  const isRating = type === 'rating';
  if (isRating && !Number.isInteger(value)) return ['number'];
  const minimum = min ?? (isRating ? 1 : -Infinity);
  const maximum = max ?? (isRating ? STARS : Infinity);
  if (value < Number(minimum)) return ['too_small', { minimum }];
  if (value > Number(maximum)) return ['too_large', { maximum }];
}

function dateWrong({ min, max }: AskedField, text: string): Found {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || new Date(`${text}T00:00Z`).toJSON()?.slice(0, 10) !== text) return ['date'];
  if (min && text < String(min)) return ['too_early', { minimum: min }];
  if (max && text > String(max)) return ['too_late', { maximum: max }];
}

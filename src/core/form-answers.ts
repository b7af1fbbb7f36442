import type { PublicField, PublicStep } from '../contract/capture.ts';
import type { Condition, FormValue, ShowIf } from '../contract/form-definition.ts';

/** What a visitor has answered, by the ids of the fields. */
export type Answers = Readonly<Record<string, FormValue>>;

/**
 * As much of a field as is asked for by; a published field is one, and so is a field of a definition. To be judged a field takes all
 * that `ruled` says of it.
 */
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

const DAY = /^\d{4}-\d\d-\d\d$/;

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

function holds({ field, operator, value = '' }: Condition, answers: Answers): boolean {
  const answer = answers[field] ?? '';
  const given = [answer].flat().map(String);
  const wanted = [value].flat().map(String);
  const isEqual = given.length === 1 && given[0] === wanted[0];
  switch (operator) {
    case 'filled':
      return !isEmpty(answer);
    case 'empty':
      return isEmpty(answer);
    case 'equals':
      return isEqual;
    case 'not_equals':
      return !isEqual;
    case 'contains':
      return Array.isArray(answer) ? answer.includes(wanted[0]!) : given[0]!.toLowerCase().includes(wanted[0]!.toLowerCase());
    case 'one_of':
      return given.some((one) => wanted.includes(one));
    default: {
      // Numbers are compared as such, days as texts; nothing is more or less than what is of another kind.
      const [a, b] = [given[0]!, wanted[0]!].map((one) => (Number.isNaN(Number(one)) ? one : Number(one)));
      return !isEmpty(answer) && !isEmpty(wanted) && (operator === 'greater' ? a! > b! : a! < b!);
    }
  }
}

type Found = [ProblemCode, Problem['params']?] | undefined;

function problemOf(field: AskedField, value: FormValue | undefined, matches: Matches): Found {
  const { type, required, options, pattern, min, max, min_length, max_length } = field;
  const isMany = type === 'multi_select';
  const isChoice = isMany || type === 'select' || type === 'radio';
  if (type === 'heading') return;
  if (isEmpty(value)) return required ? [type === 'consent' ? 'agree' : isChoice ? 'choose' : 'required'] : undefined;
  if (type === 'consent' || type === 'checkbox') return value === true ? undefined : ['option'];
  if (type === 'number' || type === 'rating') {
    if (!(type === 'rating' ? Number.isInteger(value) : Number.isFinite(value))) return ['number'];
    return outside(value!, min, 'too_small', max, 'too_large');
  }
  if (isChoice) {
    const chosen = isMany ? value : [value];
    if (!Array.isArray(chosen) || !chosen.every((one) => options?.some((option) => option.value === one))) return ['option'];
    return isMany ? outside(chosen.length, min_length, 'too_few', max_length, 'too_many') : undefined;
  }
  const isWritten = type === 'email' || type === 'tel' || type === 'url' || type === 'date';
  if (typeof value !== 'string') return [isWritten ? type : 'option'];
  const text = value.trim();
  if (isWritten && !isWellWritten(field, text)) return [type];
  if (type === 'date') return outside(text, min, 'too_early', max, 'too_late');
  return (
    outside([...text].length, min_length, 'too_short', max_length, 'too_long') ??
    (pattern && !matches(pattern, text) ? ['pattern'] : undefined)
  );
}

/** Whether a text is written as its kind must be, whatever else is asked of it. */
function isWellWritten({ type, format = NOTHING }: AskedField, text: string) {
  if (type === 'date') return DAY.test(text) && new Date(`${text}T00:00Z`).toJSON()?.slice(0, 10) === text;
  return RegExp(format, 'i').test(text) && (type !== 'url' || URL.canParse(text));
}

/** What no text is: a field that lacks its format takes none. */
const NOTHING = '^(?!)';

/** Holds a number against numbers, or a day against days. */
function outside(
  value: FormValue,
  minimum: string | number | undefined,
  below: ProblemCode,
  maximum: string | number | undefined,
  above: ProblemCode,
): Found {
  if (minimum !== undefined && value < minimum) return [below, { minimum }];
  if (maximum !== undefined && value > maximum) return [above, { maximum }];
}

import type { NewSubmission, PublicField, PublicForm } from '../../src/contract/capture.ts';
import { issue, type Issue, type IssueCode, type IssueParams } from '../../src/contract/issues.ts';
import type { ConsentRecord } from '../../src/contract/submission.ts';
import { askedFor, keptAnswers, problemsOf, type Answers, type Problem, type ProblemCode } from '../../src/core/form-answers.ts';
import { say } from '../../src/core/form-texts.ts';
import { tryPatterns } from '../custom-fields/field-pattern-service.ts';
import type { Query } from '../db/query.ts';
import { invalid, type ApiFailure } from '../http/failure.ts';

/** Answers as they are kept, and what is wrong with them. */
export interface CheckedAnswers {
  answers: NewSubmission['answers'];
  problems: Problem[];
}

/** Holds answers against a form by the rules that its page has; of one that is not complete nothing more is required. */
export async function checkAnswers(form: PublicForm, given: Answers, query: Query, isComplete: boolean): Promise<CheckedAnswers> {
  const asked = askedFor(form.steps, given).flatMap(({ fields }) => fields);
  const fields = isComplete ? asked : asked.map((field) => ({ ...field, required: false }));
  const matches = await tryPatterns(query, patternsOf(asked, given));
  const problems = problemsOf(fields, given, matches);
  return { answers: keptAnswers(form.steps, given), problems };
}

/** Refuses answers to what a form does not ask. */
export function assertKnown({ steps }: PublicForm, answers: Answers) {
  const known = new Set(steps.flatMap(({ fields }) => fields.flatMap(({ id, type }) => (type === 'heading' ? [] : [id]))));
  const unknown = Object.keys(answers).filter((id) => !known.has(id));
  if (unknown.length > 0) throw invalid(unknown.map((name) => issue(`answers.${name}`, 'unknown', { name })));
}

/** The refusal of answers, each problem with its sentence in the visitor's language. */
export const refusalOf = (form: PublicForm, problems: readonly Problem[]): ApiFailure =>
  invalid(problems.map((problem) => issueOf(form, problem)));

/** The consents that were given, word for word as the visitor read them. */
export function consentsOf(
  { steps, locale }: PublicForm,
  answers: Answers,
  { at, page }: { at: Date; page: string | undefined },
): ConsentRecord[] {
  return askedFor(steps, answers)
    .flatMap(({ fields }) => fields)
    .filter(({ id, type }) => type === 'consent' && Object.hasOwn(answers, id) && answers[id] === true)
    .map(({ id, label, version }) => ({
      field: id,
      text: label ?? '',
      version: version ?? '',
      locale,
      agreed_at: at.toISOString(),
      page: page ?? null,
    }));
}

/** What is answered to fields with a pattern. */
const patternsOf = (fields: readonly PublicField[], given: Answers) =>
  fields.flatMap(({ id, pattern }) => {
    const answer = Object.hasOwn(given, id) ? given[id] : undefined;
    return pattern !== undefined && typeof answer === 'string' ? [{ pattern, text: answer.trim() }] : [];
  });

const ISSUE_CODES: Record<ProblemCode, IssueCode> = {
  required: 'required',
  choose: 'required',
  agree: 'required',
  email: 'not_email',
  tel: 'not_phone',
  url: 'not_url',
  number: 'wrong_type',
  date: 'not_date',
  option: 'not_option',
  pattern: 'not_format',
  too_short: 'too_short',
  too_long: 'too_long',
  too_few: 'too_few',
  too_many: 'too_many',
  too_small: 'too_small',
  too_large: 'too_large',
  too_early: 'too_small',
  too_late: 'too_large',
};

/** `params.problem` is the code by which the form's own texts have the sentence. */
function issueOf(form: PublicForm, { field, code, params }: Problem): Issue {
  const asked = form.steps.flatMap(({ fields }) => fields).find(({ id }) => id === field);
  const needed: Partial<Record<ProblemCode, IssueParams>> = {
    number: { expected: 'number' },
    option: { options: asked?.options?.map(({ value }) => value) ?? ['true'] },
  };
  const made = issue(`answers.${field}`, ISSUE_CODES[code], { ...needed[code], ...params, problem: code });
  return { ...made, message: say(form.texts, `problem.${code}`, form.locale, params) };
}

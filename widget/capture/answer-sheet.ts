import type { PublicField, PublicForm, PublicStep } from '../../src/contract/capture.ts';
import type { FormValue } from '../../src/contract/form-definition.ts';
import { askedFor, keptAnswers, problemsOf, readAnswer } from '../../src/core/form-answers.ts';
import { h } from './element.ts';

/** What is answered so far, and what that makes of the form. */
export class AnswerSheet {
  readonly #form: PublicForm;
  readonly answers: Record<string, FormValue> = Object.create(null);
  readonly fields: readonly PublicField[];
  readonly #skipped = new Set<string>();

  constructor(form: PublicForm) {
    this.#form = form;
    this.fields = form.steps.flatMap(({ fields }) => fields);
    for (const field of this.fields) if (field.type !== 'consent') this.answer(field, field.default);
  }

  /** The steps that the visitor walks through; there is always one. */
  get steps(): PublicStep[] {
    const seen = askedFor(this.#form.steps, this.answers).filter(({ fields }) => fields.some(isSeen));
    const left = seen.filter(({ id }) => !this.#skipped.has(id));
    return left[0] ? left : [seen.at(-1) ?? { id: '', fields: [] }];
  }

  /** Takes an answer as it was given, whoever gave it. */
  answer(field: PublicField, given: FormValue = '') {
    const value = readAnswer(field, [given].flat().map(String));
    if (value === undefined) delete this.answers[field.id];
    else this.answers[field.id] = value;
  }

  /** Takes what the page gives; consent is the visitor's own to give, so no page can. */
  prefill(values: Readonly<Record<string, FormValue>> = {}, skipsPrefilled?: boolean) {
    const given = this.fields.filter(({ id, type }) => type !== 'consent' && Object.hasOwn(values, id));
    for (const field of given) this.answer(field, values[field.id]);
    if (!skipsPrefilled) return;
    for (const { id, fields } of this.steps) {
      const questions = fields.filter((field) => isSeen(field) && field.type !== 'heading');
      if (questions[0] && questions.every((field) => given.includes(field)) && !this.problems(fields)[0]) this.#skipped.add(id);
    }
  }

  /** Takes back what the visitor had answered; what the page gives unseen stays the page's. */
  restore(answers: Readonly<Record<string, FormValue>>) {
    for (const field of this.fields) if (isSeen(field)) this.answer(field, answers[field.id]);
  }

  /** The answers as they are sent: those to what is asked for. */
  get kept() {
    return keptAnswers(this.#form.steps, this.answers);
  }

  problems(fields: readonly PublicField[]) {
    return problemsOf(fields, this.answers, matches);
  }

  /** The step that asks for a field, no longer skipped. */
  stepOf(fieldId: string) {
    const step = this.#form.steps.find(({ fields }) => fields.some(({ id }) => id === fieldId));
    if (step) this.#skipped.delete(step.id);
    return step;
  }
}

/** Whether people see a field. */
export const isSeen = ({ type }: PublicField) => type !== 'hidden';

/** An input's own judgement, which ignores a pattern that is none. */
const matches = (pattern: string, value: string) => !h('input', { pattern, value }).validity.patternMismatch;

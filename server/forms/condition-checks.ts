import type { Condition, FieldKind, FormField, FormStep, ShowIf } from '../../src/contract/form-definition.ts';
import type { Issue } from '../../src/contract/issues.ts';
import { problemsOf } from '../../src/core/form-answers.ts';
import { ruled } from '../../src/core/form-rules.ts';
import { called, problem } from './form-problem.ts';
import { canBeShown, type Question } from './form-reach.ts';

const ORDERED = new Set<FieldKind>(['number', 'rating', 'date', 'hidden']);
const WORDED = new Set<FieldKind>(['text', 'email', 'tel', 'url', 'textarea', 'hidden', 'multi_select']);

/** What is wrong with the conditions of steps and fields: what they name, what they compare it with, and what never comes true. */
export function conditionProblems(steps: readonly FormStep[]): Issue[] {
  const asked = new Map<string, Question>();
  return steps.flatMap((step, index) => {
    const path = `steps.${index}`;
    const what = `step ${called({ id: step.id, text: step.title })}`;
    const ofStep = showIfProblems(step.show_if, asked, `${path}.show_if`, what, []);
    const whole = ofStep.length === 0 ? step.show_if : undefined;
    const ofFields = step.fields.flatMap((field, place) => {
      const name = called({ id: field.id, text: field.label });
      const outer = whole ? [whole] : [];
      const wrong = showIfProblems(field.show_if, asked, `${path}.fields.${place}.show_if`, `field ${name}`, outer);
      const isAsked = field.type !== 'heading' && !asked.has(field.id);
      if (isAsked)
        asked.set(field.id, { field, conditions: field.show_if && wrong.length === 0 ? [...outer, field.show_if] : outer });
      return wrong;
    });
    return [...ofStep, ...ofFields];
  });
}

function showIfProblems(
  showIf: ShowIf | undefined,
  asked: ReadonlyMap<string, Question>,
  path: string,
  what: string,
  outer: readonly ShowIf[],
): Issue[] {
  if (!showIf) return [];
  const [how, conditions] = 'all' in showIf ? ['all', showIf.all] : ['any', showIf.any];
  const wrong = conditions.flatMap((condition, index) =>
    conditionProblemsOf(condition, asked.get(condition.field)?.field, `${path}.${how}.${index}`, `condition of the ${what}`),
  );
  if (wrong.length > 0) return wrong;
  return canBeShown([...outer, showIf], asked) ? [] : [problem(path, `The ${what}`, 'unreachable')];
}

function conditionProblemsOf(
  { field: name, operator, value }: Condition,
  field: FormField | undefined,
  path: string,
  what: string,
): Issue[] {
  if (!field) return [problem(`${path}.field`, `The ${what}`, 'not_earlier', { name })];
  const ofValue = `The value in the ${what}`;
  if (operator === 'filled' || operator === 'empty')
    return value === undefined ? [] : [problem(`${path}.value`, ofValue, 'only_for', { what: 'operators that compare' })];
  if (value === undefined) return [problem(`${path}.value`, ofValue, 'required')];
  if (Array.isArray(value) !== (operator === 'one_of'))
    return [problem(`${path}.value`, ofValue, 'wrong_type', { expected: operator === 'one_of' ? 'list' : 'single value' })];
  const ofOperator = `The operator in the ${what}`;
  if ((operator === 'greater' || operator === 'less') && !ORDERED.has(field.type))
    return [problem(`${path}.operator`, ofOperator, 'only_for', { what: 'numbers, ratings and dates' })];
  if (operator === 'contains' && !WORDED.has(field.type))
    return [problem(`${path}.operator`, ofOperator, 'only_for', { what: 'texts and several choices' })];
  const values = Array.isArray(value) ? value : [value];
  return values.every((one) => isAnswer(field, one, operator)) ? [] : [problem(`${path}.value`, ofValue, 'not_answer')];
}

/** Whether a value is one that the field's answer may be, so that comparing with it makes sense. */
function isAnswer(field: FormField, value: string | number | boolean, operator: Condition['operator']): boolean {
  const { type, options, id } = field;
  switch (type) {
    case 'checkbox':
    case 'consent':
      // What is not ticked is not answered: that is `empty`.
      return String(value) === 'true';
    case 'select':
    case 'radio':
    case 'multi_select':
      return options?.some((option) => option.value === String(value)) ?? false;
    case 'number':
    case 'rating': {
      if (!Number.isFinite(Number(value)) || String(value).trim() === '') return false;
      const isBound = operator === 'greater' || operator === 'less';
      return isBound || problemsOf([ruled(field)], { [id]: Number(value) }, () => true).length === 0;
    }
    case 'date':
      return problemsOf([{ id, type }], { [id]: value }, () => true).length === 0;
    default:
      return String(value).trim() !== '';
  }
}

import type { FieldKind, FormField } from '../../src/contract/form-definition.ts';
import type { Issue } from '../../src/contract/issues.ts';
import { problemsOf, type Matches } from '../../src/core/form-answers.ts';
import { ruled } from '../../src/core/form-rules.ts';
import { isSharedPattern } from '../custom-fields/field-pattern-service.ts';
import { problem, type PlacedField } from './form-problem.ts';

type Part = Exclude<keyof FormField, 'id' | 'type' | 'show_if'>;

const SHOWN = ['label', 'help', 'required', 'width', 'maps_to'] as const;
const TYPED = [...SHOWN, 'placeholder', 'default', 'autocomplete'] as const;
const LINE = [...TYPED, 'min_length', 'max_length', 'pattern'] as const;

/** What each kind of field knows beside its id and its conditions. */
const KNOWN: Record<FieldKind, readonly Part[]> = {
  text: LINE,
  email: LINE,
  tel: LINE,
  url: LINE,
  textarea: [...TYPED, 'min_length', 'max_length'],
  number: [...TYPED, 'min', 'max'],
  date: [...SHOWN, 'default', 'autocomplete', 'min', 'max'],
  rating: [...SHOWN, 'default', 'max'],
  select: [...TYPED, 'options'],
  radio: [...SHOWN, 'default', 'options'],
  multi_select: [...SHOWN, 'default', 'options', 'min_length', 'max_length'],
  checkbox: [...SHOWN, 'default'],
  consent: [...SHOWN, 'version'],
  hidden: ['required', 'default', 'maps_to'],
  heading: ['label', 'help', 'width'],
};

const CHOICES = new Set<FieldKind>(['select', 'radio', 'multi_select']);
const MOST_STARS = 10;

/** What is wrong with a field by itself, whatever stands around it; `matches` tries its pattern. */
export function fieldProblems(placed: PlacedField, matches: Matches): Issue[] {
  const wrong = [...partProblems(placed), ...boundProblems(placed), ...optionProblems(placed), ...consentProblems(placed)];
  return wrong.length > 0 ? wrong : defaultProblems(placed, matches);
}

const PARTS: Record<Part, string> = {
  label: 'The label',
  placeholder: 'The placeholder',
  help: 'The help',
  required: 'Being required',
  min: 'The least value',
  max: 'The greatest value',
  min_length: 'The least length',
  max_length: 'The greatest length',
  pattern: 'The pattern',
  options: 'The list of options',
  default: 'The default',
  autocomplete: 'The autocomplete word',
  width: 'The width',
  version: 'The version',
  maps_to: 'The mapping',
};

function partProblems({ field, path, name }: PlacedField): Issue[] {
  const known: readonly string[] = KNOWN[field.type];
  const issues = (Object.keys(field) as (keyof FormField)[])
    .filter((part): part is Part => part in PARTS && field[part] !== undefined && !known.includes(part))
    .map((part) => problem(`${path}.${part}`, `${PARTS[part]} of ${name}`, 'only_for', { what: kindsThatKnow(part) }));
  if (field.type !== 'hidden' && field.label === undefined)
    issues.push(problem(`${path}.label`, `The label of ${name}`, 'required'));
  if (field.type === 'hidden' && field.required && field.default === undefined)
    issues.push(problem(`${path}.default`, `The default of ${name}, which nobody can fill in,`, 'required'));
  return issues;
}

function kindsThatKnow(part: Part): string {
  const kinds = (Object.keys(KNOWN) as FieldKind[]).filter((kind) => KNOWN[kind].includes(part));
  const last = kinds.at(-1)!;
  return `fields of type ${kinds.length > 1 ? `${kinds.slice(0, -1).join(', ')} and ${last}` : last}`;
}

function boundProblems({ field, path, name }: PlacedField): Issue[] {
  const { type, min, max, min_length, max_length, pattern, options } = field;
  const issues: Issue[] = [];
  for (const part of ['min', 'max'] as const) {
    const bound = field[part];
    if (bound === undefined || !KNOWN[type].includes(part)) continue;
    if (type === 'date' && typeof bound !== 'string')
      issues.push(problem(`${path}.${part}`, `${PARTS[part]} of ${name}`, 'not_date'));
    if (type !== 'date' && typeof bound !== 'number')
      issues.push(problem(`${path}.${part}`, `${PARTS[part]} of ${name}`, 'wrong_type', { expected: 'number' }));
  }
  if (issues.length > 0) return issues;
  if (type === 'rating' && max !== undefined) issues.push(...starProblems(Number(max), path, name));
  if (min !== undefined && max !== undefined && max < min)
    issues.push(problem(`${path}.max`, `${PARTS.max} of ${name}`, 'too_small', { minimum: min }));
  if (min_length !== undefined && max_length !== undefined && max_length < min_length)
    issues.push(problem(`${path}.max_length`, `${PARTS.max_length} of ${name}`, 'too_small', { minimum: min_length }));
  if (type === 'multi_select' && options && min_length !== undefined && min_length > options.length)
    issues.push(problem(`${path}.min_length`, `${PARTS.min_length} of ${name}`, 'too_large', { maximum: options.length }));
  if (pattern !== undefined && !isSharedPattern(pattern))
    issues.push(problem(`${path}.pattern`, `${PARTS.pattern} of ${name}`, 'not_pattern'));
  return issues;
}

function starProblems(stars: number, path: string, name: string): Issue[] {
  const label = `The number of stars of ${name}`;
  if (!Number.isInteger(stars)) return [problem(`${path}.max`, label, 'not_step', { step: 1 })];
  if (stars < 2) return [problem(`${path}.max`, label, 'too_small', { minimum: 2 })];
  return stars > MOST_STARS ? [problem(`${path}.max`, label, 'too_large', { maximum: MOST_STARS })] : [];
}

function optionProblems({ field: { type, options }, path, name }: PlacedField): Issue[] {
  if (!CHOICES.has(type)) return [];
  if (!options) return [problem(`${path}.options`, `${PARTS.options} of ${name}`, 'required')];
  const values = options.map(({ value }) => value);
  return values.flatMap((value, index) =>
    values.indexOf(value) < index
      ? [problem(`${path}.options.${index}.value`, `The option value “${value}” of ${name}`, 'taken')]
      : [],
  );
}

function consentProblems({ field: { type, version }, path, name }: PlacedField): Issue[] {
  return type === 'consent' && version === undefined ? [problem(`${path}.version`, `The version of ${name}`, 'required')] : [];
}

/** A default is an answer like any other, but that it may be empty. */
function defaultProblems({ field, path, name }: PlacedField, matches: Matches): Issue[] {
  if (field.default === undefined || field.default === '') return [];
  const { length } = problemsOf([ruled({ ...field, required: false })], { [field.id]: field.default }, matches);
  return length > 0 ? [problem(`${path}.default`, `The default of ${name}`, 'not_answer')] : [];
}

import type { FieldContext, FieldType } from '../../src/contract/custom-field.ts';
import { Country } from '../../src/contract/fields.ts';
import { CONTACT_TARGETS, LEAD_TARGETS, type FieldKind, type FormField } from '../../src/contract/form-definition.ts';
import type { Issue } from '../../src/contract/issues.ts';
import { problem, type PlacedField } from './form-problem.ts';

/** A custom field as far as a form must know it. */
export interface MappedField {
  context: FieldContext;
  name: string;
  field_type: FieldType;
  /** The values of its options. */
  options: readonly string[];
}

/** The fields without any of which there is nobody to make a lead of. */
const IDENTITY = ['name', 'firstname', 'lastname', 'email', 'phone_number'].map((name) => `contact.${name}`);

type Value =
  | 'line'
  | 'prose'
  | 'words'
  | 'email'
  | 'phone'
  | 'country'
  | 'money'
  | 'day'
  | 'number'
  | 'yes'
  | 'choice'
  | 'choices';

const LINES: FieldKind[] = ['text', 'email', 'tel', 'url', 'number', 'select', 'radio', 'date', 'rating'];
const CHOICE: FieldKind[] = ['select', 'radio'];

/** The kinds of field whose answers can be a value of each kind; a hidden one holds a text. */
const GIVEN_BY: Record<Value, readonly FieldKind[]> = {
  line: LINES,
  prose: [...LINES, 'textarea'],
  // Custom fields take values as they are, and a number is no text.
  words: [...LINES.filter((kind) => kind !== 'number' && kind !== 'rating'), 'textarea'],
  email: ['email'],
  phone: ['tel'],
  country: CHOICE,
  money: ['number', ...CHOICE],
  number: ['number', 'rating'],
  day: ['date'],
  yes: ['checkbox', 'consent'],
  choice: CHOICE,
  choices: ['multi_select'],
};

const NO_TEXTS = new Set<Value>(['number', 'yes', 'choices']);

const TARGETS: Record<string, Value> = {
  ...Object.fromEntries(CONTACT_TARGETS.map((name) => [`contact.${name}`, 'line'])),
  ...Object.fromEntries(LEAD_TARGETS.map((name) => [`lead.${name}`, 'line'])),
  'contact.email': 'email',
  'contact.phone_number': 'phone',
  'contact.country': 'country',
  'contact.notes': 'prose',
  'lead.notes': 'prose',
  'lead.lead_value': 'money',
  'lead.budget': 'money',
  'lead.expected_close_date': 'day',
};

const CUSTOM: Record<FieldType, Value> = {
  text: 'words',
  number: 'number',
  date: 'day',
  boolean: 'yes',
  select: 'choice',
  multi_select: 'choices',
};

/** What is wrong with where answers go; `customFields` are those in use. */
export function mappingProblems(placed: readonly PlacedField[], customFields: readonly MappedField[]): Issue[] {
  const mapped = placed.filter(({ field }) => field.maps_to !== undefined);
  const targets = mapped.map(({ field }) => field.maps_to!);
  const issues = mapped.flatMap(({ field, path, name }, index) => {
    const at = `${path}.maps_to`;
    const label = `The mapping of ${name}`;
    const target = field.maps_to!;
    if (targets.indexOf(target) < index) return [problem(at, label, 'taken')];
    if (/^contact\.(first|last)name$/.test(target) && targets.includes('contact.name'))
      return [problem(at, label, 'only_one_of', { fields: ['contact.name', target] })];
    const known = customFields.find(({ context, name }) => `${context}.custom.${name}` === target);
    const value = known ? CUSTOM[known.field_type] : TARGETS[target];
    if (value === undefined) return [problem(at, label, 'not_target', { target })];
    if (field.type === 'hidden' ? NO_TEXTS.has(value) : !GIVEN_BY[value].includes(field.type))
      return [problem(at, label, 'not_fitting', { target })];
    return optionsThatDontFit({ field, path, name }, value, known);
  });
  if (!targets.some((target) => IDENTITY.includes(target))) issues.push(problem('steps', 'The form', 'no_identity'));
  return issues;
}

/** Each option is an answer, so each must be a value of where it goes. */
function optionsThatDontFit({ field, path, name }: PlacedField, value: Value, known: MappedField | undefined): Issue[] {
  const target = field.maps_to!;
  return (field.options ?? []).flatMap(({ value: option }, index) =>
    fits(option, value, known)
      ? []
      : [problem(`${path}.options.${index}.value`, `The option “${option}” of ${name}`, 'not_fitting', { target })],
  );
}

function fits(option: string, value: Value, known: MappedField | undefined): boolean {
  if (value === 'choice' || value === 'choices') return known!.options.includes(option);
  if (value === 'country') return Country.safeParse(option).success;
  if (value === 'money') return option.trim() !== '' && Number.isFinite(Number(option));
  return true;
}

/** The names of the custom fields that a definition's fields go to. */
export const customTargets = (fields: readonly FormField[]): string[] =>
  fields.flatMap(({ maps_to }) => (maps_to?.includes('.custom.') ? [maps_to] : []));

import type { CustomField, CustomValue, CustomValues } from '../contract/custom-field.ts';
import type { FieldProblem } from './form-state.ts';
import { numberTyped, retyped, typedNumber } from './typed-number.ts';

/** What an input holds for a custom field: text as it was typed, numbers and days too; null where a box was never ticked. */
export type HeldValue = string | string[] | boolean | null;

/** As much of a definition as values are made and checked by. */
export type ValueField = Pick<CustomField, 'name' | 'field_type' | 'configuration' | 'is_required'>;

/** What the value of a field is called among a form's values. */
export const heldName = ({ name }: Pick<ValueField, 'name'>) => `custom_fields.${name}` as const;

/** What inputs hold for a record's values, or for a new record's: the defaults. */
export function heldValues(
  fields: readonly ValueField[],
  values: CustomValues | undefined,
  locale: string,
): Record<`custom_fields.${string}`, HeldValue> {
  const valueOf = (field: ValueField) => (values ? values[field.name] : field.configuration.default);
  return Object.fromEntries(fields.map((field) => [heldName(field), held(field, valueOf(field), !values, locale)]));
}

/** The contents of those inputs that hold numbers, as they are typed in another language. */
export function retypedValues(
  fields: readonly ValueField[],
  contents: Readonly<Record<string, unknown>>,
  from: string,
  to: string,
): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const content = contents[heldName(field)];
      return field.field_type === 'number' && typeof content === 'string' ? [[heldName(field), retyped(content, from, to)]] : [];
    }),
  );
}

/** The value that an input's content stands for; null is none, NaN no number. */
export function givenValue({ field_type }: ValueField, content: HeldValue | undefined, locale: string): CustomValue | null {
  if (content === undefined || content === null || content === '') return null;
  if (Array.isArray(content)) return content.length > 0 ? content : null;
  if (typeof content === 'boolean') return content;
  if (field_type === 'number') return numberTyped(content, locale) ?? null;
  return content.trim() || null;
}

/** What is sent of the values: those that differ from the record's, or from a new record's defaults, by the names of the fields. */
export function givenValues(
  fields: readonly ValueField[],
  contents: Readonly<Record<string, unknown>>,
  values: CustomValues | undefined,
  locale: string,
): Record<string, CustomValue | null> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const given = givenValue(field, contents[heldName(field)] as HeldValue, locale);
      const had = (values ? values[field.name] : field.configuration.default) ?? null;
      return isSame(given, had) ? [] : [[field.name, given]];
    }),
  );
}

/** What is wrong with values by the rule that the API has: what a record has already is not asked again, a new one needs what is required. */
export function valueProblems(
  fields: readonly ValueField[],
  contents: Readonly<Record<string, unknown>>,
  values: CustomValues | undefined,
  locale: string,
): FieldProblem[] {
  return fields.flatMap((field) => {
    const given = givenValue(field, contents[heldName(field)] as HeldValue, locale);
    if (values && isSame(given, values[field.name] ?? null)) return [];
    const problem = given === null ? lack(field) : problemOf(field, given);
    return problem ? [{ path: heldName(field), ...problem }] : [];
  });
}

type Problem = Pick<FieldProblem, 'code' | 'params'>;

/** The longest text of a field that does not say. */
const LONGEST_VALUE = 5_000;

function held(
  { field_type, is_required }: ValueField,
  value: CustomValue | undefined,
  isNew: boolean,
  locale: string,
): HeldValue {
  switch (field_type) {
    case 'multi_select':
      return Array.isArray(value) ? value : [];
    case 'boolean':
      // A box that has to say something says no until it is ticked.
      return typeof value === 'boolean' ? value : isNew && is_required ? false : null;
    case 'number':
      return typeof value === 'number' ? typedNumber(value, locale) : '';
    default:
      return typeof value === 'string' ? value : '';
  }
}

const lack = ({ is_required }: ValueField): Problem | undefined => (is_required ? { code: 'required', params: {} } : undefined);

function problemOf({ field_type, configuration }: ValueField, value: CustomValue): Problem | undefined {
  const { min, max, min_length = 0, max_length = LONGEST_VALUE, pattern, options = [] } = configuration;
  if (field_type === 'text') {
    const { length } = [...String(value)];
    const maximum = Math.min(max_length, LONGEST_VALUE);
    if (length > maximum) return { code: 'too_long', params: { maximum } };
    if (length < min_length) return { code: 'too_short', params: { minimum: min_length } };
    return pattern && !matches(pattern, String(value)) ? { code: 'not_format', params: {} } : undefined;
  }
  if (field_type === 'number' || field_type === 'date') {
    if (Number.isNaN(value)) return { code: 'wrong_type', params: { expected: 'number' } };
    if (min !== undefined && value < min) return { code: 'too_small', params: { minimum: min } };
    return max !== undefined && value > max ? { code: 'too_large', params: { maximum: max } } : undefined;
  }
  const chosen = Array.isArray(value) ? value : [value];
  const isOffered = field_type === 'boolean' || chosen.every((one) => options.some((option) => option.value === one));
  return isOffered ? undefined : { code: 'not_option', params: { options: options.map((option) => option.value) } };
}

function matches(pattern: string, text: string) {
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    // What this browser can't read the server decides.
    return true;
  }
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other) && !Number.isNaN(one);

import type { FieldConfiguration, FieldType } from '../../src/contract/custom-field.ts';
import { MOST_VALUES, type CustomFilters } from '../../src/contract/custom-query.ts';
import type { IssueCode, IssueParams } from '../../src/contract/issues.ts';
import { isDay } from '../../src/contract/time.ts';

/** A field as far as filters and sorts go by it. */
export interface FilteredField {
  id: string;
  name: string;
  field_type: FieldType;
  configuration: FieldConfiguration;
}

export type Operator = 'is' | 'gte' | 'lte' | 'in';
export type FilterValue = string | number | boolean;

/** One filter that was sent, its values read as its field has them. */
export interface Filter {
  /** The field's name, and the operator behind it where there is one. */
  key: string;
  field: FilteredField;
  operator: Operator;
  values: FilterValue[];
  /** As it was understood. */
  value: FilterValue | FilterValue[];
}

interface Problem {
  code: IssueCode;
  params?: IssueParams;
}

/** Reads a filter of a field, or says what is wrong with it. */
export function readFilter(field: FilteredField, key: string, given: CustomFilters[string]): Filter | { problem: Problem } {
  const operator = (key.split('.')[1] ?? 'is') as Operator;
  const isRange = operator === 'gte' || operator === 'lte';
  if (isRange && field.field_type !== 'number' && field.field_type !== 'date')
    return { problem: { code: 'only_for', params: { what: 'numbers and dates' } } };
  if (Array.isArray(given) && operator !== 'in')
    return { problem: { code: 'wrong_type', params: { expected: NAMES[field.field_type] } } };
  const all = [given].flat();
  if (all.length > MOST_VALUES) return { problem: { code: 'too_many', params: { maximum: MOST_VALUES } } };
  const read = all.map((value) => readValue(field, value));
  const problem = read.find((value) => typeof value === 'object');
  if (problem) return { problem };
  const values = read as FilterValue[];
  return { key, field, operator, values, value: operator === 'in' ? values : values[0]! };
}

/** What one value of each type is called. */
const NAMES = { text: 'string', number: 'number', date: 'string', boolean: 'boolean', select: 'string', multi_select: 'string' };

function readValue({ field_type, configuration }: FilteredField, given: FilterValue): FilterValue | Problem {
  const text = typeof given === 'string' ? given.trim() : undefined;
  switch (field_type) {
    case 'number': {
      const number = text !== undefined && /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : given;
      return typeof number === 'number' && Number.isFinite(number)
        ? number
        : { code: 'wrong_type', params: { expected: 'number' } };
    }
    case 'boolean':
      if (typeof given === 'boolean') return given;
      return text === 'true' || text === 'false' ? text === 'true' : { code: 'wrong_type', params: { expected: 'boolean' } };
    case 'date':
      return text !== undefined && isDay(text) ? text : { code: 'not_date' };
    case 'text':
      if (text === undefined) return { code: 'wrong_type', params: { expected: 'string' } };
      return text === '' ? { code: 'required' } : text;
    default: {
      const options = (configuration.options ?? []).map(({ value }) => value);
      return text !== undefined && options.includes(text) ? text : { code: 'not_option', params: { options } };
    }
  }
}

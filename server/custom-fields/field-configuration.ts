import { sql } from 'kysely';
import type { CustomValue, FieldConfiguration, FieldType } from '../../src/contract/custom-field.ts';
import { issue, type Issue, type IssueCode, type IssueParams } from '../../src/contract/issues.ts';
import type { Tenant } from '../db/tenant.ts';
import { invalid } from '../http/failure.ts';
import { isSharedPattern } from './field-pattern-service.ts';

/** What each type knows of a configuration. */
const KNOWN: Record<FieldType, readonly (keyof FieldConfiguration)[]> = {
  text: ['min_length', 'max_length', 'pattern', 'placeholder', 'default'],
  number: ['min', 'max', 'placeholder', 'default'],
  date: ['min', 'max', 'placeholder', 'default'],
  boolean: ['default'],
  select: ['options', 'placeholder', 'default'],
  multi_select: ['options', 'placeholder', 'default'],
};

/** A configuration as it is kept; refuses what the type does not know, bounds that leave nothing between them, and a default that is no value of the field. */
export async function checkedConfiguration(
  tenant: Tenant,
  type: FieldType,
  given: FieldConfiguration,
): Promise<FieldConfiguration> {
  const issues = [...unknown(type, given), ...wrongOptions(type, given), ...wrongBounds(type, given)];
  if (given.pattern !== undefined && !isSharedPattern(given.pattern)) issues.push(wrong('pattern', 'not_pattern'));
  if (issues.length > 0) throw invalid(issues);
  const { default: chosen, ...configuration } = given;
  const kept = await checkedDefault(tenant, type, configuration, chosen);
  return kept === undefined ? configuration : { ...configuration, default: kept };
}

const wrong = (path: string, code: IssueCode, params?: IssueParams) => issue(`configuration.${path}`, code, params);

const unknown = (type: FieldType, given: FieldConfiguration): Issue[] =>
  (Object.keys(given) as (keyof FieldConfiguration)[])
    .filter((name) => !KNOWN[type].includes(name))
    .map((name) => wrong(name, 'only_for', { what: `fields of type ${typesThatKnow(name)}` }));

const typesThatKnow = (name: keyof FieldConfiguration) =>
  Object.entries(KNOWN)
    .filter(([, names]) => names.includes(name))
    .map(([type]) => type)
    .join(' and ');

function wrongOptions(type: FieldType, { options }: FieldConfiguration): Issue[] {
  if (type !== 'select' && type !== 'multi_select') return [];
  if (!options) return [wrong('options', 'required')];
  const values = options.map(({ value }) => value);
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [wrong(`options.${index}.value`, 'taken')] : []));
}

function wrongBounds(type: FieldType, { min, max, min_length, max_length }: FieldConfiguration): Issue[] {
  const bounds = Object.entries({ min, max }).filter(([, bound]) => bound !== undefined);
  const ofOtherType = bounds.flatMap(([name, bound]) => {
    if (type === 'number' && typeof bound !== 'number') return [wrong(name, 'wrong_type', { expected: 'number' })];
    return type === 'date' && typeof bound !== 'string' ? [wrong(name, 'not_date')] : [];
  });
  if (ofOtherType.length > 0) return ofOtherType;
  if (min !== undefined && max !== undefined && max < min) return [wrong('max', 'too_small', { minimum: min })];
  const isReversed = min_length !== undefined && max_length !== undefined && max_length < min_length;
  return isReversed ? [wrong('max_length', 'too_small', { minimum: min_length })] : [];
}

/** The database says what a value of a field is; asking it shows as well that it can read the pattern. */
async function checkedDefault(
  tenant: Tenant,
  type: FieldType,
  configuration: FieldConfiguration,
  chosen: CustomValue | undefined,
): Promise<CustomValue | undefined> {
  if (chosen === undefined && configuration.pattern === undefined) return undefined;
  const { rows } = await sql<{ kept: CustomValue | null; problem: { code: IssueCode; params: IssueParams } | null }>`
    select kept, value_problem(${type}, ${JSON.stringify(configuration)}::jsonb, coalesce(kept, '"x"')) as problem
    from kept_value(${type}, ${JSON.stringify(chosen ?? null)}::jsonb) kept`.execute(tenant.db);
  const { kept, problem } = rows[0]!;
  if (kept === null) return undefined;
  if (problem) throw invalid([wrong('default', problem.code, problem.params)]);
  return kept;
}

import { sql } from 'kysely';
import type { CustomValues, CustomValuesGiven, FieldContext } from '../../src/contract/custom-field.ts';
import { issue, type Issue } from '../../src/contract/issues.ts';
import type { Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import { invalid, notFound } from '../http/failure.ts';

/** An issue as the database tells it, without its sentence. */
export type Problem = Omit<Issue, 'message'>;

/** The values that answers carry, of the row called `r`: all but those of retired fields. */
export const customValues = (context: FieldContext): Fragment => sql`
  r.custom_fields - (select coalesce(array_agg(f.name), '{}') from custom_fields f where f.context = ${sql.lit(context)} and not f.is_active)
    as custom_fields`;

/** Values that the database has looked at. */
export interface CheckedValues {
  kept: CustomValues;
  problems: Problem[];
}

/** What a new record gets of what was sent, defaults included, as a row of `CheckedValues` to be read beside others. */
export const newValues = (context: FieldContext, given: CustomValuesGiven = {}): Fragment =>
  sql`new_values(${context}, ${JSON.stringify(given)}::jsonb)`;

/** The values of a new record; refuses what a field does not take, and the lack of what is required. */
export async function valuesOfNew(tenant: Tenant, context: FieldContext, given?: CustomValuesGiven): Promise<CustomValues> {
  const { rows } = await sql<CheckedValues>`select kept, problems from ${newValues(context, given)}`.execute(tenant.db);
  return accepted(rows[0]!);
}

/** The values of a held record after a change of some; nothing where none were sent. Refuses what a field does not take. */
export async function changedValues(
  tenant: Tenant,
  context: FieldContext,
  given: CustomValuesGiven | undefined,
  held: CustomValues,
): Promise<CustomValues | undefined> {
  if (given === undefined) return undefined;
  const { rows } = await sql<CheckedValues>`
    select kept, problems
    from checked_values(current_workspace(), ${context}, ${JSON.stringify(given)}::jsonb, ${JSON.stringify(held)}::jsonb, false, false)`.execute(
    tenant.db,
  );
  return accepted(rows[0]!);
}

/** The values of a held record after a change that the system makes, to retired fields as well: what no field takes is left as it was. */
export async function valuesAfter(
  tenant: Tenant,
  context: FieldContext,
  given: CustomValuesGiven,
  held: CustomValues,
): Promise<CheckedValues> {
  const { rows } = await sql<CheckedValues>`
    select kept, problems
    from checked_values(current_workspace(), ${context}, ${JSON.stringify(given)}::jsonb, ${JSON.stringify(held)}::jsonb, false, true)`.execute(
    tenant.db,
  );
  return rows[0]!;
}

/** The values of a held record with those that it lacks of what is given, and why the others are left out, by their names. */
export async function valuesToFill(
  tenant: Tenant,
  context: FieldContext,
  given: CustomValuesGiven,
  held: CustomValues,
): Promise<{ kept: CustomValues; left: Record<string, string> }> {
  const lacking = Object.entries(given).filter(([name]) => !Object.hasOwn(held, name));
  const { rows } = await sql<CheckedValues>`
    select kept, problems
    from checked_values(current_workspace(), ${context}, ${JSON.stringify(Object.fromEntries(lacking))}::jsonb, ${JSON.stringify(held)}::jsonb, false, false)`.execute(
    tenant.db,
  );
  const { kept, problems } = rows[0]!;
  const present = Object.entries(given).filter(
    ([name, value]) => Object.hasOwn(held, name) && JSON.stringify(held[name]) !== JSON.stringify(value),
  );
  return { kept, left: { ...Object.fromEntries(present.map(([name]) => [name, 'present'])), ...leftOut(problems) } };
}

/** Why values are left out, by the names of their fields; that others are required and not given is no reason. */
export const leftOut = (problems: readonly Problem[]): Record<string, string> =>
  Object.fromEntries(
    problems.filter(({ code }) => code !== 'required').map(({ path, code }) => [path.slice('custom_fields.'.length), code]),
  );

/** The values, unless something is wrong with them. */
export function accepted({ kept, problems }: CheckedValues): CustomValues {
  if (problems.length > 0) throw invalid(problems.map(({ path, code, params }) => issue(path, code, params)));
  return kept;
}

/** What a record's values call a field that is there and not retired. */
export async function nameOfField(tenant: Tenant, context: FieldContext, id: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select name from custom_fields where id = ${id} and context = ${context} and is_active`.execute(tenant.db);
  if (!rows[0]) throw notFound('custom field');
  return rows[0].name;
}

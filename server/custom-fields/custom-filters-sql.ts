import { sql } from 'kysely';
import type { FieldContext } from '../../src/contract/custom-field.ts';
import { and, type Fragment } from '../db/fragment.ts';
import type { SortColumn } from '../db/list-order.ts';
import type { Matching } from '../db/matching.ts';
import type { Filter, FilteredField } from './custom-filters-values.ts';
import { VALUED } from './value-rows.ts';

/** Which rows of values are looked at: those of records that lists show, or of the others. */
export interface ValueRows {
  context: FieldContext;
  areListed: boolean;
}

/** How much of a text stands in its row. */
const KEY_LENGTH = 200;

/** About how many records there are; where nothing tells, as many as gathering is worth its while with. */
const AMONG: Record<FieldContext, Fragment> = {
  contact: sql`1000000::bigint`,
  lead: sql`(select coalesce(sum(count), 1000000) from stage_totals)`,
};

/** The condition that filters are: found by the rows of one field, or asked of a record's own values. */
export function matchingOf(
  { context, areListed }: ValueRows,
  filters: Filter[],
  { sortField, isAll }: { sortField: FilteredField | undefined; isAll: boolean },
): Matching {
  const { table, rows, column } = VALUED[context];
  const id = sql.ref(`v.${column}`);
  const first = filters.toSorted((one, other) => costOf(one) - costOf(other))[0]!;
  const byRows = filters.filter((filter) => filter.field === first.field && (filter === first || !hasSeveral(filter.field)));
  const byRecord = filters.filter((filter) => !byRows.includes(filter) || isLong(filter));
  const met = sql`
    select ${id} as id from ${sql.table(rows)} v where ${and([
      ofField(first.field, areListed),
      ...byRows.map(isMetByRow),
      ...(byRecord.length > 0 ? [sql`(select ${areMet(byRecord)} from ${sql.table(table)} r where r.id = ${id})`] : []),
    ])}`;
  const most = repeatsOf(first);
  return {
    ids(atLeast) {
      const some = atLeast === undefined ? met : sql`${met} limit ${sql.lit(atLeast * most)}`;
      return most === 1 ? some : sql`select distinct id from (${some}) m`;
    },
    holds: areMet(filters),
    isAll,
    isMet: filters.every(({ field }) => field === sortField && !hasSeveral(field)),
    among: AMONG[context],
  };
}

/** The order of records by a field, among those that filters by the same field let through. */
export function sortBy({ context, areListed }: ValueRows, field: FilteredField, filters: Filter[]): SortColumn {
  const { table, rows, column } = VALUED[context];
  const id = sql.ref(`v.${column}`);
  const own = hasSeveral(field) ? [] : filters.filter((filter) => filter.field === field);
  return {
    // Several choices are sorted by the first of them.
    column: isNumber(field)
      ? numberOf(field)
      : sql`left(${hasSeveral(field) ? sql`${valueOf(field)} ->> 0` : textOf(field)}, ${sql.lit(KEY_LENGTH)}) collate "und-x-icu"`,
    type: isNumber(field) ? 'double precision' : 'text',
    nullable: true,
    beside: {
      valued: {
        from: sql`${sql.table(rows)} v join ${sql.table(table)} r on r.id = ${id}`,
        where: and([
          ofField(field, areListed),
          sql`${keyOf(field)} is not null`,
          ...(hasSeveral(field) ? [sql`v.ordinal = 0`] : []),
          ...own.map(isMetByRow),
          ...(own.some(isLong) ? [areMet(own)] : []),
        ]),
        value: keyOf(field),
        id,
      },
      lacks: own.length > 0 ? undefined : sql`not ${unguessed(sql`r.custom_fields ? ${field.name}`)}`,
    },
  };
}

const hasSeveral = ({ field_type }: FilteredField) => field_type === 'multi_select';
const isNumber = ({ field_type }: FilteredField) => field_type === 'number' || field_type === 'boolean';

/** How many rows of one record meet a filter at most. */
const repeatsOf = ({ field, values }: Filter) => (hasSeveral(field) ? values.length : 1);

/** Equal values are fewer than a range of them, as a rule; of rows that repeat, more are read. */
const costOf = (filter: Filter) =>
  (filter.operator === 'gte' || filter.operator === 'lte' ? 1 : 0) + (repeatsOf(filter) > 1 ? 2 : 0);

/** A text that rows have the beginning of. */
const isLong = ({ field, values }: Filter) =>
  field.field_type === 'text' && values.some((value) => charactersOf(value as string).length >= KEY_LENGTH);

/** As the database counts them. */
const charactersOf = (text: string) => Array.from(text);

const keyOf = (field: FilteredField) => (isNumber(field) ? sql`v.number_key` : sql`v.text_key`);
const ofField = ({ id }: FilteredField, areListed: boolean) =>
  sql`v.field_id = ${id}::uuid and v.is_listed = ${sql.lit(areListed)}`;

function isMetByRow({ field, operator, values }: Filter): Fragment {
  const keys = values.map((value) =>
    typeof value === 'string' ? charactersOf(value).slice(0, KEY_LENGTH).join('') : Number(value),
  );
  return compared(keyOf(field), operator, keys, isNumber(field) ? 'double precision' : 'text');
}

/** That a record called `r` meets filters by what it holds itself. */
const areMet = (filters: Filter[]): Fragment => unguessed(and(filters.map(isMetByRecord)));

function isMetByRecord({ field, operator, values }: Filter): Fragment {
  if (hasSeveral(field)) return sql`${valueOf(field)} ?| ${values}::text[]`;
  return isNumber(field)
    ? compared(numberOf(field), operator, values.map(Number), 'double precision')
    : compared(textOf(field), operator, values, 'text');
}

function compared(value: Fragment, operator: Filter['operator'], to: (string | number | boolean)[], type: string): Fragment {
  switch (operator) {
    case 'gte':
      return sql`${value} >= ${to[0]}::${sql.raw(type)}`;
    case 'lte':
      return sql`${value} <= ${to[0]}::${sql.raw(type)}`;
    default:
      return to.length === 1 ? sql`${value} = ${to[0]}::${sql.raw(type)}` : sql`${value} = any (${to}::${sql.raw(type)}[])`;
  }
}

const valueOf = ({ name }: FilteredField) => sql`(r.custom_fields -> ${name})`;
const textOf = ({ name }: FilteredField) => sql`(r.custom_fields ->> ${name})`;
const numberOf = (field: FilteredField) =>
  field.field_type === 'boolean'
    ? sql`${valueOf(field)}::boolean::integer::double precision`
    : sql`${valueOf(field)}::double precision`;

/** The same condition as one of which the planner supposes nothing: what it supposes of values in JSON is that hardly any meet it. */
const unguessed = (condition: Fragment): Fragment => sql`coalesce(${condition}, false)`;

import { sql } from 'kysely';
import type { FieldContext } from '../../src/contract/custom-field.ts';
import type { CustomFilters } from '../../src/contract/custom-query.ts';
import { issue, type Issue } from '../../src/contract/issues.ts';
import type { Listing } from '../db/list.ts';
import { PAGE_PARAMETERS, type SortColumn } from '../db/list-order.ts';
import type { Matching } from '../db/matching.ts';
import type { Tenant } from '../db/tenant.ts';
import { invalid } from '../http/failure.ts';
import { matchingOf, sortBy } from './custom-filters-sql.ts';
import { readFilter, type Filter, type FilteredField } from './custom-filters-values.ts';

/** What records are asked for by custom fields. */
export interface CustomQuery {
  /** The filters as they were understood. */
  filters: CustomFilters | undefined;
  matching: Matching | undefined;
  sort: SortColumn | undefined;
}

/** What a list may be asked for; every other member is a filter of its own. */
interface Asked extends Record<string, unknown> {
  cf?: CustomFilters | undefined;
  sort_by?: string | undefined;
  is_archived?: boolean | undefined;
}

/**
 * What a query, with all its filters, asks for by custom fields; refuses a field that the workspace does not have or has
 * retired, and a value that is none of its field. Costs a statement only where there is any.
 */
export async function readCustomQuery(tenant: Tenant, context: FieldContext, query: Asked): Promise<CustomQuery> {
  const given = Object.entries(query.cf ?? {});
  const sortedBy = query.sort_by?.startsWith('cf.') ? query.sort_by.slice(3) : undefined;
  if (given.length === 0 && sortedBy === undefined) return { filters: undefined, matching: undefined, sort: undefined };

  const fields = await readFields(tenant, context, [...given.map(([key]) => nameIn(key)), ...(sortedBy ? [sortedBy] : [])]);
  const issues: Issue[] = [];
  const filters: Filter[] = [];
  for (const [key, value] of given.sort(([one], [other]) => (one < other ? -1 : 1))) {
    const field = fields.get(nameIn(key));
    const filter = field && readFilter(field, key, value);
    if (!filter) issues.push(issue(`cf.${key}`, 'unknown', { name: `cf.${key}` }));
    else if ('problem' in filter) issues.push(issue(`cf.${key}`, filter.problem.code, filter.problem.params));
    else filters.push(filter);
  }
  const sortField = sortedBy === undefined ? undefined : fields.get(sortedBy);
  if (sortedBy !== undefined && !sortField) issues.push(issue('sort_by', 'unknown', { name: `cf.${sortedBy}` }));
  if (issues.length > 0) throw invalid(issues);

  const rows = { context, areListed: query.is_archived !== true };
  return {
    filters: filters.length > 0 ? Object.fromEntries(filters.map(({ key, value }) => [key, value])) : undefined,
    matching: filters.length > 0 ? matchingOf(rows, filters, { sortField, isAll: hasNoOther(query) }) : undefined,
    sort: sortField && sortBy(rows, sortField, filters),
  };
}

/** A listing that has the custom field among its sorts by which a query asks for it. */
export const withCustomSort = <Row, Sort extends string>(
  listing: Listing<Row, Sort>,
  { sort_by }: { sort_by?: string | undefined },
  { sort }: CustomQuery,
): Listing<Row, string> => (sort ? { ...listing, sorts: { ...listing.sorts, [sort_by!]: sort } } : listing);

/** `size.gte` is about the field `size`. */
const nameIn = (key: string) => key.split('.')[0]!;

async function readFields(tenant: Tenant, context: FieldContext, names: string[]): Promise<Map<string, FilteredField>> {
  const { rows } = await sql<FilteredField>`
    select id, name, field_type, configuration from custom_fields
    where context = ${context} and name = any (${names}::text[]) and is_active`.execute(tenant.db);
  return new Map(rows.map((field) => [field.name, field]));
}

/** Whether nothing is asked for but custom fields, of records that are not archived. */
const hasNoOther = (query: Asked) =>
  Object.entries(query).every(
    ([name, value]) =>
      value === undefined || name === 'cf' || PAGE_PARAMETERS.has(name) || (name === 'is_archived' && value === false),
  );

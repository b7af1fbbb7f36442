import { sql } from 'kysely';
import { walkOf, type Place } from './cursor.ts';
import type { Fragment } from './fragment.ts';

/** What a list is sorted by. Nulls come last in both directions, and are walked separately. */
export interface SortColumn extends Place {
  /** The column, of the row called `r`. */
  column: Fragment;
  /** Where another table has it, which has no row for a null. */
  beside?: Beside;
}

/** How rows are read in the order of a value that another table has for some of them. */
export interface Beside {
  /** The rows that have one, from an index of values: by this condition, with value and id as that index has them. */
  valued: { from: Fragment; where: Fragment; value: Fragment; id: Fragment };
  /** That the row called `r` has none; left out where the list leaves such rows out. */
  lacks: Fragment | undefined;
}

/** What a list's rows come from, and in which orders. */
export interface Sorted<Sort extends string> {
  /** It has the columns that filters, sorts and the answer name. */
  from: Fragment;
  sorts: Record<Sort, SortColumn>;
  defaultSort: Sort;
}

/** An order of a list's rows, and what is bound to it. */
export interface ListOrder {
  sort: SortColumn;
  direction: 'asc' | 'desc';
  filters: Record<string, unknown>;
  /** What its cursors belong to. */
  walk: string;
  from: Fragment;
  ordered: Fragment;
  /** The columns of rows that are read to be put in order once more, and then their order and the value that a cursor holds. */
  columns: Fragment;
  ofRead: Placed;
  /** The same where the value that rows are sorted by is called otherwise. */
  by(value: Fragment): Placed;
}

/** The order of rows, and the value of one as a cursor holds it. */
export interface Placed {
  ordered: Fragment;
  value: Fragment;
}

/** What a list is asked for that neither sorts nor filters it. */
export const PAGE_PARAMETERS: ReadonlySet<string> = new Set([
  'page',
  'page_size',
  'cursor',
  'skip',
  'count',
  'every',
  'sort_by',
  'sort_order',
]);

/** In which order the rows of a list are asked for, by which filters, and the walk that its cursors belong to. */
export function orderOf<Sort extends string>(
  listing: Sorted<Sort>,
  query: { sort_by?: string | undefined; sort_order?: 'asc' | 'desc' | undefined } & Record<string, unknown>,
): ListOrder {
  const name = (query.sort_by ?? listing.defaultSort) as Sort;
  const direction = query.sort_order ?? 'desc';
  const sort: SortColumn = listing.sorts[name];
  const filters = Object.fromEntries(
    Object.entries(query).filter(([name, value]) => !PAGE_PARAMETERS.has(name) && value !== undefined),
  );
  const { column, type, nullable, beside } = sort;
  const by = (value: Fragment): Placed => ({
    ordered: sql`order by ${value} ${sql.raw(nullable ? `${direction} nulls last` : direction)}, r.id ${sql.raw(direction)}`,
    value: type === 'timestamptz' ? sql`wire_time(${value})` : sql`${value}::text`,
  });
  return {
    sort,
    direction,
    filters,
    walk: walkOf(name, direction, filters),
    from: listing.from,
    ordered: by(column).ordered,
    columns: beside ? sql`r.*, ${column} as sort_key` : sql`r.*`,
    ofRead: by(beside ? sql`r.sort_key` : column),
    by,
  };
}

import { sql, type RawBuilder } from 'kysely';
import type * as z from 'zod/mini';
import { LAST_PAGED_ROW, type listQuery } from '../../src/contract/envelope.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import { Json, Page } from '../http/json.ts';
import { readCursor, walkOf, writeCursor, type Cursor, type Place } from './cursor.ts';
import type { Tenant } from './tenant.ts';

/** A condition, or any other piece of SQL. */
export type Fragment = RawBuilder<unknown>;

/** Nulls come last in both directions, and are walked separately. */
interface SortColumn extends Place {
  /** The column, of the row called `r`. */
  column: Fragment;
}

/** How a resource is listed. */
export interface Listing<Row, Sort extends string> {
  /** What rows come from; it has the columns that filters, sorts and `wire` name. */
  from: Fragment;
  /** The columns of an answer, of the row called `r`. */
  wire: Fragment;
  sorts: Record<Sort, SortColumn>;
  defaultSort: Sort;
  /** Whether the table's policies ask for the caller's owner scope. */
  isScoped?: true;
  row?: Row;
}

type ListInput = z.output<ReturnType<typeof listQuery>>;

/** What a list is asked for that neither sorts nor filters it. */
const PAGE_PARAMETERS = new Set(['page', 'page_size', 'cursor', 'skip', 'count', 'every', 'sort_by', 'sort_order']);

/** In which order the rows of a list are asked for, by which filters, and the walk that its cursors belong to. */
export function orderOf<Row, Sort extends string>(
  listing: Listing<Row, Sort>,
  query: { sort_by?: string | undefined; sort_order?: 'asc' | 'desc' | undefined } & Record<string, unknown>,
) {
  const sort = (query.sort_by ?? listing.defaultSort) as Sort;
  const order = query.sort_order ?? 'desc';
  const column = listing.sorts[sort];
  const filters = Object.fromEntries(
    Object.entries(query).filter(([name, value]) => !PAGE_PARAMETERS.has(name) && value !== undefined),
  );
  const direction = sql.raw(column.nullable ? `${order} nulls last` : order);
  return {
    order,
    column,
    filters,
    walk: walkOf(sort, order, filters),
    ordered: sql`order by ${column.column} ${direction}, r.id ${sql.raw(order)}`,
    /** The column's value as a cursor holds it. */
    value: column.type === 'timestamptz' ? sql`wire_time(${column.column})` : sql`${column.column}::text`,
  };
}

/** What is known of one query beyond its conditions. */
interface Shortcuts {
  /** What counting the rows would tell. */
  total?: Fragment | undefined;
  /** A condition that only the wanted number of rows behind the cursor meet, where they are found quicker than by order. */
  nearest?: ((cursor: Cursor | undefined, wanted: number) => Fragment | undefined) | undefined;
}

/** Answers one page of a list, by page number or by cursor. */
export async function list<Row, Sort extends string>(
  tenant: Tenant,
  listing: Listing<Row, Sort>,
  query: ListInput & { skip?: number | undefined } & Record<string, unknown>,
  conditions: Fragment[],
  shortcuts: Shortcuts = {},
): Promise<Page<Row>> {
  const { order, column, filters, walk, ordered, value } = orderOf(listing, query);
  const size = query.page_size ?? 50;
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, walk, column);
  if (cursor && query.page !== undefined) throw invalidField('page', 'only_one_of', { fields: ['page', 'cursor'] });
  if (!cursor && query.skip !== undefined) throw invalidField('cursor', 'required');
  const page = cursor ? null : (query.page ?? 1);
  const skipped = page === null ? (query.skip ?? 0) : (page - 1) * size;
  if (page !== null && page > 1 && skipped + size > LAST_PAGED_ROW) {
    throw new ApiFailure(
      'VALIDATION_ERROR',
      `Pages reach to row ${LAST_PAGED_ROW}: go on with cursor, from the next_cursor of an earlier page.`,
    );
  }

  const nearest = shortcuts.nearest?.(cursor, skipped + size + 1);
  const rowsWanted = nearest ? [nearest] : conditions;
  const places = cursor && !nearest ? placesAfter(cursor, column, order) : [sql`true`];
  // What is skipped is skipped within an index, unless it may reach from the rows with a value into those without.
  const [within, across] = places.length === 1 ? [skipped, 0] : [0, skipped];
  const branches = places.map(
    (place) =>
      sql`(select r.* from ${listing.from} where ${and([...rowsWanted, place])} ${ordered} limit ${number(across + size + 1)} offset ${number(within)})`,
  );
  const count = query.count ?? (cursor ? 'none' : 'exact');
  const total = shortcuts.total ?? counted(listing, conditions);
  const { rows } = await sql<{ data: string; found: number; last: [string | null, string] | null; total: number | null }>`
    with page as materialized (
      select r.*, row_number() over (${ordered}) - ${across}::integer as place_in_page from (${sql.join(branches, sql` union all `)}) r
      ${ordered} limit ${number(size + 1)} offset ${number(across)}
    )
    select
      (select coalesce(json_agg(w), '[]')::text from (select ${listing.wire} from page r where place_in_page <= ${size} order by place_in_page) w) as data,
      (select count(*)::integer from page) as found,
      (select array[${value}, r.id::text] from page r where place_in_page = ${size}) as last,
      ${count === 'exact' ? sql`(${total})::integer` : sql`null::integer`} as total
  `.execute(tenant.db);
  const { data, found, last, total: known } = rows[0]!;

  const isEstimate = count === 'estimated' || (!shortcuts.total && known !== null && known > LAST_PAGED_ROW);
  const answered = isEstimate ? Math.max(await estimate(tenant, listing, conditions), known ?? 0) : known;
  return new Page<Row>(
    new Json(data),
    {
      total: answered,
      total_is_estimate: isEstimate,
      page,
      page_size: size,
      pages: answered === null ? null : Math.ceil(answered / size),
      next_cursor: found > size ? writeCursor(walk, { value: last![0], id: last![1] }) : null,
    },
    filters,
  );
}

/** Limits stand in the text: a plan that is kept for every value takes an unknown limit for a tenth of the table. */
const number = (value: number): Fragment => sql.lit(value);

/** How many rows there are, as far as they are counted. */
const counted = ({ from }: Listing<unknown, string>, conditions: Fragment[]): Fragment =>
  sql`select count(*) from (select from ${from} where ${and(conditions)} limit ${number(LAST_PAGED_ROW + 1)}) counted`;

/** Conditions that must all hold. */
export const and = (conditions: Fragment[]): Fragment =>
  conditions.length === 0
    ? sql`true`
    : sql.join(
        conditions.map((one) => sql`(${one})`),
        sql` and `,
      );

/** The rows after a cursor. Where a column has nulls, those with a value come first and the others after, each from its index. */
function placesAfter({ value, id }: Cursor, { column, type, nullable }: SortColumn, order: 'asc' | 'desc'): Fragment[] {
  const beyond = sql.raw(order === 'asc' ? '>' : '<');
  const nulls = sql`${column} is null and r.id ${beyond} ${id}::uuid`;
  if (value === null) return [nulls];
  const rest = sql`(${column}, r.id) ${beyond} (${value}::${sql.raw(type)}, ${id}::uuid)`;
  return nullable ? [sql`${column} is not null and ${rest}`, sql`${column} is null`] : [rest];
}

/** How many rows the planner expects: good enough to draw a scroll bar by, and free. */
async function estimate(tenant: Tenant, { from, isScoped }: Listing<unknown, string>, conditions: Fragment[]): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`
    explain (format json) select from ${from} where ${and(conditions)}`.execute(tenant.db);
  const planned = rows[0]!['QUERY PLAN'][0].Plan['Plan Rows'];
  // The planner takes an owner scope, known only when it runs, to let half of the rows through.
  return Math.round(isScoped && tenant.caller.ownerScope === undefined ? planned * 2 : planned);
}

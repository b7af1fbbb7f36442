import { sql } from 'kysely';
import type * as z from 'zod/mini';
import { LAST_PAGED_ROW, type listQuery } from '../../src/contract/envelope.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import { Json, Page } from '../http/json.ts';
import { readCursor, writeCursor, type Cursor } from './cursor.ts';
import { and, type Fragment } from './fragment.ts';
import { orderOf, type Sorted } from './list-order.ts';
import { pageOf } from './list-rows.ts';
import { matchedRows, waysToAll, waysToFirst, type Matching } from './matching.ts';
import type { Tenant } from './tenant.ts';

export { and, type Fragment } from './fragment.ts';

/** How a resource is listed. */
export interface Listing<Row, Sort extends string> extends Sorted<Sort> {
  /** The columns of an answer, of the row called `r`. */
  wire: Fragment;
  /** Whether the table's policies ask for the caller's owner scope. */
  isScoped?: true;
  row?: Row;
}

type ListInput = z.output<ReturnType<typeof listQuery>>;

/** What is known of one query beyond its conditions. */
interface Shortcuts {
  /** What counting the rows would tell. */
  total?: Fragment | undefined;
  /** A condition that only the wanted number of rows behind the cursor meet, where they are found quicker than by order. */
  nearest?: ((cursor: Cursor | undefined, wanted: number) => Fragment | undefined) | undefined;
  /** One more condition, with quicker ways to its rows and their number. */
  matching?: Matching | undefined;
}

/** Answers one page of a list, by page number or by cursor. */
export async function list<Row, Sort extends string>(
  tenant: Tenant,
  listing: Listing<Row, Sort>,
  query: ListInput & { skip?: number | undefined } & Record<string, unknown>,
  conditions: Fragment[],
  shortcuts: Shortcuts = {},
): Promise<Page<Row>> {
  const order = orderOf(listing, query);
  const { filters, walk } = order;
  const { matching } = shortcuts;
  const size = query.page_size ?? 50;
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, walk, order.sort);
  if (cursor && query.page !== undefined) throw invalidField('page', 'only_one_of', { fields: ['page', 'cursor'] });
  if (!cursor && query.skip !== undefined) throw invalidField('cursor', 'required');
  const pageNumber = cursor ? null : (query.page ?? 1);
  const skipped = pageNumber === null ? (query.skip ?? 0) : (pageNumber - 1) * size;
  if (pageNumber !== null && pageNumber > 1 && skipped + size > LAST_PAGED_ROW) {
    throw new ApiFailure(
      'VALIDATION_ERROR',
      `Pages reach to row ${LAST_PAGED_ROW}: go on with cursor, from the next_cursor of an earlier page.`,
    );
  }

  const wanted = skipped + size + 1;
  const nearest = shortcuts.nearest?.(cursor, wanted);
  const ways = nearest ? [[nearest]] : waysToFirst(matching?.isMet ? undefined : matching, conditions);
  const page = pageOf(order, { cursor: nearest ? undefined : cursor, skipped, size }, ways);
  const count = query.count ?? (cursor ? 'none' : 'exact');
  const total = shortcuts.total ?? counted(listing, conditions, matching);
  const { rows } = await sql<{ data: string; found: number; last: [string | null, string] | null; total: number | null }>`
    with ${matchedRows(matching, wanted)} ${page}
    select
      (select coalesce(json_agg(w), '[]')::text from (select ${listing.wire} from page r where place_in_page <= ${size} order by place_in_page) w) as data,
      (select count(*)::integer from page) as found,
      (select array[${order.ofRead.value}, r.id::text] from page r where place_in_page = ${size}) as last,
      ${count === 'exact' ? sql`(${total})::integer` : sql`null::integer`} as total
  `.execute(tenant.db);
  const { data, found, last, total: known } = rows[0]!;

  const isEstimate = count === 'estimated' || (!shortcuts.total && known !== null && known > LAST_PAGED_ROW);
  const answered = isEstimate ? Math.max(await estimate(tenant, listing, conditions, matching), known ?? 0) : known;
  return new Page<Row>(
    new Json(data),
    {
      total: answered,
      total_is_estimate: isEstimate,
      page: pageNumber,
      page_size: size,
      pages: answered === null ? null : Math.ceil(answered / size),
      next_cursor: found > size ? writeCursor(walk, { value: last![0], id: last![1] }) : null,
    },
    filters,
  );
}

/** How many rows there are, as far as they are counted. */
function counted({ from }: Listing<unknown, string>, conditions: Fragment[], matching: Matching | undefined): Fragment {
  if (matching?.isAll) return sql`select count(*) from matched`;
  const counts = waysToAll(matching, conditions).map(
    (way) => sql`(select count(*) from (select from ${from} where ${and(way)} limit ${sql.lit(LAST_PAGED_ROW + 1)}) counted)`,
  );
  return sql`select ${sql.join(counts, sql` + `)}`;
}

/** How many rows the planner expects: good enough to draw a scroll bar by, and free. */
async function estimate(
  tenant: Tenant,
  { from, isScoped }: Listing<unknown, string>,
  conditions: Fragment[],
  matching: Matching | undefined,
): Promise<number> {
  const met = matching && sql`r.id in (${matching.ids()})`;
  const counted = matching?.isAll
    ? matching.ids()
    : sql`select from ${from} where ${and(met ? [...conditions, met] : conditions)}`;
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`
    explain (format json) ${counted}`.execute(tenant.db);
  const planned = rows[0]!['QUERY PLAN'][0].Plan['Plan Rows'];
  // The planner takes an owner scope, known only when it runs, to let half of the rows through.
  return Math.round(isScoped && tenant.caller.ownerScope === undefined ? planned * 2 : planned);
}

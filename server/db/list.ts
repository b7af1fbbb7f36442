import { sql, type RawBuilder } from 'kysely';
import type * as z from 'zod/mini';
import { LAST_PAGED_ROW, type listQuery } from '../../src/contract/envelope.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import { Json, Page } from '../http/json.ts';
import type { Tenant } from './tenant.ts';

/** A condition, or any other piece of SQL. */
export type Fragment = RawBuilder<unknown>;

interface SortColumn {
  /** The column, of the row called `r`. */
  column: Fragment;
  /** Its type: what a cursor's text is read as. */
  type: 'timestamptz' | 'text' | 'integer';
  /** Nulls come last in both directions, and are walked separately. */
  nullable?: boolean;
}

/** How a resource is listed. */
export interface Listing<Row, Sort extends string> {
  /** What rows come from; it has the columns that filters, sorts and `wire` name. */
  from: Fragment;
  /** The columns of an answer, of the row called `r`. */
  wire: Fragment;
  sorts: Record<Sort, SortColumn>;
  defaultSort: Sort;
  row?: Row;
}

type ListInput = z.output<ReturnType<typeof listQuery>>;

/** What a cursor holds: the place of the last row seen. */
interface Cursor {
  value: string | null;
  id: string;
}

const PAGE_PARAMETERS = new Set(['page', 'page_size', 'cursor', 'count', 'sort_by', 'sort_order']);

/** Answers one page of a list, by page number or by cursor. */
export async function list<Row, Sort extends string>(
  tenant: Tenant,
  listing: Listing<Row, Sort>,
  query: ListInput & Record<string, unknown>,
  conditions: Fragment[],
): Promise<Page<Row>> {
  const size = query.page_size ?? 50;
  const sort = (query.sort_by ?? listing.defaultSort) as Sort;
  const order = query.sort_order ?? 'desc';
  const filters = Object.fromEntries(
    Object.entries(query).filter(([name, value]) => !PAGE_PARAMETERS.has(name) && value !== undefined),
  );
  const walk = JSON.stringify([sort, order, filters]);
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, walk, listing.sorts[sort]);
  if (cursor && query.page !== undefined) throw invalidField('page', 'only_one_of', { fields: ['page', 'cursor'] });
  const page = cursor ? null : (query.page ?? 1);
  const offset = page === null ? 0 : (page - 1) * size;
  if (offset + size > LAST_PAGED_ROW && offset > 0) {
    throw new ApiFailure(
      'VALIDATION_ERROR',
      `Pages reach to row ${LAST_PAGED_ROW}: go on with cursor, from the next_cursor of an earlier page.`,
    );
  }

  const column = listing.sorts[sort];
  const direction = order === 'asc' ? sql`asc nulls last` : sql`desc nulls last`;
  const ordered = sql`order by ${column.column} ${column.nullable ? direction : sql.raw(order)}, r.id ${sql.raw(order)}`;
  const branches = (cursor ? placesAfter(cursor, column, order) : [sql`true`]).map(
    (place) =>
      sql`(select r.* from ${listing.from} where ${and([...conditions, place])} ${ordered} limit ${size + 1} offset ${offset})`,
  );
  const count = query.count ?? (cursor ? 'none' : 'exact');
  const { rows } = await sql<{ data: string; found: number; last: [string | null, string] | null; total: number | null }>`
    with page as materialized (
      select r.*, row_number() over (${ordered}) as place_in_page from (${sql.join(branches, sql` union all `)}) r
      ${ordered} limit ${size + 1}
    )
    select
      (select coalesce(json_agg(w), '[]')::text from (select ${listing.wire} from page r where place_in_page <= ${size} order by place_in_page) w) as data,
      (select count(*)::integer from page) as found,
      (select array[${column.type === 'timestamptz' ? sql`wire_time(${column.column})` : sql`${column.column}::text`}, r.id::text]
        from page r where place_in_page = ${size}) as last,
      ${count === 'exact' ? sql`(select count(*)::integer from (select from ${listing.from} where ${and(conditions)} limit ${LAST_PAGED_ROW + 1}) counted)` : sql`null::integer`} as total
  `.execute(tenant.db);
  const { data, found, last, total: counted } = rows[0]!;

  const isEstimate = count === 'estimated' || (counted !== null && counted > LAST_PAGED_ROW);
  const total = isEstimate ? Math.max(await estimate(tenant, listing.from, conditions), counted ?? 0) : counted;
  return new Page<Row>(
    new Json(data),
    {
      total,
      total_is_estimate: isEstimate,
      page,
      page_size: size,
      pages: total === null ? null : Math.ceil(total / size),
      next_cursor: found > size ? writeCursor(walk, { value: last![0], id: last![1] }) : null,
    },
    filters,
  );
}

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
async function estimate(tenant: Tenant, from: Fragment, conditions: Fragment[]): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`
    explain (format json) select from ${from} where ${and(conditions)}`.execute(tenant.db);
  return Math.round(rows[0]!['QUERY PLAN'][0].Plan['Plan Rows']);
}

const writeCursor = (walk: string, { value, id }: Cursor) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify([markOf(walk, value, id), value, id]))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

function readCursor(text: string, walk: string, { type, nullable }: SortColumn): Cursor {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    const [mark, value, id] = JSON.parse(new TextDecoder().decode(bytes));
    const isValue = value === null ? nullable : typeof value === 'string' && READS_AS[type](value) && !value.includes('\0');
    if (mark === markOf(walk, value, id) && isValue && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
      return { value, id };
  } catch {
    // Not text of ours: refused below like any other.
  }
  throw invalidField('cursor', 'not_cursor');
}

/** Whether a cursor's text is a value of its column; a cursor may come from anyone. */
const READS_AS: Record<SortColumn['type'], (text: string) => boolean> = {
  timestamptz: (text) => Number.isFinite(Date.parse(text)) && new Date(text).toISOString() === text && /^[1-9]/.test(text),
  text: () => true,
  integer: (text) => /^-?\d{1,10}$/.test(text) && Number(text) === (Number(text) | 0),
};

/** Tells a cursor of this walk from others and from one that was changed; no secret, for a forged one merely begins elsewhere. */
function markOf(walk: string, value: unknown, id: unknown) {
  const text = JSON.stringify([walk, value, id]);
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}

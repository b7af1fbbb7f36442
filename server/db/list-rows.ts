import { sql } from 'kysely';
import type { Cursor } from './cursor.ts';
import { and, type Fragment } from './fragment.ts';
import type { ListOrder } from './list-order.ts';

/** Which of a list's rows are wanted. */
export interface Wanted {
  cursor: Cursor | undefined;
  /** How many rows after the cursor, or after the first, come before them. */
  skipped: number;
  size: number;
}

/** A part of a walk: rows that are read from one index, in its order. */
interface Part {
  from: Fragment;
  columns: Fragment;
  where: Fragment;
  ordered: Fragment;
}

/**
 * The CTE `page`: the wanted rows and the next one, with their `place_in_page` from 1. `ways` are lists of conditions, of
 * which only one lets any row through.
 */
export function pageOf(order: ListOrder, { cursor, skipped, size }: Wanted, ways: Fragment[][]): Fragment {
  const parts = partsOf(order, cursor);
  // What is skipped is skipped within an index, unless rows may come from several.
  const [within, across] = parts.length === 1 && ways.length === 1 ? [skipped, 0] : [0, skipped];
  // Limits stand in the text: a plan that is kept for every value takes an unknown limit for a tenth of the table.
  const most = sql.lit(across + size + 1);
  const rowsOf = ({ from, columns, where, ordered }: Part, gate: Fragment[]) =>
    sql.join(
      ways.map(
        (way) =>
          sql`(select ${columns} from ${from} where ${and([...gate, ...way, where])} ${ordered} limit ${most} offset ${sql.lit(within)})`,
      ),
      sql` union all `,
    );
  const [first, rest] = parts as [Part, Part?];
  const page = (from: Fragment) => {
    const { ordered } = order.ofRead;
    return sql`page as materialized (
      select r.*, row_number() over (${ordered}) - ${across}::integer as place_in_page from ${from} r
      ${ordered} limit ${sql.lit(size + 1)} offset ${sql.lit(across)})`;
  };
  if (!order.sort.beside || !rest)
    return page(
      sql`(${sql.join(
        parts.map((part) => rowsOf(part, [])),
        sql` union all `,
      )})`,
    );
  // Rows without a value stand in no index of their own: they are looked for only where those with one are not enough.
  return sql`valued as materialized (${rowsOf(first, [])}),
    ${page(sql`(select * from valued union all ${rowsOf(rest, [sql`(select count(*) from valued) < ${most}`])})`)}`;
}

/** The rows after a cursor. Where there are rows without a value, those with one come first and the others after, each from its index. */
function partsOf({ sort, direction, from, columns, ordered }: ListOrder, cursor: Cursor | undefined): Part[] {
  const { column, type, nullable, beside } = sort;
  const beyond = sql.raw(direction === 'asc' ? '>' : '<');
  const hasValue = cursor !== undefined && cursor.value !== null;
  const behind = (value: Fragment, id: Fragment) =>
    sql`(${value}, ${id}) ${beyond} (${cursor?.value}::${sql.raw(type)}, ${cursor?.id}::uuid)`;
  const behindNull = sql`r.id ${beyond} ${cursor?.id}::uuid`;
  if (!beside) {
    const part = (where: Fragment): Part => ({ from, columns, where, ordered });
    if (!cursor) return [part(sql`true`)];
    if (!hasValue) return [part(sql`${column} is null and ${behindNull}`)];
    const rest = behind(column, sql`r.id`);
    return nullable ? [part(sql`${column} is not null and ${rest}`), part(sql`${column} is null`)] : [part(rest)];
  }
  const { valued, lacks = sql`false` } = beside;
  const ordering = sql.raw(direction);
  const withValue: Part = {
    from: valued.from,
    columns: sql`r.*, ${valued.value} as sort_key`,
    where: hasValue ? and([valued.where, behind(valued.value, valued.id)]) : valued.where,
    // Where nulls would stand is not said: it would keep an index from being read backwards.
    ordered: sql`order by ${valued.value} ${ordering}, ${valued.id} ${ordering}`,
  };
  const without = (where: Fragment): Part => ({
    from,
    columns: sql`r.*, null::${sql.raw(type)} as sort_key`,
    where,
    ordered: sql`order by r.id ${ordering}`,
  });
  if (cursor && !hasValue) return [without(and([lacks, behindNull]))];
  return beside.lacks ? [withValue, without(lacks)] : [withValue];
}

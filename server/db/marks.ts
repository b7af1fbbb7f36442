import { sql } from 'kysely';
import { LAST_PAGED_ROW } from '../../src/contract/envelope.ts';
import { writeCursor } from './cursor.ts';
import { and, type Fragment, type Listing } from './list.ts';
import { orderOf } from './list-order.ts';
import { matchedRows, waysToAll, type Matching } from './matching.ts';
import type { Tenant } from './tenant.ts';

const EVERY = 1_000;

/** The cursors of every Nth row of a list, for `list` with the same order and filters. */
export async function marks<Row, Sort extends string>(
  tenant: Tenant,
  listing: Listing<Row, Sort>,
  query: { every?: number | undefined; sort_by?: string | undefined; sort_order?: 'asc' | 'desc' | undefined } & Record<
    string,
    unknown
  >,
  conditions: Fragment[],
  matching?: Matching,
): Promise<{ every: number; total: number; cursors: string[] }> {
  const every = query.every ?? EVERY;
  const { from, sort, by, walk } = orderOf(listing, query);
  const { ordered, value } = by(sql`r.sort_key`);
  const found = waysToAll(matching, conditions).map(
    (way) => sql`select ${sort.column} as sort_key, r.id from ${from} where ${and(way)}`,
  );
  const { rows } = await sql<{ total: number; places: [row: number, value: string | null, id: string][] }>`
    with ${matchedRows(matching, LAST_PAGED_ROW)} found as (${sql.join(found, sql` union all `)})
    select count(*)::integer as total,
      coalesce(json_agg(json_build_array(n, value, id)) filter (where n % ${every}::integer = 0), '[]') as places
    from (select ${value} as value, r.id, row_number() over (${ordered}) as n from found r) numbered`.execute(tenant.db);
  const { total, places } = rows[0]!;
  places.sort(([one], [other]) => one - other);
  return { every, total, cursors: places.map(([, value, id]) => writeCursor(walk, { value, id })) };
}

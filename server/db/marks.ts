import { sql } from 'kysely';
import { writeCursor } from './cursor.ts';
import { and, orderOf, type Fragment, type Listing } from './list.ts';
import type { Tenant } from './tenant.ts';

const EVERY = 1_000;

/** The cursors of every Nth row of a list, for `list` with the same order and filters. */
export async function marks<Row, Sort extends string>(
  tenant: Tenant,
  listing: Listing<Row, Sort>,
  query: { every?: number | undefined; sort_by?: Sort | undefined; sort_order?: 'asc' | 'desc' | undefined } & Record<
    string,
    unknown
  >,
  conditions: Fragment[],
): Promise<{ every: number; total: number; cursors: string[] }> {
  const every = query.every ?? EVERY;
  const { ordered, value, walk } = orderOf(listing, query);
  const { rows } = await sql<{ total: number; places: [row: number, value: string | null, id: string][] }>`
    select count(*)::integer as total,
      coalesce(json_agg(json_build_array(n, value, id)) filter (where n % ${every}::integer = 0), '[]') as places
    from (select ${value} as value, r.id, row_number() over (${ordered}) as n from ${listing.from} where ${and(conditions)}) numbered`.execute(
    tenant.db,
  );
  const { total, places } = rows[0]!;
  places.sort(([one], [other]) => one - other);
  return { every, total, cursors: places.map(([, value, id]) => writeCursor(walk, { value, id })) };
}

import { sql } from 'kysely';
import type { LeadQuery } from '../../src/contract/lead.ts';
import type { Cursor } from '../db/cursor.ts';
import type { Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import { isWhole } from './lead-totals.ts';
import { leadListing } from './lead-wire.ts';

/**
 * The way to what a search shows first, where it is all that is asked for and the latest activity comes first: straight to
 * as many as are wanted, instead of by all that it finds. See `search_latest_leads`.
 */
export function latestFound(
  tenant: Tenant,
  query: LeadQuery,
): ((cursor: Cursor | undefined, wanted: number) => Fragment | undefined) | undefined {
  const { search, sort_by = leadListing.defaultSort, sort_order = 'desc', ...others } = query;
  if (!search || sort_by !== leadListing.defaultSort || sort_order !== 'desc' || !isWhole(tenant, others)) return undefined;
  return (cursor, wanted) =>
    // Behind a lead without activity there are none with one.
    cursor?.value === null
      ? undefined
      : sql`r.id in (select search_latest_leads(${search}, ${cursor?.value ?? null}::timestamptz, ${cursor?.id ?? null}::uuid, ${wanted}))`;
}

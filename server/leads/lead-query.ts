import type { Lead, LeadFilters } from '../../src/contract/lead.ts';
import { readCustomQuery, withCustomSort } from '../custom-fields/custom-query-service.ts';
import type { Fragment, Listing } from '../db/list.ts';
import type { Matching } from '../db/matching.ts';
import type { Tenant } from '../db/tenant.ts';
import { leadFilters, leadListing } from './lead-wire.ts';

/** A query of leads whose custom fields are looked up. */
export interface AskedLeads<Query> {
  query: Query;
  listing: Listing<Lead, string>;
  /** The conditions but those on custom fields. */
  conditions: Fragment[];
  matching: Matching | undefined;
}

/** What a query asks for; refuses custom fields that the workspace does not have. */
export async function askedLeads<Query extends LeadFilters & { sort_by?: string | undefined }>(
  tenant: Tenant,
  query: Query,
  listing: Listing<Lead, string> = leadListing,
): Promise<AskedLeads<Query>> {
  const custom = await readCustomQuery(tenant, 'lead', query);
  return {
    query: { ...query, cf: custom.filters },
    listing: withCustomSort(listing, query, custom),
    conditions: leadFilters(tenant, { ...query, cf: undefined }),
    matching: custom.matching,
  };
}

/** Every condition of a query on the row called `r`, for what reads leads in an order of its own. */
export const allConditions = ({ conditions, matching }: AskedLeads<unknown>): Fragment[] =>
  matching ? [...conditions, matching.holds] : conditions;

import { sql } from 'kysely';
import { ApiFailure, notFound } from '../http/failure.ts';
import type { Fragment } from './list.ts';
import type { Tenant } from './tenant.ts';

/** What is known of a lead by those who write beside it. */
export interface SeenLead {
  contact_id: string;
  title: string;
  lead_value_minor: number | null;
  currency: string;
  owner_id: string | null;
}

/** Holds a lead that the caller sees, whoever may change it: until the transaction ends it is not deleted, nor moved to another contact. */
export async function holdSeenLead(tenant: Tenant, id: string): Promise<SeenLead | undefined> {
  const { rows } = await sql<SeenLead>`
    select contact_id, title, lead_value_minor, currency, owner_id from hold_lead(${id})`.execute(tenant.db);
  return rows[0];
}

/** Refuses a member the lead of somebody else, and what follows it. */
export function assertMayEdit({ caller }: Tenant, lead: { owner_id: string | null }) {
  if (caller.role === 'member' && lead.owner_id !== null && lead.owner_id !== caller.userId) throw othersLead;
}

/** The refusal of a lead that the caller sees and may not change. */
export const othersLead = new ApiFailure(
  'FORBIDDEN',
  'This lead belongs to somebody else: a member changes their own leads and those that nobody owns.',
);

/** Holds for a row `r` beside a lead while that is there: with it the row is gone, and back. */
export const ofPresentLead: Fragment = sql`exists (select from leads l where l.id = r.lead_id and l.deleted_at is null)`;

/** Says that a lead does not exist, unless the caller sees it. */
export async function assertLeadSeen(tenant: Tenant, id: string) {
  const { rows } = await sql`select from leads where id = ${id} and deleted_at is null`.execute(tenant.db);
  if (rows.length === 0) throw notFound('lead');
}

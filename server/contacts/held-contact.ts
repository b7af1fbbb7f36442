import { sql, type Selectable } from 'kysely';
import type { ContactTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';

/** A contact as it is held for a change. */
export type HeldContact = Selectable<ContactTable>;

/** Holds contacts until the transaction ends, always in the same order, so that no two wait for each other; those that are deleted are not among them. */
export async function holdContacts(tenant: Tenant, ids: readonly string[]): Promise<HeldContact[]> {
  const { rows } = await sql<HeldContact>`
    select * from contacts where id = any (${ids}::uuid[]) and deleted_at is null order by id for no key update`.execute(
    tenant.db,
  );
  return rows;
}

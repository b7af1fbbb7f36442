import { sql } from 'kysely';
import type { Contact, ContactQuery } from '../../src/contract/contact.ts';
import { readCustomQuery, withCustomSort } from '../custom-fields/custom-query-service.ts';
import { anyOf, asked, found, is, since, tagged, until } from '../db/filters.ts';
import { list, type Fragment, type Listing } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import type { Page } from '../http/json.ts';
import { contactWire as wire } from './contact-wire.ts';

const listing: Listing<Contact, 'created_at' | 'updated_at' | 'name' | 'email' | 'company' | 'score'> = {
  from: sql`contacts r`,
  wire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    updated_at: { column: sql`r.updated_at`, type: 'timestamptz' },
    name: { column: sql`r.name`, type: 'text', nullable: true },
    email: { column: sql`r.email`, type: 'text', nullable: true },
    company: { column: sql`r.company`, type: 'text', nullable: true },
    score: { column: sql`r.score`, type: 'integer', nullable: true },
  },
  defaultSort: 'updated_at',
  isScoped: true,
};

/** Lists contacts: not deleted, not archived unless asked for, and what was asked for. */
export async function listContacts(tenant: Tenant, query: ContactQuery): Promise<Page<Contact>> {
  const custom = await readCustomQuery(tenant, 'contact', query);
  const conditions = [
    sql`r.deleted_at is null`,
    ...asked([
      is('is_archived', query.is_archived ?? false, 'boolean'),
      found('contacts', query.search),
      anyOf('status', query.status),
      anyOf('type', query.type),
      anyOf('priority', query.priority),
      query.company_id === undefined ? undefined : sql`r.company_id = ${query.company_id}::uuid and r.company is not null`,
      assigned(tenant, query.owner),
      tagged('contact_tags', 'contact_id', query.tags),
      is('is_favorite', query.is_favorite, 'boolean'),
      since(tenant, 'created_at', query.created_from),
      until(tenant, 'created_at', query.created_to),
    ]),
  ];
  const { matching, filters } = custom;
  return list(tenant, withCustomSort(listing, query, custom), { ...query, cf: filters }, conditions, { matching });
}

/** Contacts that a member works with, or nobody. */
function assigned(tenant: Tenant, owner: string | undefined): Fragment | undefined {
  if (owner === undefined) return undefined;
  if (owner === 'none') return sql`not exists (select from contact_assignments a where a.contact_id = r.id)`;
  const userId = owner === 'me' ? tenant.caller.userId : owner;
  return sql`r.id in (select contact_id from contact_assignments where user_id = ${userId}::uuid)`;
}

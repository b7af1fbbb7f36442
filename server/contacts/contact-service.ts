import { sql, type Selectable } from 'kysely';
import type { Contact, ContactChange, ContactDetail, ContactQuery, NewContact } from '../../src/contract/contact.ts';
import { issue } from '../../src/contract/issues.ts';
import type { CompanyService } from '../companies/company-service.ts';
import { anyOf, asked, found, is, since, tagged, until } from '../db/filters.ts';
import { list, type Fragment, type Listing } from '../db/list.ts';
import { change, hold, remove, restore } from '../db/records.ts';
import type { ContactTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalid, invalidField, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import { normalisedPhone } from '../phones.ts';

const CONTACT = { table: 'contacts', noun: 'contact', keepsDeleted: true } as const;

/** The company is null while it is deleted, its id with it: the row keeps the id for its return. */
const wire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.firstname, r.lastname, r.name, r.email, r.phone_number, case when r.company is not null then r.company_id end as company_id, r.company,
  r.address_1, r.address_2, r.city, r.state, r.zip_code, r.country, r.status, r.type, r.priority, r.is_favorite, r.is_archived, r.tags, r.notes,
  r.metadata, r.score`;

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
};

const IDENTITY = ['firstname', 'lastname', 'email', 'phone_number'] as const;

/** The rules of contacts. Every method works inside its tenant's unit of work; there is no unscoped read. */
export class ContactService {
  readonly #companies: CompanyService;

  constructor(companies: CompanyService) {
    this.#companies = companies;
  }

  list(tenant: Tenant, query: ContactQuery): Promise<Page<Contact>> {
    return list(tenant, listing, query, [
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
    ]);
  }

  async get(tenant: Tenant, id: string): Promise<Json<ContactDetail>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (
        select ${wire},
          (select coalesce(json_agg(json_build_object('user_id', a.user_id, 'name', u.name, 'email', u.email, 'avatar_url', u.avatar_url,
              'assigned_at', wire_time(a.assigned_at)) order by a.assigned_at, a.user_id), '[]')
            from contact_assignments a join users u on u.id = a.user_id where a.contact_id = r.id) as assignments
        from contacts r where r.id = ${id} and r.deleted_at is null) w`.execute(tenant.db);
    if (!rows[0]) throw notFound('contact');
    return new Json(rows[0].json, rows[0].version);
  }

  async create(tenant: Tenant, given: NewContact): Promise<Json<ContactDetail>> {
    const columns = await this.#columns(tenant, given);
    await this.#refuseDuplicate(tenant, columns);
    const id = newId();
    const { metadata, ...plain } = columns;
    await tenant.db
      .insertInto('contacts')
      .values({ ...plain, ...(metadata && { metadata: JSON.stringify(metadata) }), id })
      .execute();
    return this.get(tenant, id);
  }

  async update(tenant: Tenant, id: string, given: ContactChange, expected: Expected): Promise<Json<ContactDetail>> {
    const held = await this.#hold(tenant, id, expected);
    const columns = await this.#columns(tenant, given, held);
    const after = { ...held, ...columns };
    if (IDENTITY.every((field) => after[field] == null)) throw invalidField('email', 'one_of_needed', { fields: [...IDENTITY] });
    await this.#refuseDuplicate(tenant, columns, id);
    await change(tenant, 'contacts', held, columns);
    return this.get(tenant, id);
  }

  async remove(tenant: Tenant, id: string, expected: Expected) {
    await this.#hold(tenant, id, expected);
    await remove(tenant, 'contacts', id);
  }

  async restore(tenant: Tenant, id: string, expected: Expected): Promise<Json<ContactDetail>> {
    const { rows } = await sql<{
      email: string | null;
      phone_number: string | null;
    }>`select email, phone_number from contacts where id = ${id}`.execute(tenant.db);
    if (rows[0]) await this.#refuseDuplicate(tenant, rows[0], id);
    await restore(tenant, CONTACT, id, expected);
    return this.get(tenant, id);
  }

  async assign(tenant: Tenant, id: string, userId: string, expected: Expected): Promise<Json<ContactDetail>> {
    await this.#hold(tenant, id, expected);
    const members = await sql`select from members where user_id = ${userId} for share`.execute(tenant.db);
    if (members.rows.length === 0) throw invalidField('user_id', 'not_found');
    await sql`insert into contact_assignments (contact_id, user_id) values (${id}, ${userId}) on conflict do nothing`.execute(
      tenant.db,
    );
    return this.get(tenant, id);
  }

  async unassign(tenant: Tenant, id: string, userId: string, expected: Expected) {
    await this.#hold(tenant, id, expected);
    const { numAffectedRows } =
      await sql`delete from contact_assignments where contact_id = ${id} and user_id = ${userId}`.execute(tenant.db);
    if (!numAffectedRows) throw notFound('assignment');
  }

  /** How many contacts a member works with. */
  async assignedTo(tenant: Tenant, userId: string): Promise<number> {
    const { rows } = await sql<{
      count: number;
    }>`select count(*)::integer as count from contact_assignments where user_id = ${userId}`.execute(tenant.db);
    return rows[0]!.count;
  }

  /** Takes a member off every contact; whoever takes over is put in their place. */
  async reassign(tenant: Tenant, fromUserId: string, toUserId: string | undefined) {
    if (toUserId !== undefined) {
      await sql`insert into contact_assignments (contact_id, user_id)
        select contact_id, ${toUserId}::uuid from contact_assignments where user_id = ${fromUserId} on conflict do nothing`.execute(
        tenant.db,
      );
    }
    await sql`delete from contact_assignments where user_id = ${fromUserId}`.execute(tenant.db);
  }

  #hold(tenant: Tenant, id: string, expected: Expected) {
    return hold<Selectable<ContactTable>>(tenant, CONTACT, id, expected, (id) => this.get(tenant, id));
  }

  /** What was given, as columns: the name split, the company found, the phone number in its one spelling. */
  async #columns(tenant: Tenant, given: ContactChange, held?: Selectable<ContactTable>) {
    const { name, company, ...columns } = given;
    // Null clears what nothing else was sent for.
    if (name != null || (name === null && columns.firstname === undefined && columns.lastname === undefined))
      Object.assign(columns, splitName(name));
    if (company != null || (company === null && columns.company_id === undefined)) {
      // An empty name takes the company away; a name that the contact's company has already needs no search.
      columns.company_id =
        company === null ? null : company === held?.company ? held.company_id : await this.#companyNamed(tenant, company);
    } else if (columns.company_id != null && (columns.company_id !== held?.company_id || held.company === null)) {
      await this.#companies.assertExists(tenant, columns.company_id);
    }
    if (columns.phone_number != null) {
      columns.phone_number = normalisedPhone(columns.phone_number, tenant.caller.workspace.country);
    }
    return columns;
  }

  #companyNamed(tenant: Tenant, name: string) {
    if (!tenant.caller.permissions.has('crm:companies:create')) {
      throw new ApiFailure(
        'FORBIDDEN',
        'Naming a company may create it, which needs the permission crm:companies:create: send company_id instead.',
      );
    }
    return this.#companies.findOrCreate(tenant, name);
  }

  async #refuseDuplicate(
    tenant: Tenant,
    { email, phone_number }: { email?: string | null | undefined; phone_number?: string | null | undefined },
    ownId?: string,
  ) {
    if (email == null && phone_number == null) return;
    const { rows } = await sql<{ id: string; field: 'email' | 'phone_number' }>`
      select id, 'email' as field from contacts where email_key = lower(${email ?? null}::text collate "und-x-icu") and deleted_at is null
      union all select id, 'phone_number' from contacts where phone_number = ${phone_number ?? null} and deleted_at is null`.execute(
      tenant.db,
    );
    const others = rows.filter(({ id }) => id !== ownId);
    const first = others[0];
    if (!first) return;
    const what = first.field === 'email' ? 'e-mail address' : 'phone number';
    const { extras } = invalid(others.map(({ field }) => issue(field, 'taken')));
    throw new ApiFailure('DUPLICATE', `Another contact has this ${what} already.`, {
      issues: extras.issues!,
      existingId: first.id,
    });
  }
}

/** Contacts that a member works with, or nobody. */
function assigned(tenant: Tenant, owner: string | undefined): Fragment | undefined {
  if (owner === undefined) return undefined;
  if (owner === 'none') return sql`not exists (select from contact_assignments a where a.contact_id = r.id)`;
  const userId = owner === 'me' ? tenant.caller.userId : owner;
  return sql`r.id in (select contact_id from contact_assignments where user_id = ${userId}::uuid)`;
}

/** The last word is the last name; one word alone is a first name. */
function splitName(name: string | null): { firstname: string | null; lastname: string | null } {
  const words = name?.split(/\s+/) ?? [];
  const lastname = words.length > 1 ? words.pop()! : null;
  return { firstname: words.join(' ') || null, lastname };
}

import { sql } from 'kysely';
import type { Company, CompanyChange, CompanyDetail, CompanyQuery, NewCompany } from '../../src/contract/company.ts';
import { anyOf, asked, atLeast, atMost, found, tagged } from '../db/filters.ts';
import { list, type Fragment, type Listing } from '../db/list.ts';
import { money } from '../db/money.ts';
import { change, hold, remove, restore } from '../db/records.ts';
import type { CompanyTable } from '../db/schema.ts';
import { retag, type TagReplacement } from '../db/tags.ts';
import type { Tenant, WorkspaceUnit } from '../db/tenant.ts';
import { emit, eventsOf } from '../events/outbox.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import { normalisedPhone } from '../phones.ts';
import type { Selectable } from 'kysely';

const COMPANY = { table: 'companies', noun: 'company', keepsDeleted: true } as const;

const wire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.name, r.industry, r.website, r.employees, r.phone_number, r.address_1, r.address_2, r.city, r.state, r.zip_code, r.country, r.tags, r.notes`;

const listing: Listing<Company, 'created_at' | 'updated_at' | 'name' | 'employees'> = {
  from: sql`companies r`,
  wire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    updated_at: { column: sql`r.updated_at`, type: 'timestamptz' },
    name: { column: sql`r.name`, type: 'text' },
    employees: { column: sql`r.employees`, type: 'integer', nullable: true },
  },
  defaultSort: 'created_at',
  isScoped: true,
};

/** What the active leads of a company's contacts are worth, one amount for each currency. */
const openLeadValue = sql`
  (select coalesce(json_agg(v order by v.currency), '[]') from (
    select l.currency, ${money(sql`sum(l.lead_value_minor)`)} as value from leads l
    where l.company_id = r.id and l.is_active and not l.is_archived and l.deleted_at is null and l.lead_value_minor is not null
    group by l.currency) v)`;

/** The rules of companies. Every method works inside its tenant's unit of work; there is no unscoped read. */
export class CompanyService {
  list(tenant: Tenant, query: CompanyQuery): Promise<Page<Company>> {
    return list(tenant, listing, query, [
      sql`r.deleted_at is null`,
      ...asked([
        found('companies', query.search),
        anyOf('industry', query.industry),
        tagged('company_tags', 'company_id', query.tags),
        atLeast('employees', query.employees_min),
        atMost('employees', query.employees_max),
      ]),
    ]);
  }

  async get(tenant: Tenant, id: string): Promise<Json<CompanyDetail>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (
        select ${wire},
          (select count(*)::integer from contacts c where c.company_id = r.id and c.deleted_at is null) as contacts_count,
          ${tenant.caller.permissions.has('crm:leads:view') ? openLeadValue : sql`'[]'::json`} as open_lead_value
        from companies r where r.id = ${id} and r.deleted_at is null) w`.execute(tenant.db);
    if (!rows[0]) throw notFound('company');
    return new Json(rows[0].json, rows[0].version);
  }

  async create(tenant: Tenant, given: NewCompany): Promise<Json<CompanyDetail>> {
    if (tenant.caller.ownerScope !== undefined) {
      throw new ApiFailure(
        'FORBIDDEN',
        "This credential sees the companies of one owner's contacts only: name the company when creating its contact.",
      );
    }
    await this.#refuseDuplicate(tenant, given.name);
    const id = newId();
    await tenant.db
      .insertInto('companies')
      .values({ ...this.#columns(tenant, given), name: given.name, id })
      .execute();
    await emit(tenant, 'company.created', told(id));
    return this.get(tenant, id);
  }

  async update(tenant: Tenant, id: string, given: CompanyChange, expected: Expected): Promise<Json<CompanyDetail>> {
    const held = await this.#hold(tenant, id, expected);
    if (given.name !== undefined) await this.#refuseDuplicate(tenant, given.name, id);
    if (await change(tenant, 'companies', held, this.#columns(tenant, given))) await emit(tenant, 'company.updated', told(id));
    return this.get(tenant, id);
  }

  async remove(tenant: Tenant, id: string, expected: Expected) {
    await this.#hold(tenant, id, expected);
    await emit(tenant, 'company.deleted', toldGone(id));
    await remove(tenant, 'companies', id);
  }

  async restore(tenant: Tenant, id: string, expected: Expected): Promise<Json<CompanyDetail>> {
    const { rows } = await sql<{ name: string }>`select name from companies where id = ${id}`.execute(tenant.db);
    if (rows[0]) await this.#refuseDuplicate(tenant, rows[0].name, id);
    if (await restore(tenant, COMPANY, id, expected)) await emit(tenant, 'company.updated', told(id));
    return this.get(tenant, id);
  }

  /**
   * The company of this name, made if there is none; it stays as it is until the transaction ends. Whoever has one made tells
   * of it once a contact has it, for only then those are known who see it.
   */
  async findOrCreate(tenant: Tenant, name: string): Promise<{ id: string; isNew: boolean }> {
    // One may be made, or go, between the two statements: then the next round sees it so.
    for (;;) {
      const found = await sql<{
        id: string;
      }>`select id from companies where name_key = ${nameKey(name)} and deleted_at is null for share`.execute(tenant.db);
      if (found.rows[0]) return { id: found.rows[0].id, isNew: false };
      const id = newId();
      // Nothing is returned, nor is the index named: either takes a right to see the row, which comes with its first contact.
      const { numAffectedRows } =
        await sql`insert into companies (id, name) values (${id}, ${name}) on conflict do nothing`.execute(tenant.db);
      if (numAffectedRows) return { id, isNew: true };
      if (tenant.caller.ownerScope !== undefined) {
        throw new ApiFailure(
          'DUPLICATE',
          'There is a company of this name that this credential does not see: leave the company out, or ask someone who sees it.',
          { issues: invalidField('company', 'taken').extras.issues! },
        );
      }
    }
  }

  /** Tells of a company that was made for a contact. */
  async tellCreated(tenant: Tenant, id: string) {
    await this.creationOf(id).execute(tenant.db);
    tenant.emitted();
  }

  /** The same as a statement; whoever runs that calls `emitted()`. */
  creationOf(id: string): Fragment {
    return eventsOf('company.created', told(id));
  }

  /** Brings a company's name to the next 500 of its contacts; tells the last of them, if there may be more. */
  async copyName(unit: WorkspaceUnit, id: string, after: string): Promise<string | undefined> {
    const { rows } = await sql<{ last: string | null }>`select copy_company_name(${id}, ${after}) as last`.execute(unit.db);
    return rows[0]!.last ?? undefined;
  }

  /** Replaces tags on the next companies and tells of those; answers whether there may be more. */
  async retag(unit: WorkspaceUnit, replacement: TagReplacement): Promise<boolean> {
    const { ids, goesOn } = await retag(unit, 'companies', replacement);
    await emit(unit, 'company.updated', told(...ids));
    return goesOn;
  }

  async assertExists(tenant: Tenant, id: string) {
    const { rows } = await sql`select from companies where id = ${id} and deleted_at is null for share`.execute(tenant.db);
    if (rows.length === 0) throw invalidField('company_id', 'not_found');
  }

  #hold(tenant: Tenant, id: string, expected: Expected) {
    return hold<Selectable<CompanyTable>>(tenant, COMPANY, id, expected, (id) => this.get(tenant, id));
  }

  #columns<Given extends CompanyChange>(tenant: Tenant, given: Given): Given {
    if (given.phone_number == null) return given;
    return { ...given, phone_number: normalisedPhone(given.phone_number, tenant.caller.workspace.country) };
  }

  async #refuseDuplicate(tenant: Tenant, name: string, ownId?: string) {
    const existingId = await this.#idByName(tenant, name);
    if (existingId === undefined || existingId === ownId) return;
    throw new ApiFailure('DUPLICATE', 'There is a company of this name already.', {
      issues: invalidField('name', 'taken').extras.issues!,
      existingId,
    });
  }

  async #idByName(tenant: Tenant, name: string): Promise<string | undefined> {
    const { rows } = await sql<{
      id: string;
    }>`select id from companies where name_key = ${nameKey(name)} and deleted_at is null`.execute(tenant.db);
    return rows[0]?.id;
  }
}

/** A company as events tell of it, to whoever has a contact there in their scope. */
const told = (...ids: string[]): Fragment => sql`
  select r.id as record_id, row_to_json(w) as data, who_sees_company(r.id) as seen_by, '{}'::uuid[] as left_by
  from companies r, lateral (select ${wire}) w where r.id = any(${ids}::uuid[])`;

const toldGone = (id: string): Fragment => sql`
  select r.id as record_id, json_build_object('id', r.id) as data, who_sees_company(r.id) as seen_by, '{}'::uuid[] as left_by
  from companies r where r.id = ${id}`;

const nameKey = (name: string) => sql`lower(${name}::text collate "und-x-icu")`;

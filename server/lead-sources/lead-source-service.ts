import { sql, type Selectable } from 'kysely';
import type { LeadSource, LeadSourceChange, LeadSourceQuery, NewLeadSource } from '../../src/contract/lead-source.ts';
import { anyOf, asked, is } from '../db/filters.ts';
import { list, type Listing } from '../db/list.ts';
import { change, hold } from '../db/records.ts';
import type { LeadSourceTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import { nameKey, refuseTakenName } from '../db/unique-names.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';

const SOURCE = { table: 'lead_sources', noun: 'source', keepsDeleted: false } as const;

const wire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.name, r.category, r.description, r.is_active`;

const listing: Listing<LeadSource, 'created_at' | 'name'> = {
  from: sql`lead_sources r`,
  wire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    name: { column: sql`r.name`, type: 'text' },
  },
  defaultSort: 'created_at',
};

/** The rules of where leads come from. Every method works inside its tenant's unit of work. */
export class LeadSourceService {
  list(tenant: Tenant, query: LeadSourceQuery): Promise<Page<LeadSource>> {
    return list(tenant, listing, query, asked([anyOf('category', query.category), is('is_active', query.is_active, 'boolean')]));
  }

  async get(tenant: Tenant, id: string): Promise<Json<LeadSource>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (select ${wire} from lead_sources r where r.id = ${id}) w`.execute(
      tenant.db,
    );
    if (!rows[0]) throw notFound('source');
    return new Json(rows[0].json, rows[0].version);
  }

  async create(tenant: Tenant, given: NewLeadSource): Promise<Json<LeadSource>> {
    await refuseTakenName(tenant, SOURCE, given.name);
    const id = newId();
    await tenant.db
      .insertInto('lead_sources')
      .values({ ...given, id })
      .execute();
    return this.get(tenant, id);
  }

  async update(tenant: Tenant, id: string, given: LeadSourceChange, expected: Expected): Promise<Json<LeadSource>> {
    const held = await this.#hold(tenant, id, expected);
    await refuseTakenName(tenant, SOURCE, given.name, id);
    await change(tenant, 'lead_sources', held, given);
    return this.get(tenant, id);
  }

  /** Deletes a source; its leads stay, without one. */
  async remove(tenant: Tenant, id: string, expected: Expected) {
    await this.#hold(tenant, id, expected);
    await sql`delete from lead_sources where id = ${id}`.execute(tenant.db);
  }

  /** The id of the source of this name, made if there is none by those who may. */
  async findOrCreate(tenant: Tenant, name: string): Promise<string> {
    // One may be made, or go, between the two statements: then the next round sees it so.
    for (;;) {
      const found = await sql<{
        id: string;
      }>`select id from lead_sources where name_key = ${nameKey(name)} for key share`.execute(tenant.db);
      if (found.rows[0]) return found.rows[0].id;
      if (!tenant.caller.permissions.has('workspace:pipelines')) {
        throw new ApiFailure(
          'FORBIDDEN',
          'There is no source of this name, and making one needs the permission workspace:pipelines: send source_id instead.',
        );
      }
      const made = await sql<{ id: string }>`
        insert into lead_sources (id, name) values (${newId()}, ${name})
        on conflict (workspace_id, name_key) do nothing returning id`.execute(tenant.db);
      if (made.rows[0]) return made.rows[0].id;
    }
  }

  /** Refuses an id that names no source; one that is there stays until the transaction ends. */
  async assertExists(tenant: Tenant, id: string) {
    const { rows } = await sql`select from lead_sources where id = ${id} for key share`.execute(tenant.db);
    if (rows.length === 0) throw invalidField('source_id', 'not_found');
  }

  #hold(tenant: Tenant, id: string, expected: Expected) {
    return hold<Selectable<LeadSourceTable>>(tenant, SOURCE, id, expected, (id) => this.get(tenant, id));
  }
}

import { sql } from 'kysely';
import { customValues } from '../custom-fields/custom-value-service.ts';
import type { Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';

/** A contact as lists show it, of the row called `r`. The company is null while it is deleted, its id with it: the row keeps the id for its return. */
export const contactWire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.firstname, r.lastname, r.name, r.email, r.phone_number, case when r.company is not null then r.company_id end as company_id, r.company,
  r.address_1, r.address_2, r.city, r.state, r.zip_code, r.country, r.status, r.type, r.priority, r.is_favorite, r.is_archived, r.tags, r.notes,
  r.metadata, r.score, ${customValues('contact')}`;

/** Contacts as lists show them, by their ids, as JSON; those that the caller does not see are not among them. */
export async function readContacts(tenant: Tenant, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; json: string }>`
    select w.id, row_to_json(w)::text as json from (
      select ${contactWire} from contacts r where r.id = any (${ids}::uuid[]) and r.deleted_at is null) w`.execute(tenant.db);
  return new Map(rows.map(({ id, json }) => [id, json]));
}

/** Contacts as events tell of them, to whoever has them in their scope; `leavers` may have had them until now. */
export const told = (ids: readonly string[], leavers: string | readonly string[] = []): Fragment => sql`
  select r.id as record_id, row_to_json(w) as data, seen_by, ${[leavers].flat()}::uuid[] as left_by
  from contacts r, lateral (select ${contactWire}) w, who_sees_contact(r.id) seen_by
  where r.id = any (${ids}::uuid[]) and r.deleted_at is null`;

/** A contact that the same statement writes, read by the name of its table, to the owner of its first lead. */
export const toldNew = (owner: Fragment): Fragment => sql`
  select r.id as record_id, row_to_json(w) as data, array_remove(array[${owner}::uuid], null) as seen_by, '{}'::uuid[] as left_by
  from contacts r, lateral (select ${contactWire}) w`;

/** A contact that is about to go, to whoever has it in their scope until then. */
export const toldGone = (id: string): Fragment =>
  sql`select r.id as record_id, json_build_object('id', r.id) as data, who_sees_contact(r.id) as seen_by, '{}'::uuid[] as left_by from contacts r where r.id = ${id}`;

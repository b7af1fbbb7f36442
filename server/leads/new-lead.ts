import { sql, type RawBuilder } from 'kysely';
import type { CustomValues, CustomValuesGiven } from '../../src/contract/custom-field.ts';
import type { Lead } from '../../src/contract/lead.ts';
import { entriesOf } from '../activities/activity-service.ts';
import { accepted, newValues, type CheckedValues } from '../custom-fields/custom-value-service.ts';
import type { Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import { eventsOf } from '../events/outbox.ts';
import { invalidField } from '../http/failure.ts';
import { Json } from '../http/json.ts';
import { leadRecords } from './lead-event-service.ts';

/** What a new lead's defaults come from. */
interface Facts {
  contact_name: string | null;
  contact_score: number | null;
  currency: string;
  website: string | null;
  custom_fields: CustomValues;
}

/** Reads what a new lead's defaults come from; refuses a contact or an owner that there is none of, and values that no field takes. */
export async function factsFor(
  tenant: Tenant,
  contactId: string,
  ownerId: string | null,
  values: CustomValuesGiven | undefined,
): Promise<Facts> {
  const { rows } = await sql<Facts & CheckedValues & { has_contact: boolean; has_owner: boolean }>`
    select v.kept, v.problems, w.currency, c.name as contact_name, c.score as contact_score, c.id is not null as has_contact,
      exists (select from members where user_id = ${ownerId}::uuid) as has_owner,
      (select id from lead_sources where name_key = 'website') as website
    from workspaces w cross join ${newValues('lead', values)} v
    left join contacts c on c.id = ${contactId} and c.deleted_at is null where w.id = ${tenant.workspaceId}`.execute(tenant.db);
  const { has_contact, has_owner, kept, problems, ...facts } = rows[0]!;
  if (!has_contact) throw invalidField('contact_id', 'not_found');
  if (ownerId !== null && !has_owner) throw invalidField('owner_id', 'not_found');
  return { ...facts, custom_fields: accepted({ kept, problems }) };
}

/** Writes a lead of a contact with what tells of it, and answers it as lists show it. Refuses a contact that has gone meanwhile. */
export async function writeLead(tenant: Tenant, contactId: string, columns: Record<string, unknown>): Promise<Json<Lead>> {
  const contact = sql`select id from contacts where id = ${contactId} and deleted_at is null for no key update`;
  const { rows } = await newLead(contact, columns).execute(tenant.db);
  if (!rows[0]) throw invalidField('contact_id', 'not_found');
  tenant.emitted();
  return new Json(rows[0].json, rows[0].version);
}

/**
 * The same as a statement: the lead, its first stage in the history, an entry on the timeline, the event, and further parts
 * (`name as (…)`): those that the selection of its contact's id may read, and those that may read the new row as `leads`. Without
 * a contact it writes nothing. Whoever runs it calls `emitted()`.
 */
export function newLead(
  contact: Fragment,
  columns: Record<string, unknown>,
  before: readonly Fragment[] = [],
  beside: readonly Fragment[] = [],
): RawBuilder<{ json: string; version: number }> {
  const given = Object.entries(columns).filter(([, value]) => value !== undefined);
  return sql`
    -- What follows reads the new row by the name of its table.
    with ${parts(before)} contact as materialized (${contact}),
      leads as (
        insert into leads (contact_id, last_activity_at, ${sql.join(given.map(([name]) => sql.ref(name)))})
        select id, now(), ${sql.join(given.map(([, value]) => sql`${value}`))} from contact returning *
      ),
      entered as (
        insert into lead_stage_history (lead_id, to_stage_id, changed_at) select id, stage_id, stage_entered_at from leads
      ),
      entry as (${entriesOf(
        'system',
        sql`select contact_id, id as lead_id, 'Lead created' as subject, '{"event": "lead.created"}'::jsonb as metadata from leads`,
      )}),
      ${parts(beside)}
      record as materialized (${leadRecords(sql`true`)}),
      event as (${eventsOf('lead.created', sql`select * from record`)})
    select record.data::text as json, leads.version from record, leads`;
}

const parts = (given: readonly Fragment[]): Fragment =>
  sql.join(
    given.map((part) => sql`${part},`),
    sql` `,
  );

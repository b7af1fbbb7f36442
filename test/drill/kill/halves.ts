import type { Read } from './homes.ts';
import { LEAD_HALVES } from './lead-moves.ts';
import { JOB_HALVES } from './tallies.ts';

/**
 * What only half a transaction could leave behind, by what it would be. The drill's calls make these exact: a contact's
 * last name is the key it was created with, and an assignment's key is that one behind `assign-`.
 */
const HALVES: Record<string, string> = {
  'a record with more or fewer audit entries than versions': `
    select r.id, r.version, a.entries
    from (select id, version from contacts union all select id, version from companies) r
    left join (select record_id, count(*) as entries from audit_log
      where action not in ('contact.assigned', 'contact.unassigned') group by record_id) a on a.record_id = r.id
    where a.entries is distinct from r.version`,
  'an audit entry of a record that is not there': `
    select a.id, a.action from audit_log a
    left join (select id from contacts union all select id from companies) r on r.id = a.record_id
    where a.resource in ('contact', 'company') and r.id is null`,
  'an assignment without its audit entry, or an entry without its assignment': `
    select coalesce(s.contact_id, a.record_id) as contact from contact_assignments s
    full join (select * from audit_log where action = 'contact.assigned') a on a.record_id = s.contact_id
    where s.contact_id is null or a.record_id is null`,
  'tags that are not the rows of tags': `
    select c.id, c.tags, t.tags as rows from contacts c
    left join (select contact_id, array_agg(tag order by tag collate "C") as tags from contact_tags group by contact_id) t on t.contact_id = c.id
    where coalesce(t.tags, '{}') <> (select coalesce(array_agg(tag order by tag collate "C"), '{}') from unnest(c.tags) tag)`,
  "a company text that is not the company's name": `
    select c.id, c.company, o.name from contacts c
    left join companies o on o.workspace_id = c.workspace_id and o.id = c.company_id and o.deleted_at is null
    where c.company is distinct from o.name and not exists (
      select from jobs j where j.kind = 'copy-company-name' and j.state in ('waiting', 'running') and j.payload ->> 'company_id' = c.company_id::text)`,
  'a company without the contact that named it': `
    select o.name from companies o join audit_log made on made.record_id = o.id and made.action = 'company.created'
    where made.request_id is not null and not exists (select from audit_log a where a.request_id = made.request_id and a.action in ('contact.created', 'contact.updated'))`,
  'a contact without its key, or one whose key answers another': `
    select c.id, c.lastname, k.status from contacts c left join idempotency_keys k on k.key = c.lastname
    where k.status is distinct from 201 or k.body::jsonb #>> '{data,id}' is distinct from c.id::text`,
  'an assignment without its key': `
    select c.id from contact_assignments s join contacts c on c.id = s.contact_id
    left join idempotency_keys k on k.key = 'assign-' || c.lastname
    where k.status is distinct from 201 or k.body::jsonb #>> '{data,id}' is distinct from c.id::text`,
  'a key without its effect': `
    select k.key, k.status from idempotency_keys k
    left join contacts c on c.lastname = replace(k.key, 'assign-', '')
    left join contact_assignments s on s.contact_id = c.id
    where (c.id is null
        and not exists (select from members m where m.id::text = k.body::jsonb #>> '{data,id}')
        and not exists (select from leads l where l.id::text = k.body::jsonb #>> '{data,id}'))
      or k.status is null or (k.key like 'assign-%' and s.contact_id is null)`,
  'a change without its one event, or an event without its change': `
    select coalesce(a.record_id, e.record_id) as record, a.name, a.entries, e.name as event, e.events
    from (select record_id, request_id, replace(action, 'contact.assigned', 'contact.updated') as name, count(*) as entries from audit_log
      where resource in ('contact', 'company') and request_id is not null group by 1, 2, 3) a
    full join (select record_id, request_id, name, count(*) as events from events
      where name like 'contact.%' or name like 'company.%' group by 1, 2, 3) e
      on e.record_id = a.record_id and e.request_id = a.request_id and e.name = a.name
    where a.entries is distinct from e.events
      -- A change of a lead tells of its contact, whose score it may change.
      and not (a.entries is null and e.name = 'contact.updated'
        and exists (select from events l where l.request_id = e.request_id and l.name like 'lead.%'))`,
  ...JOB_HALVES,
  ...LEAD_HALVES,
};

/** The half transactions that a database holds, as sentences. */
export async function halvesIn(read: Read): Promise<string[]> {
  const found: string[] = [];
  for (const [what, sql] of Object.entries(HALVES)) {
    const rows = await read(sql);
    if (rows.length > 0) found.push(`${rows.length} times ${what}, first ${JSON.stringify(rows[0])}`);
  }
  return found;
}

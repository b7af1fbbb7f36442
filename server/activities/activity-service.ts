import { sql, type Selectable } from 'kysely';
import {
  type SYSTEM_ACTIVITIES,
  WRITTEN_ACTIVITIES,
  type Activity,
  type ActivityChange,
  type ActivityQuery,
  type NewActivity,
  type NewEntry,
  type TimelineQuery,
} from '../../src/contract/activity.ts';
import { issue, type Issue } from '../../src/contract/issues.ts';
import { asked, anyOf, is, since, until } from '../db/filters.ts';
import { assertLeadSeen, holdSeenLead } from '../db/seen-leads.ts';
import { list, type Fragment, type Listing } from '../db/list.ts';
import { personOf } from '../db/people.ts';
import { change, hold, remove } from '../db/records.ts';
import type { ActivityTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalid, invalidField, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import { emitLeads } from '../leads/lead-event-service.ts';

const ACTIVITY = { table: 'activities', noun: 'activity', keepsDeleted: true } as const;

const wire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.contact_id, r.lead_id, r.activity_type, r.subject, r.description, wire_time(r.due_at) as due_at,
  wire_time(r.completed_at) as completed_at, wire_time(r.occurred_at) as occurred_at, r.metadata, ${personOf(sql`r.created_by`)} as author`;

const listing: Listing<Activity, 'created_at' | 'updated_at' | 'occurred_at' | 'due_at'> = {
  from: sql`activities r`,
  wire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    updated_at: { column: sql`r.updated_at`, type: 'timestamptz' },
    occurred_at: { column: sql`r.occurred_at`, type: 'timestamptz' },
    due_at: { column: sql`r.due_at`, type: 'timestamptz', nullable: true },
  },
  defaultSort: 'created_at',
  isScoped: true,
};
const timeline = { ...listing, defaultSort: 'occurred_at' } as const;

/** How far a caller's clock may be ahead of ours. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** The latest fifty activities for which a condition on `r` holds, as JSON; none for a caller who may not see activities. */
export const latestActivities = (tenant: Tenant, condition: Fragment): Fragment =>
  tenant.caller.permissions.has('crm:activities:view')
    ? sql`(select coalesce(json_agg(a), '[]') from (
        select ${wire} from activities r where ${condition} and r.deleted_at is null order by r.occurred_at desc, r.id desc limit 50) a)`
    : sql`'[]'::json`;

/**
 * Writes on timelines what the system has to say: one entry for each row of `entries`, which has `contact_id`, `lead_id`,
 * `subject` and `metadata` (JSON). It tells of a change that has an event of its own, so there is none for the entry.
 */
export async function writeEntries(tenant: Tenant, type: (typeof SYSTEM_ACTIVITIES)[number], entries: Fragment): Promise<void> {
  await entriesOf(type, entries).execute(tenant.db);
}

/** The same as a part of a statement that writes more; of a moment that may have been earlier. */
export const entriesOf = (
  type: (typeof SYSTEM_ACTIVITIES)[number],
  entries: Fragment,
  occurredAt: Fragment = sql`now()`,
): Fragment => sql`
  insert into activities (contact_id, lead_id, activity_type, subject, metadata, occurred_at)
  select e.contact_id, e.lead_id, ${type}, e.subject, e.metadata, ${occurredAt} from (${entries}) e`;

/** What one entry tells beyond its type. */
interface Told {
  contactId: string;
  leadId?: string;
  subject: string;
  description?: string | null;
  facts: object;
}

/** Writes one entry on a timeline, which may have a text of its own, and answers its id. */
export async function writeEntry(
  tenant: Tenant,
  type: (typeof SYSTEM_ACTIVITIES)[number],
  { contactId, leadId, subject, description, facts }: Told,
): Promise<string> {
  const id = newId();
  await sql`
    insert into activities (id, contact_id, lead_id, activity_type, subject, description, metadata)
    values (${id}, ${contactId}, ${leadId ?? null}, ${type}, ${subject}, ${description ?? null}, ${JSON.stringify(facts)}::jsonb)`.execute(
    tenant.db,
  );
  return id;
}

/** What people write on timelines, and what they read there. Every method works inside its tenant's unit of work. */
export class ActivityService {
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  list(tenant: Tenant, query: ActivityQuery): Promise<Page<Activity>> {
    return list(tenant, listing, query, [
      ...conditions(tenant, query),
      ...asked([is('contact_id', query.contact_id, 'uuid'), is('lead_id', query.lead_id, 'uuid')]),
    ]);
  }

  /** A contact's timeline, its leads' entries among it. */
  async ofContact(tenant: Tenant, contactId: string, query: TimelineQuery): Promise<Page<Activity>> {
    const page = await list(tenant, timeline, query, [...conditions(tenant, query), sql`r.contact_id = ${contactId}::uuid`]);
    if (page.rows.text === '[]') await assertContactSeen(tenant, contactId);
    return page;
  }

  async ofLead(tenant: Tenant, leadId: string, query: TimelineQuery): Promise<Page<Activity>> {
    const page = await list(tenant, timeline, query, [...conditions(tenant, query), sql`r.lead_id = ${leadId}::uuid`]);
    if (page.rows.text === '[]') await assertLeadSeen(tenant, leadId);
    return page;
  }

  async get(tenant: Tenant, id: string): Promise<Json<Activity>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (
        select ${wire} from activities r where r.id = ${id} and r.deleted_at is null) w`.execute(tenant.db);
    if (!rows[0]) throw notFound('activity');
    return new Json(rows[0].json, rows[0].version);
  }

  async create(tenant: Tenant, { contact_id, lead_id, ...given }: NewActivity): Promise<Json<Activity>> {
    if (lead_id === undefined) {
      if (!(await holdContact(tenant, contact_id!))) throw invalidField('contact_id', 'not_found');
      return this.#write(tenant, { contact_id: contact_id! }, given);
    }
    const lead = await holdSeenLead(tenant, lead_id);
    if (!lead) throw invalidField('lead_id', 'not_found');
    if (contact_id !== undefined && contact_id !== lead.contact_id) throw invalidField('contact_id', 'not_found');
    return this.#write(tenant, { contact_id: lead.contact_id, lead_id }, given);
  }

  async createForContact(tenant: Tenant, contactId: string, given: NewEntry): Promise<Json<Activity>> {
    if (!(await holdContact(tenant, contactId))) throw notFound('contact');
    return this.#write(tenant, { contact_id: contactId }, given);
  }

  async createForLead(tenant: Tenant, leadId: string, given: NewEntry): Promise<Json<Activity>> {
    const lead = await holdSeenLead(tenant, leadId);
    if (!lead) throw notFound('lead');
    return this.#write(tenant, { contact_id: lead.contact_id, lead_id: leadId }, given);
  }

  async update(tenant: Tenant, id: string, given: ActivityChange, expected: Expected): Promise<Json<Activity>> {
    const held = await this.#hold(tenant, id, expected);
    this.#assertTimes(held.activity_type, given);
    const after = { ...held, ...given };
    if (after.subject == null && after.description == null)
      throw invalidField('subject', 'one_of_needed', { fields: ['subject', 'description'] });
    const changed = await change(tenant, 'activities', held, asDates(given));
    if (changed?.includes('occurred_at')) await tellLead(tenant, held.lead_id);
    return this.get(tenant, id);
  }

  async remove(tenant: Tenant, id: string, expected: Expected) {
    const { lead_id } = await this.#hold(tenant, id, expected);
    await remove(tenant, 'activities', id);
    await tellLead(tenant, lead_id);
  }

  async #write(tenant: Tenant, of: { contact_id: string; lead_id?: string }, given: NewEntry): Promise<Json<Activity>> {
    this.#assertTimes(given.activity_type, given);
    const id = newId();
    const { metadata, ...columns } = asDates(given);
    await tenant.db
      .insertInto('activities')
      .values({ ...columns, ...of, ...(metadata && { metadata: JSON.stringify(metadata) }), id })
      .execute();
    await emit(
      tenant,
      'activity.created',
      sql`
        select w.id as record_id, row_to_json(w) as data,
          ${
            of.lead_id === undefined
              ? sql`who_sees_contact(w.contact_id)`
              : sql`array(select owner_id from leads where id = w.lead_id and owner_id is not null)`
          } as seen_by, '{}'::uuid[] as left_by
        from (select ${wire} from activities r where r.id = ${id}) w`,
    );
    await tellLead(tenant, of.lead_id);
    return this.get(tenant, id);
  }

  async #hold(tenant: Tenant, id: string, expected: Expected) {
    const held = await hold<Selectable<ActivityTable>>(tenant, ACTIVITY, id, expected, (id) => this.get(tenant, id));
    if (!WRITTEN_ACTIVITIES.some((type) => type === held.activity_type))
      throw new ApiFailure('CONFLICT', 'The system wrote this entry, and it stays as it is: write a note beside it.');
    return held;
  }

  /** Only tasks are due and done; what has happened did so before now. */
  #assertTimes(type: string, given: Times) {
    const issues: Issue[] = [];
    for (const field of ['due_at', 'completed_at'] as const)
      if (type !== 'task' && given[field] != null) issues.push(issue(field, 'only_for', { what: 'tasks' }));
    for (const field of ['occurred_at', 'completed_at'] as const)
      if (given[field] != null && Date.parse(given[field]) > this.#clock() + CLOCKS_DIFFER_MS)
        issues.push(issue(field, 'not_past'));
    if (issues.length > 0) throw invalid(issues);
  }
}

/** When a lead was last worked on follows its entries. */
async function tellLead(tenant: Tenant, leadId: string | null | undefined) {
  if (leadId != null) await emitLeads(tenant, 'lead.updated', sql`r.id = ${leadId}`);
}

type Times = Pick<ActivityChange, 'due_at' | 'completed_at' | 'occurred_at'>;

/** Moments as the database gives them back, so that the same moment is no change. */
function asDates<Given extends Times>(given: Given) {
  const dates = (['due_at', 'completed_at', 'occurred_at'] as const)
    .filter((field) => given[field] != null)
    .map((field) => [field, new Date(given[field]!)]);
  return { ...given, ...(Object.fromEntries(dates) as Partial<Record<keyof Times, Date>>) };
}

const conditions = (tenant: Tenant, query: TimelineQuery): Fragment[] => [
  sql`r.deleted_at is null`,
  ...asked([
    anyOf('activity_type', query.type),
    since(tenant, 'occurred_at', query.from),
    until(tenant, 'occurred_at', query.to),
    query.open_tasks === undefined
      ? undefined
      : query.open_tasks
        ? sql`r.activity_type = 'task' and r.completed_at is null`
        : sql`not (r.activity_type = 'task' and r.completed_at is null)`,
  ]),
];

async function assertContactSeen(tenant: Tenant, id: string) {
  const { rows } = await sql`select from contacts where id = ${id} and deleted_at is null`.execute(tenant.db);
  if (rows.length === 0) throw notFound('contact');
}

async function holdContact(tenant: Tenant, id: string): Promise<boolean> {
  const { rows } = await sql`select from contacts where id = ${id} and deleted_at is null for share`.execute(tenant.db);
  return rows.length > 0;
}

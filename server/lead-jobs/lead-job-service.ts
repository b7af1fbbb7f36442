import { sql, type Selectable } from 'kysely';
import type { Job, JobChange, JobOfLeadQuery, JobQuery, NewJob, NewJobOfLead } from '../../src/contract/job.ts';
import { anyOf, asked, is } from '../db/filters.ts';
import { assertLeadSeen, assertMayEdit, holdSeenLead, ofPresentLead, type SeenLead } from '../db/seen-leads.ts';
import { list, type Fragment, type Listing } from '../db/list.ts';
import { change, hold } from '../db/records.ts';
import type { LeadJobTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import type { Expected } from '../http/answer.ts';
import { invalidField, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';

const JOB = { table: 'lead_jobs', noun: 'job', keepsDeleted: false } as const;

const wire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.lead_id, r.title, r.status, r.details, wire_time(r.scheduled_for) as scheduled_for`;

const listing: Listing<Job, 'created_at' | 'updated_at' | 'title' | 'scheduled_for'> = {
  from: sql`lead_jobs r`,
  wire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    updated_at: { column: sql`r.updated_at`, type: 'timestamptz' },
    title: { column: sql`r.title`, type: 'text' },
    scheduled_for: { column: sql`r.scheduled_for`, type: 'timestamptz', nullable: true },
  },
  defaultSort: 'created_at',
  isScoped: true,
};

/** The jobs of one lead, the newest first, as JSON. */
export const jobsOf = (leadId: string): Fragment => sql`
  (select coalesce(json_agg(j), '[]') from (
    select ${wire} from lead_jobs r where r.lead_id = ${leadId} order by r.created_at desc, r.id desc) j)`;

/** The rules of jobs, which follow their leads. Every method works inside its tenant's unit of work. */
export class LeadJobService {
  list(tenant: Tenant, query: JobQuery): Promise<Page<Job>> {
    return list(tenant, listing, query, [
      ofPresentLead,
      ...asked([anyOf('status', query.state), is('lead_id', query.lead_id, 'uuid')]),
    ]);
  }

  async ofLead(tenant: Tenant, leadId: string, query: JobOfLeadQuery): Promise<Page<Job>> {
    const page = await list(tenant, listing, query, [
      ofPresentLead,
      sql`r.lead_id = ${leadId}::uuid`,
      ...asked([anyOf('status', query.state)]),
    ]);
    if (page.rows.text === '[]') await assertLeadSeen(tenant, leadId);
    return page;
  }

  async get(tenant: Tenant, id: string): Promise<Json<Job>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (
        select ${wire} from lead_jobs r where r.id = ${id} and ${ofPresentLead}) w`.execute(tenant.db);
    if (!rows[0]) throw notFound('job');
    return new Json(rows[0].json, rows[0].version);
  }

  async create(tenant: Tenant, { lead_id, ...given }: NewJob): Promise<Json<Job>> {
    const lead = await holdSeenLead(tenant, lead_id);
    if (!lead) throw invalidField('lead_id', 'not_found');
    return this.#create(tenant, lead_id, lead, given);
  }

  async createForLead(tenant: Tenant, leadId: string, given: NewJobOfLead): Promise<Json<Job>> {
    const lead = await holdSeenLead(tenant, leadId);
    if (!lead) throw notFound('lead');
    return this.#create(tenant, leadId, lead, given);
  }

  async update(tenant: Tenant, id: string, given: JobChange, expected: Expected): Promise<Json<Job>> {
    const held = await this.#hold(tenant, id, expected);
    await change(tenant, 'lead_jobs', held, {
      ...given,
      ...(given.scheduled_for != null && { scheduled_for: new Date(given.scheduled_for) }),
    });
    return this.get(tenant, id);
  }

  async remove(tenant: Tenant, id: string, expected: Expected) {
    await this.#hold(tenant, id, expected);
    await sql`delete from lead_jobs where id = ${id}`.execute(tenant.db);
  }

  async #create(tenant: Tenant, leadId: string, lead: SeenLead, given: NewJobOfLead): Promise<Json<Job>> {
    assertMayEdit(tenant, lead);
    const id = newId();
    const { details, ...columns } = given;
    await tenant.db
      .insertInto('lead_jobs')
      .values({
        ...columns,
        title: given.title ?? lead.title,
        ...(details && { details: JSON.stringify(details) }),
        id,
        lead_id: leadId,
      })
      .execute();
    return this.get(tenant, id);
  }

  /** The lead is held first: who holds several rows takes them in one order. */
  async #hold(tenant: Tenant, id: string, expected: Expected) {
    const { rows } = await sql<{ lead_id: string }>`select lead_id from lead_jobs where id = ${id}`.execute(tenant.db);
    const lead = rows[0] && (await holdSeenLead(tenant, rows[0].lead_id));
    if (!lead) throw notFound('job');
    assertMayEdit(tenant, lead);
    return hold<Selectable<LeadJobTable>>(tenant, JOB, id, expected, (id) => this.get(tenant, id));
  }
}

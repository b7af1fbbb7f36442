import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { Id, Metadata, Moment, optional, record, text, Time } from './fields.ts';
import { many, oneOf } from './query.ts';
import { defineRoute } from './route.ts';

export const JOB_STATUSES = ['planned', 'in_progress', 'done', 'cancelled'] as const;

/** The work that a lead was sold. */
export const Job = z.object({
  ...record,
  lead_id: Id,
  title: z.string(),
  status: z.enum(JOB_STATUSES),
  details: z.record(z.string(), z.unknown()),
  scheduled_for: z.nullable(Time),
});
export type Job = z.infer<typeof Job>;

const fields = {
  status: z.optional(z.enum(JOB_STATUSES)),
  details: z.optional(Metadata),
  scheduled_for: optional(Moment),
};

/** The title is the lead's where it is left out. */
export const NewJobOfLead = z.strictObject({ title: z.optional(text(100)), ...fields });
export type NewJobOfLead = z.output<typeof NewJobOfLead>;

export const NewJob = z.strictObject({ lead_id: Id, title: z.optional(text(100)), ...fields });
export type NewJob = z.output<typeof NewJob>;

export const JobChange = z.strictObject({ title: z.optional(text(100)), ...fields });
export type JobChange = z.output<typeof JobChange>;

const SORTS = ['created_at', 'updated_at', 'title', 'scheduled_for'] as const;
/** Named as with deals: a job's state is its status. */
const filters = { state: z.optional(many(oneOf(JOB_STATUSES))) };

export const JobQuery = z.extend(listQuery(SORTS), { ...filters, lead_id: z.optional(Id) });
export type JobQuery = z.output<typeof JobQuery>;

export const JobOfLeadQuery = z.extend(listQuery(SORTS), filters);
export type JobOfLeadQuery = z.output<typeof JobOfLeadQuery>;

export const jobRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/jobs',
    summary: 'Lists jobs, the newest first unless sorted otherwise.',
    permission: 'crm:leads:view',
    query: JobQuery,
    response: listOf(Job),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/jobs',
    summary: 'Creates a job of a lead.',
    permission: 'crm:leads:edit',
    body: NewJob,
    response: Job,
    status: 201,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/jobs/:id',
    summary: 'Reads a job.',
    permission: 'crm:leads:view',
    response: Job,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/jobs/:id',
    summary: 'Changes the fields that are sent and leaves the others.',
    permission: 'crm:leads:edit',
    body: JobChange,
    response: Job,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/jobs/:id',
    summary: 'Deletes a job.',
    permission: 'crm:leads:delete',
    status: 204,
  }),
};

export const leadJobRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/leads/:id/jobs',
    summary: "Lists a lead's jobs, the newest first unless sorted otherwise.",
    permission: 'crm:leads:view',
    query: JobOfLeadQuery,
    response: listOf(Job),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/leads/:id/jobs',
    summary: 'Creates a job of a lead.',
    permission: 'crm:leads:edit',
    body: NewJobOfLead,
    response: Job,
    status: 201,
  }),
};

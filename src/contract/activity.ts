import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { Id, Metadata, Moment, optional, Person, prose, record, text, Time } from './fields.ts';
import { as } from './issues.ts';
import { flag, many, moment, oneOf } from './query.ts';
import { defineRoute } from './route.ts';

/** What people write themselves. */
export const WRITTEN_ACTIVITIES = ['note', 'call', 'email', 'sms', 'meeting', 'task'] as const;
/** What the system writes; nobody changes or deletes it. */
export const SYSTEM_ACTIVITIES = [
  'stage_change',
  'assignment',
  'form_submission',
  'conversion',
  'merge',
  'import',
  'system',
] as const;
export const ACTIVITY_TYPES = [...WRITTEN_ACTIVITIES, ...SYSTEM_ACTIVITIES] as const;

/** One entry of a contact's or lead's timeline. */
export const Activity = z.object({
  ...record,
  contact_id: z.nullable(Id),
  lead_id: z.nullable(Id),
  activity_type: z.enum(ACTIVITY_TYPES),
  subject: z.nullable(z.string()),
  description: z.nullable(z.string()),
  /** When a task is due. */
  due_at: z.nullable(Time),
  /** When a task was done; null while it is open. */
  completed_at: z.nullable(Time),
  occurred_at: Time,
  metadata: z.record(z.string(), z.unknown()),
  /** Who wrote it; null for what no person did. */
  author: z.nullable(Person),
});
export type Activity = z.infer<typeof Activity>;

const fields = {
  subject: optional(text(255)),
  description: optional(prose(10_000)),
  due_at: optional(Moment),
  completed_at: optional(Moment),
  occurred_at: z.optional(Moment),
  metadata: z.optional(Metadata),
};

const written = { activity_type: z.enum(WRITTEN_ACTIVITIES), ...fields };

const saysSomething = z.refine<{ subject?: unknown; description?: unknown }>(
  (given) => given.subject != null || given.description != null,
  { path: ['subject'], ...as('one_of_needed', { fields: ['subject', 'description'] }) },
);

/** An entry of one record's timeline: the record is in the address. */
export const NewEntry = z.strictObject(written).check(saysSomething);
export type NewEntry = z.output<typeof NewEntry>;

/** An activity of a lead, of a contact, or of both where the lead is the contact's. */
export const NewActivity = z.strictObject({ ...written, contact_id: z.optional(Id), lead_id: z.optional(Id) }).check(
  saysSomething,
  z.refine((given) => given.contact_id !== undefined || given.lead_id !== undefined, {
    path: ['lead_id'],
    ...as('one_of_needed', { fields: ['lead_id', 'contact_id'] }),
  }),
);
export type NewActivity = z.output<typeof NewActivity>;

export const ActivityChange = z.strictObject(fields);
export type ActivityChange = z.output<typeof ActivityChange>;

const filters = {
  type: z.optional(many(oneOf(ACTIVITY_TYPES))),
  /** Bounds of `occurred_at`. */
  from: z.optional(moment()),
  to: z.optional(moment()),
  /** Tasks that are not done yet. */
  open_tasks: z.optional(flag()),
};
const SORTS = ['created_at', 'updated_at', 'occurred_at', 'due_at'] as const;

/** A timeline is read by `occurred_at`, the latest first. */
export const TimelineQuery = z.extend(listQuery(SORTS), filters);
export type TimelineQuery = z.output<typeof TimelineQuery>;

export const ActivityQuery = z.extend(listQuery(SORTS), {
  ...filters,
  contact_id: z.optional(Id),
  lead_id: z.optional(Id),
});
export type ActivityQuery = z.output<typeof ActivityQuery>;

export const activityRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/activities',
    summary: 'Lists activities, the newest first unless sorted otherwise.',
    permission: 'crm:activities:view',
    query: ActivityQuery,
    response: listOf(Activity),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/activities',
    summary: 'Writes a note, call, e-mail, text message, meeting or task on a lead or a contact.',
    permission: 'crm:activities:create',
    body: NewActivity,
    response: Activity,
    status: 201,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/activities/:id',
    summary: 'Reads an activity.',
    permission: 'crm:activities:view',
    response: Activity,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/activities/:id',
    summary: 'Changes an activity that a person wrote; what the system wrote stays as it is.',
    permission: 'crm:activities:edit',
    body: ActivityChange,
    response: Activity,
    refuses: ['CONFLICT'],
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/activities/:id',
    summary: 'Deletes an activity that a person wrote; what the system wrote stays.',
    permission: 'crm:activities:delete',
    status: 204,
    refuses: ['CONFLICT'],
  }),
};

export const contactActivityRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/contacts/:id/activities',
    summary: "Lists a contact's timeline with that of its leads, the latest first unless sorted otherwise.",
    permission: 'crm:activities:view',
    query: TimelineQuery,
    response: listOf(Activity),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/contacts/:id/activities',
    summary: "Writes an entry on a contact's timeline.",
    permission: 'crm:activities:create',
    body: NewEntry,
    response: Activity,
    status: 201,
  }),
};

export const leadActivityRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/leads/:id/activities',
    summary: "Lists a lead's timeline, the latest first unless sorted otherwise.",
    permission: 'crm:activities:view',
    query: TimelineQuery,
    response: listOf(Activity),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/leads/:id/activities',
    summary: "Writes an entry on a lead's timeline.",
    permission: 'crm:activities:create',
    body: NewEntry,
    response: Activity,
    status: 201,
  }),
};

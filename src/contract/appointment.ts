import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { Id, Moment, optional, Person, prose, record, text, Time, Timezone, WebAddress } from './fields.ts';
import { as } from './issues.ts';
import { many, moment, oneOf, whole } from './query.ts';
import { defineRoute } from './route.ts';

/** In the order in which an appointment goes through them; from each but the last two it may be cancelled. */
export const APPOINTMENT_STATUSES = ['scheduled', 'set', 'verified', 'confirmed', 'completed', 'cancelled'] as const;
export const AppointmentStatus = z.enum(APPOINTMENT_STATUSES);
export type AppointmentStatus = z.infer<typeof AppointmentStatus>;

export const OUTCOMES = ['showed', 'no_show', 'rescheduled', 'cancelled', 'sold', 'not_interested'] as const;
export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof Outcome>;

/** How long an appointment may be. */
export const LONGEST_MINUTES = 1_440;

/** What is agreed with a lead's contact. */
export const Appointment = z.object({
  ...record,
  lead_id: Id,
  lead: z.object({ id: Id, title: z.string() }),
  contact_id: Id,
  contact: z.object({
    id: Id,
    name: z.nullable(z.string()),
    email: z.nullable(z.string()),
    phone_number: z.nullable(z.string()),
  }),
  owner_id: z.nullable(Id),
  owner: z.nullable(Person),
  appointment_date: Time,
  duration_minutes: z.int(),
  ends_at: Time,
  /** The zone whose clocks the contact goes by. */
  timezone: z.string(),
  /** Where it is held; null where there is a meeting_url. */
  location: z.nullable(z.string()),
  meeting_url: z.nullable(z.string()),
  status: AppointmentStatus,
  outcome: z.nullable(Outcome),
  notes: z.nullable(z.string()),
  set_by: z.nullable(Id),
  set_date: z.nullable(Time),
  verified_by: z.nullable(Id),
  verified_date: z.nullable(Time),
  confirmed_by: z.nullable(Id),
  confirmed_date: z.nullable(Time),
  completed_at: z.nullable(Time),
  cancelled_at: z.nullable(Time),
  cancel_reason: z.nullable(z.string()),
  /** Counts the changes that a calendar must see. */
  sequence: z.int(),
});
export type Appointment = z.infer<typeof Appointment>;

/** One change in an appointment's life: its booking, or another status, outcome or time. */
export const AppointmentHistoryEntry = z.object({
  id: Id,
  /** Null for the booking, as all that was before. */
  from_status: z.nullable(AppointmentStatus),
  to_status: AppointmentStatus,
  from_outcome: z.nullable(Outcome),
  to_outcome: z.nullable(Outcome),
  from_date: z.nullable(Time),
  to_date: Time,
  from_duration_minutes: z.nullable(z.int()),
  to_duration_minutes: z.int(),
  reason: z.nullable(z.string()),
  changed_at: Time,
  changed_by: z.nullable(Id),
  person: z.nullable(Person),
});
export type AppointmentHistoryEntry = z.infer<typeof AppointmentHistoryEntry>;

/** The latest change first. */
export const AppointmentDetail = z.extend(Appointment, { history: z.array(AppointmentHistoryEntry) });
export type AppointmentDetail = z.infer<typeof AppointmentDetail>;

/** What speaks against a time that was taken nevertheless. */
export const AppointmentWarning = z.object({
  code: z.enum(['overlap', 'outside_working_hours']),
  message: z.string(),
  /** The appointments that it overlaps, as far as the caller may see them. */
  appointment_ids: z.array(Id),
});
export type AppointmentWarning = z.infer<typeof AppointmentWarning>;

/** An appointment after a change, with what speaks against its time where the change was about that. */
export const CheckedAppointment = z.extend(AppointmentDetail, { warnings: z.array(AppointmentWarning) });
export type CheckedAppointment = z.infer<typeof CheckedAppointment>;

/** Its end has a year of four digits as well. */
const LAST_BEGINNING = Date.parse('9999-12-30T00:00:00Z');
const Beginning = Moment.check(z.refine((value) => !(Date.parse(value) > LAST_BEGINNING), as('not_moment')));
const Minutes = z.int().check(z.gte(1), z.lte(LONGEST_MINUTES));

const time = { appointment_date: Beginning, duration_minutes: z.optional(Minutes), timezone: z.optional(Timezone) };
const place = { location: optional(text(255)), meeting_url: optional(WebAddress) };
const onePlace = z.refine<{ location?: unknown; meeting_url?: unknown }>(
  (given) => given.location == null || given.meeting_url == null,
  { path: ['meeting_url'], ...as('only_one_of', { fields: ['location', 'meeting_url'] }) },
);
/** Whether contact and owner are told by mail; they are unless this is false. */
const notify = { notify: z.optional(z.boolean()) };
const reason = { reason: optional(text(255)) };
const about = { ...place, notes: optional(prose(5_000)), owner_id: optional(Id) };

/** The owner is the lead's where it is left out, the zone the owner's. */
export const NewAppointmentOfLead = z.strictObject({ ...time, ...about, ...notify }).check(onePlace);
export type NewAppointmentOfLead = z.output<typeof NewAppointmentOfLead>;

export const NewAppointment = z.strictObject({ lead_id: Id, ...time, ...about, ...notify }).check(onePlace);
export type NewAppointment = z.output<typeof NewAppointment>;

/** Of location and meeting_url the one that is sent takes the other's place. */
export const AppointmentChange = z
  .strictObject({
    status: z.optional(AppointmentStatus),
    outcome: optional(Outcome),
    ...about,
    /** Who set, verified and confirmed it: the caller, unless a manager names another member. */
    set_by: z.optional(Id),
    verified_by: z.optional(Id),
    confirmed_by: z.optional(Id),
    ...reason,
    ...notify,
  })
  .check(
    onePlace,
    z.refine((given) => given.reason == null || given.status !== undefined || given.outcome !== undefined, {
      path: ['reason'],
      ...as('only_for', { what: 'changes of status or outcome' }),
    }),
  );
export type AppointmentChange = z.output<typeof AppointmentChange>;

/** Another time; duration and zone stay where they are left out. */
export const Rescheduling = z.strictObject({ ...time, ...reason, ...notify });
export type Rescheduling = z.output<typeof Rescheduling>;

export const APPOINTMENT_SORTS = ['appointment_date', 'created_at', 'updated_at'] as const;
const filters = {
  owner_id: z.optional(z.union([oneOf(['me', 'none']), Id])),
  status: z.optional(many(oneOf(APPOINTMENT_STATUSES))),
  outcome: z.optional(many(oneOf(OUTCOMES))),
  /** Bounds of `appointment_date`. */
  from: z.optional(moment()),
  to: z.optional(moment()),
};

export const AppointmentOfLeadQuery = z.extend(listQuery(APPOINTMENT_SORTS), filters);
export type AppointmentOfLeadQuery = z.output<typeof AppointmentOfLeadQuery>;

export const AppointmentQuery = z.extend(listQuery(APPOINTMENT_SORTS), {
  ...filters,
  lead_id: z.optional(Id),
  contact_id: z.optional(Id),
});
export type AppointmentQuery = z.output<typeof AppointmentQuery>;

/** The longest time that a member's availability is told for at once. */
export const MOST_DAYS = 62;

export const AvailabilityQuery = z.strictObject({
  /** The member's user id, as in owner_id, or the id of their membership. */
  member_id: Id,
  /** A moment, or a day of the member's from its beginning. */
  from: moment(),
  /** A moment, or a day of the member's to its end. */
  to: moment(),
  /** Leaves out free time that is shorter. */
  duration_minutes: z.optional(whole(1, LONGEST_MINUTES)),
});
export type AvailabilityQuery = z.output<typeof AvailabilityQuery>;

const Span = z.object({ from: Time, to: Time });

/** When a member works and has no appointment, and when they have some, whatever those are. */
export const Availability = z.object({
  member_id: Id,
  /** The zone in which their working hours are. */
  timezone: z.string(),
  free: z.array(Span),
  busy: z.array(Span),
});
export type Availability = z.infer<typeof Availability>;

export const appointmentRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/appointments',
    summary: 'Lists appointments, those booked last first unless sorted otherwise.',
    permission: 'crm:appointments:view',
    query: AppointmentQuery,
    response: listOf(Appointment),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/appointments',
    summary:
      'Books an appointment of a lead; what speaks against its time is told in `warnings`. Contact and owner are mailed, unless `notify` is false.',
    permission: 'crm:appointments:create',
    body: NewAppointment,
    response: CheckedAppointment,
    status: 201,
  }),
  availability: defineRoute({
    method: 'GET',
    path: '/appointments/availability',
    summary: `Tells when a member is free and when they are not, for ${MOST_DAYS} days at most, the last included: within the member's working hours, else the workspace's, else around the clock.`,
    permission: 'crm:appointments:view',
    query: AvailabilityQuery,
    response: Availability,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/appointments/:id',
    summary: 'Reads an appointment with its lead, contact, owner and history.',
    permission: 'crm:appointments:view',
    response: AppointmentDetail,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/appointments/:id',
    summary:
      'Changes the fields that are sent; a status takes the appointment on: forward, or to cancelled; completed needs an outcome. Another time is for `/reschedule`. A move that is not allowed is a 409 with those that are in `allowed`. Contact and owner are mailed of another place and of a cancellation, with its reason, unless `notify` is false.',
    permission: 'crm:appointments:edit',
    body: AppointmentChange,
    response: CheckedAppointment,
    refuses: ['CONFLICT'],
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/appointments/:id',
    summary: 'Deletes an appointment and mails nobody; it can be restored for thirty days.',
    permission: 'crm:appointments:delete',
    status: 204,
  }),
  restore: defineRoute({
    method: 'POST',
    path: '/appointments/:id/restore',
    summary: 'Brings a deleted appointment back.',
    permission: 'crm:appointments:delete',
    response: CheckedAppointment,
    refuses: ['CONFLICT'],
  }),
  reschedule: defineRoute({
    method: 'POST',
    path: '/appointments/:id/reschedule',
    summary:
      'Gives an appointment another time: it is scheduled again, and its history stays. Contact and owner are mailed, unless `notify` is false.',
    permission: 'crm:appointments:edit',
    body: Rescheduling,
    response: CheckedAppointment,
    refuses: ['CONFLICT'],
  }),
};

export const leadAppointmentRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/leads/:id/appointments',
    summary: "Lists a lead's appointments, the latest first by their date unless sorted otherwise.",
    permission: 'crm:appointments:view',
    query: AppointmentOfLeadQuery,
    response: listOf(Appointment),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/leads/:id/appointments',
    summary:
      'Books an appointment of a lead; what speaks against its time is told in `warnings`. Contact and owner are mailed, unless `notify` is false.',
    permission: 'crm:appointments:create',
    body: NewAppointmentOfLead,
    response: CheckedAppointment,
    status: 201,
  }),
};

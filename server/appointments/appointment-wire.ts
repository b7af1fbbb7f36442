import { sql } from 'kysely';
import type { APPOINTMENT_SORTS, Appointment, AppointmentOfLeadQuery, AppointmentQuery } from '../../src/contract/appointment.ts';
import { anyOf, asked, is, owned, since, until } from '../db/filters.ts';
import type { Fragment, Listing } from '../db/list.ts';
import { personOf } from '../db/people.ts';
import type { Tenant } from '../db/tenant.ts';

/** The columns of an answer, of a row of appointments called `r`. */
export const appointmentWire: Fragment = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.lead_id, (select json_build_object('id', l.id, 'title', l.title) from leads l where l.id = r.lead_id) as lead, r.contact_id,
  (select json_build_object('id', l.contact_id, 'name', l.contact_name, 'email', l.contact_email, 'phone_number', l.contact_phone)
    from leads l where l.id = r.lead_id) as contact,
  r.owner_id, ${personOf(sql`r.owner_id`)} as owner, wire_time(r.appointment_date) as appointment_date, r.duration_minutes,
  wire_time(r.ends_at) as ends_at, r.timezone, r.location, r.meeting_url, r.status, r.outcome, r.notes,
  r.set_by, wire_time(r.set_date) as set_date, r.verified_by, wire_time(r.verified_date) as verified_date,
  r.confirmed_by, wire_time(r.confirmed_date) as confirmed_date, wire_time(r.completed_at) as completed_at,
  wire_time(r.cancelled_at) as cancelled_at, r.cancel_reason, r.sequence`;

/** All of an appointment's changes as JSON, the latest first. */
export const historyOf = (id: string): Fragment => sql`
  (select coalesce(json_agg(h), '[]') from (
    select r.id, r.from_status, r.to_status, r.from_outcome, r.to_outcome, wire_time(r.from_date) as from_date, wire_time(r.to_date) as to_date,
      r.from_duration_minutes, r.to_duration_minutes, r.reason, wire_time(r.changed_at) as changed_at, r.changed_by,
      ${personOf(sql`r.changed_by`)} as person
    from appointment_changes r where r.appointment_id = ${id}::uuid order by r.changed_at desc, r.id desc) h)`;

/** How appointments are listed: those booked last first unless sorted otherwise. */
export const appointmentListing: Listing<Appointment, (typeof APPOINTMENT_SORTS)[number]> = {
  from: sql`appointments r`,
  wire: appointmentWire,
  sorts: {
    appointment_date: { column: sql`r.appointment_date`, type: 'timestamptz' },
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    updated_at: { column: sql`r.updated_at`, type: 'timestamptz' },
  },
  defaultSort: 'created_at',
  isScoped: true,
};

/** The conditions of a list of appointments on the row called `r`. */
export const appointmentFilters = (
  tenant: Tenant,
  query: AppointmentOfLeadQuery & Pick<AppointmentQuery, 'lead_id' | 'contact_id'>,
): Fragment[] => [
  sql`r.deleted_at is null`,
  ...asked([
    is('lead_id', query.lead_id, 'uuid'),
    is('contact_id', query.contact_id, 'uuid'),
    owned(tenant, query.owner_id),
    anyOf('status', query.status),
    anyOf('outcome', query.outcome),
    since(tenant, 'appointment_date', query.from),
    until(tenant, 'appointment_date', query.to),
  ]),
];

import { sql } from 'kysely';
import type { AppointmentStatus } from '../../src/contract/appointment.ts';
import type { Fragment } from '../db/list.ts';
import type { WorkspaceUnit } from '../db/tenant.ts';

/** An appointment with everyone it is about, as calendars and mails tell of it. */
export interface BookedAppointment {
  id: string;
  sequence: number;
  status: AppointmentStatus;
  /** Whether it does not take place: it was cancelled, or deleted altogether. */
  is_off: boolean;
  starts: Date;
  ends: Date;
  created: Date;
  changed: Date;
  timezone: string;
  location: string | null;
  meeting_url: string | null;
  notes: string | null;
  cancel_reason: string | null;
  lead: string;
  contact: { name: string | null; email: string | null; phone_number: string | null; is_bounced: boolean };
  /** With the zone whose clocks they go by; nobody where the appointment has no owner. */
  owner: { name: string; email: string; timezone: string } | null;
  workspace: string;
}

const columns = sql`
  a.id, a.sequence, a.status, a.status = 'cancelled' or a.deleted_at is not null as is_off, wire_time(a.appointment_date) as starts, wire_time(a.ends_at) as ends, wire_time(a.created_at) as created,
  wire_time(a.updated_at) as changed, a.timezone, a.location, a.meeting_url, a.notes, a.cancel_reason, l.title as lead, w.name as workspace,
  json_build_object('name', c.name, 'email', c.email, 'phone_number', c.phone_number, 'is_bounced', c.status = 'bounced') as contact,
  (select json_build_object('name', u.name, 'email', u.email, 'timezone', coalesce(m.working_hours ->> 'timezone', u.timezone, w.timezone))
    from members m join users u on u.id = m.user_id where m.workspace_id = a.workspace_id and m.user_id = a.owner_id) as owner`;

const tables = sql`
  appointments a
  join leads l on l.workspace_id = a.workspace_id and l.id = a.lead_id
  join contacts c on c.workspace_id = a.workspace_id and c.id = a.contact_id
  join workspaces w on w.id = a.workspace_id`;

type Row = Omit<BookedAppointment, 'starts' | 'ends' | 'created' | 'changed'> &
  Record<'starts' | 'ends' | 'created' | 'changed', string>;

/** The appointments of which a condition on `a` holds, in an order of theirs, as far as the unit of work sees them. */
export async function bookedAppointments({ db }: Pick<WorkspaceUnit, 'db'>, which: Fragment): Promise<BookedAppointment[]> {
  const { rows } = await sql<Row>`select ${columns} from ${tables} where ${which}`.execute(db);
  return rows.map((row) => ({
    ...row,
    starts: new Date(row.starts),
    ends: new Date(row.ends),
    created: new Date(row.created),
    changed: new Date(row.changed),
  }));
}

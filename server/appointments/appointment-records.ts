import { sql, type Selectable } from 'kysely';
import type { AppointmentDetail, AppointmentWarning, CheckedAppointment } from '../../src/contract/appointment.ts';
import type { EventName } from '../../src/contract/events.ts';
import { writeEntries } from '../activities/activity-service.ts';
import type { Fragment } from '../db/list.ts';
import type { AppointmentTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import { notFound } from '../http/failure.ts';
import { Json } from '../http/json.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { JobKinds } from '../jobs/kinds.ts';
import { emitLeads } from '../leads/lead-event-service.ts';
import { appointmentWire, historyOf } from './appointment-wire.ts';

/** An appointment as it is held for a change. */
export type HeldAppointment = Selectable<AppointmentTable>;

/** An appointment with its history; refuses one that is not there. */
export async function readAppointment(tenant: Tenant, id: string): Promise<Json<AppointmentDetail>> {
  return read(tenant, id, sql``);
}

/** An appointment with what speaks against its time. */
export async function readChecked(tenant: Tenant, id: string, warnings: AppointmentWarning[]): Promise<Json<CheckedAppointment>> {
  return read(tenant, id, sql`, ${JSON.stringify(warnings)}::json as warnings`);
}

async function read(tenant: Tenant, id: string, more: Fragment): Promise<Json<never>> {
  const { rows } = await sql<{ json: string; version: number }>`
    select row_to_json(w)::text as json, w.version from (
      select ${appointmentWire}, ${historyOf(id)} as history ${more} from appointments r where r.id = ${id} and r.deleted_at is null) w`.execute(
    tenant.db,
  );
  if (!rows[0]) throw notFound('appointment');
  return new Json(rows[0].json, rows[0].version);
}

type Before = Pick<HeldAppointment, 'status' | 'outcome' | 'appointment_date' | 'duration_minutes'>;

/** Writes a change that was made into an appointment's history; its booking is one from nothing. */
export async function writeHistory(tenant: Tenant, id: string, before: Before | undefined, reason: string | null = null) {
  await sql`
    insert into appointment_changes (appointment_id, from_status, to_status, from_outcome, to_outcome, from_date, to_date,
      from_duration_minutes, to_duration_minutes, sequence, reason)
    select id, ${before?.status ?? null}, status, ${before?.outcome ?? null}, outcome, ${before?.appointment_date ?? null}::timestamptz,
      appointment_date, ${before?.duration_minutes ?? null}::integer, duration_minutes, sequence, ${reason}
    from appointments where id = ${id}`.execute(tenant.db);
}

interface Happening {
  /** None where nobody but the timeline hears of it. */
  event?: EventName;
  subject: string;
  /** What the timeline's entry tells to programs. */
  facts: object;
  /** When it was until now; the event of another time tells it. */
  formerDate?: Date;
}

/** Tells what happened to an appointment: on its lead's timeline, by an event, and by one of the lead, which was worked on. */
export async function tell(tenant: Tenant, { id, lead_id }: { id: string; lead_id: string }, happening: Happening) {
  const { event, subject, facts, formerDate } = happening;
  await writeEntries(
    tenant,
    'system',
    sql`select l.contact_id, l.id as lead_id, ${subject} as subject, ${JSON.stringify({ event, appointment_id: id, ...facts })}::jsonb as metadata
      from leads l where l.id = ${lead_id}`,
  );
  const more = formerDate ? sql`, wire_time(${formerDate}::timestamptz) as from_date` : sql``;
  if (event) await emit(tenant, event, appointmentRecords([id], more));
  await emitLeads(tenant, 'lead.updated', sql`r.id = ${lead_id}`);
}

/** Appointments as events tell of them, to whoever has their lead in their scope. */
export const appointmentRecords = (ids: readonly string[], more: Fragment = sql``): Fragment => sql`
  select r.id as record_id, row_to_json(w) as data,
    array(select l.owner_id from leads l where l.id = r.lead_id and l.owner_id is not null) as seen_by, '{}'::uuid[] as left_by
  from appointments r, lateral (select ${appointmentWire} ${more}) w where r.id = any(${ids}::uuid[]) and r.deleted_at is null`;

/** Has contact and owner mailed what became of an appointment that is not over yet. */
export async function askForMail(tenant: Tenant, id: string, about: JobKinds['mail-appointment']['about'], now: Date) {
  const { rows } = await sql<{ sequence: number }>`
    select sequence from appointments where id = ${id} and ends_at > ${now}::timestamptz`.execute(tenant.db);
  if (rows[0]) await enqueue(tenant, 'mail-appointment', { appointment_id: id, about, sequence: rows[0].sequence }, { key: id });
}

import { advance, BEGINNING, beginAgain } from '../appointments/appointment-workflow.ts';
import { newId } from '../ids.ts';
import type { Known } from './known.ts';
import type { SeedAppointment } from './seed-lead.ts';
import type { TimelineRow } from './timeline-rows.ts';

/** What a lead's appointments become: their rows, their histories, and what the lead's timeline tells of them. */
export interface AppointmentRows {
  appointments: object[];
  appointment_changes: object[];
  timeline: TimelineRow[];
}

/** Those at which the person was spoken to. */
const SPOKEN = new Set(['showed', 'sold', 'not_interested']);

/** When somebody was last spoken to at an appointment; null where that never was. */
export const lastMet = (appointments: readonly SeedAppointment[]): string | null =>
  appointments
    .map(({ appointment_date, course }) => ({
      date: course.findLast(({ date }) => date !== null)?.date ?? appointment_date,
      outcome: course.at(-1)?.outcome ?? null,
    }))
    .filter(({ outcome }) => outcome !== null && SPOKEN.has(outcome))
    .map(({ date }) => date)
    .toSorted()
    .at(-1) ?? null;

/** Takes appointments through their courses, by the rules that those of every day go by. */
export function appointmentRowsOf(
  appointments: readonly SeedAppointment[],
  leadId: string,
  ownerId: string | null,
  known: Known,
): AppointmentRows {
  const rows: AppointmentRows = { appointments: [], appointment_changes: [], timeline: [] };
  for (const appointment of appointments) addAppointment(rows, appointment, leadId, ownerId, known);
  return rows;
}

function addAppointment(rows: AppointmentRows, given: SeedAppointment, leadId: string, ownerId: string | null, known: Known) {
  const { booked, course, appointment_date, ...details } = given;
  const user = (email: string) => known.users.get(email)!;
  const id = newId(Date.parse(booked.at));
  let now = { standing: BEGINNING, date: appointment_date, sequence: 0 };
  const note = (at: string, by: string, before: typeof now | undefined, subject: string, facts: object) => {
    rows.appointment_changes.push({
      id: newId(Date.parse(at)),
      appointment_id: id,
      from_status: before?.standing.status ?? null,
      to_status: now.standing.status,
      from_outcome: before?.standing.outcome ?? null,
      to_outcome: now.standing.outcome,
      from_date: before?.date ?? null,
      to_date: now.date,
      from_duration_minutes: before ? details.duration_minutes : null,
      to_duration_minutes: details.duration_minutes,
      sequence: now.sequence,
      changed_at: at,
      changed_by: user(by),
    });
    rows.timeline.push({
      activity_type: 'system',
      subject,
      description: null,
      due_at: null,
      completed_at: null,
      occurred_at: at,
      metadata: { appointment_id: id, ...facts },
      created_by: user(by),
    });
  };

  note(booked.at, booked.by, undefined, 'Appointment booked', { event: 'appointment.created', appointment_date });
  for (const { status, at, by, outcome, date } of course) {
    const before = now;
    const from = before.standing;
    if (date !== null) {
      now = { standing: beginAgain(from), date, sequence: before.sequence + 1 };
      note(at, by, before, 'Appointment moved', { event: 'appointment.rescheduled', from: before.date, to: date });
      continue;
    }
    const standing = { ...from, ...advance(from, { status, ...(outcome !== null && { outcome }) }, user(by), new Date(at)) };
    now = { standing, date: before.date, sequence: before.sequence + (status === 'cancelled' ? 1 : 0) };
    const event = status === 'completed' || status === 'cancelled' ? `appointment.${status}` : 'appointment.updated';
    const facts = { event, from_status: from.status, to_status: status, ...(outcome !== null && { outcome }) };
    note(at, by, before, `Appointment ${status}`, facts);
  }
  const last = course.at(-1) ?? booked;
  rows.appointments.push({
    ...details,
    ...now.standing,
    id,
    lead_id: leadId,
    owner_id: ownerId,
    appointment_date: now.date,
    timezone: known.timezone,
    sequence: now.sequence,
    version: 1 + course.length,
    created_at: booked.at,
    updated_at: last.at,
    created_by: user(booked.by),
    updated_by: user(last.by),
  });
}

import { sql } from 'kysely';
import type { AppParts } from '../app-parts.ts';
import type { BookedAppointment, CalendarService } from '../calendars/calendar-service.ts';
import { readingUnit, type WorkspaceUnit } from '../db/tenant.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { JobWorker } from '../jobs/job-worker.ts';
import { addressOf, appointmentMail, type News, type Reader } from './appointment-mail.ts';

const READERS: Reader[] = ['contact', 'owner'];

/**
 * Mails contact and owner what became of an appointment, as it is by then: of two mails that wait, the newer takes the place
 * of the older. Each is a job of its own, so that who was mailed is not mailed again because the other could not be.
 */
export function workAppointments(
  worker: JobWorker,
  calendars: CalendarService,
  { db, mailer, publicUrl }: Pick<AppParts, 'db' | 'mailer' | 'publicUrl'>,
) {
  worker.inTransaction('mail-appointment', async (unit, { payload }) => {
    const appointment = await calendars.booked(unit, payload.appointment_id);
    if (!isStillSo(appointment, payload.about)) return;
    for (const reader of READERS)
      await enqueue(unit, 'mail-appointment-to', { ...payload, reader }, { key: `${payload.appointment_id} ${reader}` });
  });

  worker.outside('mail-appointment-to', async ({ payload, workspaceId, requestId }) => {
    const { appointment_id, about, sequence, reader } = payload;
    const unit = readingUnit(db, { role: 'app', workspaceId: workspaceId!, requestId });
    const appointment = await calendars.booked(unit, appointment_id);
    if (!isStillSo(appointment, about)) return;
    const to = addressOf(appointment, reader);
    if (to === undefined) return;
    const former = about === 'moved' ? await formerTime(unit, appointment_id, sequence) : undefined;
    const invitation = calendars.invitation(appointment, reader, mailer.sender);
    // The same whenever it is sent: a mail that went out before a crash is known again.
    const id = `<${[appointment_id, sequence, about, reader].join('.')}@${new URL(publicUrl).hostname}>`;
    await mailer.send(appointmentMail(appointment, reader, { about, former }, { to, id, invitation }));
  });
}

/** Whether an appointment is on, or off, as the mail would have it. */
const isStillSo = (appointment: BookedAppointment | undefined, about: News['about']): appointment is BookedAppointment =>
  appointment !== undefined && appointment.is_off === (about === 'cancelled');

/** From when an appointment was moved to the time that it has had since this change; nothing where that was not about time. */
async function formerTime({ db }: WorkspaceUnit, appointmentId: string, sequence: number): Promise<News['former']> {
  const { rows } = await sql<{ starts: string; ends: string }>`
    select wire_time(from_date) as starts, wire_time(from_date + make_interval(mins => from_duration_minutes)) as ends
    from appointment_changes
    where appointment_id = ${appointmentId} and sequence = ${sequence} and (from_date <> to_date or from_duration_minutes <> to_duration_minutes)
    order by changed_at desc, id desc limit 1`.execute(db);
  return rows[0] && { starts: new Date(rows[0].starts), ends: new Date(rows[0].ends) };
}

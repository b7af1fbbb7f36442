import { sql } from 'kysely';
import type { WorkspaceUnit } from '../db/tenant.ts';
import { notFound } from '../http/failure.ts';
import { eventForContact, eventForMembers, eventForOwner } from './appointment-event.ts';
import { bookedAppointments, type BookedAppointment } from './booked-appointment.ts';
import { calendarText } from './calendar-text.ts';

export type { BookedAppointment } from './booked-appointment.ts';

/** A calendar that asks something of its reader's. */
export interface Invitation {
  method: 'REQUEST' | 'CANCEL';
  text: string;
}

type Unit = Pick<WorkspaceUnit, 'db'>;

const DAY = 86_400_000;
const DAYS_BACK = 90;
const DAYS_AHEAD = 366;
const MOST_EVENTS = 2_000;

/** Appointments as calendars. Every method works inside its unit of work, and sees what that sees. */
export class CalendarService {
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** One appointment as a calendar. */
  async appointment(unit: Unit, id: string): Promise<string> {
    const [appointment] = await bookedAppointments(unit, sql`a.id = ${id} and a.deleted_at is null`);
    if (!appointment) throw notFound('appointment');
    return calendarText({ events: [eventForMembers(appointment)] });
  }

  /** What a member has agreed, lately and soon, as a calendar of that name; of too much what is nearest, the future first. */
  async ofMember(unit: Unit, userId: string, name: string): Promise<string> {
    const now = this.#clock();
    const [from, to] = [new Date(now - DAYS_BACK * DAY), new Date(now + DAYS_AHEAD * DAY)];
    const appointments = await bookedAppointments(
      unit,
      sql`a.id in (
        select id from appointments where owner_id = ${userId} and appointment_date >= ${from} and appointment_date < ${to} and deleted_at is null
        order by appointment_date < ${new Date(now)}, abs(extract(epoch from appointment_date - ${new Date(now)}::timestamptz)), id
        limit ${sql.lit(MOST_EVENTS)}) order by a.appointment_date, a.id`,
    );
    return calendarText({ name, events: appointments.map(eventForMembers) });
  }

  /** An appointment as it is now, also where it was deleted; nothing where there is none. */
  async booked(unit: Unit, id: string): Promise<BookedAppointment | undefined> {
    const [appointment] = await bookedAppointments(unit, sql`a.id = ${id}`);
    return appointment;
  }

  /** What a mail from `sender` brings to its reader's calendar: the appointment, or that it is off. */
  invitation(appointment: BookedAppointment, reader: 'contact' | 'owner', sender: string): Invitation {
    const method = appointment.is_off ? 'CANCEL' : 'REQUEST';
    const event = reader === 'contact' ? eventForContact(appointment, sender) : eventForOwner(appointment, sender);
    return { method, text: calendarText({ method, events: [event] }) };
  }
}

import { spanInWords } from '../time-words.ts';
import type { BookedAppointment } from './booked-appointment.ts';
import type { Attendee, CalendarEvent, CalendarPerson } from './calendar-text.ts';

/** An appointment as those see it who work in the workspace: with its lead, its contact's number and the notes. */
export function eventForMembers(appointment: BookedAppointment): CalendarEvent {
  const { contact, lead, notes, cancel_reason } = appointment;
  const name = nameOf(contact);
  return {
    ...eventOf(appointment, appointment.owner ?? undefined),
    summary: marked(appointment, name === lead ? lead : `${name}: ${lead}`),
    description: lines(
      ...timeAndPlace(appointment),
      cancel_reason && `Cancelled: ${cancel_reason}`,
      contact.name,
      contact.email,
      contact.phone_number,
      notes && `\n${notes}`,
    ),
  };
}

/** The same as its owner is sent it: by somebody else, for a calendar takes no invitation from its own owner. */
export const eventForOwner = (appointment: BookedAppointment, sender: string): CalendarEvent => ({
  ...eventForMembers(appointment),
  organizer: { name: appointment.workspace, email: sender },
});

/** The same as the contact may see it; `sender` stands for the workspace where the appointment has no owner. */
export function eventForContact(appointment: BookedAppointment, sender: string): CalendarEvent {
  const { owner, workspace, cancel_reason } = appointment;
  return {
    ...eventOf(appointment, owner ?? { name: workspace, email: sender }),
    summary: marked(appointment, `Appointment with ${hostOf(appointment)}`),
    description: lines(...timeAndPlace(appointment), cancel_reason && `Cancelled: ${cancel_reason}`),
  };
}

/** Whom a contact meets: `Ada Lovelace, Analytical`. */
const hostOf = ({ owner, workspace }: BookedAppointment) => (owner ? `${owner.name}, ${workspace}` : workspace);

/** What a contact is called: by the first of their names, addresses and numbers. */
const nameOf = ({ name, email, phone_number }: BookedAppointment['contact']) => name ?? email ?? phone_number ?? 'Contact';

function eventOf(
  appointment: BookedAppointment,
  organizer: CalendarPerson | undefined,
): Omit<CalendarEvent, 'summary' | 'description'> {
  const { id, sequence, status, is_off, starts, ends, created, changed, location, meeting_url, contact, owner } = appointment;
  const attendees: Attendee[] = [];
  if (owner) attendees.push({ name: owner.name, email: owner.email, leads: true });
  if (contact.email !== null) attendees.push({ name: contact.name, email: contact.email, leads: false });
  return {
    uid: id,
    sequence,
    status: is_off ? 'CANCELLED' : status === 'confirmed' || status === 'completed' ? 'CONFIRMED' : 'TENTATIVE',
    starts,
    ends,
    created,
    changed,
    // Many calendars show no other address than that of the place.
    location: location ?? meeting_url,
    url: meeting_url,
    organizer,
    attendees,
  };
}

/** Calendars that are subscribed to show what is cancelled like anything else. */
const marked = ({ is_off }: BookedAppointment, summary: string) => (is_off ? `Cancelled: ${summary}` : summary);

const timeAndPlace = ({ starts, ends, timezone, location, meeting_url }: BookedAppointment) => [
  spanInWords(starts, ends, timezone),
  location ?? meeting_url,
];

const lines = (...given: (string | null)[]) => given.filter(Boolean).join('\n');

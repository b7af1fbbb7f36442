import type { BookedAppointment, Invitation } from '../calendars/calendar-service.ts';
import type { Mail } from '../mail/mailer.ts';
import { momentInWords, spanInWords } from '../time-words.ts';

/** Who is mailed. */
export type Reader = 'contact' | 'owner';

/** What became of an appointment. */
export interface News {
  about: 'booked' | 'moved' | 'cancelled';
  /** When it was until now; none where it was not its time that changed. */
  former?: { starts: Date; ends: Date } | undefined;
}

/** Where a reader's mail goes; nowhere where they have no address, or none that takes mail. */
export function addressOf({ contact, owner }: BookedAppointment, reader: Reader): string | undefined {
  if (reader === 'owner') return owner?.email;
  return contact.is_bounced ? undefined : (contact.email ?? undefined);
}

/** The mail that tells one of the two sides, in plain words and by the clocks of their zone. */
export function appointmentMail(
  appointment: BookedAppointment,
  reader: Reader,
  { about, former }: News,
  { to, id, invitation }: { to: string; id: string; invitation: Invitation },
): Mail {
  const { starts, ends, contact, owner, lead, location, meeting_url, cancel_reason, notes } = appointment;
  const timezone = reader === 'owner' ? owner!.timezone : appointment.timezone;
  const other = reader === 'owner' ? contactOf(appointment) : hostOf(appointment);
  const news = about === 'moved' && !former ? 'changed' : about;
  const facts: [string, string | null | undefined | false][] = [
    ['When', spanInWords(starts, ends, timezone)],
    ['Before', former && spanInWords(former.starts, former.ends, timezone)],
    ['Where', location ?? meeting_url],
    ['Reason', about === 'cancelled' && cancel_reason],
    ['Lead', reader === 'owner' && lead],
    ['E-mail', reader === 'owner' && contact.email],
    ['Phone', reader === 'owner' && contact.phone_number],
    ['Notes', reader === 'owner' && notes && `\n${notes}`],
  ];
  const name = reader === 'owner' ? owner!.name : contact.name;
  const answerTo = reader === 'owner' ? contact.email : owner?.email;
  return {
    to,
    id,
    invitation,
    ...(answerTo != null && { replyTo: answerTo }),
    subject: `${SUBJECTS[news]} with ${other}, ${momentInWords(starts, timezone)}`,
    text: [
      name === null ? 'Hello,' : `Hello ${name},`,
      `${reader === 'owner' ? 'the' : 'your'} appointment with ${other} ${VERBS[news]}.`,
      facts.flatMap(([label, value]) => (value ? [`${label}: ${value}`] : [])).join('\n'),
      about === 'cancelled'
        ? 'The attached file takes it out of your calendar.'
        : 'The attached file brings it into your calendar.',
      '',
    ].join('\n\n'),
  };
}

const SUBJECTS = {
  booked: 'Appointment',
  moved: 'Moved: appointment',
  changed: 'Changed: appointment',
  cancelled: 'Cancelled: appointment',
};
const VERBS = {
  booked: 'is booked',
  moved: 'was moved',
  changed: 'was changed',
  cancelled: 'was cancelled',
};

const hostOf = ({ owner, workspace }: BookedAppointment) => (owner ? `${owner.name} of ${workspace}` : workspace);
const contactOf = ({ contact: { name, email, phone_number }, lead }: BookedAppointment) => name ?? email ?? phone_number ?? lead;

/** Someone who takes part in an event. */
export interface CalendarPerson {
  name: string | null;
  email: string;
}

/** Someone who is to be there. */
export interface Attendee extends CalendarPerson {
  /** Whether they lead it. */
  leads: boolean;
}

/** One event, as RFC 5545 knows it. */
export interface CalendarEvent {
  /** The same for ever; a calendar knows the event again by it. */
  uid: string;
  /** Counts the changes that make a calendar ask again. */
  sequence: number;
  status: 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED';
  starts: Date;
  ends: Date;
  created: Date;
  changed: Date;
  summary: string;
  description: string;
  location: string | null;
  url: string | null;
  organizer: CalendarPerson | undefined;
  attendees: Attendee[];
}

/** Events that are read together. */
export interface Calendar {
  /** What a mail asks of its reader's calendar; a calendar that is merely read has none. */
  method?: 'REQUEST' | 'CANCEL';
  /** What a calendar calls the feed. */
  name?: string;
  events: CalendarEvent[];
}

/** How often a calendar is to look for changes of a feed. */
const REFRESH = 'PT1H';

/**
 * Writes a calendar as RFC 5545 has it: times in UTC, which are right in every zone, lines of at most 75 octets, and no
 * text that could end its line. Not by a library: those that there are escape addresses as if they were text, and names of
 * calendars not at all.
 */
export function calendarText({ method, name, events }: Calendar): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Millrace//Millrace//EN', 'CALSCALE:GREGORIAN'];
  if (method !== undefined) lines.push(`METHOD:${method}`);
  if (name !== undefined) {
    // The older names are those that most calendars know.
    lines.push(`NAME:${text(name)}`, `X-WR-CALNAME:${text(name)}`);
    lines.push(`REFRESH-INTERVAL;VALUE=DURATION:${REFRESH}`, `X-PUBLISHED-TTL:${REFRESH}`);
  }
  for (const event of events) lines.push(...eventLines(event, method));
  lines.push('END:VCALENDAR');
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

function eventLines(event: CalendarEvent, method: Calendar['method']): string[] {
  const { uid, sequence, status, starts, ends, created, changed, summary, description, location, url, organizer, attendees } =
    event;
  return [
    'BEGIN:VEVENT',
    `UID:${text(uid)}`,
    `SEQUENCE:${sequence}`,
    // When the event was last changed, so that the same event is the same text.
    `DTSTAMP:${instant(changed)}`,
    `CREATED:${instant(created)}`,
    `LAST-MODIFIED:${instant(changed)}`,
    `DTSTART:${instant(starts)}`,
    `DTEND:${instant(ends)}`,
    `STATUS:${status}`,
    `TRANSP:${status === 'CANCELLED' ? 'TRANSPARENT' : 'OPAQUE'}`,
    `SUMMARY:${text(summary)}`,
    ...(description === '' ? [] : [`DESCRIPTION:${text(description)}`]),
    ...(location === null ? [] : [`LOCATION:${text(location)}`]),
    ...(url === null ? [] : [`URL:${address(url)}`]),
    ...(organizer ? [`ORGANIZER${commonName(organizer)}:${mailto(organizer)}`] : []),
    ...attendees.map((attendee) => `ATTENDEE${part(attendee, method)}${commonName(attendee)}:${mailto(attendee)}`),
    'END:VEVENT',
  ];
}

const part = ({ leads }: Attendee, method: Calendar['method']) =>
  leads
    ? ';ROLE=CHAIR;PARTSTAT=ACCEPTED'
    : `;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION${method === 'REQUEST' ? ';RSVP=TRUE' : ''}`;

/** `20260303T083000Z`; what is less than a second is left out. */
const instant = (moment: Date) => `${moment.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

const CONTROLS = /[^\P{Cc}\n\t]/gu;
const oneBreak = (value: string) => value.replaceAll(/\r\n?|[\u2028\u2029]/g, '\n').replaceAll(CONTROLS, '');

/** A value of type TEXT. */
const text = (value: string) =>
  oneBreak(value)
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n');

/**
 * A parameter's value, with the signs that would end it written as RFC 6868 has them. There is none for the semicolon, which
 * many readers take for the end also inside of quotes, and then for whatever parameter follows.
 */
const commonName = ({ name }: CalendarPerson) =>
  name === null || name.trim() === ''
    ? ''
    : `;CN="${oneBreak(name).replaceAll(';', ',').replaceAll('^', '^^').replaceAll('"', "^'").replaceAll('\n', '^n')}"`;

/** Addresses have no signs of their own that need escaping, once they are spelled as addresses are. */
const address = (url: string) => new URL(url).href;
const mailto = ({ email }: CalendarPerson) => `mailto:${email.replaceAll(/[^\w.@+'-]/g, encodeURIComponent)}`;

const MOST_OCTETS = 75;

/** A long line as several, each within its bounds and none ending inside of a character. */
function folded(line: string): string {
  let result = '';
  let octets = 0;
  for (const character of line) {
    const size = sizeOf(character.codePointAt(0)!);
    if (octets + size > MOST_OCTETS) {
      result += '\r\n ';
      octets = 1;
    }
    result += character;
    octets += size;
  }
  return result;
}

const sizeOf = (point: number) => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);

import assert from 'node:assert/strict';
import ICAL from 'ical.js';
import nodeIcal, { type VEvent } from 'node-ical';

// A time that does not say its zone is read as one of the reader's: here nobody's is meant.
process.env['TZ'] = 'Pacific/Chatham';

/** An event as a parser read it; times in milliseconds since 1970. */
export interface ReadEvent {
  uid: string;
  sequence: number;
  status: string;
  starts: number;
  ends: number;
  changed: number;
  summary: string;
  description: string | undefined;
  location: string | undefined;
  url: string | undefined;
  organizer: [address: string, name: string | undefined] | undefined;
  attendees: [address: string, name: string | undefined][];
}

/** Reads a calendar with two parsers, which must agree on everything, and answers its events in their order. */
export function readCalendar(text: string): { method: string | undefined; name: string | undefined; events: ReadEvent[] } {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents('vevent').map(byIcalJs);
  const read = Object.values(nodeIcal.sync.parseICS(text)).filter((one) => one?.type === 'VEVENT') as VEvent[];
  assert.deepEqual(read.map(byNodeIcal), events);
  const named = nodeIcal.sync.parseICS(text)['vcalendar'] as any;
  return { method: named?.method, name: named?.['WR-CALNAME'], events };
}

function byIcalJs(component: any): ReadEvent {
  const event = new ICAL.Event(component);
  const person = (property: any): [string, string | undefined] => [property.getFirstValue(), property.getParameter('cn')];
  const organizer = component.getFirstProperty('organizer');
  return {
    uid: event.uid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue('status'),
    starts: event.startDate.toJSDate().getTime(),
    ends: event.endDate.toJSDate().getTime(),
    changed: component.getFirstPropertyValue('last-modified').toJSDate().getTime(),
    summary: event.summary,
    description: event.description ?? undefined,
    location: event.location ?? undefined,
    url: component.getFirstPropertyValue('url') ?? undefined,
    organizer: organizer ? person(organizer) : undefined,
    attendees: component.getAllProperties('attendee').map(person),
  };
}

function byNodeIcal(event: any): ReadEvent {
  const person = (one: any): [string, string | undefined] =>
    typeof one === 'string' ? [one, undefined] : [one.val, one.params.CN && decoded(one.params.CN)];
  return {
    uid: event.uid,
    sequence: Number(event.sequence),
    status: event.status,
    starts: event.start.getTime(),
    ends: event.end.getTime(),
    changed: event.lastmodified.getTime(),
    summary: event.summary,
    description: event.description,
    location: event.location,
    url: event.url,
    organizer: event.organizer && person(event.organizer),
    attendees: [event.attendee ?? []].flat().map(person),
  };
}

/** This parser leaves to its caller what RFC 6868 says, and the quotes with it. */
const decoded = (name: string) =>
  name
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll(/\^(.)/g, (_, sign: string) => ({ n: '\n', "'": '"', '^': '^' })[sign] ?? `^${sign}`);

/** What RFC 5545 wants of every line: its end, and at most 75 octets. */
export function assertWellFolded(text: string) {
  assert.ok(text.endsWith('\r\n'));
  const lines = text.slice(0, -2).split('\r\n');
  for (const line of lines) {
    assert.doesNotMatch(line, /[\r\n]/);
    assert.ok(Buffer.byteLength(line) <= 75, line);
    assert.match(line, /^(?: |[A-Z-]+[:;])/);
    assert.doesNotMatch(line, /\uFFFD/);
  }
}

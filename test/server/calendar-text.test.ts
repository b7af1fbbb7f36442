import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { calendarText, type CalendarEvent } from '../../server/calendars/calendar-text.ts';
import { spanInWords } from '../../server/time-words.ts';
import { assertWellFolded, readCalendar } from '../support/calendars.ts';

const plain: CalendarEvent = {
  uid: '0198-one',
  sequence: 3,
  status: 'CONFIRMED',
  starts: new Date('2026-03-03T08:30:00.000Z'),
  ends: new Date('2026-03-03T09:00:00.000Z'),
  created: new Date('2026-02-01T00:00:00.000Z'),
  changed: new Date('2026-02-02T03:04:05.678Z'),
  summary: 'Meeting',
  description: '',
  location: null,
  url: null,
  organizer: undefined,
  attendees: [],
};
const written = (given: Partial<CalendarEvent>) => calendarText({ events: [{ ...plain, ...given }] });
const read = (given: Partial<CalendarEvent>) => {
  const text = written(given);
  assertWellFolded(text);
  const { events } = readCalendar(text);
  assert.equal(events.length, 1);
  return events[0]!;
};

describe('a calendar', () => {
  test('is what two parsers read of it', () => {
    const organizer = { name: 'Ada Lovelace', email: 'ada@example.test' };
    assert.deepEqual(
      read({
        description: 'One\nTwo',
        location: 'Berlin',
        url: 'https://meet.example.test/1',
        organizer,
        attendees: [
          { ...organizer, leads: true },
          { name: null, email: 'c+1@example.test', leads: false },
        ],
      }),
      {
        uid: '0198-one',
        sequence: 3,
        status: 'CONFIRMED',
        starts: Date.parse('2026-03-03T08:30:00Z'),
        ends: Date.parse('2026-03-03T09:00:00Z'),
        changed: Date.parse('2026-02-02T03:04:05Z'),
        summary: 'Meeting',
        description: 'One\nTwo',
        location: 'Berlin',
        url: 'https://meet.example.test/1',
        organizer: ['mailto:ada@example.test', 'Ada Lovelace'],
        attendees: [
          ['mailto:ada@example.test', 'Ada Lovelace'],
          ['mailto:c+1@example.test', undefined],
        ],
      },
    );
  });

  test('has the lines that every calendar needs, in their order', () => {
    const text = calendarText({ method: 'REQUEST', events: [plain] });
    assert.match(
      text,
      /^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\nPRODID:[^\r]+\r\nCALSCALE:GREGORIAN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n/,
    );
    assert.match(text, /\r\nDTSTAMP:20260202T030405Z\r\n/);
    assert.match(text, /\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n$/);
    assert.doesNotMatch(text, /NAME:|REFRESH-INTERVAL|DESCRIPTION|LOCATION|URL|ORGANIZER|ATTENDEE/);
    assert.match(calendarText({ events: [], name: 'Mine' }), /\r\nNAME:Mine\r\n.*\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n/s);
  });

  for (const [what, text] of Object.entries({
    'commas, semicolons and backslashes': 'Doe, Jane; C:\\temp "quoted", ^n ^^ %2C',
    'line breaks of every kind': 'One\nTwo\n\nThree',
    'what looks like lines of a calendar': 'x\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil\nATTENDEE:mailto:evil@example.test',
    'letters of all sizes': 'Åsa Öberg 山田太郎 👩‍👩‍👧‍👦 🇩🇪',
    'more than a line': 'é👍 '.repeat(200).trim(),
    'seventy-five octets and one more': 'a'.repeat(68),
  })) {
    test(`keeps ${what} in every text and name`, () => {
      const name = text.replaceAll('\n', ' ');
      const event = read({
        summary: text,
        description: text,
        location: text,
        organizer: { name: text, email: 'a@example.test' },
        attendees: [{ name, email: 'b@example.test', leads: false }],
      });
      assert.equal(event.summary, text);
      assert.equal(event.description, text);
      assert.equal(event.location, text);
      // A semicolon ends a name for some readers, quoted or not.
      assert.deepEqual(event.organizer, ['mailto:a@example.test', text.replaceAll(';', ',')]);
      assert.deepEqual(event.attendees, [['mailto:b@example.test', name.replaceAll(';', ',')]]);
    });
  }

  test('takes every kind of line end for one, and no other control character', () => {
    assert.equal(read({ summary: 'a\r\nb\rc\nd\0\u0007e\u0085f\tg' }).summary, 'a\nb\nc\ndef\tg');
    // Some readers end a line at these as well.
    assert.match(calendarText({ name: 'a\u2028b\u2029c', events: [] }), /\r\nNAME:a\\nb\\nc\r\n/);
  });

  test('keeps addresses as addresses, whatever stands in them', () => {
    assert.equal(read({ url: 'https://m.example.test/a,b;c?x=1&y=2#z' }).url, 'https://m.example.test/a,b;c?x=1&y=2#z');
    assert.equal(read({ url: 'https://m.example.test/\r\nATTENDEE:x' }).url, 'https://m.example.test/ATTENDEE:x');
    assert.equal(read({ url: 'https://m.example.test/ö b' }).url, 'https://m.example.test/%C3%B6%20b');
    assert.deepEqual(read({ organizer: { name: null, email: "o'b+1@example.test" } }).organizer, [
      "mailto:o'b+1@example.test",
      undefined,
    ]);
    const evil = { name: 'E', email: 'e@example.test\r\nX-EVIL:1;,?cc=f@example.test' };
    assert.doesNotMatch(written({ organizer: evil }), /^X-EVIL/m);
  });
});

/** Moments around which the clocks are changed. */
const CHANGES = {
  'Europe/Berlin': ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'],
  'America/New_York': ['2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z'],
};

describe('times around a change of the clocks', () => {
  for (const [zone, changes] of Object.entries(CHANGES)) {
    for (const change of changes) {
      test(`in ${zone} at ${change} are the very moments, as long as they are`, () => {
        for (let minutes = -150; minutes <= 150; minutes += 15) {
          for (const duration of [15, 60, 1_440]) {
            const starts = new Date(Date.parse(change) + minutes * 60_000);
            const ends = new Date(starts.getTime() + duration * 60_000);
            const event = read({ starts, ends });
            assert.deepEqual([event.starts, event.ends], [starts.getTime(), ends.getTime()]);
            assert.equal(clockOf(event.starts, zone), clockOf(starts.getTime(), zone));
          }
        }
      });
    }
  }

  test('are apart also within the hour that comes twice', () => {
    const [first, second] = [new Date('2026-10-25T00:30:00Z'), new Date('2026-10-25T01:30:00Z')];
    assert.equal(clockOf(first.getTime(), 'Europe/Berlin'), clockOf(second.getTime(), 'Europe/Berlin'));
    const { events } = readCalendar(
      calendarText({
        events: [first, second].map((starts, index) => ({
          ...plain,
          uid: `twice-${index}`,
          starts,
          ends: new Date(starts.getTime() + 900_000),
        })),
      }),
    );
    assert.deepEqual(
      events.map(({ starts, ends }) => [starts, ends - starts]),
      [
        [first.getTime(), 900_000],
        [second.getTime(), 900_000],
      ],
    );
  });
});

const clockOf = (moment: number, timeZone: string) =>
  new Date(moment).toLocaleString('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'short' });

describe('a span in words', () => {
  for (const [from, to, zone, words] of [
    ['2026-03-03T08:30Z', '2026-03-03T09:00Z', 'Europe/Berlin', 'Tuesday 3 March 2026, 09:30 to 10:00 GMT+1 (Europe/Berlin)'],
    [
      '2026-07-04T22:30Z',
      '2026-07-05T04:30Z',
      'America/New_York',
      'Saturday 4 July 2026, 18:30 to Sunday 5 July 2026, 00:30 GMT-4 (America/New_York)',
    ],
    [
      '2026-10-25T00:30Z',
      '2026-10-25T01:30Z',
      'Europe/Berlin',
      'Sunday 25 October 2026, 02:30 GMT+2 to 02:30 GMT+1 (Europe/Berlin)',
    ],
    [
      '2026-03-29T00:30Z',
      '2026-03-29T01:30Z',
      'Europe/Berlin',
      'Sunday 29 March 2026, 01:30 GMT+1 to 03:30 GMT+2 (Europe/Berlin)',
    ],
    ['2026-01-01T00:00Z', '2026-01-01T00:05Z', 'UTC', 'Thursday 1 January 2026, 00:00 to 00:05 GMT+0 (UTC)'],
    [
      '2026-01-01T00:00Z',
      '2026-01-01T00:05Z',
      'Asia/Kathmandu',
      'Thursday 1 January 2026, 05:45 to 05:50 GMT+5:45 (Asia/Kathmandu)',
    ],
  ] as const) {
    test(`from ${from} to ${to} in ${zone} names day, hours, offset and zone`, () => {
      assert.equal(spanInWords(new Date(from), new Date(to), zone), words);
    });
  }
});

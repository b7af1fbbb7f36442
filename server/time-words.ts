/** A span of time as people of a zone read it, with the zone: `Tuesday 3 March 2026, 09:30 to 10:00 GMT+1 (Europe/Berlin)`. */
export function spanInWords(from: Date, to: Date, timezone: string): string {
  const [start, end] = [wordsOf(from, timezone), wordsOf(to, timezone)];
  const day = end.day === start.day ? '' : `${end.day}, `;
  // Where the clocks are changed in between, the hours alone would tell another duration.
  const offset = end.offset === start.offset ? '' : ` ${start.offset}`;
  return `${start.day}, ${start.clock}${offset} to ${day}${end.clock} ${end.offset} (${timezone})`;
}

/** A moment as people of a zone read it: `Tuesday 3 March 2026, 09:30`. */
export function momentInWords(moment: Date, timezone: string): string {
  const { day, clock } = wordsOf(moment, timezone);
  return `${day}, ${clock}`;
}

function wordsOf(moment: Date, timeZone: string) {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  const [weekday, day, month, year, hour, minute, offset] = PARTS.map((part) => parts.get(part)!);
  return { day: `${weekday} ${day} ${month} ${year}`, clock: `${hour}:${minute}`, offset: offset! };
}

const PARTS = ['weekday', 'day', 'month', 'year', 'hour', 'minute', 'timeZoneName'] as const;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes longer than a thousand uses of it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const made =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'shortOffset',
    });
  formats.set(timeZone, made);
  return made;
}

/**
 * When a recurring job is due: every so many milliseconds, counted from 1970, or by the five fields of cron (minute, hour,
 * day of the month, month, day of the week) in UTC, with `*`, lists, ranges and steps.
 */
export type Recurrence = { every: number } | { cron: string };

const DAY = 86_400_000;
/** The 29th of February can be eight years away. */
const MOST_DAYS = 8 * 366;

/** The latest moment, not after `now`, at which a job was due; both in milliseconds since 1970. Throws where the cron text is none. */
export function latestTick(recurrence: Recurrence, now: number): number {
  if ('every' in recurrence) return Math.floor(now / recurrence.every) * recurrence.every;
  const { minutes, hours, isDue } = readCron(recurrence.cron);
  const today = Math.floor(now / DAY) * DAY;
  for (let day = 0; day < MOST_DAYS; day++) {
    const midnight = today - day * DAY;
    if (!isDue(new Date(midnight))) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const tick = midnight + hour * 3_600_000 + minute * 60_000;
        if (tick <= now) return tick;
      }
    }
  }
  throw new TypeError(`"${recurrence.cron}" names no day that there is.`);
}

interface Cron {
  /** From the last to the first. */
  minutes: number[];
  hours: number[];
  isDue(day: Date): boolean;
}

function readCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) throw new TypeError(`"${text}" has ${fields.length} fields, not the five of cron.`);
  const [minute, hour, date, month, weekday] = fields as [string, string, string, string, string];
  const dates = readField(date, 1, 31);
  const months = readField(month, 1, 12);
  // Sunday is 0 and 7.
  const weekdays = readField(weekday, 0, 7).map((day) => day % 7);
  // As cron has it: where both days are given, either will do.
  const either = !date.startsWith('*') && !weekday.startsWith('*');
  return {
    minutes: readField(minute, 0, 59),
    hours: readField(hour, 0, 23),
    isDue: (day) => {
      const onDate = dates.includes(day.getUTCDate());
      const onWeekday = weekdays.includes(day.getUTCDay());
      return months.includes(day.getUTCMonth() + 1) && (either ? onDate || onWeekday : onDate && onWeekday);
    },
  };
}

/** The numbers that a field names, from the last to the first. */
function readField(field: string, least: number, most: number): number[] {
  const named = new Set<number>();
  for (const part of field.split(',')) {
    const [, range, from, to, step] = /^(\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    const first = range === '*' ? least : Number(from);
    const last = range === '*' || (to === undefined && step !== undefined) ? most : Number(to ?? from);
    const by = Number(step ?? 1);
    if (range === undefined || first < least || last > most || first > last || by === 0)
      throw new TypeError(`"${part}" is no part of a cron field from ${least} to ${most}.`);
    for (let value = first; value <= last; value += by) named.add(value);
  }
  return [...named].sort((one, other) => other - one);
}

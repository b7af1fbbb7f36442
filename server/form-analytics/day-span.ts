import { sql } from 'kysely';
import type { Fragment } from '../db/fragment.ts';
import { invalidField } from '../http/failure.ts';

/** Whole days of a timezone, the first and the last of them included. */
export interface DaySpan {
  from: string;
  to: string;
  timezone: string;
}

const USUAL_DAYS = 30;
const MOST_DAYS = 731;
const DAY_MS = 86_400_000;

/** The days that were asked for: up to today where no last one is said, and thirty where no first one is. */
export function daySpan(asked: { from?: string | undefined; to?: string | undefined }, timezone: string, now: number): DaySpan {
  const today = dayOf(now, timezone);
  const to = asked.to ?? (asked.from === undefined || asked.from <= today ? today : asked.from);
  const from = asked.from ?? shifted(to, 1 - USUAL_DAYS);
  if (to < from) throw invalidField('to', 'too_small', { minimum: from });
  const last = shifted(from, MOST_DAYS - 1);
  if (to > last) throw invalidField('to', 'too_large', { maximum: last });
  return { from, to, timezone };
}

/** Holds for what happened within the span, at a moment: the day of a change of clocks has 23 hours, or 25. */
export const within = (moment: Fragment, { from, to, timezone }: DaySpan): Fragment =>
  sql`${moment} >= (${from}::date)::timestamp at time zone ${timezone}::text
    and ${moment} < (${to}::date + 1)::timestamp at time zone ${timezone}::text`;

/** Holds for what was counted on a day of the span. */
export const onDays = (day: Fragment, { from, to }: DaySpan): Fragment => sql`${day} between ${from}::date and ${to}::date`;

/** The day on which a moment was, as its people count. */
export const dayIn = (moment: Fragment, { timezone }: DaySpan): Fragment => sql`(${moment} at time zone ${timezone}::text)::date`;

const shifted = (day: string, days: number) => new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The day of a moment, like 2026-01-31. */
const dayOf = (now: number, timeZone: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);

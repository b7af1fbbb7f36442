import * as z from 'zod/mini';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = z.iso.datetime({ offset: true });
/** No place on earth is further from UTC, and the database takes no more. */
const FAR_OFFSET = /[+-](?:1[6-9]|2\d):\d\d$/;

/** Whether text is a day that the calendar has, from the year 1 on. */
export const isDay = (value: string) => DATE.test(value) && z.iso.date().safeParse(value).success && !value.startsWith('0000');

/** Seen from UTC as well it is in a year that has four digits, also when its last digits are rounded. */
const FIRST = Date.parse('0001-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59Z');

/** Whether text is a moment with its offset from UTC. */
export const isMoment = (value: string) =>
  DATE_TIME.safeParse(value).success && !FAR_OFFSET.test(value) && isDay(value.slice(0, 10)) && isWithinYears(Date.parse(value));

const isWithinYears = (moment: number) => moment >= FIRST && moment <= LAST;

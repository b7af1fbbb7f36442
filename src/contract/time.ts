import * as z from 'zod/mini';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = z.iso.datetime({ offset: true });
/** No place on earth is further from UTC, and the database takes no more. */
const FAR_OFFSET = /[+-](?:1[6-9]|2\d):\d\d$/;

/** Whether text is a day that the calendar has, from the year 1 on. */
export const isDay = (value: string) => DATE.test(value) && z.iso.date().safeParse(value).success && !value.startsWith('0000');

/** Whether text is a moment with its offset from UTC. */
export const isMoment = (value: string) =>
  DATE_TIME.safeParse(value).success && !FAR_OFFSET.test(value) && isDay(value.slice(0, 10));

import * as z from 'zod/mini';
import { as } from './issues.ts';

/** Query parameters arrive as text; each of these reads one kind of value from it. */

/** A whole number between two bounds. */
export const whole = (minimum: number, maximum: number) =>
  z.pipe(z.transform(numberOf), z.int().check(z.gte(minimum), z.lte(maximum)));

function numberOf(value: unknown) {
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

/** `true` or `false`. */
export const flag = () =>
  z.pipe(
    z.transform((value) => (value === 'true' ? true : value === 'false' ? false : value)),
    z.boolean(),
  );

/** One of a few words. */
export const oneOf = <const Options extends readonly [string, ...string[]]>(options: Options) => z.enum(options);

/** A parameter that may be repeated: `status=new&status=lost`, or `status[]=new&status[]=lost`. */
export const many = <Value extends z.ZodMiniType>(value: Value) =>
  z.pipe(
    z.transform((given) => (Array.isArray(given) ? given : [given])),
    z.array(value).check(z.maxLength(100)),
  );

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = z.iso.datetime({ offset: true });
/** No place on earth is further from UTC, and the database takes no more. */
const FAR_OFFSET = /[+-](?:1[6-9]|2\d):\d\d$/;

/** One bound of a span of time: a moment, or a whole day of the workspace. */
export const moment = () =>
  z
    .string()
    .check(
      z.refine(
        (value) =>
          DATE.test(value)
            ? isDay(value)
            : DATE_TIME.safeParse(value).success && !FAR_OFFSET.test(value) && isDay(value.slice(0, 10)),
        as('not_time'),
      ),
    );

/** Whether text is a day that the calendar has, from the year 1 on. */
export const isDay = (value: string) => z.iso.date().safeParse(value).success && !value.startsWith('0000');

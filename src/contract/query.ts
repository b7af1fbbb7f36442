import * as z from 'zod/mini';
import { as } from './issues.ts';
import { isDay, isMoment } from './time.ts';

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

/** One bound of a span of time: a moment, or a whole day of the workspace. */
export const moment = () => z.string().check(z.refine((value) => isDay(value) || isMoment(value), as('not_time')));

/** One bound of a span of days. */
export const day = () => z.string().check(z.refine(isDay, as('not_date')));

/** A number between two bounds, with decimals. */
export const decimal = (minimum: number, maximum: number) =>
  z.pipe(
    z.transform((value) => (typeof value === 'string' && /^-?\d{1,15}(?:\.\d{1,2})?$/.test(value) ? Number(value) : value)),
    z.number().check(z.gte(minimum), z.lte(maximum)),
  );

import * as z from 'zod/mini';
import { as } from './issues.ts';
import { isDay, isMoment } from './time.ts';

/** The kinds of value that records are made of. */

/** Ids are written in small letters; capitals mean the same. */
export const Id = z.uuid().check(z.toLowerCase());
export const Time = z.iso.datetime();

/** What every record carries. */
export const record = {
  id: Id,
  workspace_id: Id,
  created_at: Time,
  updated_at: Time,
  created_by: z.nullable(Id),
  updated_by: z.nullable(Id),
  version: z.int(),
};

/** Text that must be there. */
export const prose = (maximum: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(maximum));

/** One line of text: it may stand in the head of a mail. */
export const text = (maximum: number) =>
  z.string().check(
    z.trim(),
    z.minLength(1),
    z.maxLength(maximum),
    z.refine((value) => !/\p{Cc}/u.test(value), as('not_text')),
  );

/** A field that may be left out; an empty string means null. */
export const optional = <Value extends z.ZodMiniType>(value: Value) =>
  z.optional(z.pipe(z.transform(emptyToNull), z.nullable(value)));

const emptyToNull = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? null : value);

export const Email = z.string().check(z.trim(), z.maxLength(254, { abort: true }), z.email());

/** Digits with the signs people write between them; the server turns it into E.164 where it can. */
export const Phone = z.string().check(
  z.trim(),
  z.refine(
    (value) =>
      value.length >= 5 &&
      value.length <= 50 &&
      /^\+?[\d\s()./-]+(?:\s*(?:x|ext\.?|#)\s*\d+)?$/i.test(value) &&
      /\d.*\d.*\d/.test(value),
    as('not_phone'),
  ),
);

/** An address that a browser may be sent to: http or https, nothing else. */
export const WebAddress = z.string().check(z.trim(), z.maxLength(2_000, { abort: true }), z.refine(isWebAddress, as('not_url')));

function isWebAddress(value: string) {
  return /^https?:\/\/\P{Cc}*$/iu.test(value) && URL.canParse(value);
}

/** Codes that stand for several countries, for none, or for trying things out. */
const NO_COUNTRIES = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);
const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
export const Country = z.string().check(
  z.trim(),
  z.toUpperCase(),
  z.refine((value) => /^[A-Z]{2}$/.test(value) && !NO_COUNTRIES.has(value) && regions.of(value) !== undefined, as('not_country')),
);

const currencies = new Set(Intl.supportedValuesOf('currency'));
export const Currency = z.string().check(
  z.trim(),
  z.toUpperCase(),
  z.refine((value) => currencies.has(value), as('not_currency')),
);

export const Timezone = z.string().check(z.maxLength(100, { abort: true }), z.refine(isTimezone, as('not_timezone')));

function isTimezone(value: string) {
  try {
    // Names without a place, like AET, mean nothing or something else to the database.
    return (
      /^(?:UTC|[A-Z][\w+-]*(?:\/[\w+-]+)+)$/.test(value) &&
      value !== 'US/Pacific-New' &&
      Boolean(new Intl.DateTimeFormat('en', { timeZone: value }))
    );
  } catch {
    return false;
  }
}

/** An amount of money with at most two decimals; its currency stands beside it. */
export const Money = z.number().check(z.gte(0), z.lt(10_000_000_000), z.multipleOf(0.01));

/** A day of the calendar, from the year 1 on. */
export const Day = z.string().check(z.refine(isDay, as('not_date')));

/** A moment with its offset from UTC. */
export const Moment = z.string().check(z.refine(isMoment, as('not_moment')));

/** Someone who works in the workspace, as records name their people. */
export const Person = z.object({
  id: Id,
  name: z.nullable(z.string()),
  email: z.nullable(z.string()),
  avatar_url: z.nullable(z.string()),
});
export type Person = z.infer<typeof Person>;

/** An amount in one currency: totals are lists of them. */
export const Amount = z.object({ currency: z.string(), value: z.number() });
export type Amount = z.infer<typeof Amount>;

export const Locale = z.string().check(z.maxLength(35, { abort: true }), z.refine(isLocale, as('not_format')));

function isLocale(value: string) {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

/** Up to fifty words for finding a record again; a word counts once, whatever its case. */
export const Tags = z.array(text(50)).check(z.maxLength(50, { abort: true }), z.overwrite(onceEach));

function onceEach(tags: string[]) {
  const seen = new Set<string>();
  return tags.filter((tag) => !seen.has(tag.toLowerCase()) && seen.add(tag.toLowerCase()));
}

/** A JSON object of at most 16 KB. */
export const Metadata = z
  .record(z.string(), z.unknown())
  .check(z.refine((value) => new TextEncoder().encode(JSON.stringify(value)).length <= 16_384, as('too_big', { bytes: 16_384 })));

/** A postal address, its lines as people write them. */
export const address = {
  address_1: optional(text(255)),
  address_2: optional(text(255)),
  city: optional(text(100)),
  state: optional(text(50)),
  zip_code: optional(text(20)),
  country: optional(Country),
};

/** The same as a record carries it. */
export const addressRead = {
  address_1: z.nullable(z.string()),
  address_2: z.nullable(z.string()),
  city: z.nullable(z.string()),
  state: z.nullable(z.string()),
  zip_code: z.nullable(z.string()),
  country: z.nullable(z.string()),
};

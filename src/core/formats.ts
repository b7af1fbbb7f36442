import { localeOf } from './locale-tags.ts';

/** The units of time with how many seconds each lasts, the longest first. */
const TIME_UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const SIZE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const KILO = 1_024;

/** A day of the calendar, which is the same day in every timezone. */
const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * Numbers, money, days and lists as people write them in one locale. What is no day or moment is given back as it came.
 * Formats are made when they are first needed, and kept.
 */
class Formats {
  readonly locale: string;
  readonly #made = new Map<string, unknown>();

  constructor(locale: string) {
    this.locale = locale;
  }

  number(value: number) {
    return this.#numbers('number', {}).format(value);
  }

  /** With all of its decimals, for numbers that are told apart by them. */
  exactNumber(value: number) {
    return this.#numbers('exact number', { maximumSignificantDigits: 15 }).format(value);
  }

  /** A share of one: 0.25 is 25 %. */
  percent(share: number) {
    return this.#numbers('percent', { style: 'percent', maximumFractionDigits: 1 }).format(share);
  }

  /** An amount in its currency, without hundredths where there are none. */
  money(amount: number, currency: string) {
    const style = { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' } as const;
    return this.#numbers(`money ${currency}`, style).format(amount);
  }

  /** The numbers from one to another, or the one where they are the same. */
  range(from: number, to: number) {
    if (from === to) return this.number(from);
    // What is no range is refused by Intl.
    return from < to ? this.#numbers('number', {}).formatRange(from, to) : `${this.number(from)}–${this.number(to)}`;
  }

  fileSize(bytes: number) {
    const step = Math.max(0, Math.min(SIZE_UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(KILO)))) || 0;
    const unit = SIZE_UNITS[step]!;
    const style = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 } as const;
    return this.#numbers(unit, style).format(bytes / KILO ** step);
  }

  /** The day of a date like 2026-01-31, or that of a moment where the reader is. */
  day(date: string) {
    const isDay = DAY.test(date);
    return this.#date(isDay ? 'day' : 'day here', { dateStyle: 'medium', ...(isDay && { timeZone: 'UTC' }) }, date);
  }

  /** Day and time of a moment where the reader is. */
  moment(moment: string) {
    return this.#date('moment', { dateStyle: 'medium', timeStyle: 'short' }, moment);
  }

  /** The time of a moment where the reader is. */
  time(moment: string) {
    return this.#date('time', { timeStyle: 'short' }, moment);
  }

  /** How far a moment is from now, in the largest unit that fits: "5 min. ago", "yesterday", "now". */
  ago(moment: string, now: number) {
    const seconds = (Date.parse(moment) - now) / 1_000;
    if (Number.isNaN(seconds)) return moment;
    const relative = this.#kept('ago', () => new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto', style: 'short' }));
    for (const [unit, length] of TIME_UNITS) {
      if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
    }
    return relative.format(0, 'second');
  }

  /** Words in a row: "red, green and blue". */
  list(words: readonly string[], joint: 'and' | 'or' = 'and') {
    const type = joint === 'and' ? 'conjunction' : 'disjunction';
    return this.#kept(type, () => new Intl.ListFormat(this.locale, { type })).format(words);
  }

  /** Which of the plural forms of a text goes with a number. */
  plural(count: number) {
    return this.#kept('plural', () => new Intl.PluralRules(this.locale)).select(count);
  }

  #numbers(name: string, style: Intl.NumberFormatOptions) {
    return this.#kept(name, () => new Intl.NumberFormat(this.locale, style));
  }

  #date(name: string, style: Intl.DateTimeFormatOptions, date: string) {
    const time = Date.parse(date);
    return Number.isNaN(time) ? date : this.#kept(name, () => new Intl.DateTimeFormat(this.locale, style)).format(time);
  }

  #kept<Format>(name: string, make: () => Format): Format {
    let made = this.#made.get(name) as Format | undefined;
    if (!made) this.#made.set(name, (made = make()));
    return made;
  }
}
export type { Formats };

const known = new Map<string, Formats>();

/** The formats of a locale, the same object at every call; those of English where the tag names no locale. */
export function formatsOf(tag: string): Formats {
  let formats = known.get(tag);
  if (!formats) known.set(tag, (formats = new Formats(localeOf(tag) ?? 'en')));
  return formats;
}

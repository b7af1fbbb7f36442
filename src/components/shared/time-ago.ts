import { en } from '../../locales/en.ts';

const relative = new Intl.RelativeTimeFormat(en.locale, { numeric: 'auto', style: 'short' });

/** The units with how many seconds each lasts, the longest first. */
const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** How long ago a moment was, in the largest unit that fits: "5 min. ago", "yesterday", "now". */
export function timeAgo(moment: string, now: number): string {
  const seconds = (Date.parse(moment) - now) / 1_000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return relative.format(0, 'second');
}

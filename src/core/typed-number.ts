/** How a language writes numbers. */
interface Signs {
  decimal: string;
  group: string;
  digits: readonly string[];
}

const known = new Map<string, Signs>();

function signsOf(locale: string): Signs {
  let signs = known.get(locale);
  if (!signs) {
    const parts = new Intl.NumberFormat(locale).formatToParts(-12_345_678.9);
    const sign = (type: string) => parts.find((part) => part.type === type)?.value;
    const plain = new Intl.NumberFormat(locale, { useGrouping: false });
    const digits = Array.from({ length: 10 }, (_, digit) => plain.format(digit));
    known.set(locale, (signs = { decimal: sign('decimal') ?? '.', group: sign('group') ?? ',', digits }));
  }
  return signs;
}

/** A number as a person of that language would type it: exact, and without signs between its thousands. */
export function typedNumber(value: number | null | undefined, locale: string): string {
  if (value == null) return '';
  const plain = String(value);
  return plain.includes('e') ? plain : plain.replace('.', signsOf(locale).decimal);
}

/**
 * The number that was typed; nothing where nothing was, NaN where it is none. Signs between thousands are taken where they stand
 * right; a sign that can't be one of them is the decimal's, whichever of the two it is.
 */
export function numberTyped(text: string, locale: string): number | undefined {
  const { decimal, group, digits } = signsOf(locale);
  const plain = [...text.trim()]
    .map((sign) => (digits.includes(sign) ? digits.indexOf(sign) : sign))
    .join('')
    .replace(/[\u2212\u2010-\u2013]/g, '-')
    .replace(/[\u200e\u200f\u061c]/g, '');
  if (plain === '') return undefined;
  const isSpace = /\s/.test(group);
  const grouping = isSpace ? '[\\s\u00a0\u202f]' : escaped(group);
  const grouped = new RegExp(`^[-+]?\\d{1,3}(?:${grouping}\\d{2,3})*${grouping}\\d{3}(?:${escaped(decimal)}\\d*)?$`);
  const whole = grouped.test(plain) ? plain.replace(new RegExp(grouping, 'g'), '') : plain;
  const exact = whole.replace(decimal, '.').replace(/[,\u066b]/, '.');
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(exact) ? Number(exact) : Number.NaN;
}

/** What was typed as a number in one language, as it is typed in another; what is no number stays as it is. */
export function retyped(text: string, from: string, to: string): string {
  const number = numberTyped(text, from);
  return number === undefined || Number.isNaN(number) ? text : typedNumber(number, to);
}

const escaped = (sign: string) => sign.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

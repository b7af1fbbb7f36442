import { en } from '../../locales/en.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** An amount as people write it in its currency, without hundredths where there are none. */
export function money(amount: number, currency: string): string {
  let format = formats.get(currency);
  if (!format) formats.set(currency, (format = formatOf(currency)));
  return format.format(amount);
}

const formatOf = (currency: string) =>
  new Intl.NumberFormat(en.locale, { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' });

const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg']);

/** The locale that a tag names, as Intl writes it; nothing where the tag names none. `de_AT` is taken for `de-AT`. */
export function localeOf(tag: string | null | undefined): string | undefined {
  try {
    return tag ? Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0] : undefined;
  } catch {
    return undefined;
  }
}

/** The locale and what it is a kind of, the closest first: `zh-Hant-TW`, `zh-Hant`, `zh`. */
export function widened(locale: string): string[] {
  const parts = new Intl.Locale(locale).baseName.split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

/** The way that a locale is written in. */
export const directionOf = (locale: string): 'ltr' | 'rtl' =>
  RIGHT_TO_LEFT.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr';

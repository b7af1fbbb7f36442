import type { FormText } from '../contract/capture.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;

/** A form's text in its language: numbers choose among plural forms; numbers, days and words fill in the names that stand in braces. */
export function say(
  texts: Readonly<Record<string, FormText>>,
  name: string,
  locale: string,
  params: Record<string, string | number> = {},
) {
  const text = texts[name] ?? name;
  const count = Object.values(params).find((value) => typeof value === 'number');
  const form =
    typeof text === 'string' ? text : (text[new Intl.PluralRules(locale).select(Number(count))] ?? text['other'] ?? '');
  return form.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = params[key] ?? '';
    if (typeof value === 'number') return value.toLocaleString(locale);
    return DAY.test(value) ? new Date(value).toLocaleDateString(locale, { timeZone: 'UTC' }) : value;
  });
}

import type { FormText } from '../contract/capture.ts';

/** A form's text in its language: numbers choose among plural forms, and fill in the names that stand in braces. */
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
    return typeof value === 'number' ? value.toLocaleString(locale) : value;
  });
}

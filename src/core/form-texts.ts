import type { FormText, PublicField } from '../contract/capture.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const SMALL = /^\d{1,3}$/;

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
    if (typeof value === 'string' && !DAY.test(value)) return value;
    return written(value, locale).replace(/\d/g, (digit) => (texts['digits'] as string | undefined)?.[+digit] ?? digit);
  });
}

function written(value: string | number, locale: string) {
  if (typeof value === 'string') return new Date(value).toLocaleDateString(locale, { timeZone: 'UTC' });
  // They are the same everywhere, and the first use of `Intl` costs a page more than all else that a form does.
  return SMALL.test(`${value}`) ? `${value}` : value.toLocaleString(locale);
}

/** A sentence about a field, as it stands where others do too: behind the field's label, unless that is a text of its own. */
export function naming({ id, type, label = id }: Pick<PublicField, 'id' | 'type' | 'label'>, sentence: string) {
  if (type === 'consent') return sentence;
  return `${label}${/[:.?!؟：？]$/.test(label) ? '' : ':'} ${sentence}`;
}

import type { CustomField } from '../../contract/custom-field.ts';
import { heldName } from '../../core/custom-values.ts';
import type { Formats } from '../../core/formats.ts';
import { numberTyped } from '../../core/typed-number.ts';
import type { common } from '../../locales/en.ts';
import type { Localized } from './localized.ts';

/** What a form of the page sends of the custom fields: a choice of several as often as there are, a box where it is ticked. */
export const customEntries = (values: Readonly<Record<string, unknown>>, definitions: readonly CustomField[]) =>
  definitions.flatMap((definition): (readonly [string, string])[] => {
    const name = heldName(definition);
    const value = values[name];
    if (Array.isArray(value)) return value.map((one) => [name, String(one)]);
    if (typeof value === 'boolean') return value ? [[name, 'true']] : [];
    return [[name, String(value ?? '')]];
  });

/** What values are put into words with. */
export interface ValueWords {
  formats: Formats;
  /** The locale in which inputs hold their numbers. */
  writtenIn: string;
  common: Localized<typeof common>;
}

/** A number as it is read, of what an input holds; what is none stays as it was typed. */
export function shownNumber(text: string, { formats, writtenIn }: ValueWords): string {
  const number = numberTyped(text, writtenIn);
  return number === undefined || Number.isNaN(number) ? text : formats.exactNumber(number);
}

/** A value in words: texts, numbers, days, lists, yes and no, and choices by their labels. */
export function shownCustomValue(value: unknown, definition: CustomField | undefined, words: ValueWords): string {
  const { formats, common: texts } = words;
  const { options = [] } = definition?.configuration ?? {};
  const labelOf = (one: string) => options.find((option) => option.value === one)?.label ?? one;
  if (Array.isArray(value)) return formats.list(value.map((one) => labelOf(String(one))));
  if (typeof value === 'boolean') return texts.text(value ? 'yes' : 'no');
  const text = String(value ?? '');
  if (definition?.field_type === 'number') return shownNumber(text, words);
  return definition?.field_type === 'date' ? formats.day(text) : labelOf(text);
}

import type { CustomField } from '../../contract/custom-field.ts';
import { heldName } from '../../core/custom-values.ts';
import type { Formats } from '../../core/formats.ts';
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

/** A value in words: texts, lists, yes and no, and choices by their labels. */
export function shownCustomValue(
  value: unknown,
  definition: CustomField | undefined,
  { formats, common: texts }: { formats: Formats; common: Localized<typeof common> },
): string {
  const { options = [] } = definition?.configuration ?? {};
  const labelOf = (one: string) => options.find((option) => option.value === one)?.label ?? one;
  if (Array.isArray(value)) return formats.list(value.map((one) => labelOf(String(one))));
  if (typeof value === 'boolean') return texts.text(value ? 'yes' : 'no');
  return labelOf(String(value ?? ''));
}

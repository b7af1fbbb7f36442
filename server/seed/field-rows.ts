import type { CustomField } from '../../src/contract/custom-field.ts';
import { newId } from '../ids.ts';

/** A custom field as it should stand; those of a context are in their order. */
export type SeedField = Pick<
  CustomField,
  'context' | 'name' | 'label' | 'field_type' | 'configuration' | 'description' | 'is_required' | 'is_active' | 'is_searchable'
>;

/** The rows that fields become. */
export function fieldRowsOf(fields: readonly SeedField[]): object[] {
  const now = new Date();
  return [...Map.groupBy(fields, ({ context }) => context).values()].flatMap((ofContext) =>
    ofContext.map((field, index) => ({
      ...field,
      id: newId(),
      display_order: index + 1,
      version: 1,
      created_at: now,
      updated_at: now,
    })),
  );
}

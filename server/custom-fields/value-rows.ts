import type { FieldContext } from '../../src/contract/custom-field.ts';

/** The records that have values, and where those stand once more as rows. */
export const VALUED = {
  contact: { table: 'contacts', rows: 'contact_values', column: 'contact_id', noun: 'contact' },
  lead: { table: 'leads', rows: 'lead_values', column: 'lead_id', noun: 'lead' },
} as const satisfies Record<FieldContext, { table: string; rows: string; column: string; noun: string }>;

/** How many records one transaction carries. */
export const PIECE = 500;

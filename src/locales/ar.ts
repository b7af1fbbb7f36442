/** The texts in Arabic, a section an export. */
export * from './ar/errors.ts';
export * from './ar/forms.ts';
export * from './ar/records.ts';
export * from './ar/tables.ts';
export * from './ar/words.ts';

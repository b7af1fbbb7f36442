/** The texts in Spanish, a section an export. */
export * from './es/errors.ts';
export * from './es/forms.ts';
export * from './es/records.ts';
export * from './es/tables.ts';
export * from './es/words.ts';

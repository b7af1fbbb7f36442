/** The texts in French, a section an export. */
export * from './fr/errors.ts';
export * from './fr/forms.ts';
export * from './fr/records.ts';
export * from './fr/tables.ts';
export * from './fr/words.ts';

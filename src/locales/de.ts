/** The texts in German, a section an export. */
export * from './de/errors.ts';
export * from './de/forms.ts';
export * from './de/records.ts';
export * from './de/tables.ts';
export * from './de/words.ts';

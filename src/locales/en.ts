/** The texts in English, a section an export. Entries take from it what they need; other languages are loaded when asked for. */
export * from './en/errors.ts';
export * from './en/forms.ts';
export * from './en/records.ts';
export * from './en/tables.ts';
export * from './en/words.ts';

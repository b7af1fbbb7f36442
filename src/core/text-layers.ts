import type { FormText } from '../contract/capture.ts';
import type { Formats } from './formats.ts';
import { directionOf, localeOf, widened } from './locale-tags.ts';

/** A text with `{names}` for what is filled in, or its plural forms by the words of `Intl.PluralRules`. */
export type Text = FormText;

/** The texts of one part of the package by their names. */
export type Section = Readonly<Record<string, Text>>;

/** What stands in the place of names; a text like 2026-01-31 is written as a day. */
export type Params = Readonly<Record<string, string | number>>;

/** Texts of one language. */
export interface Layer {
  readonly locale: string;
  readonly texts: Section;
}

/** Texts that a host gives, by section or by language first, as deep as they go. */
export interface TextTree {
  readonly [name: string]: string | TextTree;
}

/**
 * Where a section's texts are looked up, the first that has one wins: the host's for the locale, the closest first, then
 * the host's for whatever locale, then the bundle of the language, then English.
 */
export function layersOf(
  section: string,
  locale: string,
  { english, bundle, given }: { english: Section; bundle: Section | undefined; given: TextTree },
): Layer[] {
  const byLocale = new Map(Object.entries(given).map(([tag, texts]) => [localeOf(tag) ?? tag, texts]));
  const own = [...new Set([locale, ...widened(locale)])].map((tag) => branch(byLocale.get(tag), section));
  return [
    ...[...own, given[section], bundle].flatMap((texts) => (isTexts(texts) ? [{ locale, texts }] : [])),
    { locale: 'en', texts: english },
  ];
}

/** Whether a host gave texts for this very locale or what it is a kind of. */
export const hasOwnTexts = (given: TextTree, locale: string) => {
  const tags = new Set(Object.keys(given).map((tag) => localeOf(tag)));
  return widened(locale).some((tag) => tags.has(tag));
};

/** The text with what is filled in: the first number among `params` chooses the plural form, by the rules of `rules`. */
export function filled(text: Text, params: Params, formats: Formats, rules: Formats = formats): string {
  const count = Object.values(params).find((value) => typeof value === 'number') ?? 0;
  const form = typeof text === 'string' ? text : (text[rules.plural(count)] ?? text['other'] ?? '');
  return form.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? '';
    if (typeof value === 'number') return formats.number(value);
    return DAY.test(value) ? formats.day(value) : setApart(value, rules.locale);
  });
}

const DAY = /^\d{4}-\d\d-\d\d$/;
/** Letters that are written so, and the marks that make others so. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u200f\u202a-\u202e\u2066-\u2069]/;

/** Keeps a word of the other direction from turning around what stands beside it. */
const setApart = (word: string, locale: string) =>
  word !== '' && (directionOf(locale) === 'rtl' || RIGHT_TO_LEFT.test(word)) ? `\u2068${word}\u2069` : word;

const branch = (tree: string | TextTree | undefined, name: string) => (typeof tree === 'object' ? tree[name] : undefined);

const isTexts = (texts: unknown): texts is Section => typeof texts === 'object' && texts !== null;

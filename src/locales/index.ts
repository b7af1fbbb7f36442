import type * as english from './en.ts';

/** The sections of the texts: `common`, `errors`, `contactForm` … */
export type SectionName = keyof typeof english;

/** A text, with `{names}` in it for what is filled in, or its plural forms by the words of `Intl.PluralRules`. */
export type Message = string | PluralMessage;
export type PluralMessage = Readonly<{ other: string } & Partial<Record<Exclude<Intl.LDMLPluralRule, 'other'>, string>>>;

/** The texts of a section in whatever language: the names of English, plural forms where English has them. */
export type SameTexts<English> = { readonly [Name in keyof English]: English[Name] extends string ? string : PluralMessage };

/** Every text of the elements in one language. */
export type Messages = { readonly [Section in SectionName]: SameTexts<(typeof english)[Section]> };

/** Some of the texts, for a host that says them otherwise. */
export type PartialMessages = { readonly [Section in SectionName]?: Readonly<Partial<SameTexts<(typeof english)[Section]>>> };

/** A host's own texts: for every language, or by language first; the closer to the locale wins. */
export type MessagesOverride = PartialMessages | Readonly<Record<string, PartialMessages>>;

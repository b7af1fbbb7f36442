import type { PublicField, PublicForm, PublicStep, SuccessAction } from '../../src/contract/capture.ts';
import type { Display, FormDefinition, FormField, FormStep } from '../../src/contract/form-definition.ts';
import { formHeights } from '../../src/core/form-heights.ts';
import { ruled, STARS } from '../../src/core/form-rules.ts';
import { say } from '../../src/core/form-texts.ts';
import { formStyles } from './form-styles.ts';
import { chosenLocale, digitsOf, directionOf, textsIn } from './form-language.ts';
import { publicTheme } from './public-theme.ts';
import type { FormTexts } from './texts/en.ts';

/** The name of the field that people don't see. Browsers fill nothing in under it, and programs fill in everything. */
export const TRAP = 'fax_line';

/** As much of a workspace as its forms show. */
export interface FormWorkspace {
  locale: string;
  theme: object;
}

interface Asked {
  id: string;
  version: number;
  /** A language tag, or a list like that of Accept-Language; the form's own language where it is missing. */
  lang?: string | undefined;
  workspace: FormWorkspace;
}

/** What a field's answer is, in the browser's words, where its author did not say. */
const AUTOCOMPLETE: Record<string, string> = {
  'contact.firstname': 'given-name',
  'contact.lastname': 'family-name',
  'contact.name': 'name',
  'contact.email': 'email',
  'contact.phone_number': 'tel',
  'contact.company': 'organization',
  'contact.address_1': 'address-line1',
  'contact.address_2': 'address-line2',
  'contact.city': 'address-level2',
  'contact.state': 'address-level1',
  'contact.zip_code': 'postal-code',
  'contact.country': 'country',
};
const BUTTONS = ['submit', 'next', 'back'] as const;
const TYPED = new Set(['text', 'email', 'tel', 'url', 'number', 'textarea', 'select', 'date']);

/**
 * A definition as a visitor meets it: in one language, with every sentence that it says, and without what is the
 * workspace's own business. A draft with problems is compiled as far as it goes.
 */
export function publicForm(definition: FormDefinition, { id, version, lang, workspace }: Asked): PublicForm {
  const own = definition.locale ?? workspace.locale;
  const locale = chosenLocale(definition, own, lang);
  const written = new Map(Object.entries(definition.texts?.[locale] ?? {}));
  const said: Said = (place) => written.get(place);
  const bundle = textsIn(locale);
  const buttons = Object.fromEntries(BUTTONS.map((name) => [name, said(name) ?? bundle[name]]));
  const texts = { ...bundle, ...buttons, ...digitsOf(locale) };
  const title = said('title') ?? definition.title;
  const form: Omit<PublicForm, 'heights' | 'styles'> = {
    id,
    version,
    locale,
    dir: directionOf(locale),
    title,
    steps: definition.steps.map((step) => publicStep(step, { said, texts, locale })),
    display: publicDisplay(definition.display, title, said),
    theme: publicTheme(definition.theme, workspace.theme),
    success: successOf(definition.success, bundle, said),
    ...(definition.spam?.honeypot !== false && { trap: TRAP }),
    proof: definition.spam?.proof !== false,
    partial: definition.partial === true,
    texts,
  };
  const sized = { ...form, heights: formHeights(form) };
  return { ...sized, styles: formStyles(sized) };
}

/** What the author wrote for a place in the visitor's language. */
type Said = (place: string) => string | undefined;

/** What a form says in one language. */
interface Language {
  said: Said;
  texts: PublicForm['texts'];
  locale: string;
}

const publicStep = ({ id, title, show_if, fields }: FormStep, language: Language): PublicStep => ({
  id,
  title: language.said(`${id}.title`) ?? title,
  show_if,
  fields: fields.map((field) => publicField(field, language)),
});

function publicField({ maps_to, ...field }: FormField, language: Language): PublicField {
  const { id, type, options } = field;
  const { said } = language;
  const known = TYPED.has(type)
    ? (AUTOCOMPLETE[maps_to ?? ''] ?? (type === 'email' || type === 'tel' || type === 'url' ? type : undefined))
    : undefined;
  return {
    ...ruled(field),
    label: said(`${id}.label`) ?? field.label,
    placeholder: said(`${id}.placeholder`) ?? field.placeholder,
    help: said(`${id}.help`) ?? field.help,
    autocomplete: field.autocomplete ?? known,
    options:
      type === 'rating'
        ? starsOf(field, language)
        : options?.map(({ value, label = value }) => ({ value, label: said(`${id}.options.${value}`) ?? label })),
  };
}

const starsOf = ({ max = STARS }: Pick<FormField, 'max'>, { texts, locale }: Language) =>
  Array.from({ length: Number(max) }, (_, index) => ({
    value: String(index + 1),
    label: say(texts, 'stars', locale, { count: index + 1 }),
  }));

/** A side tab has a text in any case: it is all that is seen of it. */
function publicDisplay(display: Display = { mode: 'inline' }, title: string | undefined, said: Said): Display {
  const opener = said('opener') ?? display.opener ?? (display.mode === 'side_tab' ? title?.slice(0, 60) : undefined);
  return { ...display, opener };
}

function successOf(success: FormDefinition['success'], texts: FormTexts, said: Said): SuccessAction {
  if (success?.kind === 'form') return success;
  // As it stands in a header, which holds no other letters than an address has once it is spelled out.
  if (success?.kind === 'redirect') return { kind: 'redirect', url: new URL(success.url).href };
  return {
    kind: 'message',
    title: said('success.title') ?? (success ? success.title : (texts.received_title as string)),
    message: said('success.message') ?? success?.message ?? (texts.received as string),
  };
}

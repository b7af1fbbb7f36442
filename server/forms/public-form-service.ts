import type { PublicField, PublicForm, PublicStep, SuccessAction } from '../../src/contract/capture.ts';
import {
  FormTheme,
  type Display,
  type FormDefinition,
  type FormField,
  type FormStep,
} from '../../src/contract/form-definition.ts';
import { formHeights } from '../../src/core/form-heights.ts';
import { chosenLocale, directionOf, textsIn } from './form-language.ts';
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
  const texts = { ...bundle, ...buttons };
  const title = said('title') ?? definition.title;
  const form: Omit<PublicForm, 'heights'> = {
    id,
    version,
    locale,
    dir: directionOf(locale),
    title,
    steps: definition.steps.map((step) => publicStep(step, said)),
    display: publicDisplay(definition.display, title, said),
    theme: themeOf(definition.theme, workspace.theme),
    success: successOf(definition.success, bundle, said),
    ...(definition.spam?.honeypot !== false && { trap: TRAP }),
    proof: definition.spam?.proof !== false,
    partial: definition.partial === true,
    texts,
  };
  return { ...form, heights: formHeights(form) };
}

/** What the author wrote for a place in the visitor's language. */
type Said = (place: string) => string | undefined;

const publicStep = ({ id, title, show_if, fields }: FormStep, said: Said): PublicStep => ({
  id,
  title: said(`${id}.title`) ?? title,
  show_if,
  fields: fields.map((field) => publicField(field, said)),
});

function publicField({ maps_to, ...field }: FormField, said: Said): PublicField {
  const { id, type, options } = field;
  const known = TYPED.has(type)
    ? (AUTOCOMPLETE[maps_to ?? ''] ?? (type === 'email' || type === 'tel' ? type : undefined))
    : undefined;
  return {
    ...field,
    label: said(`${id}.label`) ?? field.label,
    placeholder: said(`${id}.placeholder`) ?? field.placeholder,
    help: said(`${id}.help`) ?? field.help,
    autocomplete: field.autocomplete ?? known,
    options: options?.map(({ value, label = value }) => ({ value, label: said(`${id}.options.${value}`) ?? label })),
  };
}

/** A side tab has a text in any case: it is all that is seen of it. */
function publicDisplay(display: Display = { mode: 'inline' }, title: string | undefined, said: Said): Display {
  const opener = said('opener') ?? display.opener ?? (display.mode === 'side_tab' ? title?.slice(0, 60) : undefined);
  return { ...display, opener };
}

/** The workspace's look, with what the form says over it. */
function themeOf(theme: FormTheme = {}, workspaceTheme: object): FormTheme {
  const lent = Object.entries(workspaceTheme).filter(([name, value]) => {
    const rule = FormTheme.shape[name as keyof FormTheme];
    return rule !== undefined && value !== null && rule.safeParse(value).success;
  });
  return { ...Object.fromEntries(lent), ...theme };
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

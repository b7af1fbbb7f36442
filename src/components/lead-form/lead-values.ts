import type { Lead, LeadChange, NewLead } from '../../contract/lead.ts';
import type { LeadOptions } from '../../controllers/lead-options-controller.ts';
import { givenValues, heldName, heldValues, type HeldValue, type ValueField } from '../../core/custom-values.ts';
import type { FieldProblem } from '../../core/form-state.ts';
import { numberTyped, retyped, typedNumber } from '../../core/typed-number.ts';
import { newContactOf, type ContactValues } from '../contact-form/contact-values.ts';
import type { PersonValues } from '../contact-form/person-fields.ts';

/** As much of a contact as a lead form shows of it. */
export interface KnownContact {
  id: string;
  name: string | null;
  email: string | null;
  company?: string | null | undefined;
  phone_number?: string | null | undefined;
}

/** Whom the lead is about: someone who is there, someone new, or what was typed and is nobody yet. */
export type LeadContactChoice = { known: KnownContact } | { new: PersonValues } | { typed: string } | null;

/** A source that there is, or one by its name alone. */
export interface SourceChoice {
  id: string | null;
  name: string;
}

/** What the inputs of a lead form hold; numbers are kept as they are typed. */
export interface LeadValues extends Record<string, unknown> {
  contact: LeadContactChoice;
  title: string;
  product_interest: string;
  pipeline_id: string;
  stage_id: string;
  source: SourceChoice | null;
  score: Lead['score'];
  score_value: string;
  lead_value: string;
  currency: string;
  budget: string;
  timeline: string;
  expected_close_date: string;
  owner_id: string;
  tags: readonly string[];
  notes: string;
  [custom: `custom_fields.${string}`]: HeldValue;
}

export type LeadGiven = NewLead | LeadChange;

const TEXTS = ['title', 'product_interest', 'timeline', 'notes'] as const;
const NUMBERS = ['lead_value', 'budget', 'score_value'] as const;

export const NOBODY: PersonValues = { email: '', firstname: '', lastname: '', phone_number: '', company: null };

/** What values are made with. */
export interface Making {
  fields: readonly ValueField[];
  options: LeadOptions;
  locale: string;
  /** Whom a new lead is about. */
  contact: KnownContact | undefined;
}

/** What the inputs hold for a lead, or for a new one; in the order in which they stand. */
export function valuesOfLead(lead: Lead | undefined, { fields, options, locale, contact }: Making): LeadValues {
  const pipeline = options.pipelines?.find(({ is_default }) => is_default) ?? options.pipelines?.[0];
  const known = lead ? { ...lead.contact } : contact;
  const sourceName = options.sources?.find(({ id }) => id === lead?.source_id)?.name;
  return {
    contact: known ? { known } : null,
    title: lead?.title ?? '',
    product_interest: lead?.product_interest ?? '',
    source: lead?.source_id ? { id: lead.source_id, name: sourceName ?? '' } : null,
    pipeline_id: lead?.pipeline_id ?? pipeline?.id ?? '',
    stage_id: lead?.stage_id ?? firstStage(pipeline) ?? '',
    lead_value: typedNumber(lead?.lead_value, locale),
    currency: lead?.currency ?? options.currency ?? '',
    budget: typedNumber(lead?.budget, locale),
    timeline: lead?.timeline ?? '',
    expected_close_date: lead?.expected_close_date ?? '',
    owner_id: lead?.owner_id ?? '',
    score: lead?.score ?? 'cold',
    score_value: lead ? typedNumber(lead.score_value, locale) : '',
    tags: lead?.tags ?? [],
    ...heldValues(fields, lead?.custom_fields ?? (lead ? {} : undefined), locale),
    notes: lead?.notes ?? '',
  };
}

/** The values with their numbers as they are typed in another language. */
export function retypedLead(values: LeadValues, from: string, to: string): LeadValues {
  const numbers = NUMBERS.map((name) => [name, retyped(values[name], from, to)] as const);
  return { ...values, ...(Object.fromEntries(numbers) as Record<(typeof NUMBERS)[number], string>) };
}

/** Which of the numbers are none. */
export const notNumbers = (values: LeadValues, locale: string): FieldProblem[] =>
  NUMBERS.filter((name) => Number.isNaN(numberTyped(values[name], locale))).map((path) => ({
    path,
    code: 'wrong_type',
    params: { expected: 'number' },
  }));

/** What was typed in the search for a contact begins a new one: an e-mail address, a phone number or a name. */
export function personOf(typed: string): PersonValues {
  const text = typed.trim();
  if (text.includes('@')) return { ...NOBODY, email: text };
  if (/^[+\d][\d\s()./-]{4,}$/.test(text)) return { ...NOBODY, phone_number: text };
  const at = text.lastIndexOf(' ');
  return at < 0
    ? { ...NOBODY, firstname: text }
    : { ...NOBODY, firstname: text.slice(0, at).trim(), lastname: text.slice(at + 1) };
}

/** The stage in which a lead begins in a pipeline. */
export const firstStage = (pipeline: NonNullable<LeadOptions['pipelines']>[number] | undefined) =>
  pipeline?.stages.toSorted((one, other) => one.display_order - other.display_order).find(({ is_active }) => is_active)?.id;

/** What is sent: of a new lead what was filled in, of another what has changed. */
export function leadGivenOf(
  values: LeadValues,
  changed: readonly string[],
  lead: Lead | undefined,
  { fields, locale }: Pick<Making, 'fields' | 'locale'>,
): LeadGiven {
  const isNew = lead === undefined;
  const has = (name: string) => changed.includes(name);
  const custom_fields = givenValues(
    isNew ? fields : fields.filter((field) => has(heldName(field))),
    values,
    lead?.custom_fields,
    locale,
  );
  const numbers = NUMBERS.filter(has).map((name) => [name, numberTyped(values[name], locale) ?? null]);
  // Nothing is no score; it stays what it was.
  const kept = numbers.filter(([name, value]) => name !== 'score_value' || value !== null);
  return {
    ...(isNew || has('contact') ? contactOf(values.contact, locale) : {}),
    ...Object.fromEntries(TEXTS.filter(has).map((name) => [name, values[name].trim()])),
    ...Object.fromEntries(kept),
    ...(isNew && values.pipeline_id !== '' && { pipeline_id: values.pipeline_id }),
    ...((isNew || has('stage_id')) && values.stage_id !== '' && { stage_id: values.stage_id }),
    ...(has('source') && sourceOf(values.source)),
    ...(has('score') && { score: values.score }),
    ...(has('currency') && values.currency !== '' && { currency: values.currency }),
    ...(has('expected_close_date') && { expected_close_date: values.expected_close_date || null }),
    ...(has('owner_id') && { owner_id: values.owner_id || null }),
    ...(has('tags') && { tags: [...values.tags] }),
    ...(Object.keys(custom_fields).length > 0 && { custom_fields }),
  };
}

function contactOf(contact: LeadContactChoice, locale: string): Pick<NewLead, 'contact_id' | 'contact'> {
  if (contact === null || 'typed' in contact) return {};
  if ('known' in contact) return { contact_id: contact.known.id };
  return { contact: newContactOf({ ...contact.new, tags: [], metadata: [] } as ContactValues, [], locale) };
}

function sourceOf(source: SourceChoice | null) {
  if (source === null) return { source_id: null };
  return source.id === null ? { source: source.name.trim() } : { source_id: source.id };
}

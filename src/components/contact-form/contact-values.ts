import type { Contact, ContactChange, NewContact } from '../../contract/contact.ts';
import { givenValues, heldName, heldValues, type HeldValue, type ValueField } from '../../core/custom-values.ts';
import type { FieldProblem } from '../../core/form-state.ts';

/** A company that there is, or one by its name alone, which is found or made when the contact is saved. */
export interface CompanyChoice {
  id: string | null;
  name: string;
}

/** A detail by a name and a value; what is no text shows as JSON and stays what it is. */
export interface Attribute {
  key: string;
  text: string;
  isText: boolean;
}

/** What the inputs of a contact form hold. */
export interface ContactValues extends Record<string, unknown> {
  email: string;
  firstname: string;
  lastname: string;
  phone_number: string;
  company: CompanyChoice | null;
  tags: readonly string[];
  [custom: `custom_fields.${string}`]: HeldValue;
  metadata: readonly Attribute[];
}

export type ContactGiven = NewContact | ContactChange;

const TEXTS = ['email', 'firstname', 'lastname', 'phone_number'] as const;

/** What the inputs hold for a contact, or for a new one. */
export function valuesOfContact(contact: Contact | undefined, fields: readonly ValueField[], locale: string): ContactValues {
  const { company_id = null, company = null } = contact ?? {};
  return {
    email: contact?.email ?? '',
    firstname: contact?.firstname ?? '',
    lastname: contact?.lastname ?? '',
    phone_number: contact?.phone_number ?? '',
    company: company === null ? null : { id: company_id, name: company },
    tags: contact?.tags ?? [],
    ...heldValues(fields, contact?.custom_fields ?? (contact ? {} : undefined), locale),
    metadata: Object.entries(contact?.metadata ?? {}).map(([key, value]) => ({
      key,
      text: typeof value === 'string' ? value : JSON.stringify(value),
      isText: typeof value === 'string',
    })),
  };
}

/** What is sent for a new contact: all that was filled in. */
export function newContactOf(values: ContactValues, fields: readonly ValueField[], locale: string): NewContact {
  const custom_fields = givenValues(fields, values, undefined, locale);
  return {
    ...Object.fromEntries(TEXTS.filter((name) => values[name].trim() !== '').map((name) => [name, values[name].trim()])),
    ...companyOf(values.company ?? undefined),
    ...(values.tags.length > 0 && { tags: [...values.tags] }),
    ...(values.metadata.some(isFilled) && { metadata: metadataOf(values.metadata) }),
    ...(Object.keys(custom_fields).length > 0 && { custom_fields }),
  };
}

/** What is sent for a contact that has changed: the fields that did, as the person left them. */
export function contactChangeOf(
  values: ContactValues,
  changed: readonly string[],
  contact: Contact,
  fields: readonly ValueField[],
  locale: string,
): ContactChange {
  const custom_fields = givenValues(
    fields.filter((field) => changed.includes(heldName(field))),
    values,
    contact.custom_fields,
    locale,
  );
  return {
    ...Object.fromEntries(TEXTS.filter((name) => changed.includes(name)).map((name) => [name, values[name].trim()])),
    ...(changed.includes('company') && companyOf(values.company)),
    ...(changed.includes('tags') && { tags: [...values.tags] }),
    ...(changed.includes('metadata') && { metadata: metadataOf(values.metadata) }),
    ...(Object.keys(custom_fields).length > 0 && { custom_fields }),
  };
}

/** What is wrong with details: a value without a name, or a name for the second time. */
export function attributeProblems(attributes: readonly Attribute[]): FieldProblem[] {
  const keys = attributes.map(({ key }) => key.trim());
  return attributes.flatMap((attribute, index): FieldProblem[] => {
    if (!isFilled(attribute)) return [];
    const path = `metadata.${index}`;
    if (keys[index] === '') return [{ path, code: 'required', params: {} }];
    return keys.indexOf(keys[index]!) < index ? [{ path, code: 'taken', params: {} }] : [];
  });
}

function companyOf(company: CompanyChoice | null | undefined) {
  if (company === undefined) return {};
  if (company === null) return { company_id: null };
  return company.id === null ? { company: company.name.trim() } : { company_id: company.id };
}

const metadataOf = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.filter(isFilled).map(({ key, text, isText }) => [key.trim(), isText ? text : parsed(text)]));

const isFilled = ({ key, text }: Attribute) => key.trim() !== '' || text.trim() !== '';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

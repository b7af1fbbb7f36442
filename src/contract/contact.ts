import * as z from 'zod/mini';
import { Activity } from './activity.ts';
import { CustomValueGiven, CustomValues, CustomValuesGiven } from './custom-field.ts';
import { customFilters, sortOf } from './custom-query.ts';
import { Appointment } from './appointment.ts';
import { archivable, listOf, listQuery } from './envelope.ts';
import { address, addressRead, Email, Id, Metadata, optional, Person, Phone, prose, record, Tags, text, Time } from './fields.ts';
import { as } from './issues.ts';
import { flag, many, moment, oneOf } from './query.ts';
import { defineRoute } from './route.ts';

export const CONTACT_STATUSES = ['active', 'bounced', 'unsubscribed'] as const;
export const CONTACT_TYPES = ['lead', 'client', 'partner', 'other'] as const;
export const PRIORITIES = ['low', 'medium', 'high'] as const;

/** A person, as lists show them. */
export const Contact = z.object({
  ...record,
  firstname: z.nullable(z.string()),
  lastname: z.nullable(z.string()),
  /** First and last name joined. */
  name: z.nullable(z.string()),
  email: z.nullable(z.string()),
  phone_number: z.nullable(z.string()),
  company_id: z.nullable(Id),
  company: z.nullable(z.string()),
  ...addressRead,
  status: z.enum(CONTACT_STATUSES),
  type: z.enum(CONTACT_TYPES),
  priority: z.nullable(z.enum(PRIORITIES)),
  is_favorite: z.boolean(),
  is_archived: z.boolean(),
  tags: z.array(z.string()),
  notes: z.nullable(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  custom_fields: CustomValues,
  /** The highest score of the contact's active leads. */
  score: z.nullable(z.int()),
});
export type Contact = z.infer<typeof Contact>;

/** A member who works with a contact. */
export const Assignment = z.object({
  user_id: Id,
  name: z.nullable(z.string()),
  email: z.string(),
  avatar_url: z.nullable(z.string()),
  assigned_at: Time,
});
export type Assignment = z.infer<typeof Assignment>;

/** A contact's lead, as much as stands beside the contact. */
export const ContactLead = z.object({
  id: Id,
  title: z.string(),
  status: z.string(),
  pipeline_id: Id,
  stage_id: Id,
  stage: z.string(),
  score: z.string(),
  score_value: z.int(),
  lead_value: z.nullable(z.number()),
  currency: z.string(),
  owner: z.nullable(Person),
  is_active: z.boolean(),
  created_at: Time,
  last_activity_at: z.nullable(Time),
});
export type ContactLead = z.infer<typeof ContactLead>;

/** A person with everything that stands beside them. */
export const ContactDetail = z.extend(Contact, {
  assignments: z.array(Assignment),
  /** Their leads but archived ones, the newest first; the latest fifty. */
  leads: z.array(ContactLead),
  /** The latest fifty by their date, the latest first. */
  appointments: z.array(Appointment),
  /** The latest fifty entries of their timeline and their leads', the latest first. */
  activities: z.array(Activity),
});
export type ContactDetail = z.infer<typeof ContactDetail>;

const fields = {
  firstname: optional(text(255)),
  lastname: optional(text(255)),
  /** Instead of firstname and lastname: split at the last space. */
  name: optional(text(100)),
  email: optional(Email),
  phone_number: optional(Phone),
  company_id: optional(Id),
  /** Instead of company_id: found by its name, or created. */
  company: optional(text(100)),
  ...address,
  status: z.optional(z.enum(CONTACT_STATUSES)),
  type: z.optional(z.enum(CONTACT_TYPES)),
  priority: optional(z.enum(PRIORITIES)),
  is_favorite: z.optional(z.boolean()),
  is_archived: z.optional(z.boolean()),
  tags: z.optional(Tags),
  notes: optional(prose(5_000)),
  metadata: z.optional(Metadata),
  custom_fields: z.optional(CustomValuesGiven),
};

const IDENTITY = ['firstname', 'lastname', 'email', 'phone_number'] as const;

const oneName = z.refine<{ name?: unknown; firstname?: unknown; lastname?: unknown }>(
  (given) => given.name == null || (given.firstname == null && given.lastname == null),
  { path: ['name'], ...as('only_one_of', { fields: ['name', 'firstname with lastname'] }) },
);
const oneCompany = z.refine<{ company_id?: unknown; company?: unknown }>(
  (given) => given.company_id == null || given.company == null,
  { path: ['company'], ...as('only_one_of', { fields: ['company', 'company_id'] }) },
);

export const NewContact = z.strictObject(fields).check(
  oneName,
  oneCompany,
  z.refine((given) => given.name != null || IDENTITY.some((field) => given[field] != null), {
    path: ['email'],
    ...as('one_of_needed', { fields: [...IDENTITY] }),
  }),
);
export type NewContact = z.output<typeof NewContact>;

export const ContactChange = z.strictObject(fields).check(oneName, oneCompany);
export type ContactChange = z.output<typeof ContactChange>;

export const CONTACT_SORTS = ['created_at', 'updated_at', 'name', 'email', 'company', 'score'] as const;

export const ContactQuery = z.extend(listQuery(CONTACT_SORTS), {
  sort_by: sortOf(CONTACT_SORTS),
  /** Substrings of three letters and more, word beginnings for fewer; every word must be found. */
  search: z.optional(z.string().check(z.trim(), z.maxLength(200))),
  status: z.optional(many(oneOf(CONTACT_STATUSES))),
  type: z.optional(many(oneOf(CONTACT_TYPES))),
  priority: z.optional(many(oneOf(PRIORITIES))),
  company_id: z.optional(Id),
  /** A member's user id who is assigned, `me`, or `none`. */
  owner: z.optional(z.union([oneOf(['me', 'none']), Id])),
  /** Contacts with any of these tags. */
  tags: z.optional(many(text(50))),
  is_favorite: z.optional(flag()),
  ...customFilters,
  ...archivable,
  created_from: z.optional(moment()),
  created_to: z.optional(moment()),
});
export type ContactQuery = z.output<typeof ContactQuery>;

export const contactRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/contacts',
    summary: 'Lists contacts, the last changed first unless sorted otherwise. Archived ones are left out unless asked for.',
    permission: 'crm:contacts:view',
    query: ContactQuery,
    response: listOf(Contact),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/contacts',
    summary: 'Creates a contact from at least a name, an e-mail or a phone number.',
    permission: 'crm:contacts:create',
    body: NewContact,
    response: ContactDetail,
    status: 201,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/contacts/:id',
    summary:
      'Reads a contact with the members who work with it, its leads and its latest activities. One that was merged into another is a 301 to that one, whose id is in `data`.',
    permission: 'crm:contacts:view',
    response: ContactDetail,
    mayMove: true,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/contacts/:id',
    summary: 'Changes the fields that are sent and leaves the others; null or an empty string clears one.',
    permission: 'crm:contacts:edit',
    body: ContactChange,
    response: ContactDetail,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/contacts/:id',
    summary: 'Deletes a contact; it can be restored for thirty days.',
    permission: 'crm:contacts:delete',
    status: 204,
  }),
  restore: defineRoute({
    method: 'POST',
    path: '/contacts/:id/restore',
    summary: 'Brings a deleted contact back.',
    permission: 'crm:contacts:delete',
    response: ContactDetail,
  }),
  setCustomField: defineRoute({
    method: 'PUT',
    path: '/contacts/:id/custom-fields/:field_id',
    summary: 'Sets the value of one custom field; null or an empty string takes it away.',
    permission: 'crm:contacts:edit',
    body: CustomValueGiven,
    response: ContactDetail,
  }),
  assign: defineRoute({
    method: 'POST',
    path: '/contacts/:id/assignments',
    summary: 'Assigns a member to a contact; assigning them again changes nothing.',
    permission: 'crm:contacts:edit',
    body: z.strictObject({ user_id: Id }),
    response: ContactDetail,
    status: 201,
  }),
  unassign: defineRoute({
    method: 'DELETE',
    path: '/contacts/:id/assignments/:user_id',
    summary: 'Takes a member off a contact.',
    permission: 'crm:contacts:edit',
    status: 204,
  }),
};

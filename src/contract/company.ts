import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { address, addressRead, Amount, optional, Phone, prose, record, Tags, text, WebAddress } from './fields.ts';
import { many, oneOf, whole } from './query.ts';
import { defineRoute } from './route.ts';

export const INDUSTRIES = [
  'agriculture',
  'automotive',
  'construction',
  'consulting',
  'consumer_goods',
  'education',
  'energy',
  'engineering',
  'finance',
  'food_and_beverage',
  'government',
  'healthcare',
  'hospitality',
  'insurance',
  'legal',
  'logistics',
  'manufacturing',
  'marketing',
  'media',
  'nonprofit',
  'pharmaceuticals',
  'real_estate',
  'retail',
  'technology',
  'telecommunications',
  'tourism',
  'wellness',
  'other',
] as const;

const MOST_EMPLOYEES = 2_147_483_647;

/** An organisation, as lists show it. */
export const Company = z.object({
  ...record,
  name: z.string(),
  industry: z.nullable(z.enum(INDUSTRIES)),
  website: z.nullable(z.string()),
  employees: z.nullable(z.int()),
  phone_number: z.nullable(z.string()),
  ...addressRead,
  tags: z.array(z.string()),
  notes: z.nullable(z.string()),
});
export type Company = z.infer<typeof Company>;

/** An organisation with the figures of what belongs to it. */
export const CompanyDetail = z.extend(Company, {
  contacts_count: z.int(),
  /** What the active leads of its contacts are worth. */
  open_lead_value: z.array(Amount),
});
export type CompanyDetail = z.infer<typeof CompanyDetail>;

const fields = {
  industry: optional(z.enum(INDUSTRIES)),
  website: optional(WebAddress),
  employees: optional(z.int().check(z.gte(0), z.lte(MOST_EMPLOYEES))),
  phone_number: optional(Phone),
  ...address,
  tags: z.optional(Tags),
  notes: optional(prose(5_000)),
};

export const NewCompany = z.strictObject({ name: text(100), ...fields });
export type NewCompany = z.output<typeof NewCompany>;

export const CompanyChange = z.strictObject({ name: z.optional(text(100)), ...fields });
export type CompanyChange = z.output<typeof CompanyChange>;

export const COMPANY_SORTS = ['created_at', 'updated_at', 'name', 'employees'] as const;

export const CompanyQuery = z.extend(listQuery(COMPANY_SORTS), {
  /** In the name and the website: substrings of three letters and more, word beginnings for fewer. */
  search: z.optional(z.string().check(z.trim(), z.maxLength(200))),
  industry: z.optional(many(oneOf(INDUSTRIES))),
  tags: z.optional(many(text(50))),
  employees_min: z.optional(whole(0, MOST_EMPLOYEES)),
  employees_max: z.optional(whole(0, MOST_EMPLOYEES)),
});
export type CompanyQuery = z.output<typeof CompanyQuery>;

export const companyRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/companies',
    summary: 'Lists companies, the newest first unless sorted otherwise.',
    permission: 'crm:companies:view',
    query: CompanyQuery,
    response: listOf(Company),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/companies',
    summary: 'Creates a company; its name is unique in the workspace, whatever its case.',
    permission: 'crm:companies:create',
    body: NewCompany,
    response: CompanyDetail,
    status: 201,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/companies/:id',
    summary: 'Reads a company with the number of its contacts and the value of their open leads.',
    permission: 'crm:companies:view',
    response: CompanyDetail,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/companies/:id',
    summary: 'Changes the fields that are sent and leaves the others; null or an empty string clears one.',
    permission: 'crm:companies:edit',
    body: CompanyChange,
    response: CompanyDetail,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/companies/:id',
    summary: 'Deletes a company and leaves its contacts without one; it can be restored for thirty days.',
    permission: 'crm:companies:delete',
    status: 204,
  }),
  restore: defineRoute({
    method: 'POST',
    path: '/companies/:id/restore',
    summary: 'Brings a deleted company back, with the contacts that had it and have no other since.',
    permission: 'crm:companies:delete',
    response: CompanyDetail,
  }),
};

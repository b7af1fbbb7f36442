import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { optional, prose, record, text } from './fields.ts';
import { flag, many, oneOf } from './query.ts';
import { defineRoute } from './route.ts';

export const SOURCE_CATEGORIES = ['digital', 'traditional', 'referral', 'event', 'partner', 'other'] as const;

/** Where leads come from. */
export const LeadSource = z.object({
  ...record,
  name: z.string(),
  category: z.enum(SOURCE_CATEGORIES),
  description: z.nullable(z.string()),
  is_active: z.boolean(),
});
export type LeadSource = z.infer<typeof LeadSource>;

const fields = {
  category: z.optional(z.enum(SOURCE_CATEGORIES)),
  description: optional(prose(1_000)),
  is_active: z.optional(z.boolean()),
};

export const NewLeadSource = z.strictObject({ name: text(100), ...fields });
export type NewLeadSource = z.output<typeof NewLeadSource>;

export const LeadSourceChange = z.strictObject({ name: z.optional(text(100)), ...fields });
export type LeadSourceChange = z.output<typeof LeadSourceChange>;

export const LeadSourceQuery = z.extend(listQuery(['created_at', 'name']), {
  category: z.optional(many(oneOf(SOURCE_CATEGORIES))),
  is_active: z.optional(flag()),
});
export type LeadSourceQuery = z.output<typeof LeadSourceQuery>;

export const leadSourceRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/lead-sources',
    summary: 'Lists the sources that leads come from, the newest first unless sorted otherwise.',
    permission: 'crm:leads:view',
    query: LeadSourceQuery,
    response: listOf(LeadSource),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/lead-sources',
    summary: 'Creates a source; its name is unique in the workspace, whatever its case.',
    permission: 'workspace:pipelines',
    body: NewLeadSource,
    response: LeadSource,
    status: 201,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/lead-sources/:id',
    summary: 'Reads a source.',
    permission: 'crm:leads:view',
    response: LeadSource,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/lead-sources/:id',
    summary: 'Changes the fields that are sent and leaves the others.',
    permission: 'workspace:pipelines',
    body: LeadSourceChange,
    response: LeadSource,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/lead-sources/:id',
    summary: 'Deletes a source and leaves its leads without one.',
    permission: 'workspace:pipelines',
    status: 204,
  }),
};

import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { Currency, Id, Money, optional, Person, record, text, Time } from './fields.ts';
import { many, oneOf } from './query.ts';
import { defineRoute } from './route.ts';

export const DEAL_STATES = ['open', 'won', 'lost'] as const;

/** The sale that a lead became. */
export const Deal = z.object({
  ...record,
  lead_id: Id,
  contact_id: Id,
  title: z.string(),
  value: z.nullable(z.number()),
  currency: z.string(),
  state: z.enum(DEAL_STATES),
  owner_id: z.nullable(Id),
  owner: z.nullable(Person),
  /** When it was won or lost; null while it is open. */
  closed_at: z.nullable(Time),
});
export type Deal = z.infer<typeof Deal>;

const fields = {
  title: z.optional(text(100)),
  value: optional(Money),
  currency: z.optional(Currency),
  state: z.optional(z.enum(DEAL_STATES)),
  owner_id: optional(Id),
};

/** Title, value, currency and owner are the lead's where they are left out. */
export const NewDealOfLead = z.strictObject(fields);
export type NewDealOfLead = z.output<typeof NewDealOfLead>;

export const NewDeal = z.strictObject({ lead_id: Id, ...fields });
export type NewDeal = z.output<typeof NewDeal>;

export const DealChange = z.strictObject(fields);
export type DealChange = z.output<typeof DealChange>;

const SORTS = ['created_at', 'updated_at', 'title', 'value', 'closed_at'] as const;
const filters = { state: z.optional(many(oneOf(DEAL_STATES))) };

export const DealQuery = z.extend(listQuery(SORTS), {
  ...filters,
  lead_id: z.optional(Id),
  contact_id: z.optional(Id),
  owner_id: z.optional(z.union([oneOf(['me', 'none']), Id])),
});
export type DealQuery = z.output<typeof DealQuery>;

export const DealOfLeadQuery = z.extend(listQuery(SORTS), filters);
export type DealOfLeadQuery = z.output<typeof DealOfLeadQuery>;

export const dealRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/deals',
    summary: 'Lists deals, the newest first unless sorted otherwise.',
    permission: 'crm:leads:view',
    query: DealQuery,
    response: listOf(Deal),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/deals',
    summary: 'Creates a deal of a lead.',
    permission: 'crm:leads:edit',
    body: NewDeal,
    response: Deal,
    status: 201,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/deals/:id',
    summary: 'Reads a deal.',
    permission: 'crm:leads:view',
    response: Deal,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/deals/:id',
    summary: 'Changes the fields that are sent; winning or losing it sets when it was closed.',
    permission: 'crm:leads:edit',
    body: DealChange,
    response: Deal,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/deals/:id',
    summary: 'Deletes a deal.',
    permission: 'crm:leads:delete',
    status: 204,
  }),
};

export const leadDealRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/leads/:id/deals',
    summary: "Lists a lead's deals, the newest first unless sorted otherwise.",
    permission: 'crm:leads:view',
    query: DealOfLeadQuery,
    response: listOf(Deal),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/leads/:id/deals',
    summary: 'Creates a deal of a lead.',
    permission: 'crm:leads:edit',
    body: NewDealOfLead,
    response: Deal,
    status: 201,
  }),
};

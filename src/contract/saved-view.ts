import * as z from 'zod/mini';
import { AppointmentQuery } from './appointment.ts';
import { CompanyQuery } from './company.ts';
import { ContactQuery } from './contact.ts';
import type { FieldContext } from './custom-field.ts';
import { DealQuery } from './deal.ts';
import { listOf, listQuery } from './envelope.ts';
import { Metadata, record, text } from './fields.ts';
import { LeadQuery } from './lead.ts';
import type { Permission } from './permissions.ts';
import { flag, many, oneOf } from './query.ts';
import { defineRoute } from './route.ts';

/** What views are of. */
export const VIEW_RESOURCES = ['leads', 'contacts', 'companies', 'appointments', 'deals'] as const;
export type ViewResource = (typeof VIEW_RESOURCES)[number];

/** How the records of a view are listed: by which query, for whom, and of which context their custom fields are. */
export const VIEWED_LISTS: Readonly<
  Record<ViewResource, { query: z.ZodMiniType; permission: Permission; fields?: FieldContext }>
> = {
  leads: { query: LeadQuery, permission: 'crm:leads:view', fields: 'lead' },
  contacts: { query: ContactQuery, permission: 'crm:contacts:view', fields: 'contact' },
  companies: { query: CompanyQuery, permission: 'crm:companies:view' },
  appointments: { query: AppointmentQuery, permission: 'crm:appointments:view' },
  deals: { query: DealQuery, permission: 'crm:leads:view' },
};

/** What a list takes that says which part of it is wanted, not which records. */
export const NO_FILTERS: readonly string[] = ['page', 'page_size', 'cursor', 'skip', 'count', 'sort_by', 'sort_order'];

/** A list as somebody wants to find it again. */
export const SavedView = z.object({
  ...record,
  resource: z.enum(VIEW_RESOURCES),
  name: z.string(),
  /** The filters of the resource's list, as its query takes them. */
  filters: z.record(z.string(), z.unknown()),
  /** In their order; none means those that the table shows by itself. */
  columns: z.array(z.string()),
  /** Null means the order that the list has by itself. */
  sort: z.nullable(z.object({ by: z.string(), order: z.enum(['asc', 'desc']) })),
  /** Whether all who may see the resource see it, and not its creator alone. */
  is_shared: z.boolean(),
});
export type SavedView = z.infer<typeof SavedView>;

/** A column of a table; those of custom fields are called `cf.<name>`. */
const Column = z.string().check(z.regex(/^(?:cf\.)?[a-z][a-z0-9_]{0,62}$/i));

const fields = {
  filters: z.optional(Metadata),
  columns: z.optional(
    z.array(Column).check(
      z.maxLength(50),
      z.overwrite((given) => [...new Set(given)]),
    ),
  ),
  sort: z.optional(
    z.nullable(z.strictObject({ by: z.string().check(z.maxLength(100)), order: z.optional(oneOf(['asc', 'desc'])) })),
  ),
  is_shared: z.optional(z.boolean()),
};

/** Private unless `is_shared` says otherwise. */
export const NewSavedView = z.strictObject({ resource: z.enum(VIEW_RESOURCES), name: text(100), ...fields });
export type NewSavedView = z.output<typeof NewSavedView>;

export const SavedViewChange = z.strictObject({ name: z.optional(text(100)), ...fields });
export type SavedViewChange = z.output<typeof SavedViewChange>;

export const SAVED_VIEW_SORTS = ['created_at', 'updated_at', 'name'] as const;

export const SavedViewQuery = z.extend(listQuery(SAVED_VIEW_SORTS), {
  resource: z.optional(many(oneOf(VIEW_RESOURCES))),
  is_shared: z.optional(flag()),
});
export type SavedViewQuery = z.output<typeof SavedViewQuery>;

export const savedViewRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/saved-views',
    summary: "Lists the caller's own views and the shared ones of what they may see, the newest first unless sorted otherwise.",
    permission: 'crm:access',
    query: SavedViewQuery,
    response: listOf(SavedView),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/saved-views',
    summary:
      "Saves a list's filters, columns and order under a name that is unique among the caller's views of the resource. Sharing it is for managers and above.",
    permission: 'crm:access',
    body: NewSavedView,
    response: SavedView,
    status: 201,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/saved-views/:id',
    summary: 'Reads a view.',
    permission: 'crm:access',
    response: SavedView,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/saved-views/:id',
    summary:
      'Changes the fields that are sent and leaves the others. A shared view is changed by managers and above, and made private again by whoever created it.',
    permission: 'crm:access',
    body: SavedViewChange,
    response: SavedView,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/saved-views/:id',
    summary: 'Deletes a view; a shared one is deleted by managers and above.',
    permission: 'crm:access',
    status: 204,
  }),
};

import * as z from 'zod/mini';
import { Contact } from './contact.ts';
import { listOf, listQuery } from './envelope.ts';
import { Id, Person, Time } from './fields.ts';
import { defineRoute } from './route.ts';

/** The fields of which one contact's value or the other's is taken; tags, notes, metadata and members are put together. */
export const MERGED_FIELDS = [
  'firstname',
  'lastname',
  'email',
  'phone_number',
  'company',
  'address_1',
  'address_2',
  'city',
  'state',
  'zip_code',
  'country',
  'status',
  'type',
  'priority',
  'is_favorite',
  'is_archived',
] as const;
export type MergedField = (typeof MERGED_FIELDS)[number];

/** Whose value is taken: that of the contact in the address, or that of the one that goes into it. */
export const Whose = z.enum(['survivor', 'other']);
export type Whose = z.infer<typeof Whose>;

export const NewMerge = z.strictObject({
  /** The contact that goes into the one in the address. */
  contact_id: Id,
  /** Whose value is taken, by field, be it empty. Otherwise the survivor's, and where it has none the other's. */
  fields: z.optional(
    z.strictObject(
      Object.fromEntries(MERGED_FIELDS.map((name) => [name, z.optional(Whose)])) as Record<
        MergedField,
        z.ZodMiniOptional<typeof Whose>
      >,
    ),
  ),
  /** The same for custom fields, by their names. */
  custom_fields: z.optional(z.record(z.string(), Whose)),
  /** Answers what would come of it, and changes nothing. */
  dry_run: z.optional(z.boolean()),
});
export type NewMerge = z.output<typeof NewMerge>;

/** How many records go from one contact to another. */
export const MergeCounts = z.object({ leads: z.int(), activities: z.int(), appointments: z.int(), deals: z.int() });
export type MergeCounts = z.infer<typeof MergeCounts>;

/** A field in which both contacts have a value, and not the same. */
export const MergeConflict = z.object({
  /** A custom field is called `custom_fields.<name>`. */
  field: z.string(),
  survivor: z.unknown(),
  other: z.unknown(),
  taken: Whose,
});
export type MergeConflict = z.infer<typeof MergeConflict>;

export const MergeResult = z.object({
  /** The survivor, as the merge leaves it. */
  contact: Contact,
  conflicts: z.array(MergeConflict),
  merge: z.object({
    /** Null in a dry run. */
    id: z.nullable(Id),
    merged_id: Id,
    counts: MergeCounts,
    /** Null in a dry run. */
    undo_until: z.nullable(Time),
  }),
});
export type MergeResult = z.infer<typeof MergeResult>;

/** A merge of the last thirty days. */
export const Merge = z.object({
  id: Id,
  /** The survivor. */
  contact_id: Id,
  /** The contact that went into it. */
  merged_id: Id,
  counts: MergeCounts,
  merged_at: Time,
  merged_by: z.nullable(Id),
  person: z.nullable(Person),
  undo_until: Time,
  /** Null unless it was undone. */
  undone_at: z.nullable(Time),
});
export type Merge = z.infer<typeof Merge>;

export const MergeUndone = z.object({
  /** The survivor, as it is without the merge. */
  contact: Contact,
  /** The contact that is back. */
  other: Contact,
  /** How many records went back: fewer than came where some have been moved on, deleted or purged since. */
  counts: MergeCounts,
});
export type MergeUndone = z.infer<typeof MergeUndone>;

export const MergeQuery = listQuery(['merged_at']);

export const mergeRoutes = {
  merge: defineRoute({
    method: 'POST',
    path: '/contacts/:id/merge',
    summary:
      'Merges another contact into this one, which gets its leads, activities, appointments, deals, tags, members and what it lacks itself. Where both have a value the present one stays, unless `fields` or `custom_fields` choose `other`; `dry_run` tells what would become of it and changes nothing. The other is gone, and its id leads here. It can be undone for thirty days. Needs crm:contacts:edit as well.',
    permission: 'crm:contacts:delete',
    body: NewMerge,
    response: MergeResult,
    refuses: ['CONFLICT', 'VERSION_MISMATCH', 'VERSION_REQUIRED'],
  }),
  list: defineRoute({
    method: 'GET',
    path: '/contacts/:id/merges',
    summary: 'Lists what was merged into a contact within the last thirty days, the latest first unless sorted otherwise.',
    permission: 'crm:contacts:view',
    query: MergeQuery,
    response: listOf(Merge),
  }),
  undo: defineRoute({
    method: 'POST',
    path: '/contacts/:id/merges/:merge_id/undo',
    summary:
      'Undoes a merge within thirty days: the other contact is back under its id with what came from it; what was changed since stays changed. Later merges of the contact are undone first. Needs crm:contacts:edit as well.',
    permission: 'crm:contacts:delete',
    response: MergeUndone,
    refuses: ['CONFLICT', 'DUPLICATE', 'VERSION_MISMATCH', 'VERSION_REQUIRED'],
  }),
};

import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { Id, Person, record, Tags, Time } from './fields.ts';
import { as } from './issues.ts';
import { LeadFilters, LeadStatus } from './lead.ts';
import { many, oneOf } from './query.ts';
import { defineRoute } from './route.ts';

export const BULK_ACTIONS = ['assign', 'move', 'tag', 'untag', 'status', 'archive', 'delete'] as const;
export type BulkActionName = (typeof BULK_ACTIONS)[number];

/** It waits, collects its leads, changes them, and ends; then it may be undone. */
export const BULK_STATES = ['waiting', 'collecting', 'running', 'done', 'cancelled', 'failed', 'undoing', 'undone'] as const;
export type BulkState = (typeof BULK_STATES)[number];

export const BULK_ROW_STATUSES = ['waiting', 'done', 'unchanged', 'failed'] as const;

/** How long a bulk change and what it did to each lead are kept, and may be undone. */
export const BULK_DAYS = 30;

/** The leads that are meant, by their ids, of which each counts once, or by what a list is filtered by. */
const target = {
  ids: z.optional(
    z.array(Id).check(
      z.minLength(1),
      z.maxLength(100, { abort: true }),
      z.overwrite((ids) => [...new Set(ids)]),
    ),
  ),
  filter: z.optional(LeadFilters),
};
const SomeTags = Tags.check(z.minLength(1));
/** A full stage takes one more lead where this is true, for those who may. */
const force = { force: z.optional(z.boolean()) };

/** One change of many leads. */
export const BulkChange = z
  .discriminatedUnion('action', [
    /** Null takes the owner away. */
    z.strictObject({ ...target, action: z.literal('assign'), owner_id: z.nullable(Id) }),
    z.strictObject({ ...target, action: z.literal('move'), stage_id: Id, ...force }),
    z.strictObject({ ...target, action: z.literal('tag'), tags: SomeTags }),
    z.strictObject({ ...target, action: z.literal('untag'), tags: SomeTags }),
    z.strictObject({ ...target, action: z.literal('status'), status: LeadStatus, ...force }),
    /** False brings them back. */
    z.strictObject({ ...target, action: z.literal('archive'), is_archived: z.optional(z.boolean()) }),
    z.strictObject({ ...target, action: z.literal('delete') }),
  ])
  .check(
    z.refine((given) => given.ids !== undefined || given.filter !== undefined, {
      path: ['ids'],
      ...as('one_of_needed', { fields: ['ids', 'filter'] }),
    }),
    z.refine((given) => given.ids === undefined || given.filter === undefined, {
      path: ['filter'],
      ...as('only_one_of', { fields: ['ids', 'filter'] }),
    }),
  );
export type BulkChange = z.output<typeof BulkChange>;

type Without<Change, Names extends PropertyKey> = Change extends unknown ? Omit<Change, Names> : never;
/** What is done to each lead. */
export type BulkAction = Without<BulkChange, 'ids' | 'filter'>;

/** How far an undo has come. */
export const BulkUndo = z.object({
  asked_at: Time,
  asked_by: z.nullable(Id),
  processed: z.int(),
  undone: z.int(),
  /** Leads that were changed since in what the action had changed: those stay. */
  skipped: z.int(),
  failed: z.int(),
  finished_at: z.nullable(Time),
});

/** A change of many leads, how far it has come, and until when it may be undone. */
export const BulkJob = z.object({
  ...record,
  creator: z.nullable(Person),
  action: z.enum(BULK_ACTIONS),
  /** What the action was given beside the leads. */
  parameters: z.object({
    owner_id: z.optional(z.nullable(Id)),
    stage_id: z.optional(Id),
    status: z.optional(LeadStatus),
    tags: z.optional(z.array(z.string())),
    is_archived: z.optional(z.boolean()),
    force: z.optional(z.boolean()),
  }),
  /** Null where the leads were named by their ids. */
  filter: z.nullable(z.record(z.string(), z.unknown())),
  state: z.enum(BULK_STATES),
  /** Why it failed; what was done until then stays, and may be undone. */
  error: z.nullable(z.string()),
  /** Null while its leads are collected. */
  total: z.nullable(z.int()),
  processed: z.int(),
  done: z.int(),
  /** Leads that were so already. */
  unchanged: z.int(),
  failed: z.int(),
  undo: z.nullable(BulkUndo),
  finished_at: z.nullable(Time),
  /** Null where there is nothing that could be undone now. */
  undo_until: z.nullable(Time),
});
export type BulkJob = z.infer<typeof BulkJob>;

/** What became of one lead, and of it once more by an undo. */
export const BulkResult = z.object({
  lead_id: Id,
  status: z.enum(BULK_ROW_STATUSES),
  /** Why it failed: the code and the sentence of the refusal. */
  code: z.nullable(z.string()),
  error: z.nullable(z.string()),
  undo: z.nullable(z.enum(['undone', 'skipped', 'failed'])),
  undo_code: z.nullable(z.string()),
  undo_error: z.nullable(z.string()),
});
export type BulkResult = z.infer<typeof BulkResult>;

export const BulkJobQuery = z.extend(listQuery(['created_at']), {
  state: z.optional(many(oneOf(BULK_STATES))),
  action: z.optional(many(oneOf(BULK_ACTIONS))),
});
export type BulkJobQuery = z.output<typeof BulkJobQuery>;

export const BulkResultQuery = z.extend(listQuery(['place']), { status: z.optional(many(oneOf(BULK_ROW_STATUSES))) });
export type BulkResultQuery = z.output<typeof BulkResultQuery>;

export const leadBulkRoute = defineRoute({
  method: 'POST',
  path: '/leads/bulk',
  summary:
    'Changes many leads, each as if it were changed alone: up to 100 by their ids at once, with what became of each; those of a filter by a job, answered with 202. Send either `ids` or a `filter`, which takes what the list of leads is filtered by; an empty one means all leads.',
  permission: 'crm:leads:edit',
  body: BulkChange,
  response: z.extend(BulkJob, { results: z.optional(z.array(BulkResult)) }),
  mayQueue: true,
});

export const bulkJobRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/bulk-jobs',
    summary: 'Lists changes of many leads, the newest first: the own ones, and to managers and above those of all.',
    permission: 'crm:leads:view',
    query: BulkJobQuery,
    response: listOf(BulkJob),
  }),
  get: defineRoute({
    method: 'GET',
    path: '/bulk-jobs/:id',
    summary: 'Reads a change of many leads and how far it has come.',
    permission: 'crm:leads:view',
    response: BulkJob,
  }),
  results: defineRoute({
    method: 'GET',
    path: '/bulk-jobs/:id/results',
    summary: 'Lists what became of each of its leads, in the order in which they are changed.',
    permission: 'crm:leads:view',
    query: BulkResultQuery,
    response: listOf(BulkResult),
  }),
  cancel: defineRoute({
    method: 'POST',
    path: '/bulk-jobs/:id/cancel',
    summary: 'Ends it before its time: what is done stays, and may be undone.',
    permission: 'crm:leads:edit',
    response: BulkJob,
    refuses: ['CONFLICT'],
  }),
  undo: defineRoute({
    method: 'POST',
    path: '/bulk-jobs/:id/undo',
    summary:
      'Gives every lead back what the change took from it, within thirty days; leads that were changed since in the same are left as they are.',
    permission: 'crm:leads:edit',
    response: BulkJob,
    status: 202,
    refuses: ['CONFLICT'],
  }),
};

import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { Id, Time } from './fields.ts';
import { moment } from './query.ts';
import { defineRoute } from './route.ts';

/** One change: who did what to which record, and what it was before and after. */
export const AuditEntry = z.object({
  id: Id,
  workspace_id: Id,
  at: Time,
  /** Null for what the system did by itself. */
  actor_id: z.nullable(Id),
  actor_name: z.nullable(z.string()),
  action: z.string(),
  resource: z.string(),
  record_id: Id,
  before: z.nullable(z.record(z.string(), z.unknown())),
  after: z.nullable(z.record(z.string(), z.unknown())),
  request_id: z.nullable(z.string()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const Word = z.string().check(z.maxLength(50), z.regex(/^[a-z_.]+$/));

export const auditRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/audit-log',
    summary: 'Lists the changes made in the workspace, the latest first.',
    permission: 'workspace:settings',
    query: z.extend(listQuery(['at']), {
      resource: z.optional(Word),
      record_id: z.optional(Id),
      actor_id: z.optional(Id),
      action: z.optional(Word),
      from: z.optional(moment()),
      to: z.optional(moment()),
    }),
    response: listOf(AuditEntry),
  }),
};

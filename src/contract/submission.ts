import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { Id, record, Time } from './fields.ts';
import { FormValue } from './form-definition.ts';
import { Attribution } from './lead.ts';
import { many, moment, oneOf } from './query.ts';
import { defineRoute } from './route.ts';

/**
 * `accepted` became a lead (or an entry on an open one); `quarantined` is suspected and waits for a person; `rejected` was
 * put out by one; `partial` was begun and not ended.
 */
export const SUBMISSION_STATES = ['accepted', 'quarantined', 'rejected', 'partial'] as const;
/** Why a submission is suspected. */
export const SPAM_REASONS = ['honeypot', 'too_fast', 'no_proof', 'origin'] as const;

/** What a visitor agreed to, word for word. */
export const ConsentRecord = z.object({
  field: z.string(),
  text: z.string(),
  version: z.string(),
  locale: z.string(),
  agreed_at: Time,
  page: z.nullable(z.string()),
});
export type ConsentRecord = z.infer<typeof ConsentRecord>;

/** What a visitor sent through a form, kept as it came. */
export const Submission = z.object({
  ...record,
  form_id: z.nullable(Id),
  form_version: z.int(),
  state: z.enum(SUBMISSION_STATES),
  spam_reasons: z.array(z.enum(SPAM_REASONS)),
  answers: z.record(z.string(), FormValue),
  consents: z.array(ConsentRecord),
  attribution: Attribution,
  traits: z.record(z.string(), z.unknown()),
  page: z.nullable(z.string()),
  referrer: z.nullable(z.string()),
  locale: z.nullable(z.string()),
  user_agent: z.nullable(z.string()),
  /** When the visitor sent it; `created_at` is when it arrived. */
  submitted_at: Time,
  contact_id: z.nullable(Id),
  lead_id: z.nullable(Id),
  /** What of the answers could not be written to the contact or the lead, by field, and why; the answers keep it. */
  not_mapped: z.record(z.string(), z.string()),
});
export type Submission = z.infer<typeof Submission>;

export const SubmissionQuery = z.extend(listQuery(['created_at', 'submitted_at']), {
  state: z.optional(many(oneOf(SUBMISSION_STATES))),
  from: z.optional(moment()),
  to: z.optional(moment()),
});
export type SubmissionQuery = z.output<typeof SubmissionQuery>;

export const formSubmissionRoutes = {
  submissions: defineRoute({
    method: 'GET',
    path: '/forms/:id/submissions',
    summary: "Lists a form's submissions, those in quarantine too.",
    permission: 'crm:forms:view',
    query: SubmissionQuery,
    response: listOf(Submission),
  }),
};

export const submissionRoutes = {
  get: defineRoute({
    method: 'GET',
    path: '/submissions/:id',
    summary: 'Reads a submission.',
    permission: 'crm:forms:view',
    response: Submission,
  }),
  release: defineRoute({
    method: 'POST',
    path: '/submissions/:id/release',
    summary: 'Lets a submission out of quarantine: it becomes a lead as of the time it was made.',
    permission: 'crm:forms:edit',
    response: Submission,
    refuses: ['CONFLICT'],
  }),
  reject: defineRoute({
    method: 'POST',
    path: '/submissions/:id/reject',
    summary: 'Puts a submission out of quarantine for good; it can still be released.',
    permission: 'crm:forms:edit',
    response: Submission,
    refuses: ['CONFLICT'],
  }),
};

import * as z from 'zod/mini';
import { PublicForm } from './capture.ts';
import { listOf, listQuery } from './envelope.ts';
import { Id, record, text, Time } from './fields.ts';
import { FormDefinition } from './form-definition.ts';
import { day, flag, oneOf, whole } from './query.ts';
import { defineRoute } from './route.ts';

/** Something that keeps a form from being published, with its place in the definition. */
export const FormProblem = z.object({
  path: z.string(),
  code: z.string(),
  params: z.record(z.string(), z.unknown()),
  message: z.string(),
});
export type FormProblem = z.infer<typeof FormProblem>;

/** A form as its authors see it. */
export const Form = z.object({
  ...record,
  name: z.string(),
  /** What is being written; visitors meet what was published last. */
  draft: FormDefinition,
  /** The version that visitors meet; null before the first, and while the form is closed. */
  published_version: z.nullable(z.int()),
  published_at: z.nullable(Time),
  /** Whether the draft is other than what is published. */
  has_changes: z.boolean(),
  /** A closed form takes no submissions, and says so. */
  is_active: z.boolean(),
  submissions_count: z.int(),
  last_submission_at: z.nullable(Time),
});
export type Form = z.infer<typeof Form>;

export const FormDetail = z.extend(Form, {
  /** What keeps the draft from being published. */
  problems: z.array(FormProblem),
});
export type FormDetail = z.infer<typeof FormDetail>;

export const NewForm = z.strictObject({ name: text(100), draft: FormDefinition, is_active: z.optional(z.boolean()) });
export type NewForm = z.output<typeof NewForm>;

export const FormChange = z.strictObject({
  name: z.optional(text(100)),
  draft: z.optional(FormDefinition),
  is_active: z.optional(z.boolean()),
});
export type FormChange = z.output<typeof FormChange>;

export const FormVersion = z.object({
  form_id: Id,
  number: z.int(),
  definition: FormDefinition,
  published_at: Time,
  published_by: z.nullable(Id),
});
export type FormVersion = z.infer<typeof FormVersion>;

/** What a customer pastes into a page, one for each way. */
export const FormSnippet = z.object({
  /** The script with the form, the height reserved and, where the form asks for it, its way of opening. */
  script: z.string(),
  /** The same with a version that never changes, and its sha384. */
  pinned: z.string(),
  element: z.string(),
  npm: z.string(),
  iframe: z.string(),
  /** A form that works without any script. */
  html: z.string(),
  /** The address of the hosted page. */
  link: z.url(),
});
export type FormSnippet = z.infer<typeof FormSnippet>;

export const FORM_SORTS = ['created_at', 'updated_at', 'name', 'last_submission_at'] as const;
export const FormQuery = z.extend(listQuery(FORM_SORTS), {
  is_active: z.optional(flag()),
  search: z.optional(z.string().check(z.trim(), z.maxLength(200))),
});
export type FormQuery = z.output<typeof FormQuery>;

/** A span of whole days of the workspace; the last thirty unless said. */
const span = { from: z.optional(day()), to: z.optional(day()) };

/** How a form did. Rates are shares of views, null where there were none. */
export const FormFigures = z.object({
  form_id: Id,
  name: z.string(),
  views: z.int(),
  starts: z.int(),
  submissions: z.int(),
  quarantined: z.int(),
  conversion: z.nullable(z.number()),
  start_rate: z.nullable(z.number()),
});
export type FormFigures = z.infer<typeof FormFigures>;

export const FormAnalytics = z.extend(FormFigures, {
  /** One entry for each day of the span. */
  days: z.array(z.object({ day: z.string(), views: z.int(), starts: z.int(), submissions: z.int() })),
  /** How many reached each step, and how many left the form there. */
  steps: z.array(z.object({ step: z.string(), reached: z.int(), left: z.int() })),
  /** The field that was touched last by those who did not submit, and how often a field was refused. */
  fields: z.array(z.object({ field: z.string(), dropped: z.int(), refused: z.int() })),
  sources: z.array(z.object({ source: z.nullable(z.string()), campaign: z.nullable(z.string()), submissions: z.int() })),
});
export type FormAnalytics = z.infer<typeof FormAnalytics>;

export const formRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/forms',
    summary: 'Lists forms.',
    permission: 'crm:forms:view',
    query: FormQuery,
    response: listOf(Form),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/forms',
    summary: 'Makes a form as a draft. What would keep it from being published is listed, not refused.',
    permission: 'crm:forms:create',
    body: NewForm,
    response: FormDetail,
    status: 201,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/forms/:id',
    summary: 'Reads a form, and what keeps its draft from being published.',
    permission: 'crm:forms:view',
    response: FormDetail,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/forms/:id',
    summary: 'Changes what is sent; a draft is sent whole. Visitors meet it once it is published.',
    permission: 'crm:forms:edit',
    body: FormChange,
    response: FormDetail,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/forms/:id',
    summary: 'Deletes a form. Its submissions, and the leads they became, stay.',
    permission: 'crm:forms:delete',
    status: 204,
  }),
  publish: defineRoute({
    method: 'POST',
    path: '/forms/:id/publish',
    summary: 'Publishes the draft as the next version. Refused with every problem by its place where it has any.',
    permission: 'crm:forms:edit',
    response: FormDetail,
  }),
  versions: defineRoute({
    method: 'GET',
    path: '/forms/:id/versions',
    summary: 'Lists what was published, the latest first.',
    permission: 'crm:forms:view',
    query: listQuery(['created_at']),
    response: listOf(FormVersion),
  }),
  duplicate: defineRoute({
    method: 'POST',
    path: '/forms/:id/duplicate',
    summary: 'Makes another form from the draft, under a name of its own.',
    permission: 'crm:forms:create',
    body: z.strictObject({ name: z.optional(text(100)) }),
    response: FormDetail,
    status: 201,
  }),
  snippet: defineRoute({
    method: 'GET',
    path: '/forms/:id/snippet',
    summary: 'Answers what a page needs to show the form, in each way there is.',
    permission: 'crm:forms:view',
    response: FormSnippet,
  }),
  preview: defineRoute({
    method: 'GET',
    path: '/forms/:id/preview',
    summary: 'Reads the draft as a visitor would meet it.',
    permission: 'crm:forms:view',
    query: z.strictObject({ lang: z.optional(z.string().check(z.maxLength(100))) }),
    response: PublicForm,
  }),
  analytics: defineRoute({
    method: 'GET',
    path: '/forms/:id/analytics',
    summary: 'Answers how a form did over a span of days, thirty unless said.',
    permission: 'crm:forms:view',
    query: z.strictObject(span),
    response: FormAnalytics,
  }),
};

export const formReportRoutes = {
  forms: defineRoute({
    method: 'GET',
    path: '/reports/forms',
    summary: 'Answers how each form did over a span of days, thirty unless said, the most submissions first.',
    permission: 'crm:reports:view',
    query: z.strictObject({
      ...span,
      limit: z.optional(whole(1, 100)),
      sort_by: z.optional(oneOf(['submissions', 'views', 'conversion'])),
    }),
    response: z.array(FormFigures),
  }),
};

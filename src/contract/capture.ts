import * as z from 'zod/mini';
import { Id, Locale, Metadata, text } from './fields.ts';
import { ChoiceOption, Display, fieldParts, FormValue, ShowIf } from './form-definition.ts';
import { Attribution } from './lead.ts';
import { defineRoute } from './route.ts';

/** What visitors' browsers send and are told: no credential, and nothing of the workspace beyond the form itself. */

/** A field as a visitor meets it. */
export const PublicField = z.object({
  ...fieldParts,
  options: z.optional(z.array(z.required(ChoiceOption))),
  /** The regular expression, whatever the case, of what e-mail addresses, phone numbers and web addresses are. */
  format: z.optional(z.string()),
});
export type PublicField = z.output<typeof PublicField>;

export const PublicStep = z.object({
  id: z.string(),
  title: z.optional(z.string()),
  show_if: z.optional(ShowIf),
  fields: z.array(PublicField),
});
export type PublicStep = z.output<typeof PublicStep>;

/** What follows a submission; texts are in the visitor's language. */
export const SuccessAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), title: z.optional(z.string()), message: z.string() }),
  z.object({ kind: z.literal('redirect'), url: z.string() }),
  z.object({ kind: z.literal('form'), form_id: Id }),
]);
export type SuccessAction = z.output<typeof SuccessAction>;

/** The author's look, as values that stand in a style sheet as they are: colours, fonts, lengths. */
export const PublicTheme = z.object({
  brand_color: z.optional(z.string()),
  background: z.optional(z.string()),
  /** Where there is a background it can be read on it. */
  text_color: z.optional(z.string()),
  font_family: z.optional(z.string()),
  radius: z.optional(z.string()),
  /** How far apart fields are. */
  space: z.optional(z.string()),
  /** As the page has it where it is missing. */
  color_scheme: z.optional(z.enum(['light', 'dark', 'light dark'])),
});
export type PublicTheme = z.output<typeof PublicTheme>;

/** A text of the form itself; with plural forms by the words of `Intl.PluralRules` where a number decides. */
export const FormText = z.union([z.string(), z.record(z.string(), z.string())]);
export type FormText = z.output<typeof FormText>;

/** A published form in one language, with every sentence that it says to a visitor. */
export const PublicForm = z.object({
  id: Id,
  /** The published version, which submissions name. */
  version: z.int(),
  locale: z.string(),
  dir: z.enum(['ltr', 'rtl']),
  title: z.optional(z.string()),
  steps: z.array(PublicStep),
  display: Display,
  theme: PublicTheme,
  success: SuccessAction,
  /** The name of the field that people don't see; none where the form has none. */
  trap: z.optional(z.string()),
  /** Whether a submission needs a proof of work. */
  proof: z.boolean(),
  partial: z.boolean(),
  /** The form's height in pixels from these widths on, in rising order: what a page reserves. */
  heights: z.array(z.tuple([z.int(), z.int()])),
  /** The style sheet of what the widget makes of it, with the theme and the heights in it. */
  styles: z.string(),
  texts: z.record(z.string(), FormText),
});
export type PublicForm = z.output<typeof PublicForm>;

/** A challenge of the ALTCHA protocol, with PBKDF2 as its work. */
export const Challenge = z.object({
  parameters: z.object({
    algorithm: z.string(),
    nonce: z.string(),
    salt: z.string(),
    cost: z.int(),
    keyLength: z.int(),
    keyPrefix: z.string(),
    /** Says which answer is right to the server alone. */
    keySignature: z.optional(z.string()),
    expiresAt: z.optional(z.number()),
    data: z.optional(z.record(z.string(), z.unknown())),
  }),
  signature: z.string(),
});
export type Challenge = z.output<typeof Challenge>;

const Answers = z.record(z.string().check(z.maxLength(40)), FormValue);

/** An address of a web page, as it is; a browser's own schemes too. Too long ones are cut by who sends them. */
const Page = z.string().check(z.maxLength(2_000));

const submissionParts = {
  /** The version that the visitor saw. */
  version: z.int().check(z.gte(1)),
  /** By the ids of the fields; what is not shown is not sent. */
  answers: Answers,
  locale: z.optional(Locale),
  page: z.optional(Page),
  referrer: z.optional(Page),
  attribution: z.optional(Attribution),
  /** What the page itself knows of the visitor (`millrace('identify', …)`): kept with the submission. */
  traits: z.optional(Metadata),
  /** What stands in the field that people don't see. */
  trap: z.optional(z.string().check(z.maxLength(2_000))),
  /** How long the visitor had the form, in milliseconds. */
  elapsed_ms: z.optional(z.int().check(z.gte(0))),
  /** When the visitor sent it, by their clock: a queued submission comes later. */
  submitted_at: z.optional(z.iso.datetime()),
};

export const NewSubmission = z.strictObject({
  ...submissionParts,
  /** The answer to a challenge: base64 of the JSON {challenge, solution}, as the ALTCHA protocol has it. */
  proof: z.optional(z.string().check(z.maxLength(4_000))),
  /** The visitor is not done: kept without becoming a lead until a PATCH says so. */
  is_partial: z.optional(z.boolean()),
});
export type NewSubmission = z.output<typeof NewSubmission>;

export const SubmissionUpdate = z.strictObject({
  ...submissionParts,
  proof: z.optional(z.string().check(z.maxLength(4_000))),
  /** Says that the visitor is done. */
  complete: z.optional(z.boolean()),
  /** Rises with each update; one that comes late, behind a higher one, changes nothing. */
  sequence: z.int().check(z.gte(1)),
});
export type SubmissionUpdate = z.output<typeof SubmissionUpdate>;

export const SubmissionReceipt = z.object({
  id: Id,
  state: z.enum(['received', 'partial']),
  /** Lets the holder complete a partial submission; only there. */
  token: z.optional(z.string()),
  success: SuccessAction,
});
export type SubmissionReceipt = z.output<typeof SubmissionReceipt>;

export const CAPTURE_EVENTS = ['view', 'start', 'step', 'submit', 'error', 'close', 'cta'] as const;

/** What happened to a form on a page, without anything about the visitor. */
export const CaptureEvent = z.strictObject({
  form_id: Id,
  event: z.enum(CAPTURE_EVENTS),
  /** Each event once, however often it is sent. */
  id: Id,
  version: z.optional(z.int()),
  /** The step that was reached, or left. */
  step: z.optional(text(40)),
  /** The field that was last touched, or refused. */
  field: z.optional(text(40)),
  /** Of `cta`: what was clicked, and where it stands. */
  name: z.optional(text(100)),
  surface: z.optional(text(100)),
  /** The page without its query. */
  page: z.optional(Page),
  at: z.optional(z.iso.datetime()),
});
export type CaptureEvent = z.output<typeof CaptureEvent>;

export const captureRoutes = {
  form: defineRoute({
    method: 'GET',
    path: '/public/forms/:id',
    summary: 'Reads a published form in a language; whoever asks may keep it for a while and ask again by its ETag.',
    permission: 'public',
    query: z.strictObject({ lang: z.optional(z.string().check(z.maxLength(100))) }),
    response: PublicForm,
  }),
  challenge: defineRoute({
    method: 'GET',
    path: '/public/forms/:id/challenge',
    summary: 'Makes a challenge whose answer a submission of this form carries, once and within five minutes.',
    permission: 'public',
    response: Challenge,
  }),
  submit: defineRoute({
    method: 'POST',
    path: '/public/forms/:id/submissions',
    summary:
      'Takes a submission, as JSON with an Idempotency-Key that is unique for ever, or as a plain form post with `_key` (answered by 303).',
    permission: 'public',
    body: NewSubmission,
    response: SubmissionReceipt,
    status: 201,
    repeat: 'harmless',
    refuses: ['CONFLICT', 'IDEMPOTENCY_MISMATCH'],
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/public/submissions/:id',
    summary: 'Brings further answers of a partial submission, or completes it, with the token that its receipt holds.',
    permission: 'public',
    body: SubmissionUpdate,
    response: SubmissionReceipt,
    refuses: ['CONFLICT'],
  }),
  events: defineRoute({
    method: 'POST',
    path: '/public/events',
    summary: "Counts what happened to forms; takes a browser's beacon (text/plain) as well.",
    permission: 'public',
    body: z.strictObject({ events: z.array(CaptureEvent).check(z.minLength(1), z.maxLength(50)) }),
    status: 204,
    repeat: 'harmless',
  }),
};

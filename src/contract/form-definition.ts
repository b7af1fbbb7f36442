import * as z from 'zod/mini';
import { Email, Id, Locale, prose, Tags, text, WebAddress } from './fields.ts';
import { as } from './issues.ts';
import { Origin, OwnerRule } from './workspace.ts';

/** What an author says of a form: everything of it but its name, its state and its texts in other languages' bundles. */

export const FIELD_KINDS = [
  'text',
  'email',
  'tel',
  'url',
  'number',
  'textarea',
  'select',
  'radio',
  'checkbox',
  'multi_select',
  'date',
  'rating',
  'hidden',
  'consent',
  'heading',
] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

export const MOST_STEPS = 20;
export const MOST_FORM_FIELDS = 100;

/** Names that the plain form post and the widget keep for themselves begin with an underscore, so ids don't. */
export const FieldId = z.string().check(z.regex(/^[a-z][a-z0-9_]{0,39}$/));

/** `filled` and `empty` compare with nothing; `one_of` with a list; `greater` and `less` numbers and days. */
export const OPERATORS = ['equals', 'not_equals', 'contains', 'one_of', 'greater', 'less', 'filled', 'empty'] as const;
const ConditionValue = z.union([z.string().check(z.maxLength(500)), z.number(), z.boolean()]);
export const Condition = z.strictObject({
  field: FieldId,
  operator: z.enum(OPERATORS),
  value: z.optional(z.union([ConditionValue, z.array(ConditionValue).check(z.maxLength(200))])),
});
export type Condition = z.output<typeof Condition>;

/** Whether a field or a step is asked for, by answers that come before it. What is not shown is not asked and not kept. */
const Conditions = z.array(Condition).check(z.minLength(1), z.maxLength(20));
export const ShowIf = z.union([z.strictObject({ all: Conditions }), z.strictObject({ any: Conditions })]);
export type ShowIf = z.output<typeof ShowIf>;

export const ChoiceOption = z.strictObject({ value: text(100), label: z.optional(text(200)) });

/** Text, number, yes or no, or several choices; days are like 2026-01-31. */
export const FormValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
export type FormValue = z.output<typeof FormValue>;

/** What a visitor meets of a field. Which of these a kind of field knows is checked when the form is saved. */
export const fieldParts = {
  id: FieldId,
  type: z.enum(FIELD_KINDS),
  /** Of a consent it is the exact text that is agreed to; of a heading the heading. A hidden field has none. */
  label: z.optional(prose(2_000)),
  placeholder: z.optional(text(200)),
  help: z.optional(prose(500)),
  required: z.optional(z.boolean()),
  /** The least number or the first day; of a rating, `max` is how many stars there are (5 unless said). */
  min: z.optional(z.union([z.number(), z.iso.date()])),
  max: z.optional(z.union([z.number(), z.iso.date()])),
  min_length: z.optional(z.int().check(z.gte(0), z.lte(5_000))),
  max_length: z.optional(z.int().check(z.gte(1), z.lte(5_000))),
  /** What the whole of a text must match, as the `pattern` of an input does. */
  pattern: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
  options: z.optional(z.array(ChoiceOption).check(z.minLength(1), z.maxLength(200))),
  default: z.optional(FormValue),
  /** The browser's word for what belongs here, so that it can fill it in: `email`, `given-name`. */
  autocomplete: z.optional(z.string().check(z.regex(/^[a-z0-9-]+( [a-z0-9-]+){0,3}$/))),
  width: z.optional(z.enum(['full', 'half'])),
  show_if: z.optional(ShowIf),
  /** Of a consent: which wording this is. Another text needs another version. */
  version: z.optional(text(20)),
};

/** Where an answer goes, beside the submission that keeps it. */
export const CONTACT_TARGETS = [
  'firstname',
  'lastname',
  'name',
  'email',
  'phone_number',
  'company',
  'address_1',
  'address_2',
  'city',
  'state',
  'zip_code',
  'country',
  'notes',
] as const;
export const LEAD_TARGETS = [
  'title',
  'product_interest',
  'lead_value',
  'budget',
  'timeline',
  'notes',
  'expected_close_date',
] as const;

export const FormField = z.strictObject({
  ...fieldParts,
  /** `contact.<field>`, `lead.<field>`, `contact.custom.<name>` or `lead.custom.<name>`; an answer without it stays in the submission. */
  maps_to: z.optional(z.string().check(z.regex(/^(contact|lead)\.(custom\.)?[a-z][a-z0-9_]{0,49}$/))),
});
export type FormField = z.output<typeof FormField>;

export const FormStep = z.strictObject({
  id: FieldId,
  title: z.optional(text(200)),
  show_if: z.optional(ShowIf),
  fields: z.array(FormField).check(z.minLength(1), z.maxLength(MOST_FORM_FIELDS)),
});
export type FormStep = z.output<typeof FormStep>;

export const MODES = ['inline', 'popup', 'slide_in', 'side_tab', 'banner', 'full_screen'] as const;
export const TRIGGERS = ['load', 'time', 'scroll', 'exit', 'idle', 'click', 'seen', 'url', 'event', 'call'] as const;

/**
 * What opens a form that is not inline: at once, after `value` seconds, at `value` percent of the page, on the way out
 * (touch as well), after `value` idle seconds, when what the selector `value` names is clicked or seen, at an address
 * that contains or matches `value`, at the page's own event of that name, or only by a call.
 */
export const Trigger = z.strictObject({
  on: z.enum(TRIGGERS),
  value: z.optional(z.union([z.number().check(z.gte(0), z.lte(86_400)), text(500)])),
});
export type Trigger = z.output<typeof Trigger>;

const Patterns = z.array(text(500)).check(z.maxLength(50));

export const Targeting = z.strictObject({
  /** Addresses with `*` for anything: `/pricing*`, `https://shop.example.com/*`, `*?plan=pro*`. */
  urls: z.optional(Patterns),
  not_urls: z.optional(Patterns),
  /** Where the visit came from, `*` for anything. */
  referrers: z.optional(Patterns),
  /** Values of the visit's UTM parameters, `*` for anything: {"utm_source": ["google"]}. */
  utm: z.optional(z.partialRecord(z.enum(['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content']), Patterns)),
  devices: z.optional(z.array(z.enum(['mobile', 'tablet', 'desktop'])).check(z.minLength(1))),
  /** Language tags; `de` stands for `de-AT` too. */
  languages: z.optional(z.array(Locale).check(z.minLength(1), z.maxLength(50))),
  visitors: z.optional(z.enum(['new', 'returning'])),
});
export type Targeting = z.output<typeof Targeting>;

/** How often a form comes by itself, once a session unless said; a call or a click on its opener always opens it. */
export const Frequency = z.strictObject({
  show: z.enum(['always', 'once', 'session', 'days', 'until_submitted']),
  /** With `days`: not again for so many. */
  days: z.optional(z.int().check(z.gte(1), z.lte(365))),
});

export const Display = z.strictObject({
  mode: z.enum(MODES),
  /** Slide-in and side tab: start or end; banner: top or bottom. */
  position: z.optional(z.enum(['start', 'end', 'top', 'bottom'])),
  /** A button that opens the form: a popup's, slide-in's or full screen's own; a side tab's text. */
  opener: z.optional(text(60)),
  triggers: z.optional(z.array(Trigger).check(z.maxLength(10))),
  frequency: z.optional(Frequency),
  targeting: z.optional(Targeting),
});
export type Display = z.output<typeof Display>;

const Color = z.string().check(z.regex(/^#[0-9a-f]{6}$/i, as('not_color') as {}));

export const FormTheme = z.strictObject({
  brand_color: z.optional(Color),
  /** Text on the brand colour is black or white by itself. */
  background: z.optional(Color),
  text_color: z.optional(Color),
  font_family: z.optional(z.string().check(z.regex(/^[\w\s,'"-]{1,200}$/))),
  radius: z.optional(z.enum(['none', 'small', 'medium', 'large'])),
  color_scheme: z.optional(z.enum(['light', 'dark', 'system'])),
  density: z.optional(z.enum(['comfortable', 'compact'])),
});
export type FormTheme = z.output<typeof FormTheme>;

/** What a visitor meets after a submission: a message, another page, or a form that goes on. */
export const Success = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('message'), title: z.optional(text(200)), message: prose(2_000) }),
  z.strictObject({ kind: z.literal('redirect'), url: WebAddress }),
  z.strictObject({ kind: z.literal('form'), form_id: Id }),
]);
export type Success = z.output<typeof Success>;

export const Spam = z.strictObject({
  /** A field that people don't see. On unless said. */
  honeypot: z.optional(z.boolean()),
  /** Quicker than so many seconds is suspected; 3 unless said. */
  min_seconds: z.optional(z.number().check(z.gte(0), z.lte(60))),
  /** Whether the browser works for its submission. On unless said. */
  proof: z.optional(z.boolean()),
});

/** What the leads of a form begin with. */
export const LeadDefaults = z.strictObject({
  source_id: z.optional(Id),
  pipeline_id: z.optional(Id),
  stage_id: z.optional(Id),
  tags: z.optional(Tags),
  /** The workspace's own rule unless said. */
  owner: z.optional(OwnerRule),
});

/**
 * Texts in other languages than the form's own, by their places: `submit`, `next`, `back`, `title`,
 * `<step>.title`, `<field>.label`, `<field>.placeholder`, `<field>.help`, `<field>.options.<value>`, `success.title`,
 * `success.message`, `opener`. In the form's own language `submit`, `next` and `back` change the usual words.
 */
const Texts = z.record(Locale, z.record(z.string().check(z.maxLength(200)), prose(2_000)));

export const FormDefinition = z.strictObject({
  /** What stands above the form, and names its dialog. */
  title: z.optional(text(200)),
  /** The language that the definition is written in; the workspace's unless said. */
  locale: z.optional(Locale),
  steps: z.array(FormStep).check(z.minLength(1), z.maxLength(MOST_STEPS)),
  display: z.optional(Display),
  theme: z.optional(FormTheme),
  texts: z.optional(Texts),
  success: z.optional(Success),
  spam: z.optional(Spam),
  /** Keeps what a visitor has answered when they go from step to step, where consent allows. */
  partial: z.optional(z.boolean()),
  lead: z.optional(LeadDefaults),
  /** Who is mailed of each submission. */
  notify: z.optional(z.array(Email).check(z.maxLength(20))),
  /** The pages that may submit; the workspace's allowed origins, and the server's own, where none are named. */
  allowed_origins: z.optional(z.array(Origin).check(z.maxLength(50))),
});
export type FormDefinition = z.output<typeof FormDefinition>;

import * as z from 'zod/mini';
import { Activity } from './activity.ts';
import { Appointment } from './appointment.ts';
import { NewContact } from './contact.ts';
import { CustomValueGiven, CustomValues, CustomValuesGiven } from './custom-field.ts';
import { customFilters, sortOf } from './custom-query.ts';
import { Deal } from './deal.ts';
import { archivable, listOf, listQuery } from './envelope.ts';
import { Amount, Currency, Day, Id, Money, optional, Person, prose, record, Tags, text, Time } from './fields.ts';
import { as } from './issues.ts';
import { Job } from './job.ts';
import { Pipeline, Stage } from './pipeline.ts';
import { day, decimal, flag, many, moment, oneOf, whole } from './query.ts';
import { defineRoute } from './route.ts';
import { LeadSource } from './lead-source.ts';

export const LEAD_STATUSES = ['new', 'contacted', 'qualified', 'converted', 'lost'] as const;
export const SCORES = ['cold', 'warm', 'hot'] as const;
export const LeadStatus = z.enum(LEAD_STATUSES);
export type LeadStatus = z.infer<typeof LeadStatus>;

/** The signs of a campaign that a visit brought along. */
const TOUCH = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'gclid',
  'fbclid',
  'msclkid',
  'referrer',
  'landing_page',
  'page',
] as const;
const Touch = z.strictObject(
  Object.fromEntries(TOUCH.map((name) => [name, z.optional(text(2_000))])) as Record<
    (typeof TOUCH)[number],
    z.ZodMiniOptional<ReturnType<typeof text>>
  >,
);

/** Where a lead came from, at its first visit and at its last. */
export const Attribution = z.strictObject({ first: z.optional(Touch), last: z.optional(Touch) });

/** Who a lead is about, as much as a list shows. */
export const LeadContact = z.object({
  id: Id,
  name: z.nullable(z.string()),
  email: z.nullable(z.string()),
  phone_number: z.nullable(z.string()),
  company_id: z.nullable(Id),
  company: z.nullable(z.string()),
});

/** One buying interest of one contact, as lists and boards show it. */
export const Lead = z.object({
  ...record,
  contact_id: Id,
  contact: LeadContact,
  title: z.string(),
  product_interest: z.nullable(z.string()),
  pipeline_id: Id,
  stage_id: Id,
  /** Follows the stage's category. */
  status: LeadStatus,
  source_id: z.nullable(Id),
  score: z.enum(SCORES),
  score_value: z.int(),
  lead_value: z.nullable(z.number()),
  currency: z.string(),
  budget: z.nullable(z.number()),
  timeline: z.nullable(z.string()),
  disposition: z.nullable(z.string()),
  notes: z.nullable(z.string()),
  tags: z.array(z.string()),
  owner_id: z.nullable(Id),
  owner: z.nullable(Person),
  expected_close_date: z.nullable(z.iso.date()),
  is_active: z.boolean(),
  is_qualified: z.boolean(),
  is_closed_won: z.boolean(),
  is_closed_lost: z.boolean(),
  last_activity_at: z.nullable(Time),
  last_contact_at: z.nullable(Time),
  converted_at: z.nullable(Time),
  stage_entered_at: Time,
  is_archived: z.boolean(),
  /** The rank inside the stage: compared as bytes, the smallest on top. */
  position: z.string(),
  form_id: z.nullable(Id),
  attribution: Attribution,
  custom_fields: CustomValues,
});
export type Lead = z.infer<typeof Lead>;

/** One change of stage. */
export const StageChangeEntry = z.object({
  id: Id,
  lead_id: Id,
  from_stage_id: z.nullable(Id),
  /** What the stage is called; null once it is deleted. */
  from_stage: z.nullable(z.string()),
  to_stage_id: z.nullable(Id),
  to_stage: z.nullable(z.string()),
  reason: z.nullable(z.string()),
  notes: z.nullable(z.string()),
  changed_at: Time,
  changed_by: z.nullable(Id),
  person: z.nullable(Person),
  /** How long the lead had been in the stage that it left; null for its first. */
  seconds_in_stage: z.nullable(z.int()),
});
export type StageChangeEntry = z.infer<typeof StageChangeEntry>;

/** A lead with everything that stands beside it. */
export const LeadDetail = z.extend(Lead, {
  source: z.nullable(z.pick(LeadSource, { id: true, name: true, category: true })),
  stage: Stage,
  pipeline: z.object({ id: Id, name: z.string() }),
  /** The latest change first. */
  stage_history: z.array(StageChangeEntry),
  /** The latest fifty, the latest first. */
  activities: z.array(Activity),
  /** The latest fifty by their date, the latest first. */
  appointments: z.array(Appointment),
  deals: z.array(Deal),
  jobs: z.array(Job),
});
export type LeadDetail = z.infer<typeof LeadDetail>;

const Score = z.enum(SCORES);
const ScoreValue = z.int().check(z.gte(0), z.lte(100));

const fields = {
  title: optional(text(100)),
  product_interest: optional(text(255)),
  stage_id: z.optional(Id),
  status: z.optional(LeadStatus),
  source_id: optional(Id),
  /** Instead of source_id: found by its name, or created. */
  source: optional(text(100)),
  score: z.optional(Score),
  score_value: z.optional(ScoreValue),
  lead_value: optional(Money),
  currency: z.optional(Currency),
  budget: optional(Money.check(z.gt(0))),
  timeline: optional(text(200)),
  disposition: optional(text(100)),
  notes: optional(prose(5_000)),
  tags: z.optional(Tags),
  owner_id: optional(Id),
  expected_close_date: optional(Day),
  is_active: z.optional(z.boolean()),
  is_qualified: z.optional(z.boolean()),
  is_archived: z.optional(z.boolean()),
  attribution: z.optional(Attribution),
  custom_fields: z.optional(CustomValuesGiven),
};

/** A full stage takes one more lead where this is true, for those who may. */
const force = { force: z.optional(z.boolean()) };

const oneSource = z.refine<{ source_id?: unknown; source?: unknown }>(
  (given) => given.source_id == null || given.source == null,
  {
    path: ['source'],
    ...as('only_one_of', { fields: ['source', 'source_id'] }),
  },
);
const oneStage = z.refine<{ stage_id?: unknown; status?: unknown }>(
  (given) => given.stage_id === undefined || given.status === undefined,
  { path: ['status'], ...as('only_one_of', { fields: ['status', 'stage_id'] }) },
);

/** A lead of a contact that is named by its id, or described and then found by its e-mail or phone number, or created. */
export const NewLead = z
  .strictObject({ contact_id: z.optional(Id), contact: z.optional(NewContact), pipeline_id: z.optional(Id), ...fields, ...force })
  .check(
    oneSource,
    oneStage,
    z.refine((given) => given.contact_id !== undefined || given.contact !== undefined, {
      path: ['contact_id'],
      ...as('one_of_needed', { fields: ['contact_id', 'contact'] }),
    }),
    z.refine((given) => given.contact_id === undefined || given.contact === undefined, {
      path: ['contact'],
      ...as('only_one_of', { fields: ['contact_id', 'contact'] }),
    }),
  );
export type NewLead = z.output<typeof NewLead>;

export const LeadChange = z.strictObject({ contact_id: z.optional(Id), ...fields, ...force }).check(oneSource, oneStage);
export type LeadChange = z.output<typeof LeadChange>;

const why = { reason: optional(text(255)), notes: optional(prose(1_000)) };

/** Where a lead goes: a stage, and a place between its cards. Without a place it goes on top. */
export const Move = z.strictObject({
  stage_id: Id,
  /** The card that it comes to stand before. */
  before_id: z.optional(Id),
  /** The card that it comes to stand after; where both are given and no longer neighbours, this one counts. */
  after_id: z.optional(Id),
  /** The stage that the caller believes it to be in; another is a 409 with the card as it is. */
  expected_stage_id: z.optional(Id),
  ...force,
  ...why,
});
export type Move = z.output<typeof Move>;

export const StatusChange = z.strictObject({ status: LeadStatus, ...force, ...why });
export type StatusChange = z.output<typeof StatusChange>;

export const ScoreChange = z.strictObject({ score: z.optional(Score), score_value: z.optional(ScoreValue) }).check(
  z.refine((given) => given.score !== undefined || given.score_value !== undefined, {
    path: ['score'],
    ...as('one_of_needed', { fields: ['score', 'score_value'] }),
  }),
);
export type ScoreChange = z.output<typeof ScoreChange>;

export const LEAD_SORTS = [
  'created_at',
  'updated_at',
  'name',
  'title',
  'score_value',
  'lead_value',
  'last_contact_at',
  'last_activity_at',
  'expected_close_date',
  'stage_entered_at',
] as const;

const MOST_MONEY = 9_999_999_999.99;

/** What leads are filtered by, in lists, on boards and in figures alike. */
export const leadFilters = {
  /** In title, contact name, e-mail, company and phone: substrings of three letters and more, word beginnings for fewer. */
  search: z.optional(z.string().check(z.trim(), z.maxLength(200))),
  status: z.optional(many(oneOf(LEAD_STATUSES))),
  source_id: z.optional(many(Id)),
  score: z.optional(many(oneOf(SCORES))),
  stage_id: z.optional(many(Id)),
  pipeline_id: z.optional(Id),
  /** A member's user id, `me`, or `none`. */
  owner_id: z.optional(z.union([oneOf(['me', 'none']), Id])),
  contact_id: z.optional(Id),
  company_id: z.optional(Id),
  form_id: z.optional(Id),
  /** Leads with any of these tags. */
  tags: z.optional(many(text(50))),
  is_active: z.optional(flag()),
  is_qualified: z.optional(flag()),
  is_closed_won: z.optional(flag()),
  is_closed_lost: z.optional(flag()),
  value_min: z.optional(decimal(0, MOST_MONEY)),
  value_max: z.optional(decimal(0, MOST_MONEY)),
  score_min: z.optional(whole(0, 100)),
  score_max: z.optional(whole(0, 100)),
  created_from: z.optional(moment()),
  created_to: z.optional(moment()),
  last_contact_from: z.optional(moment()),
  last_contact_to: z.optional(moment()),
  expected_close_from: z.optional(day()),
  expected_close_to: z.optional(day()),
  ...customFilters,
  ...archivable,
};
export const LeadFilters = z.strictObject(leadFilters);
export type LeadFilters = z.output<typeof LeadFilters>;

/** The distance between marks that a list may be asked for, and so the longest skip from one. */
const MOST_SKIPPED = 10_000;

export const LeadQuery = z.extend(listQuery(LEAD_SORTS), {
  ...leadFilters,
  sort_by: sortOf(LEAD_SORTS),
  /** With a cursor: how many rows after it the page begins. */
  skip: z.optional(whole(0, MOST_SKIPPED)),
});
export type LeadQuery = z.output<typeof LeadQuery>;

export const MarksQuery = z.extend(z.pick(listQuery(LEAD_SORTS), { sort_order: true }), {
  ...leadFilters,
  sort_by: sortOf(LEAD_SORTS),
  every: z.optional(whole(100, MOST_SKIPPED)),
});
export type MarksQuery = z.output<typeof MarksQuery>;

/** The cursors of every Nth row of a list: the first points behind row N. */
export const Marks = z.object({ every: z.int(), total: z.int(), cursors: z.array(z.string()) });
export type Marks = z.infer<typeof Marks>;

const BOARD_SORTS = ['position', ...LEAD_SORTS] as const;
const { page_size, cursor, sort_order } = listQuery(LEAD_SORTS).def.shape;
const boardFilters = { ...leadFilters, page_size, sort_by: sortOf(BOARD_SORTS), sort_order };

/** The pipeline is the default one unless given; cards stand by their rank, the smallest first, unless sorted otherwise. */
export const BoardQuery = z.strictObject(boardFilters);
export type BoardQuery = z.output<typeof BoardQuery>;

export const BoardStageQuery = z.strictObject({ ...boardFilters, cursor });
export type BoardStageQuery = z.output<typeof BoardStageQuery>;

/** One column of the board, with figures over all of its leads and the first of its cards. */
export const BoardStage = z.object({
  stage: Stage,
  count: z.int(),
  values: z.array(Amount),
  /** The values by the stage's probability. */
  weighted_values: z.array(Amount),
  /** How long its leads have been in it on average; null where it has none. */
  average_age_seconds: z.nullable(z.int()),
  cards: z.array(Lead),
  next_cursor: z.nullable(z.string()),
});
export type BoardStage = z.infer<typeof BoardStage>;

export const Board = z.object({ pipeline: z.omit(Pipeline, { stages: true }), stages: z.array(BoardStage) });
export type Board = z.infer<typeof Board>;

export const LeadStats = z.object({
  total: z.int(),
  new: z.int(),
  qualified: z.int(),
  hot: z.int(),
  warm: z.int(),
  cold: z.int(),
});
export type LeadStats = z.infer<typeof LeadStats>;

export const leadRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/leads',
    summary: 'Lists leads, the latest activity first unless sorted otherwise. Archived ones are left out unless asked for.',
    permission: 'crm:leads:view',
    query: LeadQuery,
    response: listOf(Lead),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/leads',
    summary: 'Creates a lead on top of its stage, of a contact that exists or is found or created on the way.',
    permission: 'crm:leads:create',
    body: NewLead,
    response: Lead,
    status: 201,
    refuses: ['CONFLICT'],
  }),
  stats: defineRoute({
    method: 'GET',
    path: '/leads/stats',
    summary: 'Counts leads: all, new, qualified, and by score.',
    permission: 'crm:leads:view',
    query: LeadFilters,
    response: LeadStats,
  }),
  marks: defineRoute({
    method: 'GET',
    path: '/leads/marks',
    summary: "Gives the cursor of every Nth row of a list, from which any of its rows is near: the list's cursor with `skip`.",
    permission: 'crm:leads:view',
    query: MarksQuery,
    response: Marks,
  }),
  board: defineRoute({
    method: 'GET',
    path: '/leads/board',
    summary: 'Reads a pipeline as a board: every stage with its figures and its first cards.',
    permission: 'crm:leads:view',
    query: BoardQuery,
    response: Board,
    refuses: ['NOT_FOUND'],
  }),
  boardStage: defineRoute({
    method: 'GET',
    path: '/leads/board/:stage_id',
    summary: "Lists a stage's next cards.",
    permission: 'crm:leads:view',
    query: BoardStageQuery,
    response: listOf(Lead),
  }),
  get: defineRoute({
    method: 'GET',
    path: '/leads/:id',
    summary:
      'Reads a lead with its contact, source, stage, owner, stage history, appointments, latest activities, deals and jobs.',
    permission: 'crm:leads:view',
    response: LeadDetail,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/leads/:id',
    summary: 'Changes the fields that are sent and leaves the others; a stage or status among them moves the lead.',
    permission: 'crm:leads:edit',
    body: LeadChange,
    response: Lead,
    refuses: ['CONFLICT'],
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/leads/:id',
    summary: 'Deletes a lead; it can be restored for thirty days.',
    permission: 'crm:leads:delete',
    status: 204,
  }),
  restore: defineRoute({
    method: 'POST',
    path: '/leads/:id/restore',
    summary: 'Brings a deleted lead back, on top of its stage.',
    permission: 'crm:leads:delete',
    response: Lead,
    refuses: ['CONFLICT'],
  }),
  move: defineRoute({
    method: 'POST',
    path: '/leads/:id/move',
    summary: 'Moves a lead to a stage and a place in it.',
    permission: 'crm:leads:edit',
    body: Move,
    response: Lead,
    refuses: ['CONFLICT'],
  }),
  setStatus: defineRoute({
    method: 'PUT',
    path: '/leads/:id/status',
    summary: 'Moves a lead to the first active stage of a status; the present status changes nothing.',
    permission: 'crm:leads:edit',
    body: StatusChange,
    response: Lead,
    refuses: ['CONFLICT'],
  }),
  setScore: defineRoute({
    method: 'PUT',
    path: '/leads/:id/score',
    summary: 'Scores a lead: a number alone derives the band, a band alone leaves the number.',
    permission: 'crm:leads:edit',
    body: ScoreChange,
    response: Lead,
  }),
  setCustomField: defineRoute({
    method: 'PUT',
    path: '/leads/:id/custom-fields/:field_id',
    summary: 'Sets the value of one custom field; null or an empty string takes it away.',
    permission: 'crm:leads:edit',
    body: CustomValueGiven,
    response: Lead,
  }),
  history: defineRoute({
    method: 'GET',
    path: '/leads/:id/stage-history',
    summary: "Lists a lead's changes of stage, the latest first.",
    permission: 'crm:leads:view',
    query: listQuery(['changed_at']),
    response: listOf(StageChangeEntry),
  }),
};

import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { Id, Metadata, optional, record, text } from './fields.ts';
import { as } from './issues.ts';
import { defineRoute } from './route.ts';

/** What a stage means for the lead in it, whatever the stage is called. */
export const STAGE_CATEGORIES = ['new', 'contacted', 'qualified', 'appointment', 'proposal', 'converted', 'lost'] as const;
export const STAGE_TYPES = ['process', 'milestone', 'outcome'] as const;

export const StageCategory = z.enum(STAGE_CATEGORIES);
export type StageCategory = z.infer<typeof StageCategory>;

/** One step of a pipeline. */
export const Stage = z.object({
  ...record,
  pipeline_id: Id,
  name: z.string(),
  category: StageCategory,
  stage_type: z.enum(STAGE_TYPES),
  display_order: z.int(),
  is_active: z.boolean(),
  /** Whether a lead in it needs no more work. */
  is_completed: z.boolean(),
  color: z.nullable(z.string()),
  /** How likely a lead in it is won, in percent: what its value counts in forecasts. */
  probability: z.int(),
  /** Days after which a lead that stays is marked; null is never. */
  rot_after_days: z.nullable(z.int()),
  /** How many leads it takes; null is any number. */
  wip_limit: z.nullable(z.int()),
  configuration: z.record(z.string(), z.unknown()),
});
export type Stage = z.infer<typeof Stage>;

/** An ordered list of stages that leads go through. */
export const Pipeline = z.object({ ...record, name: z.string(), is_default: z.boolean(), stages: z.array(Stage) });
export type Pipeline = z.infer<typeof Pipeline>;

export const Color = z.string().check(z.regex(/^#[0-9a-f]{6}$/i, as('not_color') as {}));

const stageFields = {
  stage_type: z.optional(z.enum(STAGE_TYPES)),
  is_active: z.optional(z.boolean()),
  is_completed: z.optional(z.boolean()),
  color: optional(Color),
  probability: z.optional(z.int().check(z.gte(0), z.lte(100))),
  rot_after_days: optional(z.int().check(z.gte(1), z.lte(3_650))),
  wip_limit: optional(z.int().check(z.gte(1), z.lte(100_000))),
  configuration: z.optional(Metadata),
};

/** Type, probability and completion follow the category where they are left out. */
export const NewStage = z.strictObject({ name: text(100), category: StageCategory, ...stageFields });
export type NewStage = z.output<typeof NewStage>;

export const StageChange = z.strictObject({
  name: z.optional(text(100)),
  category: z.optional(StageCategory),
  ...stageFields,
});
export type StageChange = z.output<typeof StageChange>;

/** How many stages a pipeline has at most. */
export const MOST_STAGES = 50;

export const NewPipeline = z.strictObject({
  name: text(100),
  is_default: z.optional(z.boolean()),
  /** In their order; a pipeline without any takes no leads yet. */
  stages: z.optional(z.array(NewStage).check(z.maxLength(MOST_STAGES))),
});
export type NewPipeline = z.output<typeof NewPipeline>;

export const PipelineChange = z.strictObject({
  name: z.optional(text(100)),
  /** Only true: another pipeline becomes the default by being made it. */
  is_default: z.optional(z.literal(true)),
});
export type PipelineChange = z.output<typeof PipelineChange>;

export const PipelineQuery = listQuery(['created_at', 'name']);
export type PipelineQuery = z.output<typeof PipelineQuery>;

export const pipelineRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/pipelines',
    summary: 'Lists pipelines with their stages in order.',
    permission: 'crm:leads:view',
    query: PipelineQuery,
    response: listOf(Pipeline),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/pipelines',
    summary: 'Creates a pipeline with its stages; its name is unique in the workspace, whatever its case.',
    permission: 'workspace:pipelines',
    body: NewPipeline,
    response: Pipeline,
    status: 201,
  }),
  get: defineRoute({
    method: 'GET',
    path: '/pipelines/:id',
    summary: 'Reads a pipeline with its stages in order.',
    permission: 'crm:leads:view',
    response: Pipeline,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/pipelines/:id',
    summary: 'Renames a pipeline, or makes it the default.',
    permission: 'workspace:pipelines',
    body: PipelineChange,
    response: Pipeline,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/pipelines/:id',
    summary:
      'Deletes a pipeline; one that holds leads needs the stage that they move to, and the default stays. Where the leads are many, it is there, its stages not active, until they have moved.',
    permission: 'workspace:pipelines',
    query: z.strictObject({ move_to: z.optional(Id) }),
    status: 204,
    refuses: ['CONFLICT'],
  }),
  addStage: defineRoute({
    method: 'POST',
    path: '/pipelines/:id/stages',
    summary: 'Adds a stage at the end of a pipeline.',
    permission: 'workspace:pipelines',
    body: NewStage,
    response: Stage,
    status: 201,
  }),
  updateStage: defineRoute({
    method: 'PATCH',
    path: '/pipelines/:id/stages/:stage_id',
    summary: 'Changes a stage; its leads follow a new category.',
    permission: 'workspace:pipelines',
    body: StageChange,
    response: Stage,
  }),
  removeStage: defineRoute({
    method: 'DELETE',
    path: '/pipelines/:id/stages/:stage_id',
    summary:
      'Deletes a stage; one that holds leads needs the stage that they move to. Where those are many, it is there, not active, until they have moved.',
    permission: 'workspace:pipelines',
    query: z.strictObject({ move_to: z.optional(Id) }),
    status: 204,
    refuses: ['CONFLICT'],
  }),
  orderStages: defineRoute({
    method: 'PUT',
    path: '/pipelines/:id/stages/order',
    summary: "Puts a pipeline's stages into another order; each is named once.",
    permission: 'workspace:pipelines',
    body: z.strictObject({ stage_ids: z.array(Id).check(z.maxLength(MOST_STAGES)) }),
    response: Pipeline,
  }),
};

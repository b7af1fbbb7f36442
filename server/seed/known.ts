import type { StageCategory } from '../../src/contract/pipeline.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import type { SeedStep } from './seed-lead.ts';

/** A stage as leads enter it. */
export interface KnownStage {
  id: string;
  pipeline_id: string;
  name: string;
  /** Null is the default pipeline's. */
  pipeline: string | null;
  category: StageCategory;
}

/** What leads name by words and rows by ids. */
export interface Known {
  users: ReadonlyMap<string, string>;
  contacts: ReadonlyMap<string, string>;
  sources: ReadonlyMap<string, string>;
  stages: readonly KnownStage[];
  forms: ReadonlyMap<string, { name: string; definition: FormDefinition }>;
  currency: string;
  timezone: string;
}

/** The stage that a seed names; refuses one that the workspace doesn't have. */
export function stageOf({ stages }: Known, step: SeedStep): KnownStage {
  const stage = stages.find(({ pipeline, name }) => pipeline === step.pipeline && name === step.stage);
  if (!stage) throw new Error(`The seed names the stage ${step.stage}, which the workspace does not have.`);
  return stage;
}

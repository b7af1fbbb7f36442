import type { NewStage, Stage, StageCategory } from '../../src/contract/pipeline.ts';
import { newId } from '../ids.ts';

type Defaults = Pick<Stage, 'stage_type' | 'probability' | 'is_completed'>;

const DEFAULTS: Record<StageCategory, Defaults> = {
  new: { stage_type: 'process', probability: 10, is_completed: false },
  contacted: { stage_type: 'process', probability: 20, is_completed: false },
  qualified: { stage_type: 'milestone', probability: 40, is_completed: false },
  appointment: { stage_type: 'milestone', probability: 60, is_completed: false },
  proposal: { stage_type: 'process', probability: 75, is_completed: false },
  converted: { stage_type: 'outcome', probability: 100, is_completed: true },
  lost: { stage_type: 'outcome', probability: 0, is_completed: true },
};

/** The row of a new stage; what was left out follows its category. */
export function stageRow(pipelineId: string, displayOrder: number, { configuration, ...given }: NewStage) {
  const defaults = DEFAULTS[given.category];
  return {
    ...given,
    id: newId(),
    pipeline_id: pipelineId,
    display_order: displayOrder,
    stage_type: given.stage_type ?? defaults.stage_type,
    probability: given.probability ?? defaults.probability,
    is_completed: given.is_completed ?? defaults.is_completed,
    configuration: JSON.stringify(configuration ?? {}),
  };
}

/** What changes with a stage's category unless it is given: all that its former category had decided. */
export function followedDefaults(before: StageCategory, after: StageCategory, held: Defaults): Partial<Defaults> {
  const [old, next] = [DEFAULTS[before], DEFAULTS[after]];
  const followed = (Object.keys(next) as (keyof Defaults)[]).filter((name) => held[name] === old[name]);
  return Object.fromEntries(followed.map((name) => [name, next[name]]));
}

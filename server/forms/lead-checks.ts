import type { FormDefinition } from '../../src/contract/form-definition.ts';
import type { Issue } from '../../src/contract/issues.ts';
import { problem } from './form-problem.ts';

/** Which of the records that a definition names there are. */
export interface NamedRecords {
  sources: ReadonlySet<string>;
  pipelines: ReadonlySet<string>;
  /** Each with the pipeline that it belongs to. */
  stages: ReadonlyMap<string, string>;
  members: ReadonlySet<string>;
  /** Those that visitors can meet. */
  forms: ReadonlySet<string>;
}

/** What is wrong with what a form's leads begin with. */
export function leadProblems({ lead }: FormDefinition, named: NamedRecords): Issue[] {
  if (!lead) return [];
  const { source_id, pipeline_id, stage_id, owner } = lead;
  const issues: Issue[] = [];
  const missing = (place: string, label: string) => void issues.push(problem(`lead.${place}`, label, 'not_found'));
  if (source_id !== undefined && !named.sources.has(source_id)) missing('source_id', "The source of the form's leads");
  if (pipeline_id !== undefined && !named.pipelines.has(pipeline_id)) missing('pipeline_id', "The pipeline of the form's leads");
  if (stage_id !== undefined) {
    const pipelineOfStage = named.stages.get(stage_id);
    const isForeign = pipeline_id !== undefined && named.pipelines.has(pipeline_id) && pipelineOfStage !== pipeline_id;
    if (pipelineOfStage === undefined) missing('stage_id', "The stage of the form's leads");
    else if (isForeign)
      issues.push(problem('lead.stage_id', "The stage of the form's leads", 'only_for', { what: 'leads of another pipeline' }));
  }
  if (owner?.kind === 'creator')
    issues.push(
      problem('lead.owner.kind', "The owner of the form's leads, whom a visitor creates,", 'not_option', {
        options: ['nobody', 'fixed', 'round_robin', 'least_loaded'],
      }),
    );
  if (owner?.kind === 'fixed' && !named.members.has(owner.user_id)) missing('owner.user_id', "The owner of the form's leads");
  if (owner?.kind === 'round_robin' || owner?.kind === 'least_loaded')
    for (const [index, id] of (owner.user_ids ?? []).entries())
      if (!named.members.has(id)) missing(`owner.user_ids.${index}`, `The owner number ${index + 1} of the form's leads`);
  return issues;
}

/** What is wrong with what follows a submission; `ownId` is the form's own id, where it has one. */
export function successProblems({ success }: FormDefinition, named: NamedRecords, ownId: string | undefined): Issue[] {
  if (success?.kind !== 'form' || (success.form_id !== ownId && named.forms.has(success.form_id))) return [];
  return [problem('success.form_id', 'What follows the form', 'not_published')];
}

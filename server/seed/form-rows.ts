import type { CAPTURE_EVENTS } from '../../src/contract/capture.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { newId } from '../ids.ts';
import type { Known } from './known.ts';
import { submissionRow, type SuspectedSubmission } from './submission-rows.ts';

/** A published form. Its definition names no records, for they have no ids yet. */
export interface SeedForm {
  id: string;
  name: string;
  definition: FormDefinition;
  /** Where its leads begin; null is where leads begin anyway. */
  goes_to: { pipeline: string; stage: string } | null;
  published_at: string;
}

/** How often something happened to a form on a day of the workspace. */
export interface SeedFormTotal {
  form_id: string;
  day: string;
  event: (typeof CAPTURE_EVENTS)[number];
  step: string;
  field: string;
  count: number;
}

interface FormLife {
  forms: readonly SeedForm[];
  suspected: readonly SuspectedSubmission[];
  form_totals: readonly SeedFormTotal[];
}

/** What forms become, by table, in the order in which it must be written: each is published as it is written. */
export function formRowsOf({ forms, suspected, form_totals }: FormLife, { stages }: Pick<Known, 'stages'>) {
  const complete = forms.map(({ definition, goes_to, ...form }) => {
    // Where the workspace has another name for it by now, its leads begin where leads begin.
    const stage = stages.find(({ pipeline, name }) => pipeline === goes_to?.pipeline && name === goes_to?.stage);
    const lead = stage ? { ...definition.lead, pipeline_id: stage.pipeline_id, stage_id: stage.id } : definition.lead;
    return { ...form, definition: { ...definition, ...(lead && { lead }) } };
  });
  return {
    forms: complete.map(({ id, name, definition, published_at }) => ({
      id,
      name,
      draft: definition,
      published_version: 1,
      published_at,
      is_active: true,
      version: 1,
      created_at: published_at,
      updated_at: published_at,
    })),
    form_versions: complete.map(({ id, definition, published_at }) => ({
      id: newId(),
      form_id: id,
      number: 1,
      definition,
      published_at,
    })),
    submissions: suspected.map((one) =>
      submissionRow(one, complete.find(({ id }) => id === one.form_id)!.definition, undefined, one.reasons),
    ),
    form_event_totals: form_totals.map((total) => ({ ...total, shard: 0 })),
  };
}

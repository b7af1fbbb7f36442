import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { newId } from '../ids.ts';
import { stageOf, type Known } from './known.ts';

/** A published form. Its definition names no records, for they have no ids yet. */
export interface SeedForm {
  id: string;
  name: string;
  definition: FormDefinition;
  /** Where its leads begin; null is where leads begin anyway. */
  goes_to: { pipeline: string; stage: string } | null;
}

/** What forms become: each is published as it is written. */
export function formRowsOf(forms: readonly SeedForm[], known: Known): { forms: object[]; form_versions: object[] } {
  const now = new Date();
  const complete = forms.map(({ definition, goes_to, ...form }) => {
    const stage = goes_to && stageOf(known, { ...goes_to, at: now.toISOString(), by: null, reason: null });
    const lead = stage ? { ...definition.lead, pipeline_id: stage.pipeline_id, stage_id: stage.id } : definition.lead;
    return { ...form, definition: { ...definition, ...(lead && { lead }) } };
  });
  return {
    forms: complete.map(({ id, name, definition }) => ({
      id,
      name,
      draft: definition,
      published_version: 1,
      published_at: now,
      is_active: true,
      version: 1,
      created_at: now,
      updated_at: now,
    })),
    form_versions: complete.map(({ id, definition }) => ({
      id: newId(),
      form_id: id,
      number: 1,
      definition,
      published_at: now,
    })),
  };
}

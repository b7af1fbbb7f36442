import { sql } from 'kysely';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { isSharedPattern, tryPatterns } from '../custom-fields/field-pattern-service.ts';
import type { Tenant } from '../db/tenant.ts';
import type { KnownToForm } from './form-checks.ts';
import { customTargets, type MappedField } from './mapping-checks.ts';

/** Everything that a definition of the form is held against, as it is now. Its records are read in one statement, so that they fit together. */
export async function knownTo(tenant: Tenant, definition: FormDefinition, formId?: string): Promise<KnownToForm> {
  const { lead = {}, success, steps } = definition;
  const { owner } = lead;
  const owners = owner?.kind === 'fixed' ? [owner.user_id] : owner && 'user_ids' in owner ? (owner.user_ids ?? []) : [];
  const targets = customTargets(steps.flatMap(({ fields }) => fields));
  const ids = (given: readonly (string | undefined)[]) => sql`${given.filter((id) => id !== undefined)}::uuid[]`;
  const { rows } = await sql<{
    locale: string;
    custom_fields: MappedField[];
    sources: string[];
    pipelines: string[];
    stages: [id: string, pipelineId: string][];
    members: string[];
    forms: string[];
    published: FormDefinition | null;
  }>`
    select
      (select locale from workspaces) as locale,
      (select coalesce(json_agg(json_build_object('context', context, 'name', name, 'field_type', field_type,
          'options', coalesce(jsonb_path_query_array(configuration, '$.options[*].value'), '[]'))), '[]')
        from custom_fields where is_active and deleted_at is null and context || '.custom.' || name = any(${targets}::text[])) as custom_fields,
      (select coalesce(json_agg(id), '[]') from lead_sources where id = any(${ids([lead.source_id])})) as sources,
      (select coalesce(json_agg(id), '[]') from pipelines where id = any(${ids([lead.pipeline_id])})) as pipelines,
      (select coalesce(json_agg(json_build_array(id, pipeline_id)), '[]') from stages where id = any(${ids([lead.stage_id])})) as stages,
      (select coalesce(json_agg(user_id), '[]') from members where user_id = any(${ids(owners)})) as members,
      (select coalesce(json_agg(id), '[]') from forms where published_version is not null and is_active and deleted_at is null
        and id = any(${ids([success?.kind === 'form' ? success.form_id : undefined])})) as forms,
      (select definition from form_versions where form_id = ${formId ?? null}::uuid order by number desc limit 1) as published`.execute(
    tenant.db,
  );
  const { locale, custom_fields, sources, pipelines, stages, members, forms, published } = rows[0]!;
  return {
    matches: await tryPatterns(tenant.db, defaultsTried(steps)),
    locale,
    customFields: custom_fields,
    sources: new Set(sources),
    pipelines: new Set(pipelines),
    stages: new Map(stages),
    members: new Set(members),
    forms: new Set(forms),
    published: published ?? undefined,
    formId,
  };
}

/** The defaults of fields with a pattern that can be tried. */
const defaultsTried = (steps: FormDefinition['steps']) =>
  steps
    .flatMap(({ fields }) => fields)
    .flatMap(({ pattern, default: text }) =>
      pattern !== undefined && typeof text === 'string' && isSharedPattern(pattern) ? [{ pattern, text: text.trim() }] : [],
    );

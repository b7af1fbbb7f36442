import { sql } from 'kysely';
import type { CustomValues, CustomValuesGiven } from '../../src/contract/custom-field.ts';
import type { LeadDefaults } from '../../src/contract/form-definition.ts';
import type { LeadChange } from '../../src/contract/lead.ts';
import type { StageCategory } from '../../src/contract/pipeline.ts';
import type * as z from 'zod/mini';
import { newValues, type CheckedValues } from '../custom-fields/custom-value-service.ts';
import type { Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import { leadEvents } from './lead-event-service.ts';
import { plainColumns, titleOf } from './lead-columns.ts';
import { newLead } from './new-lead.ts';
import { ownerOf } from './owner-rule-service.ts';
import { flagsOf } from './stage-flags.ts';

type Defaults = z.output<typeof LeadDefaults>;

/** What a visitor's lead is made from beside their answers. */
export interface CaptureFacts {
  currency: string;
  source_id: string | null;
  /** Where it goes: the form's own stage, or the first there is; null where no stage takes leads. */
  stage: ChosenStage | null;
  lead_values: CheckedValues;
  /** The custom values that a contact has who is new. */
  contact_values: CheckedValues;
}

interface ChosenStage {
  id: string;
  pipeline_id: string;
  category: StageCategory;
}

/** Values of custom fields, for the lead and for its contact. */
export interface CustomGiven {
  lead: CustomValuesGiven;
  contact: CustomValuesGiven;
}

/** A lead that a submission becomes. */
export interface CapturedLead {
  id: string;
  formId: string;
  /** Names a lead of which nothing else does. */
  formName: string;
  /** Selects the id of its contact, who is held. */
  contact: Fragment;
  contactName: string | null;
  facts: CaptureFacts & { stage: ChosenStage };
  defaults: Defaults;
  fields: LeadChange;
  values: CustomValues;
  /** When the visitor's submission arrived. */
  at: Date;
}

const FIRST_SCORE = 0;

/** How submissions become leads. Every method works inside its tenant's unit of work. */
export class LeadCaptureService {
  /** Reads what a lead needs that begins so. */
  async facts(tenant: Tenant, { source_id, stage_id, pipeline_id }: Defaults, custom: CustomGiven): Promise<CaptureFacts> {
    const { rows } = await sql<CaptureFacts>`
      select w.currency,
        (select id from lead_sources where id = ${source_id ?? null}::uuid or name_key = 'website'
          order by id is not distinct from ${source_id ?? null}::uuid desc limit 1) as source_id,
        ${stageFor(stage_id, pipeline_id)} as stage,
        row_to_json(lv) as lead_values, row_to_json(cv) as contact_values
      from workspaces w cross join ${newValues('lead', custom.lead)} lv cross join ${newValues('contact', custom.contact)} cv
      where w.id = ${tenant.workspaceId}`.execute(tenant.db);
    return rows[0]!;
  }

  /** The open lead that a contact, who is held, has of a form already. */
  async openLead(tenant: Tenant, formId: string, contactId: string): Promise<string | null> {
    const { rows } = await sql<{ id: string }>`
      select id from leads where contact_id = ${contactId} and form_id = ${formId} and is_active and not is_archived and deleted_at is null
      order by created_at desc, id desc limit 1`.execute(tenant.db);
    return rows[0]?.id ?? null;
  }

  /** The score that a new contact has by a lead in a stage, which begins without any: none by one that is not active. */
  scoreOf({ category }: ChosenStage): number | null {
    return flagsOf(category, false).is_active ? FIRST_SCORE : null;
  }

  /**
   * The statements that write the lead on top of its stage, full or not, by the form's owner rule or the workspace's; `before`
   * and `beside` are further parts of the first, which its contact is selected from, and which may read the new row as `leads`. The stage is held from then on: where it has changed since it
   * was chosen, the transaction fails as one that can be run again.
   */
  written(tenant: Tenant, lead: CapturedLead, before: readonly Fragment[], beside: readonly Fragment[]): Fragment[] {
    const { attribution, ...fields } = plainColumns(lead.fields);
    const { id: stageId, pipeline_id, category } = lead.facts.stage;
    const owner = ownerOf(tenant, lead.defaults.owner ?? tenant.caller.workspace.policies.owner_rule);
    const columns = {
      ...fields,
      ...flagsOf(category, false),
      id: lead.id,
      owner_id: owner ?? undefined,
      pipeline_id,
      stage_id: stageId,
      score_value: FIRST_SCORE,
      position: sql`hold_top(${stageId}::uuid, ${category})`,
      stage_entered_at: sql`date_trunc('milliseconds', clock_timestamp())`,
      currency: lead.facts.currency,
      title: lead.fields.title ?? titleOf(lead.fields.product_interest, lead.contactName ?? lead.formName),
      source_id: lead.facts.source_id,
      form_id: lead.formId,
      tags: lead.defaults.tags,
      attribution: attribution && JSON.stringify(attribution),
      custom_fields: JSON.stringify(lead.values),
      created_at: lead.at,
    };
    const assigned = owner && [leadEvents('lead.assigned', sql`r.id = ${lead.id} and r.owner_id is not null`)];
    return [newLead(lead.contact, columns, before, beside), ...(assigned ?? [])];
  }

  /** The statement that tells of a lead that a further submission is an entry of. */
  touched(id: string): Fragment {
    return leadEvents('lead.updated', sql`r.id = ${id}`);
  }
}

/** The stage that is meant; where it is gone or takes no leads, the first of its pipeline, of the default one, of any. */
const stageFor = (stageId: string | undefined, pipelineId: string | undefined): Fragment => sql`
  (select json_build_object('id', s.id, 'pipeline_id', s.pipeline_id, 'category', s.category)
    from stages s join pipelines p on p.id = s.pipeline_id where s.is_active
    order by s.id is not distinct from ${stageId ?? null}::uuid desc, s.pipeline_id is not distinct from ${pipelineId ?? null}::uuid desc,
      p.is_default desc, s.pipeline_id, s.display_order, s.id limit 1)`;

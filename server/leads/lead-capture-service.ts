import { sql } from 'kysely';
import type { CustomValues, CustomValuesGiven } from '../../src/contract/custom-field.ts';
import type { LeadDefaults } from '../../src/contract/form-definition.ts';
import type { LeadChange } from '../../src/contract/lead.ts';
import type * as z from 'zod/mini';
import { newValues, type CheckedValues } from '../custom-fields/custom-value-service.ts';
import type { Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import { ApiFailure } from '../http/failure.ts';
import { emitLeads } from './lead-event-service.ts';
import { plainColumns, titleOf } from './lead-columns.ts';
import { writeLead } from './new-lead.ts';
import { ownerByRule } from './owner-rule-service.ts';
import { enterStage, type Entry } from './stage-entry.ts';

type Defaults = z.output<typeof LeadDefaults>;

/** What a visitor's lead is made from beside their answers. */
export interface CaptureFacts {
  currency: string;
  source_id: string | null;
  /** Where it goes: the form's own stage, or the first there is; null where no stage takes leads. */
  stage_id: string | null;
  lead_values: CheckedValues;
  /** The custom values that a contact has who is new. */
  contact_values: CheckedValues;
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
  contactId: string;
  contactName: string | null;
  facts: CaptureFacts;
  defaults: Defaults;
  fields: LeadChange;
  values: CustomValues;
  /** When the visitor's submission arrived. */
  at: Date;
}

/** How a stage of the form's choice, or another in its place, is found. */
const MOST_STAGES_TRIED = 3;

/** How submissions become leads. Every method works inside its tenant's unit of work. */
export class LeadCaptureService {
  /** Reads what a lead needs that begins so. */
  async facts(tenant: Tenant, { source_id, stage_id, pipeline_id }: Defaults, custom: CustomGiven): Promise<CaptureFacts> {
    const { rows } = await sql<CaptureFacts>`
      select w.currency,
        (select id from lead_sources where id = ${source_id ?? null}::uuid or name_key = 'website'
          order by id is not distinct from ${source_id ?? null}::uuid desc limit 1) as source_id,
        ${stageFor(stage_id, pipeline_id)} as stage_id,
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

  /** Who owns it, by the form's rule or the workspace's. */
  owner(tenant: Tenant, { owner }: Defaults): Promise<string | null> {
    return ownerByRule(tenant, owner ?? tenant.caller.workspace.policies.owner_rule);
  }

  /** Finds a place on top of the stage, full or not, and holds that until the transaction ends. */
  async enter(tenant: Tenant, facts: CaptureFacts, { stage_id, pipeline_id }: Defaults): Promise<Entry> {
    let stageId = facts.stage_id!;
    for (let tries = 1; ; tries++) {
      try {
        return await enterStage(tenant, { stageId }, { comesBack: true });
      } catch (error) {
        // It has gone, or takes no leads any more, since it was chosen.
        if (!(error instanceof ApiFailure) || tries === MOST_STAGES_TRIED) throw error;
        const { rows } = await sql<{ id: string }>`select ${stageFor(stage_id, pipeline_id)} as id`.execute(tenant.db);
        stageId = rows[0]!.id;
      }
    }
  }

  /** Writes the lead in one statement with what stands beside it; `beside` are further parts of that statement. */
  async write(
    tenant: Tenant,
    lead: CapturedLead,
    entry: Entry,
    owner: string | null,
    beside: readonly Fragment[],
  ): Promise<void> {
    const { attribution, ...fields } = plainColumns(lead.fields);
    const writing = writeLead(
      tenant,
      lead.contactId,
      {
        ...fields,
        id: lead.id,
        ...entry,
        currency: lead.facts.currency,
        title: lead.fields.title ?? titleOf(lead.fields.product_interest, lead.contactName),
        source_id: lead.facts.source_id,
        form_id: lead.formId,
        owner_id: owner,
        tags: lead.defaults.tags,
        attribution: attribution && JSON.stringify(attribution),
        custom_fields: JSON.stringify(lead.values),
        created_at: lead.at,
      },
      beside,
    );
    const assigned = owner === null ? undefined : emitLeads(tenant, 'lead.assigned', sql`r.id = ${lead.id}`);
    await Promise.all([writing, assigned]);
  }

  /** Tells of a lead that a further submission is an entry of. */
  async tellTouched(tenant: Tenant, id: string): Promise<void> {
    await emitLeads(tenant, 'lead.updated', sql`r.id = ${id}`);
  }
}

/** The stage that is meant; where it is gone or takes no leads, the first of its pipeline, of the default one, of any. */
const stageFor = (stageId: string | undefined, pipelineId: string | undefined): Fragment => sql`
  (select s.id from stages s join pipelines p on p.id = s.pipeline_id where s.is_active
    order by s.id is not distinct from ${stageId ?? null}::uuid desc, s.pipeline_id is not distinct from ${pipelineId ?? null}::uuid desc,
      p.is_default desc, s.pipeline_id, s.display_order, s.id limit 1)`;

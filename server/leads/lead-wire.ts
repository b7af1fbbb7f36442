import { sql } from 'kysely';
import type { LEAD_SORTS, Lead, LeadFilters } from '../../src/contract/lead.ts';
import { customValues } from '../custom-fields/custom-value-service.ts';
import { anyOf, asked, atLeast, atMost, found, is, owned, since, tagged, until } from '../db/filters.ts';
import type { Fragment, Listing } from '../db/list.ts';
import { inHundredths, money } from '../db/money.ts';
import { personOf } from '../db/people.ts';
import type { Tenant } from '../db/tenant.ts';

/** The columns of an answer, of a row of leads called `r`. */
export const leadWire: Fragment = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.contact_id, json_build_object('id', r.contact_id, 'name', r.contact_name, 'email', r.contact_email, 'phone_number', r.contact_phone,
    'company_id', r.company_id, 'company', r.company) as contact,
  r.title, r.product_interest, r.pipeline_id, r.stage_id, r.status, r.source_id, r.score, r.score_value,
  ${money(sql`r.lead_value_minor`)} as lead_value, r.currency, ${money(sql`r.budget_minor`)} as budget, r.timeline, r.disposition, r.notes,
  r.tags, r.owner_id, ${personOf(sql`r.owner_id`)} as owner, r.expected_close_date, r.is_active, r.is_qualified, r.is_closed_won,
  r.is_closed_lost, wire_time(r.last_activity_at) as last_activity_at, wire_time(r.last_contact_at) as last_contact_at,
  wire_time(r.converted_at) as converted_at, wire_time(r.stage_entered_at) as stage_entered_at, r.is_archived, r.position, r.form_id,
  r.attribution, ${customValues('lead')}`;

/** How leads are listed: the latest activity first unless sorted otherwise. */
export const leadListing: Listing<Lead, (typeof LEAD_SORTS)[number]> = {
  from: sql`leads r`,
  wire: leadWire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    updated_at: { column: sql`r.updated_at`, type: 'timestamptz' },
    name: { column: sql`r.contact_name`, type: 'text', nullable: true },
    title: { column: sql`r.title`, type: 'text' },
    score_value: { column: sql`r.score_value`, type: 'smallint' },
    lead_value: { column: sql`r.lead_value_minor`, type: 'bigint', nullable: true },
    last_contact_at: { column: sql`r.last_contact_at`, type: 'timestamptz', nullable: true },
    last_activity_at: { column: sql`r.last_activity_at`, type: 'timestamptz', nullable: true },
    expected_close_date: { column: sql`r.expected_close_date`, type: 'date', nullable: true },
    stage_entered_at: { column: sql`r.stage_entered_at`, type: 'timestamptz' },
  },
  defaultSort: 'last_activity_at',
  isScoped: true,
};

/**
 * The conditions of a list of leads on the row called `r`: not deleted, not archived unless asked for, and what was asked
 * for. Those on custom fields, which have to be looked up, are in `askedLeads`.
 */
export const leadFilters = (tenant: Tenant, filters: LeadFilters & { cf?: undefined }): Fragment[] => [
  sql`r.deleted_at is null`,
  ...asked([
    is('is_archived', filters.is_archived ?? false, 'boolean'),
    found('leads', filters.search),
    anyOf('status', filters.status),
    anyOf('source_id', filters.source_id, 'uuid'),
    anyOf('score', filters.score),
    anyOf('stage_id', filters.stage_id, 'uuid'),
    is('pipeline_id', filters.pipeline_id, 'uuid'),
    owned(tenant, filters.owner_id),
    is('contact_id', filters.contact_id, 'uuid'),
    is('company_id', filters.company_id, 'uuid'),
    is('form_id', filters.form_id, 'uuid'),
    tagged('lead_tags', 'lead_id', filters.tags),
    is('is_active', filters.is_active, 'boolean'),
    is('is_qualified', filters.is_qualified, 'boolean'),
    is('is_closed_won', filters.is_closed_won, 'boolean'),
    is('is_closed_lost', filters.is_closed_lost, 'boolean'),
    atLeast('lead_value_minor', inHundredths(filters.value_min), 'bigint'),
    atMost('lead_value_minor', inHundredths(filters.value_max), 'bigint'),
    atLeast('score_value', filters.score_min, 'smallint'),
    atMost('score_value', filters.score_max, 'smallint'),
    since(tenant, 'created_at', filters.created_from),
    until(tenant, 'created_at', filters.created_to),
    since(tenant, 'last_contact_at', filters.last_contact_from),
    until(tenant, 'last_contact_at', filters.last_contact_to),
    atLeast('expected_close_date', filters.expected_close_from, 'date'),
    atMost('expected_close_date', filters.expected_close_to, 'date'),
  ]),
];

import { ownerId, workspaceId } from './seeded-leads.ts';

/** Three letters each: of product names rarely, of people's names, and of numbers. */
export const TERMS = ['734', '519', '886', '207', '361', '948', 'ana', 'kov', 'zim', 'ros', 'vog', 'uri'];

const workspace = (workspaces: number) => `\\set w random(1, ${workspaces})\n`;
const id = (mark: string, variable: string) => `('${mark}-' || lpad(to_hex(:${variable}::bigint), 12, '0'))::uuid`;
const ofWorkspace = id(workspaceId(0).slice(0, 23), 'w');

const COLUMNS =
  `r.id, r.workspace_id, r.created_at, r.updated_at, r.created_by, r.updated_by, r.version, r.contact_id, r.contact_name, r.contact_email,
  r.contact_phone, r.company_id, r.company, r.title, r.product_interest, r.pipeline_id, r.stage_id, r.status, r.source_id, r.score, r.score_value,
  r.lead_value_minor, r.currency, r.budget_minor, r.timeline, r.disposition, r.notes, r.tags, r.owner_id, r.expected_close_date, r.is_active,
  r.is_qualified, r.is_closed_won, r.is_closed_lost, r.last_activity_at, r.last_contact_at, r.converted_at, r.stage_entered_at, r.is_archived,
  r.position, r.form_id, r.attribution`.replaceAll('\n', ' ');

const page = (condition: string) =>
  `select json_agg(p) from (select ${COLUMNS} from leads r where r.workspace_id = ${ofWorkspace} and r.deleted_at is null and not r.is_archived ${condition} order by r.last_activity_at desc nulls last, r.id desc limit 50) p;\n`;

/** The first page of a workspace's leads as JSON, without security, transaction or count. */
export const rawList = (workspaces: number) => workspace(workspaces) + page('');

/** A page from the middle of the list. */
export const rawKeyset = (workspaces: number) =>
  `${workspace(workspaces)}\\set days random(60, 120)\n${page(`and (r.last_activity_at, r.id) < (now() - :days::integer * interval '1 day', '${workspaceId(0)}')`)}`;

/** One script for each term, for only a literal finds its index. */
export const rawSearches = (workspaces: number) =>
  TERMS.map((term) => workspace(workspaces) + page(`and r.search_text like '%${term}%'`));

/** What creating a lead writes: the lead, its history, its activity, its event, and by triggers the same as ever. */
export const rawCreate = (workspaces: number) =>
  `${workspace(workspaces)}\\set c random(1, 3000)
begin;
select set_config('millrace.workspace', ${ofWorkspace}::text, true), set_config('millrace.actor', ${id(ownerId(0).slice(0, 23), 'w')}::text, true), set_config('millrace.request', 'bench', true);
with l as (insert into leads (contact_id, title, pipeline_id, stage_id, status, source_id, lead_value_minor, currency, last_activity_at, position) select ${id('0000000c-0000-7000-8000', 'c')}, 'A lead of the bench', s.pipeline_id, s.id, 'new', null, 120000, 'EUR', now(), 'Zz' from stages s where s.workspace_id = ${ofWorkspace} and s.display_order = 1 returning *), h as (insert into lead_stage_history (lead_id, to_stage_id) select id, stage_id from l), a as (insert into activities (contact_id, lead_id, activity_type, subject) select contact_id, id, 'system', 'Lead created' from l) insert into events (name, record_id, data) select 'lead.created', id, row_to_json(l) from l;
commit;
`;

import type { Generated, JSONColumnType } from 'kysely';
import type { AppointmentStatus, Outcome } from '../../src/contract/appointment.ts';
import type { CustomValues, FieldConfiguration, FieldContext, FieldType } from '../../src/contract/custom-field.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import type { STAGE_TYPES, StageCategory } from '../../src/contract/pipeline.ts';
import type { ViewResource } from '../../src/contract/saved-view.ts';
import type { Policies } from '../../src/contract/workspace.ts';

/** The tables as the query builder knows them: what is written here is read from there. */

interface Stamped {
  version: Generated<number>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  created_by: Generated<string | null>;
  updated_by: Generated<string | null>;
}

interface Addressed {
  address_1: string | null;
  address_2: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
}

export interface WorkspaceTable extends Stamped {
  id: Generated<string>;
  name: string;
  country: Generated<string>;
  currency: Generated<string>;
  timezone: Generated<string>;
  locale: Generated<string>;
  theme: JSONColumnType<object, string | undefined, string>;
  allowed_origins: Generated<string[]>;
  policies: JSONColumnType<Policies, string | undefined, string>;
  deleted_at: Date | null;
}

export interface UserTable {
  id: Generated<string>;
  name: string;
  email: string;
  email_key: Generated<string>;
  avatar_url: string | null;
  locale: string | null;
  timezone: string | null;
}

export interface MemberTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  user_id: string | null;
  email: string | null;
  email_key: Generated<string | null>;
  role: 'owner' | 'admin' | 'manager' | 'member' | 'viewer';
  status: 'active' | 'invited';
  invitation_hash: string | null;
  invitation_expires_at: Date | null;
  working_hours: JSONColumnType<object, string | null, string | null> | null;
  joined_at: Date | null;
}

export interface ApiKeyTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  name: string;
  kind: 'secret' | 'publishable';
  secret_hash: string;
  last_four: string;
  former_secret_until: Date | null;
  permissions: string[];
  expires_at: Date | null;
  allowed_addresses: Generated<string[]>;
  rate_limit: number | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export interface CompanyTable extends Stamped, Addressed {
  workspace_id: Generated<string>;
  id: Generated<string>;
  name: string;
  name_key: Generated<string>;
  industry: string | null;
  website: string | null;
  employees: number | null;
  phone_number: string | null;
  tags: Generated<string[]>;
  notes: string | null;
  deleted_at: Date | null;
}

export interface ContactTable extends Stamped, Addressed {
  workspace_id: Generated<string>;
  id: Generated<string>;
  firstname: string | null;
  lastname: string | null;
  name: Generated<string | null>;
  email: string | null;
  email_key: Generated<string | null>;
  phone_number: string | null;
  company_id: string | null;
  company: Generated<string | null>;
  status: Generated<string>;
  type: Generated<string>;
  priority: string | null;
  is_favorite: Generated<boolean>;
  is_archived: Generated<boolean>;
  tags: Generated<string[]>;
  notes: string | null;
  metadata: JSONColumnType<object, string | undefined, string>;
  custom_fields: JSONColumnType<CustomValues, string | undefined, string>;
  score: number | null;
  deleted_at: Date | null;
  /** The contact that it was merged into, as long as that is not undone. */
  merged_into: string | null;
}

export interface PipelineTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  name: string;
  name_key: Generated<string>;
  is_default: Generated<boolean>;
}

export interface StageTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  pipeline_id: string;
  name: string;
  name_key: Generated<string>;
  category: StageCategory;
  stage_type: (typeof STAGE_TYPES)[number];
  display_order: number;
  is_active: Generated<boolean>;
  is_completed: Generated<boolean>;
  color: string | null;
  probability: number;
  rot_after_days: number | null;
  wip_limit: number | null;
  configuration: JSONColumnType<object, string | undefined, string>;
}

export interface LeadSourceTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  name: string;
  name_key: Generated<string>;
  category: Generated<string>;
  description: string | null;
  is_active: Generated<boolean>;
}

export interface ContactAssignmentTable {
  workspace_id: Generated<string>;
  contact_id: string;
  user_id: string;
  assigned_at: Generated<Date>;
}

export interface ActivityTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  contact_id: string;
  lead_id: string | null;
  activity_type: string;
  subject: string | null;
  description: string | null;
  due_at: Date | string | null;
  completed_at: Date | string | null;
  occurred_at: Generated<Date | string>;
  metadata: JSONColumnType<object, string | undefined, string>;
  deleted_at: Date | null;
}

export interface DealTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  lead_id: string;
  contact_id: string;
  title: string;
  value_minor: number | null;
  currency: string;
  state: Generated<'open' | 'won' | 'lost'>;
  owner_id: string | null;
  closed_at: Date | string | null;
}

export interface LeadJobTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  lead_id: string;
  title: string;
  status: Generated<'planned' | 'in_progress' | 'done' | 'cancelled'>;
  details: JSONColumnType<object, string | undefined, string>;
  scheduled_for: Date | string | null;
}

export interface LeadTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  contact_id: string;
  contact_name: Generated<string | null>;
  contact_email: Generated<string | null>;
  contact_phone: Generated<string | null>;
  company_id: Generated<string | null>;
  company: Generated<string | null>;
  title: string;
  product_interest: string | null;
  pipeline_id: string;
  stage_id: string;
  status: 'new' | 'contacted' | 'qualified' | 'converted' | 'lost';
  source_id: string | null;
  score: Generated<'cold' | 'warm' | 'hot'>;
  score_value: Generated<number>;
  /** Hundredths; read as a number where a change is made. */
  lead_value_minor: number | null;
  currency: string;
  budget_minor: number | null;
  timeline: string | null;
  disposition: string | null;
  notes: string | null;
  tags: Generated<string[]>;
  owner_id: string | null;
  expected_close_date: string | null;
  is_active: Generated<boolean>;
  is_qualified: Generated<boolean>;
  is_closed_won: Generated<boolean>;
  is_closed_lost: Generated<boolean>;
  last_activity_at: Date | null;
  last_contact_at: Date | null;
  converted_at: Date | null;
  stage_entered_at: Generated<Date>;
  is_archived: Generated<boolean>;
  position: string;
  form_id: string | null;
  attribution: JSONColumnType<object, string | undefined, string>;
  custom_fields: JSONColumnType<CustomValues, string | undefined, string>;
  deleted_at: Date | null;
}

export interface SavedViewTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  resource: ViewResource;
  name: string;
  name_key: Generated<string>;
  filters: JSONColumnType<object, string, string>;
  columns: string[];
  sort: JSONColumnType<object, string, string> | null;
  owner_id: string | null;
}

export interface AppointmentTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  lead_id: string;
  contact_id: Generated<string>;
  owner_id: string | null;
  appointment_date: Date;
  duration_minutes: number;
  ends_at: Generated<Date>;
  timezone: string;
  location: string | null;
  meeting_url: string | null;
  status: Generated<AppointmentStatus>;
  outcome: Outcome | null;
  notes: string | null;
  set_by: string | null;
  set_date: Date | null;
  verified_by: string | null;
  verified_date: Date | null;
  confirmed_by: string | null;
  confirmed_date: Date | null;
  completed_at: Date | null;
  cancelled_at: Date | null;
  cancel_reason: string | null;
  sequence: Generated<number>;
  deleted_at: Date | null;
}

export interface CustomFieldTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  context: FieldContext;
  name: string;
  label: string;
  field_type: FieldType;
  configuration: JSONColumnType<FieldConfiguration, string, string>;
  description: string | null;
  display_order: number;
  is_required: Generated<boolean>;
  is_active: Generated<boolean>;
  is_searchable: Generated<boolean>;
  deleted_at: Date | null;
}

export interface FormTable extends Stamped {
  workspace_id: Generated<string>;
  id: Generated<string>;
  name: string;
  draft: JSONColumnType<FormDefinition, string, string>;
  published_version: number | null;
  published_at: Date | null;
  is_active: Generated<boolean>;
  deleted_at: Date | null;
}

export interface Schema {
  forms: FormTable;
  custom_fields: CustomFieldTable;
  pipelines: PipelineTable;
  stages: StageTable;
  lead_sources: LeadSourceTable;
  workspaces: WorkspaceTable;
  users: UserTable;
  members: MemberTable;
  api_keys: ApiKeyTable;
  companies: CompanyTable;
  contacts: ContactTable;
  contact_assignments: ContactAssignmentTable;
  activities: ActivityTable;
  deals: DealTable;
  lead_jobs: LeadJobTable;
  appointments: AppointmentTable;
  saved_views: SavedViewTable;
}

import type { Generated, JSONColumnType } from 'kysely';

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
  policies: JSONColumnType<{ require_if_match?: boolean }, string | undefined, string>;
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
  score: number | null;
  deleted_at: Date | null;
}

export interface ContactAssignmentTable {
  workspace_id: Generated<string>;
  contact_id: string;
  user_id: string;
  assigned_at: Generated<Date>;
}

export interface Schema {
  workspaces: WorkspaceTable;
  users: UserTable;
  members: MemberTable;
  companies: CompanyTable;
  contacts: ContactTable;
  contact_assignments: ContactAssignmentTable;
}

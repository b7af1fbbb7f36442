import * as z from 'zod/mini';

/** A member's role, the most powerful first. */
export const ROLES = ['owner', 'admin', 'manager', 'member', 'viewer'] as const;
export type Role = (typeof ROLES)[number];
export const Role = z.enum(ROLES);

const RECORDS = [
  'leads',
  'contacts',
  'companies',
  'appointments',
  'activities',
  'forms',
  'automations',
  'messages',
  'invoices',
] as const;
type RecordVerb = 'view' | 'create' | 'edit' | 'delete';

export type Permission =
  | 'crm:access'
  | `crm:${(typeof RECORDS)[number]}:${RecordVerb}`
  | 'crm:leads:assign'
  | 'crm:leads:convert'
  | 'crm:import'
  | 'crm:export'
  | 'crm:reports:view'
  | 'workspace:settings'
  | 'workspace:members'
  | 'workspace:api_keys'
  | 'workspace:webhooks'
  | 'workspace:fields'
  | 'workspace:pipelines';

const viewer: Permission[] = ['crm:access', 'crm:reports:view', ...RECORDS.map((name) => `crm:${name}:view` as const)];

const daily = ['leads', 'contacts', 'companies', 'appointments', 'activities', 'messages'] as const;
const member: Permission[] = [
  ...viewer,
  ...daily.flatMap((name) => [`crm:${name}:create`, `crm:${name}:edit`] as const),
  'crm:leads:assign',
  'crm:leads:convert',
];

const deletable = ['leads', 'contacts', 'companies', 'appointments', 'activities'] as const;
const designed = ['forms', 'automations', 'invoices'] as const;
const manager: Permission[] = [
  ...member,
  ...deletable.map((name) => `crm:${name}:delete` as const),
  ...designed.flatMap((name) => [`crm:${name}:create`, `crm:${name}:edit`, `crm:${name}:delete`] as const),
  'crm:import',
  'crm:export',
];

const admin: Permission[] = [
  ...manager,
  'workspace:settings',
  'workspace:members',
  'workspace:api_keys',
  'workspace:webhooks',
  'workspace:fields',
  'workspace:pipelines',
];

/** Every permission there is, in the order of the table. */
export const PERMISSIONS: readonly Permission[] = admin;
export const Permission = z.enum(admin as [Permission, ...Permission[]]);

/** What each role may do. Ownership itself (delete or hand over the workspace) is the role `owner`, not a permission. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(viewer),
  member: new Set(member),
  manager: new Set(manager),
  admin: new Set(admin),
  owner: new Set(admin),
};

/** Whether `role` stands above `other`. */
export const outranks = (role: Role, other: Role) => ROLES.indexOf(role) < ROLES.indexOf(other);

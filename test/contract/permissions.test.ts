import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { outranks, ROLE_PERMISSIONS, ROLES, type Permission, type Role } from '../../src/contract/permissions.ts';
import { workspaceRoutes } from '../../src/contract/workspace.ts';

const of = (records: string[], verbs: string[]) => records.flatMap((record) => verbs.map((verb) => `crm:${record}:${verb}`));

const EVERY = ['leads', 'contacts', 'companies', 'appointments', 'activities', 'forms', 'automations', 'messages', 'invoices'];

/** The table of the domain, row by row: who has what. */
const MATRIX: [row: string, permissions: string[], roles: Role[]][] = [
  [
    'access, every view, reports',
    ['crm:access', ...of(EVERY, ['view']), 'crm:reports:view'],
    ['viewer', 'member', 'manager', 'admin', 'owner'],
  ],
  [
    'create and edit what is worked with daily',
    of(['leads', 'contacts', 'companies', 'appointments', 'activities', 'messages'], ['create', 'edit']),
    ['member', 'manager', 'admin', 'owner'],
  ],
  ['convert leads, which is editing them', ['crm:leads:convert'], ['member', 'manager', 'admin', 'owner']],
  ['assign leads, a member to themselves', ['crm:leads:assign'], ['member', 'manager', 'admin', 'owner']],
  [
    'delete; import; export',
    [...of(['leads', 'contacts', 'companies', 'appointments', 'activities'], ['delete']), 'crm:import', 'crm:export'],
    ['manager', 'admin', 'owner'],
  ],
  [
    'forms, automations, invoices',
    of(['forms', 'automations', 'invoices'], ['create', 'edit', 'delete']),
    ['manager', 'admin', 'owner'],
  ],
  [
    'the workspace',
    ['settings', 'members', 'api_keys', 'webhooks', 'fields', 'pipelines'].map((part) => `workspace:${part}`),
    ['admin', 'owner'],
  ],
];

describe('permissions', () => {
  for (const [row, permissions, holders] of MATRIX) {
    test(`to ${row} belong to ${holders.join(', ')} alone`, () => {
      for (const permission of permissions as Permission[]) {
        assert.deepEqual(ROLES.filter((role) => ROLE_PERMISSIONS[role].has(permission)).sort(), holders.toSorted(), permission);
      }
    });
  }

  test('are those of the table and no other', () => {
    const known = new Set(MATRIX.flatMap(([, permissions]) => permissions));
    for (const role of ROLES)
      assert.deepEqual(
        [...ROLE_PERMISSIONS[role]].filter((permission) => !known.has(permission)),
        [],
      );
    assert.deepEqual([...ROLE_PERMISSIONS.owner].sort(), [...known].sort());
  });

  test('grow with the role', () => {
    for (const [index, role] of ROLES.entries()) {
      for (const lower of ROLES.slice(index + 1))
        for (const permission of ROLE_PERMISSIONS[lower])
          assert.ok(ROLE_PERMISSIONS[role].has(permission), `${role} ${permission}`);
    }
  });

  test('to delete the workspace and to hand it over are the ownership itself', () => {
    assert.equal(workspaceRoutes.remove.permission, 'owner');
    assert.equal(workspaceRoutes.transfer.permission, 'owner');
  });
});

test('roles stand above one another in one order', () => {
  assert.deepEqual(ROLES, ['owner', 'admin', 'manager', 'member', 'viewer']);
  for (const [index, role] of ROLES.entries())
    for (const [other, one] of ROLES.entries()) assert.equal(outranks(role, one), index < other, `${role} ${one}`);
});

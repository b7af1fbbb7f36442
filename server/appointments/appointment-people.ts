import { sql } from 'kysely';
import type { AppointmentChange } from '../../src/contract/appointment.ts';
import { issue } from '../../src/contract/issues.ts';
import type { Tenant } from '../db/tenant.ts';
import { decidesForOthers } from '../http/caller.ts';
import { ApiFailure, invalid, invalidField } from '../http/failure.ts';

/** Refuses an owner whom the caller may not name: everybody books for themselves and for the lead's owner. */
export async function assertMayOwn(tenant: Tenant, ownerId: string | null, leadOwnerId: string | null) {
  const { userId, ownerScope } = tenant.caller;
  if (ownerId !== null && ownerId === leadOwnerId) return;
  if (ownerScope !== undefined && ownerId !== ownerScope)
    throw new ApiFailure('FORBIDDEN', "This token sees one owner's records only, and names nobody else: leave owner_id out.");
  if (ownerId !== userId && !decidesForOthers(tenant.caller)) {
    throw new ApiFailure(
      'FORBIDDEN',
      "A member books for themselves or for the lead's owner: ask a manager to name somebody else, or nobody.",
    );
  }
  if (ownerId !== null && !(await membersAmong(tenant, [ownerId])).has(ownerId)) throw invalidField('owner_id', 'not_found');
}

const SIGNATURES = ['set_by', 'verified_by', 'confirmed_by'] as const;

/** Refuses to name who set, verified or confirmed an appointment where the caller may not, or where there is no such member. */
export async function assertMaySign(tenant: Tenant, given: AppointmentChange) {
  const named = SIGNATURES.filter((field) => given[field] !== undefined);
  if (named.length === 0) return;
  if (!decidesForOthers(tenant.caller))
    throw new ApiFailure('FORBIDDEN', `Naming who did it is for managers: leave ${named.join(' and ')} out, and it is you.`);
  const members = await membersAmong(
    tenant,
    named.map((field) => given[field]!),
  );
  const issues = named.filter((field) => !members.has(given[field]!)).map((field) => issue(field, 'not_found'));
  if (issues.length > 0) throw invalid(issues);
}

/** The zone that an appointment is in where none is named: that of its owner, or else the workspace's. */
export async function zoneOf(tenant: Tenant, ownerId: string | null): Promise<string> {
  const { rows } = await sql<{ zone: string | null }>`
    select coalesce(m.working_hours ->> 'timezone', u.timezone) as zone from members m join users u on u.id = m.user_id
    where m.user_id = ${ownerId}`.execute(tenant.db);
  return rows[0]?.zone ?? tenant.caller.workspace.timezone;
}

/** Those of some people who are members, and stay it until the transaction ends. */
async function membersAmong(tenant: Tenant, userIds: string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ user_id: string }>`
    select user_id from members where user_id = any(${userIds}::uuid[]) order by user_id for key share`.execute(tenant.db);
  return new Set(rows.map(({ user_id }) => user_id));
}

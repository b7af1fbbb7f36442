import { sql } from 'kysely';
import { issue } from '../../src/contract/issues.ts';
import type { OwnerRule } from '../../src/contract/workspace.ts';
import type { Fragment } from '../db/fragment.ts';
import type { Tenant } from '../db/tenant.ts';
import { invalid } from '../http/failure.ts';

/**
 * Who owns a new lead by a rule: a member, or nobody. It is the rule's word, whatever the caller may assign. Whoever is
 * chosen stays a member until the transaction ends; where members take turns, others who choose wait for that end.
 */
export async function ownerByRule(tenant: Tenant, rule: OwnerRule | null | undefined): Promise<string | null> {
  if (rule?.kind === 'creator') return tenant.caller.userId ?? null;
  const owner = ownerOf(tenant, rule);
  if (owner === null) return null;
  const { rows } = await sql<{ owner: string | null }>`select ${owner} as owner`.execute(tenant.db);
  return rows[0]!.owner;
}

/** The same as an expression of the statement that writes the lead, to be there once; null where nobody is to own it. */
export function ownerOf({ caller }: Tenant, rule: OwnerRule | null | undefined): Fragment | null {
  switch (rule?.kind) {
    case undefined:
    case 'nobody':
      return null;
    case 'creator':
      return caller.userId === undefined ? null : sql`${caller.userId}::uuid`;
    case 'fixed':
      return sql`(select user_id from members where user_id = ${rule.user_id}::uuid for key share)`;
    case 'round_robin':
      return sql`take_owner_turn(${rule.user_ids ?? null}::uuid[], false)`;
    case 'least_loaded':
      return sql`take_owner_turn(${rule.user_ids ?? null}::uuid[], true)`;
  }
}

/**
 * Refuses a rule that names people who are no members, by their places below `path`. Those whom the present rule names may
 * have left since, and stay in it.
 */
export async function assertOwnerRule(
  { db }: Tenant,
  rule: OwnerRule | null | undefined,
  present: OwnerRule | null | undefined,
  path: string,
): Promise<void> {
  const named = Object.entries(namedBy(rule));
  if (named.length === 0) return;
  const { rows } = await sql<{ user_id: string }>`
    select user_id from members where user_id = any(${named.map(([, id]) => id)}::uuid[])`.execute(db);
  const known = new Set([...rows.map(({ user_id }) => user_id), ...Object.values(namedBy(present))]);
  const strangers = named.filter(([, id]) => !known.has(id));
  if (strangers.length > 0) throw invalid(strangers.map(([place]) => issue(`${path}.${place}`, 'not_found')));
}

/** The people that a rule names, by their places in it. */
function namedBy(rule: OwnerRule | null | undefined): Record<string, string> {
  if (rule?.kind === 'fixed') return { user_id: rule.user_id };
  const ids = rule && 'user_ids' in rule ? (rule.user_ids ?? []) : [];
  return Object.fromEntries(ids.map((id, index) => [`user_ids.${index}`, id]));
}

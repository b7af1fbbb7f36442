import { sql } from 'kysely';
import { issue } from '../../src/contract/issues.ts';
import type { OwnerRule } from '../../src/contract/workspace.ts';
import type { Tenant } from '../db/tenant.ts';
import { invalid } from '../http/failure.ts';

/**
 * Who owns a new lead by a rule: a member, or nobody. It is the rule's word, whatever the caller may assign. Whoever is
 * chosen stays a member until the transaction ends; where members take turns, others who choose wait for that end.
 */
export async function ownerByRule(tenant: Tenant, rule: OwnerRule | null | undefined): Promise<string | null> {
  switch (rule?.kind) {
    case undefined:
    case 'nobody':
      return null;
    case 'creator':
      return tenant.caller.userId ?? null;
    case 'fixed':
      return ifMember(tenant, rule.user_id);
    case 'round_robin':
      return nextInTurn(tenant, rule.user_ids, false);
    case 'least_loaded':
      return nextInTurn(tenant, rule.user_ids, true);
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

async function ifMember({ db }: Tenant, userId: string): Promise<string | null> {
  const { rows } = await sql`select from members where user_id = ${userId} for key share`.execute(db);
  return rows.length > 0 ? userId : null;
}

async function nextInTurn({ db }: Tenant, among: string[] | undefined, byLoad: boolean): Promise<string | null> {
  const { rows } = await sql<{ chosen: string | null }>`
    select take_owner_turn(${among ?? null}::uuid[], ${byLoad}) as chosen`.execute(db);
  return rows[0]!.chosen;
}

import type { LeadChange, ScoreChange } from '../../src/contract/lead.ts';
import { inHundredths } from '../db/money.ts';
import type { Caller } from '../http/caller.ts';
import { ApiFailure } from '../http/failure.ts';

const LONGEST_TITLE = 100;
const HOT = 70;
const WARM = 35;

/** Fields that are kept as they are sent. */
const AS_SENT = [
  'product_interest',
  'currency',
  'timeline',
  'disposition',
  'notes',
  'tags',
  'expected_close_date',
  'is_active',
  'is_qualified',
  'is_archived',
  'attribution',
] as const satisfies (keyof LeadChange)[];

/** The columns of what was sent, but those that are looked up; undefined is what was not sent. */
export function plainColumns(given: LeadChange) {
  const plain = Object.fromEntries(AS_SENT.map((name) => [name, given[name]])) as Pick<LeadChange, (typeof AS_SENT)[number]>;
  return {
    ...plain,
    ...scored(given),
    lead_value_minor: inHundredths(given.lead_value),
    budget_minor: inHundredths(given.budget),
  };
}

const scored = ({ score, score_value }: ScoreChange) => ({
  score_value,
  score: score ?? (score_value === undefined ? undefined : bandOf(score_value)),
});

/** The band of a score that is given as a number alone. */
export const bandOf = (value: number) => (value >= HOT ? 'hot' : value >= WARM ? 'warm' : 'cold');

/** What a lead is called where nobody says. */
export const titleOf = (productInterest: string | null | undefined, contactName: string | null) =>
  Array.from(productInterest ?? contactName ?? 'Lead')
    .slice(0, LONGEST_TITLE)
    .join('')
    .trim();

/** The owner of a new lead; refuses one that the caller may not give it. */
export function firstOwner(caller: Caller, given: string | null | undefined): string | null {
  const owner = given === undefined ? (caller.ownerScope ?? null) : given;
  if (owner !== null && owner !== caller.ownerScope) assertMayAssign(caller, owner);
  else assertInScope(caller, owner);
  return owner;
}

/** Refuses to give a lead to somebody, or to nobody, where the caller may not. */
export function assertMayAssign(caller: Caller, owner: string | null) {
  if (!caller.permissions.has('crm:leads:assign')) {
    throw new ApiFailure('FORBIDDEN', 'Giving a lead an owner needs the permission crm:leads:assign: leave owner_id out.');
  }
  assertInScope(caller, owner);
  if (caller.role === 'member' && owner !== caller.userId) {
    throw new ApiFailure('FORBIDDEN', 'A member takes leads for themselves only: ask a manager to give it to somebody else.');
  }
}

function assertInScope({ ownerScope }: Caller, owner: string | null) {
  if (ownerScope === undefined || owner === ownerScope) return;
  throw new ApiFailure(
    'FORBIDDEN',
    "This token sees one owner's leads only, and gives none to anybody else: leave owner_id out.",
  );
}

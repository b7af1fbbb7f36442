import { sql } from 'kysely';
import type { LeadStatus } from '../../src/contract/lead.ts';
import type { StageCategory } from '../../src/contract/pipeline.ts';
import type { Fragment } from '../db/list.ts';

/** What a lead's stage decides of it. */
export interface StageFlags {
  status: LeadStatus;
  is_qualified: boolean;
  is_closed_won: boolean;
  is_closed_lost: boolean;
  is_active: boolean;
}

const open = { is_closed_won: false, is_closed_lost: false, is_active: true };

/** A lost lead is as qualified as it was. */
const FLAGS: Record<StageCategory, Omit<StageFlags, 'is_qualified'> & { is_qualified: boolean | 'as before' }> = {
  new: { ...open, status: 'new', is_qualified: false },
  contacted: { ...open, status: 'contacted', is_qualified: false },
  qualified: { ...open, status: 'qualified', is_qualified: true },
  appointment: { ...open, status: 'qualified', is_qualified: true },
  proposal: { ...open, status: 'qualified', is_qualified: true },
  converted: { status: 'converted', is_qualified: true, is_closed_won: true, is_closed_lost: false, is_active: false },
  lost: { status: 'lost', is_qualified: 'as before', is_closed_won: false, is_closed_lost: true, is_active: false },
};

/** What a stage of this category makes of a lead. */
export function flagsOf(category: StageCategory, wasQualified: boolean): StageFlags {
  const flags = FLAGS[category];
  return { ...flags, is_qualified: flags.is_qualified === 'as before' ? wasQualified : flags.is_qualified };
}

/** The same as assignments of an `update leads`, for leads that follow their stage without being moved. */
export function flagAssignments(category: StageCategory): Fragment {
  const { is_qualified, ...flags } = FLAGS[category];
  const columns = { ...flags, ...(is_qualified !== 'as before' && { is_qualified }) };
  return sql.join(Object.entries(columns).map(([name, value]) => sql`${sql.ref(name)} = ${value}`));
}

/** The status of the leads of stages, by the stage's category; for reading what is counted by stage. */
export const statusOf = (category: Fragment): Fragment =>
  sql`case ${category} ${sql.join(
    Object.entries(FLAGS).map(([name, { status }]) => sql`when ${sql.lit(name)} then ${sql.lit(status)}`),
    sql` `,
  )} end`;

import { sql } from 'kysely';
import { TOUCHED } from '../db/records.ts';
import type { Tenant } from '../db/tenant.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import { holdLeads, type HeldLead } from './held-lead.ts';
import type { PlannedMove } from './lead-moves.ts';
import type { ChangedColumns, LeadWrite, LeadWriting } from './lead-writing.ts';
import { enterStageAll, holdStagesOf, type Entry } from './stage-entry.ts';

/** A lead, and what a change wrote into it. */
export interface Undoing extends ChangedColumns {
  id: string;
}

/** Whether each lead has back what it had; `skipped` where it was changed since in the same, and so is left; or why not. */
export type UndoOutcomes = Map<string, 'undone' | 'skipped' | ApiFailure>;

/** Takes back what one change of many leads wrote. Every method works inside its tenant's transaction. */
export class LeadUndoService {
  readonly #writing: LeadWriting;

  constructor(writing: LeadWriting) {
    this.#writing = writing;
  }

  /** Gives leads, each named once, back what a change took from them, whether or not their stages are full. */
  async takeBack(tenant: Tenant, changes: readonly Undoing[]): Promise<UndoOutcomes> {
    const [deletions, others] = [true, false].map((isGone) =>
      changes.filter(({ after }) => (after['deleted_at'] !== undefined) === isGone),
    );
    const outcomes: UndoOutcomes = new Map();
    if (deletions!.length > 0) await this.#bringBack(tenant, deletions!, outcomes);
    if (others!.length > 0) await this.#giveBack(tenant, others!, outcomes);
    return outcomes;
  }

  async #bringBack(tenant: Tenant, changes: readonly Undoing[], outcomes: UndoOutcomes) {
    const ids = changes.map(({ id }) => id);
    await holdStagesOf(tenant, ids, {});
    const { rows } = await sql<{ id: string; contact_id: string; deleted_at: Date | null; is_contact_gone: boolean }>`
      select l.id, l.contact_id, l.deleted_at, c.deleted_at is not null as is_contact_gone
      from leads l join contacts c on c.id = l.contact_id where l.id = any(${ids}::uuid[])
      order by l.id for no key update of l`.execute(tenant.db);
    const leads = new Map(rows.map((row) => [row.id, row]));
    const returning: typeof rows = [];
    for (const { id, after } of changes) {
      const lead = leads.get(id);
      if (!lead) outcomes.set(id, notFound('lead'));
      else if (lead.deleted_at?.toISOString() !== after['deleted_at']) outcomes.set(id, 'skipped');
      else if (lead.is_contact_gone)
        outcomes.set(id, new ApiFailure('CONFLICT', 'The contact of this lead is deleted: restore the contact first.'));
      else returning.push(lead);
    }
    if (returning.length === 0) return;
    await sql`update leads set deleted_at = null, ${TOUCHED} where id = any(${returning.map(({ id }) => id)}::uuid[])`.execute(
      tenant.db,
    );
    await this.#writing.tellRestored(tenant, returning);
    for (const { id } of returning) outcomes.set(id, 'undone');
  }

  async #giveBack(tenant: Tenant, changes: readonly Undoing[], outcomes: UndoOutcomes) {
    const ids = changes.map(({ id }) => id);
    const stageIds = [...new Set(changes.flatMap(({ before }) => stageOf(before) ?? []))];
    if (changes.some(({ after }) => 'stage_id' in after || 'is_archived' in after)) await holdStagesOf(tenant, ids, { stageIds });
    const found = await holdLeads(tenant, ids);
    const standing: { held: HeldLead; before: Record<string, unknown> }[] = [];
    for (const { id, before, after } of changes) {
      const held = found.get(id)!;
      if (held instanceof ApiFailure) outcomes.set(id, held);
      else if (!holds(held, after)) outcomes.set(id, 'skipped');
      else standing.push({ held, before });
    }
    const moves = await movesBack(tenant, standing);
    const members = await membersAmong(tenant, standing);
    const writes: LeadWrite[] = [];
    for (const { held, before } of standing) {
      const move = moves.get(held.id);
      const owner = before['owner_id'];
      if (move instanceof ApiFailure) outcomes.set(held.id, move);
      else if (typeof owner === 'string' && !members.has(owner)) outcomes.set(held.id, invalidField('owner_id', 'not_found'));
      else writes.push(move ? { held, move } : { held, columns: before });
    }
    await this.#writing.write(tenant, writes);
    for (const { held } of writes) outcomes.set(held.id, 'undone');
  }
}

const stageOf = (before: Record<string, unknown>) => before['stage_id'] as string | undefined;

/** Whether a lead has what a change gave it. A rank is not compared: it changes as cards around it are put elsewhere. */
const holds = (held: HeldLead, after: Record<string, unknown>) =>
  Object.entries(after).every(
    ([name, value]) => name === 'position' || JSON.stringify(held[name as keyof HeldLead]) === JSON.stringify(value),
  );

/** The moves of leads to the stages that they were in, by their ids. */
async function movesBack(tenant: Tenant, leads: readonly { held: HeldLead; before: Record<string, unknown> }[]) {
  const moves = new Map<string, PlannedMove | ApiFailure>();
  const moved = leads.filter(({ before }) => stageOf(before) !== undefined);
  for (const [stageId, together] of Map.groupBy(moved, ({ before }) => stageOf(before)!)) {
    const entries = await enterStageAll(
      tenant,
      { stageId },
      together.map(({ held }) => held),
      { comesBack: true },
    ).catch((error: unknown) => {
      if (!(error instanceof ApiFailure)) throw error;
      return together.map(() => error);
    });
    for (const [index, { held, before }] of together.entries()) {
      const entry = entries[index]!;
      moves.set(held.id, entry instanceof ApiFailure ? entry : moveBack(held, entry, before));
    }
  }
  return moves;
}

const FLAGS = ['is_qualified', 'is_active', 'is_closed_won', 'is_closed_lost'] as const;

/** The move to where a lead was, as it was there; what the stage decides of it follows the stage, if that has changed. */
function moveBack(held: HeldLead, entry: Entry, before: Record<string, unknown>): PlannedMove {
  const was = { ...held, ...before } as HeldLead;
  const flags = was.status === entry.status && Object.fromEntries(FLAGS.map((name) => [name, was[name]]));
  return {
    columns: { ...entry, ...flags, position: was.position, stage_entered_at: new Date(was.stage_entered_at).toISOString() },
    madeAt: entry.stage_entered_at,
    reason: 'A change of many leads was undone.',
    notes: null,
  };
}

/** Those who owned leads before and are still members, until the transaction ends. */
async function membersAmong(tenant: Tenant, leads: readonly { before: Record<string, unknown> }[]): Promise<Set<string>> {
  const owners = [...new Set(leads.flatMap(({ before }) => (before['owner_id'] as string | null | undefined) ?? []))];
  if (owners.length === 0) return new Set();
  const { rows } = await sql<{ user_id: string }>`
    select user_id from members where user_id = any(${owners}::uuid[]) order by user_id for key share`.execute(tenant.db);
  return new Set(rows.map(({ user_id }) => user_id));
}

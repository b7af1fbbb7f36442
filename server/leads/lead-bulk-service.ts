import type { BulkAction } from '../../src/contract/bulk.ts';
import type { Tenant } from '../db/tenant.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import { holdLeads, type HeldLead } from './held-lead.ts';
import { assertMayAssign } from './lead-columns.ts';
import type { LeadMoves } from './lead-moves.ts';
import { assertMember } from './lead-service.ts';
import type { ChangedColumns, LeadWrite, LeadWriting } from './lead-writing.ts';
import { assertStage, enterStageAll, holdStagesOf } from './stage-entry.ts';

const MOST_TAGS = 50;

/** What became of each lead: the columns that were changed, if any, or its refusal. */
export type BulkOutcomes = Map<string, ChangedColumns | ApiFailure | undefined>;

/** What is decided for one lead. */
type Decision = Omit<LeadWrite, 'held'> | ApiFailure | undefined;

/** One change of many leads, each as if it were changed alone. Every method works inside its tenant's transaction. */
export class LeadBulkService {
  readonly #moves: LeadMoves;
  readonly #writing: LeadWriting;

  constructor(moves: LeadMoves, writing: LeadWriting) {
    this.#moves = moves;
    this.#writing = writing;
  }

  /** Refuses an action that would be refused for every lead: by what it names, or by who asks for it. */
  async assertPossible(tenant: Tenant, action: BulkAction) {
    if (action.action === 'move') await assertStage(tenant, action.stage_id);
    if (action.action !== 'assign') return;
    assertMayAssign(tenant.caller, action.owner_id);
    await assertMember(tenant, action.owner_id);
  }

  /** Carries an action out on leads, each named once, in their order. */
  async change(tenant: Tenant, ids: readonly string[], action: BulkAction): Promise<BulkOutcomes> {
    if (TOUCHES_STAGES.has(action.action)) await holdStagesOf(tenant, ids, goingTo(action));
    const found = await holdLeads(tenant, ids);
    const outcomes: BulkOutcomes = new Map();
    const leads: HeldLead[] = [];
    for (const id of ids) {
      const lead = found.get(id)!;
      if (lead instanceof ApiFailure) outcomes.set(id, lead);
      else leads.push(lead);
    }
    if (action.action === 'delete') return this.#remove(tenant, leads, outcomes);
    const decisions = await this.#decide(tenant, leads, action);
    const writes: LeadWrite[] = [];
    for (const held of leads) {
      const decision = decisions(held);
      if (decision instanceof ApiFailure) outcomes.set(held.id, decision);
      else writes.push({ held, ...decision });
    }
    const changes = await this.#writing.write(tenant, writes);
    for (const [index, { held }] of writes.entries()) outcomes.set(held.id, changes[index]);
    return outcomes;
  }

  async #remove(tenant: Tenant, leads: readonly HeldLead[], outcomes: BulkOutcomes): Promise<BulkOutcomes> {
    if (leads.length === 0) return outcomes;
    const deletedAt = await this.#writing.remove(tenant, leads);
    for (const { id } of leads) outcomes.set(id, { before: { deleted_at: null }, after: { deleted_at: deletedAt } });
    return outcomes;
  }

  async #decide(
    tenant: Tenant,
    leads: readonly HeldLead[],
    action: Exclude<BulkAction, { action: 'delete' }>,
  ): Promise<(lead: HeldLead) => Decision> {
    switch (action.action) {
      case 'tag':
        return ({ tags }) => withTags(tags, action.tags);
      case 'untag':
        return ({ tags }) => withoutTags(tags, action.tags);
      case 'assign':
        return this.#decideOwner(tenant, action.owner_id);
      case 'archive':
        return decideArchive(tenant, leads, action.is_archived ?? true);
      case 'move':
      case 'status': {
        const to = action.action === 'move' ? { stageId: action.stage_id } : { status: action.status };
        const plans = await this.#moves.planAll(tenant, leads, to, { force: action.force });
        return ({ id }) => {
          const move = plans.get(id);
          return move instanceof ApiFailure ? move : { move };
        };
      }
    }
  }

  async #decideOwner(tenant: Tenant, ownerId: string | null): Promise<(lead: HeldLead) => Decision> {
    const refusal = await this.assertPossible(tenant, { action: 'assign', owner_id: ownerId }).catch((error: unknown) => {
      if (error instanceof ApiFailure) return error;
      throw error;
    });
    return ({ owner_id }) => (owner_id === ownerId ? undefined : (refusal ?? { columns: { owner_id: ownerId } }));
  }
}

/** What these actions change is counted by stage, or ranked in it. */
const TOUCHES_STAGES: ReadonlySet<BulkAction['action']> = new Set(['move', 'status', 'archive', 'delete']);

function goingTo(action: BulkAction) {
  if (action.action === 'move') return { stageIds: [action.stage_id] };
  return action.action === 'status' ? { status: action.status } : {};
}

/** What comes back from the archive keeps its rank, but is let in like any other. */
async function decideArchive(
  tenant: Tenant,
  leads: readonly HeldLead[],
  isArchived: boolean,
): Promise<(lead: HeldLead) => Decision> {
  const refusals = new Map<string, ApiFailure>();
  const returning = isArchived ? [] : leads.filter((lead) => lead.is_archived);
  for (const [stageId, together] of Map.groupBy(returning, ({ stage_id }) => stage_id)) {
    const entries = await enterStageAll(tenant, { stageId }, together);
    for (const [index, { id }] of together.entries()) {
      const entry = entries[index];
      if (entry instanceof ApiFailure) refusals.set(id, entry);
    }
  }
  return ({ id }) => refusals.get(id) ?? { columns: { is_archived: isArchived } };
}

const keyOf = (tag: string) => tag.toLowerCase();

function withTags(tags: string[], more: string[]): Decision {
  const held = new Set(tags.map(keyOf));
  const all = [...tags, ...more.filter((tag) => !held.has(keyOf(tag)))];
  return all.length > MOST_TAGS ? invalidField('tags', 'too_many', { maximum: MOST_TAGS }) : { columns: { tags: all } };
}

function withoutTags(tags: string[], less: string[]): Decision {
  const gone = new Set(less.map(keyOf));
  return { columns: { tags: tags.filter((tag) => !gone.has(keyOf(tag))) } };
}

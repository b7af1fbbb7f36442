import { sql } from 'kysely';
import type { StageCategory } from '../../src/contract/pipeline.ts';
import { TOUCHED } from '../db/records.ts';
import type { Tenant, WorkspaceUnit } from '../db/tenant.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { StageLeadsService } from '../leads/stage-leads-service.ts';
import { emitStages, emitStagesRemoved } from './stage-events.ts';

/** Stages that go, and the pipeline that goes with all of them. */
export interface Removed {
  stageIds: readonly string[];
  pipelineId?: string;
}

interface Held {
  id: string;
  pipeline_id: string;
  name: string;
  category: StageCategory;
  display_order: number;
  is_active: boolean;
}

/**
 * Takes stages away, and their leads to another one. Where there are more of those than one transaction should carry, the
 * stages stand inactive, so that nothing enters them, until a job has emptied them; then they go.
 */
export class StageRemoval {
  readonly #leads: StageLeadsService;

  constructor(leads: StageLeadsService) {
    this.#leads = leads;
  }

  /** Begins, and where the leads are few, ends. Refuses stages that hold leads where nothing is said of where those go. */
  async remove(tenant: Tenant, removed: Removed, moveTo: string | undefined) {
    const held = await holdStages(tenant, removed.stageIds, moveTo);
    const target = moveTo === undefined ? undefined : targetAmong(held, removed, moveTo);
    const { count, deleted } = await this.#leads.countIn(tenant, removed.stageIds);
    if (count + deleted > 0) {
      if (!target) throw new ApiFailure('CONFLICT', `${holds(count, deleted)}: name in move_to the stage that they go to.`);
      if (await this.#leads.moveSome(tenant, inOrder(held, removed), target)) return this.#leaveToJob(tenant, removed, target.id);
    }
    await end(tenant, removed);
  }

  /** Moves the next leads; tells whether there may be more. Where the stage that they go to is gone, they stay. */
  async goOn(unit: WorkspaceUnit, removed: Removed, moveTo: string): Promise<boolean> {
    const held = await holdStages(unit, removed.stageIds, moveTo);
    const target = held.find(({ id }) => id === moveTo);
    if (!target) return false;
    const goesOn = await this.#leads.moveSome(unit, inOrder(held, removed), target);
    if (!goesOn) await end(unit, removed);
    return goesOn;
  }

  async #leaveToJob(tenant: Tenant, { stageIds, pipelineId }: Removed, moveTo: string) {
    await sql`update stages set is_active = false, ${TOUCHED}
      where id = any(${stageIds}::uuid[]) and is_active`.execute(tenant.db);
    await emitStages(tenant, stageIds);
    await enqueue(
      tenant,
      'empty-stages',
      { stage_ids: stageIds, pipeline_id: pipelineId ?? null, move_to: moveTo },
      { key: pipelineId ?? stageIds[0]! },
    );
  }
}

/** Holds stages until the transaction ends, always in the same order: those that go, and the one that their leads go to. */
export async function holdStages(unit: WorkspaceUnit, stageIds: readonly string[], moveTo: string | undefined): Promise<Held[]> {
  const { rows } = await sql<Held>`
    select id, pipeline_id, name, category, display_order, is_active from stages
    where id = any(${[...stageIds, ...(moveTo === undefined ? [] : [moveTo])]}::uuid[]) order by id for no key update`.execute(
    unit.db,
  );
  return rows;
}

function targetAmong(held: Held[], { stageIds }: Removed, moveTo: string): Held {
  const target = held.find(({ id }) => id === moveTo);
  if (!target) throw invalidField('move_to', 'not_found');
  if (stageIds.includes(moveTo))
    throw new ApiFailure('CONFLICT', `The stage ${target.name} goes as well: name another in move_to.`);
  if (!target.is_active) throw new ApiFailure('CONFLICT', `The stage ${target.name} takes no leads any more: it is not active.`);
  return target;
}

const inOrder = (held: Held[], { stageIds }: Removed) =>
  held.filter(({ id }) => stageIds.includes(id)).sort((one, other) => one.display_order - other.display_order);

function holds(count: number, deleted: number) {
  const leads = `It holds ${count + deleted} lead${count + deleted === 1 ? '' : 's'}`;
  return deleted === 0 ? leads : `${leads}, ${deleted} of them deleted and still to be restored`;
}

async function end(unit: WorkspaceUnit, { stageIds, pipelineId }: Removed) {
  await emitStagesRemoved(unit, stageIds);
  if (pipelineId === undefined) {
    await sql`update pipelines set ${TOUCHED}
      where id in (select pipeline_id from stages where id = any(${stageIds}::uuid[]))`.execute(unit.db);
  }
  await sql`delete from stages where id = any(${stageIds}::uuid[])`.execute(unit.db);
  if (pipelineId === undefined) return;
  // One that was made the default meanwhile, or was given another stage, is wanted again.
  await sql`delete from pipelines where id = ${pipelineId} and not is_default
    and not exists (select from stages where pipeline_id = ${pipelineId})`.execute(unit.db);
}

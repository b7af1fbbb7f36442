import { sql, type Selectable } from 'kysely';
import { MOST_STAGES, type NewStage, type Stage, type StageChange } from '../../src/contract/pipeline.ts';
import { change, hold } from '../db/records.ts';
import type { StageTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import { refuseTakenName } from '../db/unique-names.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, notFound } from '../http/failure.ts';
import { Json } from '../http/json.ts';
import type { StageLeadsService } from '../leads/stage-leads-service.ts';
import type { PipelineService } from './pipeline-service.ts';
import { stageWire } from './pipeline-wire.ts';
import { emitStages } from './stage-events.ts';
import { holdStages, type StageRemoval } from './stage-removal.ts';
import { followedDefaults, stageRow } from './stage-row.ts';

const STAGE = { table: 'stages', noun: 'stage', keepsDeleted: false } as const;

/** The rules of a pipeline's stages. Every method works inside its tenant's unit of work. */
export class StageService {
  readonly #pipelines: PipelineService;
  readonly #leads: StageLeadsService;
  readonly #removal: StageRemoval;

  constructor(pipelines: PipelineService, leads: StageLeadsService, removal: StageRemoval) {
    this.#pipelines = pipelines;
    this.#leads = leads;
    this.#removal = removal;
  }

  /** Adds a stage behind the others. */
  async add(tenant: Tenant, pipelineId: string, given: NewStage, expected: Expected): Promise<Json<Stage>> {
    await this.#pipelines.hold(tenant, pipelineId, expected);
    await refuseTakenName(tenant, named(pipelineId), given.name);
    const { rows } = await sql<{ count: number; last: number }>`
      select count(*)::integer as count, coalesce(max(display_order), 0) as last from stages where pipeline_id = ${pipelineId}`.execute(
      tenant.db,
    );
    const { count, last } = rows[0]!;
    if (count >= MOST_STAGES) throw new ApiFailure('CONFLICT', `A pipeline has at most ${MOST_STAGES} stages.`);
    const row = stageRow(pipelineId, last + 1, given);
    await tenant.db.insertInto('stages').values(row).execute();
    await this.#pipelines.touch(tenant, pipelineId);
    await emitStages(tenant, [row.id]);
    return this.#get(tenant, pipelineId, row.id);
  }

  /** Changes a stage. A new category takes along what the former one had decided, of the stage and of its leads. */
  async update(tenant: Tenant, pipelineId: string, id: string, given: StageChange, expected: Expected): Promise<Json<Stage>> {
    const held = await this.#hold(tenant, pipelineId, id, expected);
    await refuseTakenName(tenant, named(pipelineId), given.name, id);
    const { category = held.category } = given;
    const isChanged = await change(tenant, 'stages', held, { ...followedDefaults(held.category, category, held), ...given });
    if (isChanged) {
      await this.#pipelines.assertDefaultTakesLeads(tenant);
      await emitStages(tenant, [id]);
    }
    if (category !== held.category) await this.#leads.beginFollowing(tenant, id, category);
    return this.#get(tenant, pipelineId, id);
  }

  /** Takes a stage away; its leads go to the stage `moveTo`. */
  async remove(tenant: Tenant, pipelineId: string, id: string, moveTo: string | undefined, expected: Expected) {
    await holdPipeline(tenant, pipelineId);
    await holdStages(tenant, [id], moveTo);
    await this.#hold(tenant, pipelineId, id, expected);
    await this.#removal.remove(tenant, { stageIds: [id] }, moveTo);
    await this.#pipelines.assertDefaultTakesLeads(tenant);
  }

  async #get(tenant: Tenant, pipelineId: string, id: string): Promise<Json<Stage>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (
        select ${stageWire} from stages r where r.id = ${id} and r.pipeline_id = ${pipelineId}) w`.execute(tenant.db);
    if (!rows[0]) throw notFound('stage');
    return new Json(rows[0].json, rows[0].version);
  }

  async #hold(tenant: Tenant, pipelineId: string, id: string, expected: Expected) {
    await holdPipeline(tenant, pipelineId);
    const held = await hold<Selectable<StageTable>>(tenant, STAGE, id, expected, (id) => this.#get(tenant, pipelineId, id));
    if (held.pipeline_id !== pipelineId) throw notFound('stage');
    return held;
  }
}

/** Before its stages: of two who take away the last active ones of the default pipeline, the second sees the first. */
async function holdPipeline(tenant: Tenant, id: string) {
  await sql`select from pipelines where id = ${id} for no key update`.execute(tenant.db);
}

/** Names of stages are unique within their pipeline. */
const named = (pipelineId: string) => ({ ...STAGE, among: sql`pipeline_id = ${pipelineId}::uuid` });

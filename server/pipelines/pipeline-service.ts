import { sql, type Selectable } from 'kysely';
import { issue } from '../../src/contract/issues.ts';
import type { NewPipeline, NewStage, Pipeline, PipelineChange, PipelineQuery } from '../../src/contract/pipeline.ts';
import { list, type Listing } from '../db/list.ts';
import { change, hold, TOUCHED } from '../db/records.ts';
import type { PipelineTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import { refuseTakenName } from '../db/unique-names.ts';
import type { Expected } from '../http/answer.ts';
import { assertEachOnce } from '../http/each-once.ts';
import { ApiFailure, invalid, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import { pipelineWire, stageWire } from './pipeline-wire.ts';
import { emitStages } from './stage-events.ts';
import type { StageRemoval } from './stage-removal.ts';
import { stageRow } from './stage-row.ts';

export { pipelineWire, stageWire } from './pipeline-wire.ts';

const PIPELINE = { table: 'pipelines', noun: 'pipeline', keepsDeleted: false } as const;

/** Pipelines with their stages in order. */
const pipelines = sql`(
  select p.*, (select coalesce(json_agg(w order by w.display_order, w.id), '[]')
    from (select ${stageWire} from stages r where r.pipeline_id = p.id) w) as stages
  from pipelines p) r`;

const listing: Listing<Pipeline, 'created_at' | 'name'> = {
  from: pipelines,
  wire: sql`${pipelineWire}, r.stages`,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    name: { column: sql`r.name`, type: 'text' },
  },
  defaultSort: 'created_at',
};

/** The rules of pipelines. Every method works inside its tenant's unit of work. */
export class PipelineService {
  readonly #removal: StageRemoval;

  constructor(removal: StageRemoval) {
    this.#removal = removal;
  }

  list(tenant: Tenant, query: PipelineQuery): Promise<Page<Pipeline>> {
    return list(tenant, listing, query, []);
  }

  async get(tenant: Tenant, id: string): Promise<Json<Pipeline>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (select ${listing.wire} from ${pipelines} where r.id = ${id}) w`.execute(
      tenant.db,
    );
    if (!rows[0]) throw notFound('pipeline');
    return new Json(rows[0].json, rows[0].version);
  }

  async create(tenant: Tenant, given: NewPipeline): Promise<Json<Pipeline>> {
    const { name, is_default = false, stages = [] } = given;
    await refuseTakenName(tenant, PIPELINE, name);
    refuseRepeatedNames(stages);
    if (is_default) await this.#endDefault(tenant);
    const id = newId();
    await tenant.db.insertInto('pipelines').values({ id, name, is_default }).execute();
    if (stages.length > 0) {
      const rows = stages.map((stage, index) => stageRow(id, index + 1, stage));
      await tenant.db.insertInto('stages').values(rows).execute();
      await emitStages(
        tenant,
        rows.map((row) => row.id),
      );
    }
    await this.assertDefaultTakesLeads(tenant);
    return this.get(tenant, id);
  }

  async update(tenant: Tenant, id: string, given: PipelineChange, expected: Expected): Promise<Json<Pipeline>> {
    const held = await this.hold(tenant, id, expected);
    await refuseTakenName(tenant, PIPELINE, given.name, id);
    if (given.is_default && !held.is_default) await this.#endDefault(tenant);
    await change(tenant, 'pipelines', held, given);
    await this.assertDefaultTakesLeads(tenant);
    return this.get(tenant, id);
  }

  /** Takes a pipeline away; its leads go to the stage `moveTo`. */
  async remove(tenant: Tenant, id: string, moveTo: string | undefined, expected: Expected) {
    const held = await this.hold(tenant, id, expected);
    if (held.is_default) {
      throw new ApiFailure('CONFLICT', 'This is the default pipeline: make another one the default first.');
    }
    const { rows } = await sql<{ id: string }>`select id from stages where pipeline_id = ${id}`.execute(tenant.db);
    const stageIds = rows.map((row) => row.id);
    await this.#removal.remove(tenant, { stageIds, pipelineId: id }, moveTo);
  }

  /** Puts the stages into the order in which they are named. */
  async orderStages(tenant: Tenant, id: string, stageIds: string[], expected: Expected): Promise<Json<Pipeline>> {
    await this.hold(tenant, id, expected);
    const { rows } = await sql<{ id: string }>`select id from stages where pipeline_id = ${id}`.execute(tenant.db);
    assertEachOnce(
      'stage_ids',
      stageIds,
      rows.map((row) => row.id),
    );
    const moved = await sql<{ id: string }>`
      update stages s set display_order = o.place, ${TOUCHED}
      from unnest(${stageIds}::uuid[]) with ordinality o (id, place)
      where s.id = o.id and s.display_order <> o.place returning s.id`.execute(tenant.db);
    if (moved.rows.length > 0) {
      await this.touch(tenant, id);
      await emitStages(
        tenant,
        moved.rows.map((row) => row.id),
      );
    }
    return this.get(tenant, id);
  }

  hold(tenant: Tenant, id: string, expected: Expected): Promise<Selectable<PipelineTable>> {
    return hold<Selectable<PipelineTable>>(tenant, PIPELINE, id, expected, (id) => this.get(tenant, id));
  }

  /** Raises the version of a held pipeline whose stages have come, gone or changed places. */
  async touch(tenant: Tenant, id: string) {
    await sql`update pipelines set ${TOUCHED} where id = ${id}`.execute(tenant.db);
  }

  /** Refuses a change that would leave new leads without a place to go. */
  async assertDefaultTakesLeads(tenant: Tenant) {
    const { rows } = await sql`
      select from pipelines p where is_default
        and not exists (select from stages where pipeline_id = p.id and is_active)`.execute(tenant.db);
    if (rows.length === 0) return;
    throw new ApiFailure('CONFLICT', 'New leads come into the default pipeline: it needs a stage that is active.');
  }

  /** Leaves no pipeline the default, until the caller makes one; those who do so at the same moment wait here. */
  async #endDefault(tenant: Tenant) {
    await sql`select from pipelines order by id for no key update`.execute(tenant.db);
    await sql`update pipelines set is_default = false, ${TOUCHED}
      where is_default`.execute(tenant.db);
  }
}

/** The database compares names once more, by its own rules of case. */
function refuseRepeatedNames(stages: readonly NewStage[]) {
  const keys = stages.map(({ name }) => name.toLowerCase());
  const repeated = keys.flatMap((key, index) => (keys.indexOf(key) < index ? [issue(`stages.${index}.name`, 'taken')] : []));
  if (repeated.length > 0) throw invalid(repeated);
}

import { sql } from 'kysely';
import type { StageCategory } from '../../src/contract/pipeline.ts';
import { ranksBetween } from '../../src/core/ranks.ts';
import type { Fragment } from '../db/list.ts';
import { TOUCHED } from '../db/records.ts';
import type { WorkspaceUnit } from '../db/tenant.ts';
import { entriesOf } from '../activities/activity-service.ts';
import { emit } from '../events/outbox.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { leadRecords, SEEN_BY } from './lead-event-service.ts';
import { leadWire } from './lead-wire.ts';
import { flagAssignments, flagsOf } from './stage-flags.ts';

/** How many leads one transaction carries. */
const PIECE = 500;

/**
 * The leads that are not deleted. Those of a stage stand in two indexes, cards and hidden ones: only a condition that has
 * both cases is answered from them, and not by reading the workspace.
 */
const PRESENT = sql`deleted_at is null and (is_archived or not is_archived)`;

/** A stage as far as its leads follow it. */
export interface LeadStage {
  id: string;
  pipeline_id: string;
  name: string;
  category: StageCategory;
}

/**
 * What becomes of the leads of a stage that is changed or taken away, a bounded piece at once. Whoever calls holds the
 * stages. Deleted leads come along without a trace, for they may be restored.
 */
export class StageLeadsService {
  /** How many leads are in stages, and how many of those that were deleted. */
  async countIn(unit: WorkspaceUnit, stageIds: readonly string[]): Promise<{ count: number; deleted: number }> {
    const { rows } = await sql<{ count: number; deleted: number }>`
      select (select count(*)::integer from leads where stage_id = any(${stageIds}::uuid[]) and ${PRESENT}) as count,
        (select count(*)::integer from leads where stage_id = any(${stageIds}::uuid[]) and deleted_at is not null) as deleted`.execute(
      unit.db,
    );
    return rows[0]!;
  }

  /** Moves the next leads out of stages that go, in their order and below those that are there; tells whether there may be more. */
  async moveSome(unit: WorkspaceUnit, from: readonly LeadStage[], to: LeadStage): Promise<boolean> {
    let left = PIECE;
    for (const stage of from) {
      left -= await this.#move(unit, stage, to, left);
      if (left > 0) left -= await this.#moveDeleted(unit, stage, to, left);
      if (left === 0) return true;
    }
    return false;
  }

  /** Has the leads of a stage follow its new category: the first at once, the others by a job. */
  async beginFollowing(unit: WorkspaceUnit, stageId: string, category: StageCategory) {
    if (await this.#follow(unit, stageId, category)) {
      await enqueue(unit, 'follow-category', { stage_id: stageId }, { key: stageId });
    }
  }

  /** Goes on with that, by the category as it is now; tells whether there may be more. */
  async goOnFollowing(unit: WorkspaceUnit, stageId: string): Promise<boolean> {
    const { rows } = await sql<{ category: StageCategory }>`
      select category from stages where id = ${stageId} for no key update`.execute(unit.db);
    return rows[0] !== undefined && this.#follow(unit, stageId, rows[0].category);
  }

  async #follow(unit: WorkspaceUnit, stageId: string, category: StageCategory): Promise<boolean> {
    // As a list, so that it is read once: a limit that is read again for each row lets through others.
    const next = (presence: Fragment, limit: number) => sql`array(
      select id from leads where stage_id = ${stageId} and status <> ${flagsOf(category, false).status} and ${presence}
      limit ${limit} for update)`;
    const { rows } = await sql<{ id: string }>`
      update leads set ${flagAssignments(category)}, ${TOUCHED} where id = any(${next(PRESENT, PIECE)}) returning id`.execute(
      unit.db,
    );
    await emit(unit, 'lead.updated', leadRecords(sql`r.id = any(${idsOf(rows)}::uuid[])`));
    const left = PIECE - rows.length;
    if (left === 0) return true;
    const deleted = await sql`
      update leads set ${flagAssignments(category)} where id = any(${next(sql`deleted_at is not null`, left)})`.execute(unit.db);
    return Number(deleted.numAffectedRows) === left;
  }

  /** Answers how many were moved. */
  async #move(unit: WorkspaceUnit, from: LeadStage, to: LeadStage, limit: number): Promise<number> {
    const { rows } = await sql<{ id: string; lowest: string | null }>`
      select id, greatest(
        (select max(position) from leads where stage_id = ${to.id} and deleted_at is null and not is_archived),
        (select max(position) from leads where stage_id = ${to.id} and (deleted_at is not null or is_archived))) as lowest
      from (select id, position from leads where stage_id = ${from.id} and ${PRESENT} order by position, id limit ${limit} for update) l
      order by position, id`.execute(unit.db);
    if (rows.length === 0) return 0;
    const ids = idsOf(rows);
    const reason = `The stage ${from.name} was deleted.`;
    const facts = { from_stage_id: from.id, from_stage: from.name, to_stage_id: to.id, to_stage: to.name, reason };
    const entry = sql`
      select contact_id, id as lead_id, ${`Moved from ${from.name} to ${to.name}`} as subject,
        ${JSON.stringify({ event: 'lead.moved_to_stage', ...facts })}::jsonb as metadata from before`;
    // The clock of the statement, not of the transaction: that may have begun before another's move that it waited for.
    await sql`
      with before as materialized (
        select id, contact_id, stage_entered_at as since,
          greatest(date_trunc('milliseconds', clock_timestamp()), stage_entered_at + interval '1 millisecond') as moment
        from leads where id = any(${ids}::uuid[])),
      moved as (
        update leads l set pipeline_id = ${to.pipeline_id}, stage_id = ${to.id}, ${flagAssignments(to.category)}, position = p.position,
          stage_entered_at = b.moment, ${TOUCHED}
        from unnest(${ids}::uuid[], ${ranksBetween(rows[0]!.lowest ?? undefined, undefined, ids.length)}::text[]) p (id, position)
          join before b on b.id = p.id
        where l.id = p.id),
      history as (
        insert into lead_stage_history (lead_id, from_stage_id, to_stage_id, reason, changed_at, seconds_in_stage)
        select id, ${from.id}::uuid, ${to.id}::uuid, ${reason}, moment, floor(extract(epoch from moment - since)) from before)
      ${entriesOf('stage_change', entry)}`.execute(unit.db);
    await emit(
      unit,
      'lead.moved_to_stage',
      sql`select r.id as record_id, row_to_json(w) as data, ${SEEN_BY} as seen_by, '{}'::uuid[] as left_by
        from unnest(${ids}::uuid[]) with ordinality n (id, place) join leads r on r.id = n.id,
          lateral (select ${leadWire}, ${from.id}::uuid as from_stage_id, r.stage_id as to_stage_id) w
        order by n.place`,
    );
    return ids.length;
  }

  async #moveDeleted(unit: WorkspaceUnit, from: LeadStage, to: LeadStage, limit: number): Promise<number> {
    const { numAffectedRows } = await sql`
      update leads set pipeline_id = ${to.pipeline_id}, stage_id = ${to.id}, ${flagAssignments(to.category)}
      where id = any(array(select id from leads where stage_id = ${from.id} and deleted_at is not null limit ${limit} for update))`.execute(
      unit.db,
    );
    return Number(numAffectedRows);
  }
}

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

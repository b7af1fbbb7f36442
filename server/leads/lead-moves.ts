import { sql } from 'kysely';
import type { Lead, LeadStatus, Move, StatusChange } from '../../src/contract/lead.ts';
import { entriesOf } from '../activities/activity-service.ts';
import type { ContactService } from '../contacts/contact-service.ts';
import { change } from '../db/records.ts';
import type { Tenant } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import type { Json } from '../http/json.ts';
import { holdLead, readLead, type HeldLead } from './held-lead.ts';
import { emitLeads, SEEN_BY } from './lead-event-service.ts';
import { leadWire } from './lead-wire.ts';
import { enterStage, enterStageAll, holdStages, type Entry, type Place } from './stage-entry.ts';

/** Where a lead goes: a stage, or the first active one of a status. */
export type Destination = { stageId: string } | { status: LeadStatus };

interface MoveOptions {
  force?: boolean | undefined;
  place?: Place;
  /** The stage that the caller believes the lead to be in. */
  expectedStageId?: string | undefined;
  reason?: string | null | undefined;
  notes?: string | null | undefined;
}

/** A move that is decided and not yet written: the columns that it gives the lead, and what its history tells. */
export interface PlannedMove {
  columns: Entry;
  /** When it is made: usually when the lead enters the stage. */
  madeAt: string;
  reason: string | null;
  notes: string | null;
}

/** How leads change their stage and their place in it. Every method works inside its tenant's transaction. */
export class LeadMoves {
  readonly #contacts: ContactService;

  constructor(contacts: ContactService) {
    this.#contacts = contacts;
  }

  async move(tenant: Tenant, id: string, given: Move, expected: Expected): Promise<Json<Lead>> {
    const { stage_id, before_id, after_id, expected_stage_id, ...options } = given;
    const place = { beforeId: before_id, afterId: after_id };
    return this.#carryOut(tenant, id, { stageId: stage_id }, { ...options, place, expectedStageId: expected_stage_id }, expected);
  }

  async setStatus(tenant: Tenant, id: string, { status, ...options }: StatusChange, expected: Expected): Promise<Json<Lead>> {
    return this.#carryOut(tenant, id, { status }, options, expected);
  }

  /** Holds a lead that is to go somewhere, and before it the stages concerned: what else locks both does it in this order. */
  async hold(tenant: Tenant, id: string, to: Destination, expected: Expected): Promise<HeldLead> {
    await holdStages(tenant, id, to);
    return holdLead(tenant, id, expected);
  }

  /**
   * Decides a move of a lead that is held by `hold`; none where it is there already. Who writes the columns into the lead
   * has it told by `tell`.
   */
  async plan(tenant: Tenant, lead: HeldLead, to: Destination, options: MoveOptions = {}): Promise<PlannedMove | undefined> {
    const { expectedStageId, force, reason = null, notes = null } = options;
    if (expectedStageId !== undefined && expectedStageId !== lead.stage_id) {
      throw new ApiFailure('CONFLICT', 'The lead is in another stage by now: look at where it is, and move it from there.', {
        current: await readLead(tenant, lead.id),
      });
    }
    const place = await this.#placeBeside(tenant, lead, options.place);
    const isThere = 'stageId' in to ? to.stageId === lead.stage_id && place === undefined : to.status === lead.status;
    if (isThere) return undefined;
    const columns = await enterStage(tenant, to, { force, place, leadId: lead.id });
    return columns.stage_id === lead.stage_id && columns.position === lead.position
      ? undefined
      : { columns, madeAt: columns.stage_entered_at, reason, notes };
  }

  /**
   * Decides the same for many leads that are held, each on top of its stage; a refusal for each that may not go there. The
   * stages concerned are held before them, by `holdStagesOf`.
   */
  async planAll(
    tenant: Tenant,
    leads: readonly HeldLead[],
    to: Destination,
    { force }: Pick<MoveOptions, 'force'>,
  ): Promise<Map<string, PlannedMove | ApiFailure | undefined>> {
    const goes = (lead: HeldLead) => ('stageId' in to ? to.stageId !== lead.stage_id : to.status !== lead.status);
    const plans = new Map<string, PlannedMove | ApiFailure | undefined>(leads.map(({ id }) => [id, undefined]));
    const pipelineOf = (lead: HeldLead) => ('stageId' in to ? undefined : lead.pipeline_id);
    for (const [pipelineId, together] of Map.groupBy(leads.filter(goes), pipelineOf)) {
      const entries = await enterStageAll(tenant, { ...to, pipelineId }, together, { force }).catch((error: unknown) => {
        if (!(error instanceof ApiFailure)) throw error;
        return together.map(() => error);
      });
      for (const [index, { id }] of together.entries()) plans.set(id, plannedFor(entries[index]!));
    }
    return plans;
  }

  /** Tells of a move that is written: history, timeline and event for another stage, the event alone for another place. */
  tell(tenant: Tenant, before: HeldLead, move: PlannedMove): Promise<void> {
    return this.tellAll(tenant, [{ before, move }]);
  }

  /** The same of moves of many leads. */
  async tellAll(tenant: Tenant, moves: readonly { before: HeldLead; move: PlannedMove }[]): Promise<void> {
    const [within = [], between = []] = [true, false].map((stays) =>
      moves.filter(({ before, move }) => (move.columns.stage_id === before.stage_id) === stays),
    );
    if (within.length > 0)
      await emitLeads(tenant, 'lead.updated', sql`r.id = any(${within.map(({ before }) => before.id)}::uuid[])`);
    if (between.length === 0) return;
    const ids = between.map(({ before }) => before.id);
    const from = between.map(({ before }) => before.stage_id);
    const entry = sql`
      select l.contact_id, l.id as lead_id, 'Moved from ' || o.name || ' to ' || n.name as subject,
        jsonb_strip_nulls(jsonb_build_object('event', 'lead.moved_to_stage', 'from_stage_id', o.id, 'from_stage', o.name,
          'to_stage_id', n.id, 'to_stage', n.name, 'reason', m.reason, 'notes', m.notes)) as metadata
      from moves m join leads l on l.id = m.id join stages o on o.id = m.from_stage_id join stages n on n.id = l.stage_id`;
    await sql`
      with moves as materialized (
        select * from unnest(${ids}::uuid[], ${from}::uuid[], ${between.map(({ before }) => before.stage_entered_at)}::timestamptz[],
          ${between.map(({ move }) => move.madeAt)}::timestamptz[], ${between.map(({ move }) => move.reason)}::text[],
          ${between.map(({ move }) => move.notes)}::text[]) as m (id, from_stage_id, since, made_at, reason, notes)
      ),
      change as (
        insert into lead_stage_history (lead_id, from_stage_id, to_stage_id, reason, notes, changed_at, seconds_in_stage)
        select l.id, m.from_stage_id, l.stage_id, m.reason, m.notes, m.made_at, floor(extract(epoch from m.made_at - m.since))
        from moves m join leads l on l.id = m.id
      )
      ${entriesOf('stage_change', entry)}`.execute(tenant.db);
    await emit(
      tenant,
      'lead.moved_to_stage',
      sql`select r.id as record_id, row_to_json(w) as data, ${SEEN_BY} as seen_by, '{}'::uuid[] as left_by
        from unnest(${ids}::uuid[], ${from}::uuid[]) with ordinality m (id, from_stage_id, place) join leads r on r.id = m.id,
          lateral (select ${leadWire}, m.from_stage_id, r.stage_id as to_stage_id) w
        order by m.place`,
    );
  }

  async #carryOut(tenant: Tenant, id: string, to: Destination, options: MoveOptions, expected: Expected): Promise<Json<Lead>> {
    const lead = await this.hold(tenant, id, to, expected);
    const move = await this.plan(tenant, lead, to, options);
    if (move) {
      await change(tenant, 'leads', lead, move.columns);
      await this.tell(tenant, lead, move);
      // The contact's score is that of its active leads.
      if (move.columns.is_active !== lead.is_active) await this.#contacts.tell(tenant, [lead.contact_id]);
    }
    return readLead(tenant, id);
  }

  /** The place without the lead itself; none where no card is named. Refuses a card that the caller has never seen. */
  async #placeBeside(tenant: Tenant, lead: HeldLead, place: Place = {}): Promise<Place | undefined> {
    const cards = Object.entries({ before_id: place.beforeId, after_id: place.afterId });
    const others = cards.filter(([, id]) => id !== undefined && id !== lead.id);
    if (others.length === 0) return undefined;
    const ids = others.map(([, id]) => id);
    const { rows } = await sql<{ id: string }>`select id from leads where id = any(${ids}::uuid[])`.execute(tenant.db);
    const unknown = others.find(([, id]) => !rows.some((row) => row.id === id));
    if (unknown) throw invalidField(unknown[0], 'not_found');
    return { beforeId: place.beforeId, afterId: place.afterId };
  }
}

const plannedFor = (entry: Entry | ApiFailure): PlannedMove | ApiFailure =>
  entry instanceof ApiFailure ? entry : { columns: entry, madeAt: entry.stage_entered_at, reason: null, notes: null };

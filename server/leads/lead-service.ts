import { sql } from 'kysely';
import type { NewContact } from '../../src/contract/contact.ts';
import type {
  Lead,
  LeadChange,
  LeadDetail,
  LeadFilters,
  LeadQuery,
  LeadStats,
  Marks,
  MarksQuery,
  NewLead,
  ScoreChange,
} from '../../src/contract/lead.ts';
import type { ContactService } from '../contacts/contact-service.ts';
import { changedValues, nameOfField } from '../custom-fields/custom-value-service.ts';
import { and, list } from '../db/list.ts';
import { marks } from '../db/marks.ts';
import { restore } from '../db/records.ts';
import { retag, type TagReplacement } from '../db/tags.ts';
import type { Tenant, WorkspaceUnit } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalidField } from '../http/failure.ts';
import type { Json, Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import type { LeadSourceService } from '../lead-sources/lead-source-service.ts';
import { holdLead, LEAD, readLead, type HeldLead } from './held-lead.ts';
import { assertMayAssign, firstOwner, plainColumns, titleOf } from './lead-columns.ts';
import { readLeadDetail } from './lead-detail.ts';
import { emitLeads, leadRecords } from './lead-event-service.ts';
import type { Destination, LeadMoves } from './lead-moves.ts';
import { knownTotal, leadStats } from './lead-totals.ts';
import { latestFound } from './lead-search.ts';
import { allConditions, askedLeads } from './lead-query.ts';
import type { LeadWriting } from './lead-writing.ts';
import { factsFor, writeLead } from './new-lead.ts';
import { ownerByRule } from './owner-rule-service.ts';
import { enterStage } from './stage-entry.ts';

/** The rules of leads but their moves. Every method works inside its tenant's unit of work; there is no unscoped read. */
export class LeadService {
  readonly #contacts: ContactService;
  readonly #sources: LeadSourceService;
  readonly #moves: LeadMoves;
  readonly #writing: LeadWriting;

  constructor(contacts: ContactService, sources: LeadSourceService, moves: LeadMoves, writing: LeadWriting) {
    this.#contacts = contacts;
    this.#sources = sources;
    this.#moves = moves;
    this.#writing = writing;
  }

  async list(tenant: Tenant, query: LeadQuery): Promise<Page<Lead>> {
    const { listing, conditions, matching, ...asked } = await askedLeads(tenant, query);
    return list(tenant, listing, asked.query, conditions, {
      total: knownTotal(tenant, query),
      nearest: latestFound(tenant, query),
      matching,
    });
  }

  async marks(tenant: Tenant, query: MarksQuery): Promise<Marks> {
    const asked = await askedLeads(tenant, query);
    return marks(tenant, asked.listing, asked.query, asked.conditions, asked.matching);
  }

  stats(tenant: Tenant, filters: LeadFilters): Promise<LeadStats> {
    return leadStats(tenant, filters);
  }

  /** The ids of the next leads that a filter leaves, in their order behind one. */
  async idsAfter(tenant: Tenant, filters: LeadFilters, after: string | undefined, limit: number): Promise<string[]> {
    const behind = after === undefined ? sql`true` : sql`r.id > ${after}::uuid`;
    const conditions = allConditions(await askedLeads(tenant, filters));
    const { rows } = await sql<{ id: string }>`
      select r.id from leads r where ${and([...conditions, behind])} order by r.id limit ${sql.lit(limit)}`.execute(tenant.db);
    return rows.map(({ id }) => id);
  }

  get(tenant: Tenant, id: string): Promise<Json<LeadDetail>> {
    return readLeadDetail(tenant, id);
  }

  async create(tenant: Tenant, given: NewLead): Promise<Json<Lead>> {
    const ownerId = await this.#firstOwner(tenant, given.owner_id);
    const target = { stageId: given.stage_id, status: given.status, pipelineId: given.pipeline_id };
    const entry = await enterStage(tenant, target, { force: given.force });
    assertActivity(entry, given.is_active);
    const contactId = given.contact_id ?? (await this.#contactOf(tenant, given.contact!));
    const sourceId = await this.#sourceOf(tenant, given);
    const facts = await factsFor(tenant, contactId, ownerId, given.custom_fields);
    const { contact_name, contact_score, currency, website, custom_fields } = facts;

    const { attribution, ...fields } = plainColumns(given);
    const id = newId();
    const made = await writeLead(tenant, contactId, {
      id,
      currency,
      ...entry,
      ...sent(fields),
      title: given.title ?? titleOf(given.product_interest, contact_name),
      source_id: sourceId === undefined ? website : sourceId,
      owner_id: ownerId,
      attribution: attribution && JSON.stringify(attribution),
      custom_fields: JSON.stringify(custom_fields),
    });
    if (ownerId !== null) await emitLeads(tenant, 'lead.assigned', sql`r.id = ${id}`);
    if (ownerId !== null || contact_score === null || contact_score < (given.score_value ?? 0))
      await this.#contacts.tell(tenant, [contactId]);
    return made;
  }

  async update(tenant: Tenant, id: string, given: LeadChange, expected: Expected): Promise<Json<Lead>> {
    const to = destinationOf(given);
    const stage = to ?? (given.is_archived === false ? await stageOf(tenant, id) : undefined);
    const held = stage ? await this.#moves.hold(tenant, id, stage, expected) : await holdLead(tenant, id, expected);
    const move = to && (await this.#moves.plan(tenant, held, to, { force: given.force }));
    // What comes back from the archive keeps its rank, but is let in like any other.
    if (held.is_archived && given.is_archived === false && !move)
      await enterStage(tenant, { stageId: held.stage_id }, { force: given.force, leadId: id });
    assertActivity({ ...held, ...move?.columns }, given.is_active);
    const columns = sent(await this.#columns(tenant, held, given));
    await this.#writing.write(tenant, [{ held, columns, move }]);
    return readLead(tenant, id);
  }

  setScore(tenant: Tenant, id: string, given: ScoreChange, expected: Expected): Promise<Json<Lead>> {
    return this.update(tenant, id, given, expected);
  }

  /** Sets one value by its field's id. */
  async setCustomField(tenant: Tenant, id: string, fieldId: string, value: unknown, expected: Expected): Promise<Json<Lead>> {
    const name = await nameOfField(tenant, 'lead', fieldId);
    return this.update(tenant, id, { custom_fields: { [name]: value } }, expected);
  }

  async remove(tenant: Tenant, id: string, expected: Expected) {
    await this.#writing.remove(tenant, [await holdLead(tenant, id, expected)]);
  }

  /** Brings a lead back on top of its stage, full or not: it has had its place there. */
  async restore(tenant: Tenant, id: string, expected: Expected): Promise<Json<Lead>> {
    const { rows } = await sql<{ stage_id: string; contact_id: string; is_contact_gone: boolean }>`
      select l.stage_id, l.contact_id, c.deleted_at is not null as is_contact_gone from leads l join contacts c on c.id = l.contact_id
      where l.id = ${id} and l.deleted_at > now() - interval '30 days'`.execute(tenant.db);
    const deleted = rows[0];
    if (deleted?.is_contact_gone)
      throw new ApiFailure('CONFLICT', 'The contact of this lead is deleted: restore the contact first.');
    const entry = deleted && (await enterStage(tenant, { stageId: deleted.stage_id }, { leadId: id, comesBack: true }));
    if ((await restore(tenant, LEAD, id, expected)) && entry) {
      await sql`update leads set position = ${entry.position} where id = ${id}`.execute(tenant.db);
      await this.#writing.tellRestored(tenant, [{ id, contact_id: deleted.contact_id }]);
    }
    return readLead(tenant, id);
  }

  /** The owner of a new lead: where none is given, by the workspace's rule. */
  async #firstOwner(tenant: Tenant, given: string | null | undefined): Promise<string | null> {
    const { caller } = tenant;
    return given === undefined && caller.ownerScope === undefined
      ? ownerByRule(tenant, caller.workspace.policies.owner_rule)
      : firstOwner(caller, given);
  }

  /** What is given, as columns; what is not given is undefined. */
  async #columns(tenant: Tenant, held: HeldLead, given: LeadChange) {
    const { contact_id, owner_id } = given;
    const product = given.product_interest === undefined ? held.product_interest : given.product_interest;
    const isOther = contact_id !== undefined && contact_id !== held.contact_id;
    const contactName = isOther ? await holdContact(tenant, contact_id) : held.contact_name;
    if (owner_id !== undefined && owner_id !== held.owner_id) {
      assertMayAssign(tenant.caller, owner_id);
      await assertMember(tenant, owner_id);
    }
    return {
      ...plainColumns(given),
      contact_id,
      title: given.title === null ? titleOf(product, contactName) : given.title,
      source_id: await this.#sourceOf(tenant, given),
      owner_id,
      custom_fields: await changedValues(tenant, 'lead', given.custom_fields, held.custom_fields),
    };
  }

  /** Replaces tags on the next leads and tells of those; answers whether there may be more. */
  async retag(unit: WorkspaceUnit, replacement: TagReplacement): Promise<boolean> {
    const { ids, goesOn } = await retag(unit, 'leads', replacement);
    await emit(unit, 'lead.updated', leadRecords(sql`r.id = any(${ids}::uuid[])`));
    return goesOn;
  }

  /** The source that is named by its id or its name; undefined where neither is given. */
  async #sourceOf(tenant: Tenant, { source_id, source }: Pick<LeadChange, 'source_id' | 'source'>) {
    if (source != null) return this.#sources.findOrCreate(tenant, source);
    if (source_id != null) await this.#sources.assertExists(tenant, source_id);
    return source_id === undefined ? source : source_id;
  }

  async #contactOf(tenant: Tenant, contact: NewContact): Promise<string> {
    try {
      return await this.#contacts.findOrCreate(tenant, contact);
    } catch (error) {
      throw error instanceof ApiFailure ? error.within('contact') : error;
    }
  }
}

/** The stage or status that a change names, if it names one. */
function destinationOf({ stage_id, status }: LeadChange): Destination | undefined {
  if (stage_id !== undefined) return { stageId: stage_id };
  return status === undefined ? undefined : { status };
}

/** The stage that a lead is in. */
async function stageOf(tenant: Tenant, id: string): Promise<Destination | undefined> {
  const { rows } = await sql<{ stageId: string }>`select stage_id as "stageId" from leads where id = ${id}`.execute(tenant.db);
  return rows[0];
}

/** Refuses to call a lead active in a stage that closes it. */
function assertActivity(stage: { is_closed_won: boolean; is_closed_lost: boolean }, isActive: boolean | undefined) {
  if (!isActive || !(stage.is_closed_won || stage.is_closed_lost)) return;
  throw new ApiFailure('CONFLICT', 'A lead that is won or lost is not active: move it to another stage first.');
}

/** What a contact is called, who is there until the transaction ends. */
async function holdContact(tenant: Tenant, id: string): Promise<string | null> {
  const { rows } = await sql<{ name: string | null }>`
    select name from contacts where id = ${id} and deleted_at is null for no key update`.execute(tenant.db);
  if (!rows[0]) throw invalidField('contact_id', 'not_found');
  return rows[0].name;
}

/** Refuses an owner who is no member. */
export async function assertMember(tenant: Tenant, userId: string | null) {
  if (userId === null) return;
  const { rows } = await sql`select from members where user_id = ${userId} for key share`.execute(tenant.db);
  if (rows.length === 0) throw invalidField('owner_id', 'not_found');
}

/** The columns that something was sent for. */
const sent = <Columns extends object>(columns: Columns): Columns =>
  Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Columns;

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
import { writeEntries } from '../activities/activity-service.ts';
import type { ContactService } from '../contacts/contact-service.ts';
import { list } from '../db/list.ts';
import { marks } from '../db/marks.ts';
import { change, remove, restore } from '../db/records.ts';
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
import { emitLeads, emitLeadsGone, leadRecords } from './lead-event-service.ts';
import type { Destination, LeadMoves } from './lead-moves.ts';
import { knownTotal, leadStats } from './lead-totals.ts';
import { latestFound } from './lead-search.ts';
import { leadFilters, leadListing } from './lead-wire.ts';
import { factsFor, writeLead } from './new-lead.ts';
import { enterStage } from './stage-entry.ts';

/** The rules of leads but their moves. Every method works inside its tenant's unit of work; there is no unscoped read. */
export class LeadService {
  readonly #contacts: ContactService;
  readonly #sources: LeadSourceService;
  readonly #moves: LeadMoves;

  constructor(contacts: ContactService, sources: LeadSourceService, moves: LeadMoves) {
    this.#contacts = contacts;
    this.#sources = sources;
    this.#moves = moves;
  }

  list(tenant: Tenant, query: LeadQuery): Promise<Page<Lead>> {
    return list(tenant, leadListing, query, leadFilters(tenant, query), {
      total: knownTotal(tenant, query),
      nearest: latestFound(tenant, query),
    });
  }

  marks(tenant: Tenant, query: MarksQuery): Promise<Marks> {
    return marks(tenant, leadListing, query, leadFilters(tenant, query));
  }

  stats(tenant: Tenant, filters: LeadFilters): Promise<LeadStats> {
    return leadStats(tenant, filters);
  }

  get(tenant: Tenant, id: string): Promise<Json<LeadDetail>> {
    return readLeadDetail(tenant, id);
  }

  async create(tenant: Tenant, given: NewLead): Promise<Json<Lead>> {
    const ownerId = firstOwner(tenant.caller, given.owner_id);
    const target = { stageId: given.stage_id, status: given.status, pipelineId: given.pipeline_id };
    const entry = await enterStage(tenant, target, { force: given.force });
    assertActivity(entry, given.is_active);
    const contactId = given.contact_id ?? (await this.#contactOf(tenant, given.contact!));
    const sourceId = await this.#sourceOf(tenant, given);
    const { contact_name, contact_score, currency, website } = await factsFor(tenant, contactId, ownerId);

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
    const changed = await change(tenant, 'leads', held, { ...move?.columns, ...columns });
    if (move) await this.#moves.tell(tenant, held, move);
    const fields = changed?.filter((name) => name in columns && name !== 'owner_id') ?? [];
    if (fields.length > 0) await this.#tellChange(tenant, held, fields);
    if (changed?.includes('owner_id')) await this.#tellOwner(tenant, held, given.owner_id!);
    if (changed?.some((name) => SHOWS_ON_CONTACT.has(name)))
      await this.#contacts.tell(tenant, [held.contact_id, columns.contact_id ?? held.contact_id], held.owner_id);
    return readLead(tenant, id);
  }

  setScore(tenant: Tenant, id: string, given: ScoreChange, expected: Expected): Promise<Json<Lead>> {
    return this.update(tenant, id, given, expected);
  }

  async remove(tenant: Tenant, id: string, expected: Expected) {
    const { contact_id, owner_id } = await holdLead(tenant, id, expected);
    await emitLeadsGone(tenant, sql`r.id = ${id}`);
    await remove(tenant, 'leads', id);
    await this.#contacts.tell(tenant, [contact_id], owner_id);
  }

  /** Brings a lead back on top of its stage, full or not: it has had its place there. */
  async restore(tenant: Tenant, id: string, expected: Expected): Promise<Json<Lead>> {
    const { rows } = await sql<{ stage_id: string; contact_id: string; is_contact_gone: boolean }>`
      select l.stage_id, l.contact_id, c.deleted_at is not null as is_contact_gone from leads l join contacts c on c.id = l.contact_id
      where l.id = ${id} and l.deleted_at > now() - interval '30 days'`.execute(tenant.db);
    const deleted = rows[0];
    if (deleted?.is_contact_gone)
      throw new ApiFailure('CONFLICT', 'The contact of this lead is deleted: restore the contact first.');
    const entry = deleted && (await enterStage(tenant, { stageId: deleted.stage_id }, { leadId: id, force: true }));
    if ((await restore(tenant, LEAD, id, expected)) && entry) {
      await sql`update leads set position = ${entry.position} where id = ${id}`.execute(tenant.db);
      await writeEntries(tenant, 'system', entryOf(id, 'Lead restored', { event: 'lead.restored' }));
      await emitLeads(tenant, 'lead.updated', sql`r.id = ${id}`);
      await this.#contacts.tell(tenant, [deleted.contact_id]);
    }
    return readLead(tenant, id);
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

  async #tellChange(tenant: Tenant, { id }: HeldLead, columns: string[]) {
    const fields = columns.map((name) => name.replace(/_minor$/, ''));
    await writeEntries(tenant, 'system', entryOf(id, 'Lead changed', { event: 'lead.updated', fields }));
    await emitLeads(tenant, 'lead.updated', sql`r.id = ${id}`);
  }

  async #tellOwner(tenant: Tenant, { id, owner_id: from }: HeldLead, to: string | null) {
    const subject = to === null ? 'Owner removed' : 'Owner changed';
    await writeEntries(tenant, 'assignment', entryOf(id, subject, { event: 'lead.assigned', from, to }));
    await emitLeads(tenant, 'lead.assigned', sql`r.id = ${id}`, from);
  }
}

/** What of a lead decides its contact's score, and in whose scope the contact is. */
const SHOWS_ON_CONTACT = new Set(['contact_id', 'owner_id', 'score_value', 'is_active', 'is_archived']);

/** An entry on the timeline of a lead and its contact. */
const entryOf = (leadId: string, subject: string, facts: object) => sql`
  select l.contact_id, l.id as lead_id, ${subject} as subject, ${JSON.stringify(facts)}::jsonb as metadata from leads l where l.id = ${leadId}`;

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

async function assertMember(tenant: Tenant, userId: string | null) {
  if (userId === null) return;
  const { rows } = await sql`select from members where user_id = ${userId} for key share`.execute(tenant.db);
  if (rows.length === 0) throw invalidField('owner_id', 'not_found');
}

/** The columns that something was sent for. */
const sent = <Columns extends object>(columns: Columns): Columns =>
  Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Columns;

import { sql, type Selectable } from 'kysely';
import type { Deal, DealChange, DealOfLeadQuery, DealQuery, NewDeal, NewDealOfLead } from '../../src/contract/deal.ts';
import { anyOf, asked, is, owned } from '../db/filters.ts';
import { assertLeadSeen, assertMayEdit, holdSeenLead, ofPresentLead, type SeenLead } from '../db/seen-leads.ts';
import { list, type Fragment, type Listing } from '../db/list.ts';
import { inHundredths, money } from '../db/money.ts';
import { personOf } from '../db/people.ts';
import { change, hold, TOUCHED } from '../db/records.ts';
import type { DealTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';

const DEAL = { table: 'deals', noun: 'deal', keepsDeleted: false } as const;

const wire = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.lead_id, r.contact_id, r.title, ${money(sql`r.value_minor`)} as value, r.currency, r.state, r.owner_id,
  ${personOf(sql`r.owner_id`)} as owner, wire_time(r.closed_at) as closed_at`;

const listing: Listing<Deal, 'created_at' | 'updated_at' | 'title' | 'value' | 'closed_at'> = {
  from: sql`deals r`,
  wire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    updated_at: { column: sql`r.updated_at`, type: 'timestamptz' },
    title: { column: sql`r.title`, type: 'text' },
    value: { column: sql`r.value_minor`, type: 'bigint', nullable: true },
    closed_at: { column: sql`r.closed_at`, type: 'timestamptz', nullable: true },
  },
  defaultSort: 'created_at',
  isScoped: true,
};

/** The deals of one lead, the newest first, as JSON. */
export const dealsOf = (leadId: string): Fragment => sql`
  (select coalesce(json_agg(d), '[]') from (
    select ${wire} from deals r where r.lead_id = ${leadId} order by r.created_at desc, r.id desc) d)`;

/** The rules of deals, which follow their leads. Every method works inside its tenant's unit of work. */
export class DealService {
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  list(tenant: Tenant, query: DealQuery): Promise<Page<Deal>> {
    return list(tenant, listing, query, [
      ofPresentLead,
      ...asked([
        anyOf('state', query.state),
        is('lead_id', query.lead_id, 'uuid'),
        is('contact_id', query.contact_id, 'uuid'),
        owned(tenant, query.owner_id),
      ]),
    ]);
  }

  async ofLead(tenant: Tenant, leadId: string, query: DealOfLeadQuery): Promise<Page<Deal>> {
    const page = await list(tenant, listing, query, [
      ofPresentLead,
      sql`r.lead_id = ${leadId}::uuid`,
      ...asked([anyOf('state', query.state)]),
    ]);
    if (page.rows.text === '[]') await assertLeadSeen(tenant, leadId);
    return page;
  }

  async get(tenant: Tenant, id: string): Promise<Json<Deal>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (
        select ${wire} from deals r where r.id = ${id} and ${ofPresentLead}) w`.execute(tenant.db);
    if (!rows[0]) throw notFound('deal');
    return new Json(rows[0].json, rows[0].version);
  }

  async create(tenant: Tenant, { lead_id, ...given }: NewDeal): Promise<Json<Deal>> {
    const lead = await holdSeenLead(tenant, lead_id);
    if (!lead) throw invalidField('lead_id', 'not_found');
    return this.#create(tenant, lead_id, lead, given);
  }

  async createForLead(tenant: Tenant, leadId: string, given: NewDealOfLead): Promise<Json<Deal>> {
    const lead = await holdSeenLead(tenant, leadId);
    if (!lead) throw notFound('lead');
    return this.#create(tenant, leadId, lead, given);
  }

  async update(tenant: Tenant, id: string, given: DealChange, expected: Expected): Promise<Json<Deal>> {
    const held = await this.#hold(tenant, id, expected);
    const { value, ...columns } = given;
    if (given.owner_id !== undefined) await assertMayOwn(tenant, given.owner_id, held.owner_id);
    const isDecided = given.state !== undefined && given.state !== held.state;
    const isChanged = await change(tenant, 'deals', held, {
      ...columns,
      ...(value !== undefined && { value_minor: inHundredths(value) }),
      ...(isDecided && { closed_at: given.state === 'open' ? null : this.#now() }),
    });
    if (isChanged) await tell(tenant, 'deal.updated', id);
    return this.get(tenant, id);
  }

  async remove(tenant: Tenant, id: string, expected: Expected) {
    await this.#hold(tenant, id, expected);
    await sql`delete from deals where id = ${id}`.execute(tenant.db);
  }

  /** How many deals a member has. */
  async ownedBy(tenant: Tenant, userId: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from deals r where r.owner_id = ${userId} and ${ofPresentLead}`.execute(tenant.db);
    return rows[0]!.count;
  }

  /** Gives a member's deals to another, or to nobody. */
  async reassign(tenant: Tenant, fromUserId: string, toUserId: string | undefined) {
    const { rows } = await sql<{ id: string }>`
      update deals set owner_id = ${toUserId ?? null}, ${TOUCHED}
      where owner_id = ${fromUserId} returning id`.execute(tenant.db);
    if (rows.length > 0)
      await tell(
        tenant,
        'deal.updated',
        rows.map(({ id }) => id),
      );
  }

  async #create(tenant: Tenant, leadId: string, lead: SeenLead, given: NewDealOfLead): Promise<Json<Deal>> {
    assertMayEdit(tenant, lead);
    const { value, ...columns } = given;
    const ownerId = given.owner_id === undefined ? lead.owner_id : given.owner_id;
    await assertMayOwn(tenant, ownerId, lead.owner_id);
    const id = newId();
    await tenant.db
      .insertInto('deals')
      .values({
        ...columns,
        title: given.title ?? lead.title,
        currency: given.currency ?? lead.currency,
        owner_id: ownerId,
        value_minor: value === undefined ? lead.lead_value_minor : inHundredths(value),
        closed_at: given.state === 'won' || given.state === 'lost' ? this.#now() : null,
        id,
        lead_id: leadId,
        contact_id: lead.contact_id,
      })
      .execute();
    await tell(tenant, 'deal.created', id);
    return this.get(tenant, id);
  }

  /** The lead is held first: who holds several rows takes them in one order. */
  async #hold(tenant: Tenant, id: string, expected: Expected) {
    const { rows } = await sql<{ lead_id: string }>`select lead_id from deals where id = ${id}`.execute(tenant.db);
    const lead = rows[0] && (await holdSeenLead(tenant, rows[0].lead_id));
    if (!lead) throw notFound('deal');
    assertMayEdit(tenant, lead);
    return hold<Selectable<DealTable>>(tenant, DEAL, id, expected, (id) => this.get(tenant, id));
  }

  #now() {
    return new Date(this.#clock());
  }
}

/** An event for each of these deals, in the scope of its lead's owner. */
const tell = (tenant: Tenant, event: 'deal.created' | 'deal.updated', ids: string | string[]) =>
  emit(
    tenant,
    event,
    sql`
      select w.id as record_id, row_to_json(w) as data,
        array(select l.owner_id from leads l where l.id = w.lead_id and l.owner_id is not null) as seen_by, '{}'::uuid[] as left_by
      from (select ${wire} from deals r where r.id = any(${[ids].flat()}::uuid[]) and ${ofPresentLead}) w`,
  );

/** An owner is a member; naming one is like assigning a lead. */
async function assertMayOwn(tenant: Tenant, ownerId: string | null, presentOwnerId: string | null) {
  if (ownerId === null || ownerId === presentOwnerId) return;
  const { permissions, role, userId, ownerScope } = tenant.caller;
  if (ownerScope !== undefined && ownerId !== ownerScope)
    throw new ApiFailure('FORBIDDEN', "This token sees one owner's records only, and names nobody else: leave owner_id out.");
  if (!permissions.has('crm:leads:assign'))
    throw new ApiFailure('FORBIDDEN', 'Naming another owner needs the permission crm:leads:assign.');
  if (role === 'member' && ownerId !== userId)
    throw new ApiFailure('FORBIDDEN', 'Members make only themselves the owner: ask a manager to name somebody else.');
  const { rows } = await sql`select from members where user_id = ${ownerId} for share`.execute(tenant.db);
  if (rows.length === 0) throw invalidField('owner_id', 'not_found');
}

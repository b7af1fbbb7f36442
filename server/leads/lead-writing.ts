import { sql } from 'kysely';
import { writeEntries } from '../activities/activity-service.ts';
import type { ContactService } from '../contacts/contact-service.ts';
import { changeAll, removeAll } from '../db/records.ts';
import type { Tenant } from '../db/tenant.ts';
import type { HeldLead } from './held-lead.ts';
import { emitLeads, emitLeadsGone, emitLeadsLeft } from './lead-event-service.ts';
import type { LeadMoves, PlannedMove } from './lead-moves.ts';

type Columns = Partial<Record<keyof HeldLead, unknown>>;

/** What is decided for a lead that is held: columns, and a move whose columns are beside them. */
export interface LeadWrite {
  held: HeldLead;
  columns?: Columns | undefined;
  move?: PlannedMove | undefined;
}

/** The columns that a change of a lead wrote: what they held, and what they were given. */
export interface ChangedColumns {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** A lead with what was written into it. */
interface Written extends LeadWrite {
  values: Columns;
  changed: readonly (keyof HeldLead)[];
}

/** How what is decided for leads is written, and told of: on their timelines, in their histories, by events. */
export class LeadWriting {
  readonly #contacts: ContactService;
  readonly #moves: LeadMoves;

  constructor(contacts: ContactService, moves: LeadMoves) {
    this.#contacts = contacts;
    this.#moves = moves;
  }

  /** Writes as many leads as are given, each once; answers in their order what each write changed, nothing where all was so already. */
  async write(tenant: Tenant, writes: readonly LeadWrite[]): Promise<(ChangedColumns | undefined)[]> {
    const all = writes.map((write) => ({ ...write, values: { ...write.move?.columns, ...write.columns } as Columns }));
    const changes = await changeAll(tenant, 'leads', all);
    const written = all.map((one, index) => ({ ...one, changed: (changes[index] ?? []) as (keyof HeldLead)[] }));
    await this.#moves.tellAll(
      tenant,
      written.flatMap(({ held, move }) => (move ? [{ before: held, move }] : [])),
    );
    await tellChanges(tenant, written);
    await tellOwners(tenant, written);
    await this.#tellContacts(tenant, written);
    return written.map(({ held, values, changed }) =>
      changed.length === 0 ? undefined : { before: pick(held, changed), after: pick(values, changed) },
    );
  }

  /** Tells of leads that have come back from their deletion. */
  async tellRestored(tenant: Tenant, leads: readonly { id: string; contact_id: string }[]): Promise<void> {
    const ids = leads.map(({ id }) => id);
    const told = ids.map((id) => ({ id, subject: 'Lead restored', facts: { event: 'lead.restored' } }));
    await writeEntries(tenant, 'system', entriesOfLeads(told));
    await emitLeads(tenant, 'lead.updated', sql`r.id = any(${ids}::uuid[])`);
    await this.#contacts.tell(tenant, [...new Set(leads.map(({ contact_id }) => contact_id))]);
  }

  /** Deletes leads that are held; they can be restored for thirty days. Answers since when they are gone. */
  async remove(tenant: Tenant, leads: readonly HeldLead[]): Promise<string> {
    const ids = leads.map(({ id }) => id);
    await emitLeadsGone(tenant, sql`r.id = any(${ids}::uuid[])`);
    const deletedAt = await removeAll(tenant, 'leads', ids);
    for (const [owner, own] of Map.groupBy(leads, ({ owner_id }) => owner_id))
      await this.#contacts.tell(tenant, [...new Set(own.map(({ contact_id }) => contact_id))], owner);
    return deletedAt;
  }

  /** Tells of the contacts whose score or scope is another; by whose scope they may have left, for nobody else is to hear of that. */
  async #tellContacts(tenant: Tenant, written: readonly Written[]) {
    const shown = written.filter(({ changed }) => changed.some((name) => SHOWS_ON_CONTACT.has(name)));
    for (const [leaver, leads] of Map.groupBy(shown, ({ held }) => held.owner_id)) {
      const contacts = leads.flatMap(({ held, values }) => [held.contact_id, (values.contact_id as string) ?? held.contact_id]);
      await this.#contacts.tell(tenant, [...new Set(contacts)], leaver);
    }
  }
}

/** What of a lead decides its contact's score, and in whose scope the contact is. */
const SHOWS_ON_CONTACT = new Set<string>(['contact_id', 'owner_id', 'score_value', 'is_active', 'is_archived']);

/** Tells of changed fields; a move and an owner tell of themselves. */
async function tellChanges(tenant: Tenant, written: readonly Written[]) {
  const told = written.flatMap(({ held, columns = {}, changed }) => {
    const fields = changed.filter((name) => name in columns && name !== 'owner_id').map((name) => name.replace(/_minor$/, ''));
    return fields.length > 0 ? [{ id: held.id, subject: 'Lead changed', facts: { event: 'lead.updated', fields } }] : [];
  });
  if (told.length === 0) return;
  await writeEntries(tenant, 'system', entriesOfLeads(told));
  await emitLeads(tenant, 'lead.updated', sql`r.id = any(${told.map(({ id }) => id)}::uuid[])`);
}

async function tellOwners(tenant: Tenant, written: readonly Written[]) {
  const told = written.flatMap(({ held: { id, owner_id: from }, values, changed }) => {
    const to = values.owner_id as string | null;
    const subject = to === null ? 'Owner removed' : 'Owner changed';
    return changed.includes('owner_id') ? [{ id, subject, facts: { event: 'lead.assigned', from, to } }] : [];
  });
  if (told.length === 0) return;
  await writeEntries(tenant, 'assignment', entriesOfLeads(told));
  await emitLeadsLeft(
    tenant,
    'lead.assigned',
    told.map(({ id, facts }) => ({ id, leaver: facts.from })),
  );
}

/** Entries on the timelines of leads and their contacts. */
const entriesOfLeads = (told: readonly { id: string; subject: string; facts: object }[]) => sql`
  select l.contact_id, l.id as lead_id, t.subject, t.metadata
  from unnest(${told.map(({ id }) => id)}::uuid[], ${told.map(({ subject }) => subject)}::text[],
    ${told.map(({ facts }) => JSON.stringify(facts))}::jsonb[]) t (id, subject, metadata) join leads l on l.id = t.id`;

const pick = (values: Columns, names: readonly (keyof HeldLead)[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, values[name]]));

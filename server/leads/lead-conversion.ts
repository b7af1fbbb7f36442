import { sql } from 'kysely';
import type { Conversion, NewConversion } from '../../src/contract/conversion.ts';
import type { NewDealOfLead } from '../../src/contract/deal.ts';
import { writeEntry } from '../activities/activity-service.ts';
import type { ContactClientService } from '../contacts/contact-client-service.ts';
import type { ContactService } from '../contacts/contact-service.ts';
import { change } from '../db/records.ts';
import type { Tenant } from '../db/tenant.ts';
import type { DealService } from '../deals/deal-service.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure } from '../http/failure.ts';
import { Json } from '../http/json.ts';
import { readLead } from './held-lead.ts';
import { emitLeads } from './lead-event-service.ts';
import type { LeadMoves } from './lead-moves.ts';

const WON = { status: 'converted' } as const;

interface Services {
  contacts: ContactService;
  clients: ContactClientService;
  deals: DealService;
  moves: LeadMoves;
}

/** How a lead makes its contact a client. */
export class LeadConversion {
  readonly #contacts: ContactService;
  readonly #clients: ContactClientService;
  readonly #deals: DealService;
  readonly #moves: LeadMoves;
  readonly #clock: () => number;

  constructor({ contacts, clients, deals, moves }: Services, clock: () => number) {
    this.#contacts = contacts;
    this.#clients = clients;
    this.#deals = deals;
    this.#moves = moves;
    this.#clock = clock;
  }

  /** Converts a lead, all of it or nothing; refuses one that was converted before. */
  async convert(tenant: Tenant, id: string, { deal, force }: NewConversion, expected: Expected): Promise<Json<Conversion>> {
    assertSeesContacts(tenant);
    const lead = await this.#moves.hold(tenant, id, WON, expected);
    if (lead.converted_at !== null) {
      throw new ApiFailure('CONFLICT', 'This lead was converted already, and a lead is converted once.', {
        current: await readLead(tenant, id),
      });
    }
    const move = await this.#moves.plan(tenant, lead, WON, { force });
    await change(tenant, 'leads', lead, { ...move?.columns, converted_at: new Date(this.#clock()) });
    if (move) await this.#moves.tell(tenant, lead, move);
    const made = deal && (await this.#makeDeal(tenant, id, deal));
    const left = await this.#clients.makeClient(tenant, lead.contact_id, { ...lead, ownerId: lead.owner_id });
    await writeEntry(tenant, 'conversion', {
      contactId: lead.contact_id,
      leadId: id,
      subject: 'Converted to client',
      description: left.notes,
      facts: {
        event: 'lead.converted',
        ...(made && { deal_id: JSON.parse(made.text).id }),
        ...(left.tags.length > 0 && { tags_left_out: left.tags }),
      },
    });
    await emitLeads(tenant, 'lead.converted', sql`r.id = ${id}`);
    await this.#contacts.tell(tenant, [lead.contact_id]);
    const contacts = await this.#contacts.readAll(tenant, [lead.contact_id]);
    const converted = await readLead(tenant, id);
    return new Json(`{"contact":${contacts.get(lead.contact_id)},"lead":${converted.text},"deal":${made?.text ?? 'null'}}`);
  }

  async #makeDeal(tenant: Tenant, leadId: string, given: NewDealOfLead) {
    try {
      return await this.#deals.createForLead(tenant, leadId, given);
    } catch (error) {
      throw error instanceof ApiFailure ? error.within('deal') : error;
    }
  }
}

/** The answer holds the whole contact. */
function assertSeesContacts({ caller }: Tenant) {
  if (caller.permissions.has('crm:contacts:view')) return;
  throw new ApiFailure('FORBIDDEN', 'Converting a lead answers its contact, which needs the permission crm:contacts:view.');
}

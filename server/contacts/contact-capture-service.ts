import { sql, type Selectable } from 'kysely';
import type { ContactChange } from '../../src/contract/contact.ts';
import type { CustomValuesGiven } from '../../src/contract/custom-field.ts';
import { entriesOf, writeEntries } from '../activities/activity-service.ts';
import type { CompanyService } from '../companies/company-service.ts';
import { valuesToFill } from '../custom-fields/custom-value-service.ts';
import { emailKey } from '../db/email-key.ts';
import type { Fragment } from '../db/list.ts';
import { change } from '../db/records.ts';
import type { ContactTable } from '../db/schema.ts';
import type { Tenant } from '../db/tenant.ts';
import { heldName } from '../db/held-name.ts';
import { eventsOf } from '../events/outbox.ts';
import { newId } from '../ids.ts';
import { leadEvents } from '../leads/lead-event-service.ts';
import { normalisedPhone } from '../phones.ts';
import { IDENTITY, SHOWN_ON_LEADS } from './contact-columns.ts';
import { splitName } from './contact-name.ts';
import { told, toldNew } from './contact-wire.ts';

/** What a visitor said of themselves; the company by its name. */
export type Visitor = Pick<
  ContactChange,
  | 'firstname'
  | 'lastname'
  | 'name'
  | 'email'
  | 'phone_number'
  | 'company'
  | 'address_1'
  | 'address_2'
  | 'city'
  | 'state'
  | 'zip_code'
  | 'country'
  | 'notes'
>;

/** The contacts that a visitor can be. */
export interface Met {
  /** Whom they are, where they are known. */
  contact: Selectable<ContactTable> | undefined;
  /** Whether the phone number is another contact's. */
  isPhoneTaken: boolean;
}

/** What becomes of a visitor: the contact, and what of them is not written, by the names of the fields, and why. */
export interface Becoming {
  id: string;
  /** Selects its id; a new contact from the parts that write it. */
  found: Fragment;
  /** The parts (`name as (…)`) of a statement that write a new contact, to whom it is told of, its lead's owner or nobody. */
  parts(owner: Fragment): { before: readonly Fragment[]; beside: readonly Fragment[] };
  /** The statements that tell of what there was before; to be run once its lead is there, for by that it is known who sees it. */
  tells: readonly Fragment[];
  left: Record<string, string>;
}

/** How visitors become contacts. Every method works inside its tenant's unit of work. */
export class ContactCaptureService {
  readonly #companies: CompanyService;

  constructor(companies: CompanyService) {
    this.#companies = companies;
  }

  /** What a visitor said, in the spelling that contacts have; nothing where it tells nobody from anybody. */
  spelled(tenant: Tenant, { name, ...visitor }: Visitor): Visitor | undefined {
    const said: Visitor = { ...(name != null && splitName(name)), ...visitor };
    if (said.phone_number != null) said.phone_number = normalisedPhone(said.phone_number, tenant.caller.workspace.country);
    return IDENTITY.some((field) => said[field] != null) ? said : undefined;
  }

  /** What makes others who come as the same visitor wait for the end of the transaction, to be selected. */
  holds(tenant: Tenant, { email, phone_number }: Visitor = {}): readonly Fragment[] {
    const key = email ?? phone_number;
    return key == null ? [] : [heldName(`${tenant.workspaceId} ${key.toLowerCase()}`)];
  }

  /** Finds a visitor by their e-mail or, where they gave none, their phone number, and holds them. */
  async meet(tenant: Tenant, { email = null, phone_number = null }: Visitor): Promise<Met> {
    if (email === null && phone_number === null) return { contact: undefined, isPhoneTaken: false };
    const hasEmail = sql`c.email_key = ${emailKey(email)}`;
    const hasPhone = sql`c.phone_number = ${phone_number}::text`;
    const isOne = sql.join(
      [...(email === null ? [] : [hasEmail]), ...(phone_number === null ? [] : [hasPhone])].map(
        (is) => sql`select c.id from contacts c where ${is} and c.deleted_at is null`,
      ),
      sql` union all `,
    );
    // Found first, then held: asked for in one order at once, all contacts might be read in that order to find two of them.
    const { rows } = await sql<Selectable<ContactTable> & { has_email: boolean | null }>`
      select c.*, ${hasEmail} as has_email from contacts c
      where c.id = any (array(${isOne})) and c.deleted_at is null order by c.id for no key update`.execute(tenant.db);
    const contact = email === null ? rows[0] : rows.find(({ has_email }) => has_email);
    return { contact, isPhoneTaken: rows.some((row) => row !== contact && row.phone_number === phone_number) };
  }

  /**
   * Makes a visitor a contact, or gives the contact that they are what it lacks; nothing that it has is changed. A new contact
   * begins with the score of the lead that comes with it: to write that later is to write the contact, and all its indexes, twice.
   */
  async write(
    tenant: Tenant,
    visitor: Visitor,
    { contact, isPhoneTaken }: Met,
    custom: { given: CustomValuesGiven; ofNew: CustomValuesGiven },
    newScore: number | null,
  ): Promise<Becoming> {
    const { phone_number, ...rest } = visitor;
    const said: Visitor = isPhoneTaken ? rest : visitor;
    const left: Record<string, string> = isPhoneTaken ? { phone_number: 'taken' } : {};
    if (!contact) return { ...(await this.#create(tenant, said, custom.ofNew, newScore)), left };
    const filled = await this.#fill(tenant, contact, said, custom.given);
    return {
      id: contact.id,
      found: sql`select ${contact.id}::uuid as id`,
      parts: () => ({ before: [], beside: [] }),
      tells: filled.tells,
      left: { ...left, ...filled.left },
    };
  }

  async #create(
    tenant: Tenant,
    { company, ...columns }: Visitor,
    values: CustomValuesGiven,
    score: number | null,
  ): Promise<Omit<Becoming, 'left'>> {
    const id = newId();
    const made = company == null ? undefined : await this.#companies.findOrCreate(tenant, company);
    const given = Object.entries({ ...columns, company_id: made?.id, custom_fields: JSON.stringify(values), score }).filter(
      ([, value]) => value != null,
    );
    const created = sql`
      select id as contact_id, null::uuid as lead_id, 'Contact created' as subject, '{"event": "contact.created"}'::jsonb as metadata from contacts`;
    return {
      id,
      found: sql`select id from contacts`,
      parts: (owner) => ({
        before: [
          sql`contacts as (
            insert into contacts (id, ${sql.join(given.map(([name]) => sql.ref(name)))})
            values (${id}, ${sql.join(given.map(([, value]) => sql`${value}`))}) returning *)`,
          sql`contact_entry as (${entriesOf('system', created)})`,
        ],
        beside: [sql`contact_event as (${eventsOf('contact.created', toldNew(owner))})`],
      }),
      tells: made?.isNew ? [this.#companies.creationOf(made.id)] : [],
    };
  }

  async #fill(tenant: Tenant, held: Selectable<ContactTable>, { company, ...said }: Visitor, custom: CustomValuesGiven) {
    const left: Record<string, string> = {};
    const columns: Partial<Record<keyof ContactTable, unknown>> = {};
    for (const [name, value] of Object.entries(said)) {
      if (value == null) continue;
      const present = held[name as keyof ContactTable] as string | null;
      if (present === null) columns[name as keyof ContactTable] = value;
      else if (!isSameText(present, value)) left[name] = 'present';
    }
    let madeCompanyId: string | undefined;
    if (company != null && held.company === null) {
      const { id, isNew } = await this.#companies.findOrCreate(tenant, company);
      columns.company_id = id;
      if (isNew) madeCompanyId = id;
    } else if (company != null && !isSameText(held.company!, company)) left['company'] = 'present';
    if (Object.keys(custom).length > 0) {
      const values = await valuesToFill(tenant, 'contact', custom, held.custom_fields);
      columns.custom_fields = values.kept;
      for (const [name, why] of Object.entries(values.left)) left[`custom.${name}`] = why;
    }
    const changed = await change(tenant, 'contacts', held, columns);
    const { id } = held;
    if (changed)
      await writeEntries(tenant, 'system', entryOf(id, 'Contact changed', { event: 'contact.updated', fields: changed }));
    // Its lead changes what is seen of it as well.
    const tells = [eventsOf('contact.updated', told([id]))];
    if (madeCompanyId !== undefined) tells.unshift(this.#companies.creationOf(madeCompanyId));
    if (changed?.some((column) => SHOWN_ON_LEADS.has(column))) tells.push(leadEvents('lead.updated', sql`r.contact_id = ${id}`));
    return { tells, left };
  }
}

const isSameText = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase();

const entryOf = (id: string, subject: string, facts: object): Fragment => sql`
  select ${id}::uuid as contact_id, null::uuid as lead_id, ${subject}::text as subject, ${JSON.stringify(facts)}::jsonb as metadata`;

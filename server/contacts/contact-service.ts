import { sql, type Selectable } from 'kysely';
import type { Contact, ContactChange, ContactDetail, ContactQuery, NewContact } from '../../src/contract/contact.ts';
import { issue } from '../../src/contract/issues.ts';
import { writeEntries } from '../activities/activity-service.ts';
import type { CompanyService } from '../companies/company-service.ts';
import { changedValues, nameOfField, valuesOfNew } from '../custom-fields/custom-value-service.ts';
import { emailKey } from '../db/email-key.ts';
import type { Fragment } from '../db/list.ts';
import { change, hold, remove, restore } from '../db/records.ts';
import type { ContactTable } from '../db/schema.ts';
import { retag, type TagReplacement } from '../db/tags.ts';
import type { Tenant, WorkspaceUnit } from '../db/tenant.ts';
import { emit } from '../events/outbox.ts';
import { emitLeads, emitLeadsGone, holdLeadsOf, leadsTakenAlong } from '../leads/lead-event-service.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, invalid, invalidField, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import { newId } from '../ids.ts';
import { normalisedPhone } from '../phones.ts';
import { CONTACT, IDENTITY, SHOWN_ON_LEADS } from './contact-columns.ts';
import { besideContact } from './contact-detail.ts';
import { listContacts } from './contact-list.ts';
import { splitName } from './contact-name.ts';
import { contactWire as wire, readContacts, told, toldGone } from './contact-wire.ts';

/** The rules of contacts. Every method works inside its tenant's unit of work; there is no unscoped read. */
export class ContactService {
  readonly #companies: CompanyService;

  constructor(companies: CompanyService) {
    this.#companies = companies;
  }

  list(tenant: Tenant, query: ContactQuery): Promise<Page<Contact>> {
    return listContacts(tenant, query);
  }

  async get(tenant: Tenant, id: string): Promise<Json<ContactDetail>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (
        select ${wire}, ${besideContact(tenant, id)} from contacts r where r.id = ${id} and r.deleted_at is null) w`.execute(
      tenant.db,
    );
    if (!rows[0]) throw notFound('contact');
    return new Json(rows[0].json, rows[0].version);
  }

  /** Contacts as lists show them, by their ids, as JSON; those that the caller does not see are not among them. */
  readAll(tenant: Tenant, ids: readonly string[]): Promise<Map<string, string>> {
    return readContacts(tenant, ids);
  }

  async create(tenant: Tenant, given: NewContact): Promise<Json<ContactDetail>> {
    const { columns, madeCompanyId } = await this.#columns(tenant, given);
    await this.#refuseDuplicate(tenant, columns);
    const id = newId();
    const { metadata, custom_fields: given_values, ...plain } = columns;
    const values = await valuesOfNew(tenant, 'contact', given_values);
    await tenant.db
      .insertInto('contacts')
      .values({ ...plain, ...(metadata && { metadata: JSON.stringify(metadata) }), custom_fields: JSON.stringify(values), id })
      .execute();
    const { ownerScope } = tenant.caller;
    // Who sees one owner's records only would not see it otherwise.
    if (ownerScope !== undefined)
      await sql`insert into contact_assignments (contact_id, user_id) values (${id}, ${ownerScope})`.execute(tenant.db);
    if (madeCompanyId !== undefined) await this.#companies.tellCreated(tenant, madeCompanyId);
    await writeEntries(tenant, 'system', entryOf([id], 'Contact created', { event: 'contact.created' }));
    await emit(tenant, 'contact.created', told([id]));
    return this.get(tenant, id);
  }

  async update(tenant: Tenant, id: string, given: ContactChange, expected: Expected): Promise<Json<ContactDetail>> {
    const held = await this.#hold(tenant, id, expected);
    const { columns, madeCompanyId } = await this.#columns(tenant, given, held);
    columns.custom_fields = await changedValues(tenant, 'contact', given.custom_fields, held.custom_fields);
    const after = { ...held, ...columns };
    if (IDENTITY.every((field) => after[field] == null)) throw invalidField('email', 'one_of_needed', { fields: [...IDENTITY] });
    await this.#refuseDuplicate(tenant, columns, id);
    const changed = await change(tenant, 'contacts', held, columns);
    if (madeCompanyId !== undefined) await this.#companies.tellCreated(tenant, madeCompanyId);
    if (changed) {
      await writeEntries(tenant, 'system', entryOf([id], 'Contact changed', { event: 'contact.updated', fields: changed }));
      await emit(tenant, 'contact.updated', told([id]));
      if (changed.some((column) => SHOWN_ON_LEADS.has(column)))
        await emitLeads(tenant, 'lead.updated', sql`r.contact_id = ${id}`);
    }
    return this.get(tenant, id);
  }

  /** Sets one value by its field's id. */
  async setCustomField(
    tenant: Tenant,
    id: string,
    fieldId: string,
    value: unknown,
    expected: Expected,
  ): Promise<Json<ContactDetail>> {
    const name = await nameOfField(tenant, 'contact', fieldId);
    return this.update(tenant, id, { custom_fields: { [name]: value } }, expected);
  }

  /**
   * The id of a contact that is described: found by its e-mail or, where it has none, its phone number, and else made. One
   * that is found gets what it lacks, where the caller may change it.
   */
  async findOrCreate(tenant: Tenant, given: NewContact): Promise<string> {
    const { permissions } = tenant.caller;
    const match = await this.#match(tenant, given);
    if (!match) {
      if (!permissions.has('crm:contacts:create')) {
        throw new ApiFailure(
          'FORBIDDEN',
          'There is no such contact yet, and creating one needs the permission crm:contacts:create: send contact_id instead.',
        );
      }
      return JSON.parse((await this.create(tenant, given)).text).id;
    }
    if (!permissions.has('crm:contacts:edit')) return match.id;
    const lacking = lackedBy(match, given);
    if (lacking.phone_number != null && (await this.#isPhoneTaken(tenant, lacking.phone_number))) delete lacking.phone_number;
    if (Object.keys(lacking).length > 0) await this.update(tenant, match.id, lacking, '*');
    return match.id;
  }

  /** Tells of contacts whose leads have changed what is seen of them: their score, or in whose scope they are. */
  async tell(tenant: Tenant, ids: readonly string[], leaver?: string | null) {
    await emit(tenant, 'contact.updated', told(ids, leaver ?? undefined));
  }

  async remove(tenant: Tenant, id: string, expected: Expected) {
    await holdLeadsOf(tenant, id);
    await this.#hold(tenant, id, expected);
    // First, for afterwards its leads are gone as well, and nobody sees it by them.
    await emitLeadsGone(tenant, sql`r.contact_id = ${id}`);
    await emit(tenant, 'contact.deleted', toldGone(id));
    await remove(tenant, 'contacts', id);
  }

  async restore(tenant: Tenant, id: string, expected: Expected): Promise<Json<ContactDetail>> {
    const { rows } = await sql<Pick<Selectable<ContactTable>, 'email' | 'phone_number' | 'merged_into'>>`
      select email, phone_number, merged_into from contacts where id = ${id}`.execute(tenant.db);
    // What was merged comes back by undoing that.
    if (rows[0]?.merged_into) throw notFound('contact');
    if (rows[0]) await this.#refuseDuplicate(tenant, rows[0], id);
    const leads = await leadsTakenAlong(tenant, id);
    if (await restore(tenant, CONTACT, id, expected)) {
      await emit(tenant, 'contact.updated', told([id]));
      await emitLeads(tenant, 'lead.updated', sql`r.id = any (${leads}::uuid[])`);
    }
    return this.get(tenant, id);
  }

  async assign(tenant: Tenant, id: string, userId: string, expected: Expected): Promise<Json<ContactDetail>> {
    await this.#hold(tenant, id, expected);
    const members = await sql`select from members where user_id = ${userId} for share`.execute(tenant.db);
    if (members.rows.length === 0) throw invalidField('user_id', 'not_found');
    const { numAffectedRows } =
      await sql`insert into contact_assignments (contact_id, user_id) values (${id}, ${userId}) on conflict do nothing`.execute(
        tenant.db,
      );
    if (numAffectedRows) {
      await writeEntries(tenant, 'assignment', entryOf([id], 'Assigned', { event: 'contact.assigned', user_id: userId }));
      await emit(tenant, 'contact.updated', told([id]));
    }
    return this.get(tenant, id);
  }

  async unassign(tenant: Tenant, id: string, userId: string, expected: Expected) {
    await this.#hold(tenant, id, expected);
    const { numAffectedRows } =
      await sql`delete from contact_assignments where contact_id = ${id} and user_id = ${userId}`.execute(tenant.db);
    if (!numAffectedRows) throw notFound('assignment');
    await writeEntries(
      tenant,
      'assignment',
      entryOf([id], 'No longer assigned', { event: 'contact.unassigned', user_id: userId }),
    );
    await emit(tenant, 'contact.updated', told([id], userId));
  }

  /** Replaces tags on the next contacts and tells of those; answers whether there may be more. */
  async retag(unit: WorkspaceUnit, replacement: TagReplacement): Promise<boolean> {
    const { ids, goesOn } = await retag(unit, 'contacts', replacement);
    await emit(unit, 'contact.updated', told(ids));
    return goesOn;
  }

  /** How many contacts a member works with. */
  async assignedTo(tenant: Tenant, userId: string): Promise<number> {
    const { rows } = await sql<{
      count: number;
    }>`select count(*)::integer as count from contact_assignments where user_id = ${userId}`.execute(tenant.db);
    return rows[0]!.count;
  }

  /** Takes a member off every contact; whoever takes over is put in their place. Tells of those as well whose leads were theirs. */
  async reassign(tenant: Tenant, fromUserId: string, toUserId: string | undefined, ofLeads: readonly string[]) {
    if (toUserId !== undefined) {
      await sql`insert into contact_assignments (contact_id, user_id)
        select contact_id, ${toUserId}::uuid from contact_assignments where user_id = ${fromUserId} on conflict do nothing`.execute(
        tenant.db,
      );
    }
    const { rows } = await sql<{
      contact_id: string;
    }>`delete from contact_assignments where user_id = ${fromUserId} returning contact_id`.execute(tenant.db);
    const ids = rows.map(({ contact_id }) => contact_id);
    const facts = { event: 'contact.reassigned', from: fromUserId, to: toUserId ?? null };
    await writeEntries(tenant, 'assignment', entryOf(ids, 'Handed over', facts));
    await emit(tenant, 'contact.updated', told([...new Set([...ids, ...ofLeads])], fromUserId));
  }

  #hold(tenant: Tenant, id: string, expected: Expected) {
    return hold<Selectable<ContactTable>>(tenant, CONTACT, id, expected, (id) => this.get(tenant, id));
  }

  /** The contact that a description means. Of two requests that look for the same one, the later waits for the other. */
  async #match(tenant: Tenant, { email, phone_number }: NewContact): Promise<Selectable<ContactTable> | undefined> {
    const phone = phone_number == null ? null : normalisedPhone(phone_number, tenant.caller.workspace.country);
    const key = email ?? phone;
    if (key === null) return undefined;
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${tenant.workspaceId} ${key.toLowerCase()}`}, 0))`.execute(
      tenant.db,
    );
    const isSame = email == null ? sql`phone_number = ${phone}` : sql`email_key = ${emailKey(email)}`;
    const { rows } = await sql<Selectable<ContactTable>>`
      select * from contacts where ${isSame} and deleted_at is null for no key update`.execute(tenant.db);
    return rows[0];
  }

  async #isPhoneTaken(tenant: Tenant, typed: string): Promise<boolean> {
    const phone = normalisedPhone(typed, tenant.caller.workspace.country);
    const { rows } = await sql`select from contacts where phone_number = ${phone} and deleted_at is null`.execute(tenant.db);
    return rows.length > 0;
  }

  /** What was given, as columns: the name split, the company found or made, the phone number in its one spelling. */
  async #columns(tenant: Tenant, given: ContactChange, held?: Selectable<ContactTable>) {
    const { name, company, ...columns } = given;
    let madeCompanyId: string | undefined;
    // Null clears what nothing else was sent for.
    if (name != null || (name === null && columns.firstname === undefined && columns.lastname === undefined))
      Object.assign(columns, splitName(name));
    if (company != null || (company === null && columns.company_id === undefined)) {
      // An empty name takes the company away; a name that the contact's company has already needs no search.
      if (company === null) columns.company_id = null;
      else if (company === held?.company) columns.company_id = held.company_id;
      else {
        const { id, isNew } = await this.#companyNamed(tenant, company);
        columns.company_id = id;
        if (isNew) madeCompanyId = id;
      }
    } else if (columns.company_id != null && (columns.company_id !== held?.company_id || held.company === null)) {
      await this.#companies.assertExists(tenant, columns.company_id);
    }
    if (columns.phone_number != null) {
      columns.phone_number = normalisedPhone(columns.phone_number, tenant.caller.workspace.country);
    }
    return { columns, madeCompanyId };
  }

  #companyNamed(tenant: Tenant, name: string) {
    if (!tenant.caller.permissions.has('crm:companies:create')) {
      throw new ApiFailure(
        'FORBIDDEN',
        'Naming a company may create it, which needs the permission crm:companies:create: send company_id instead.',
      );
    }
    return this.#companies.findOrCreate(tenant, name);
  }

  async #refuseDuplicate(
    tenant: Tenant,
    { email, phone_number }: { email?: string | null | undefined; phone_number?: string | null | undefined },
    ownId?: string,
  ) {
    if (email == null && phone_number == null) return;
    const { rows } = await sql<{ id: string; field: 'email' | 'phone_number' }>`
      select id, 'email' as field from contacts where email_key = ${emailKey(email ?? null)} and deleted_at is null
      union all select id, 'phone_number' from contacts where phone_number = ${phone_number ?? null} and deleted_at is null`.execute(
      tenant.db,
    );
    const others = rows.filter(({ id }) => id !== ownId);
    const first = others[0];
    if (!first) return;
    const what = first.field === 'email' ? 'e-mail address' : 'phone number';
    const { extras } = invalid(others.map(({ field }) => issue(field, 'taken')));
    throw new ApiFailure('DUPLICATE', `Another contact has this ${what} already.`, {
      issues: extras.issues!,
      existingId: first.id,
    });
  }
}

/** One entry on the timeline of each contact that is there. */
const entryOf = (ids: readonly string[], subject: string, facts: object): Fragment => sql`
  select c.id as contact_id, null::uuid as lead_id, ${subject}::text as subject, ${JSON.stringify(facts)}::jsonb as metadata
  from contacts c where c.id = any (${ids}::uuid[]) and c.deleted_at is null`;

/** Of what is given, the fields that a contact has nothing in. */
function lackedBy(held: Selectable<ContactTable>, given: NewContact): ContactChange {
  const isEmpty: Record<string, boolean> = {
    name: held.name === null,
    company: held.company === null,
    company_id: held.company === null,
  };
  const lacks = ([field, value]: [string, unknown]) =>
    value != null && (isEmpty[field] ?? EMPTY.has(JSON.stringify(held[field as keyof ContactTable] ?? null)));
  const { custom_fields: values = {}, ...fields } = given;
  const lacking = Object.entries(values).filter(([name, value]) => value != null && !Object.hasOwn(held.custom_fields, name));
  return {
    ...Object.fromEntries(Object.entries(fields).filter(lacks)),
    ...(lacking.length > 0 && { custom_fields: Object.fromEntries(lacking) }),
  };
}

const EMPTY = new Set(['null', '[]', '{}']);

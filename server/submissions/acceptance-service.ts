import { sql } from 'kysely';
import type { NewSubmission } from '../../src/contract/capture.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { entriesOf } from '../activities/activity-service.ts';
import type { ContactCaptureService, Met, Visitor } from '../contacts/contact-capture-service.ts';
import { leftOut } from '../custom-fields/custom-value-service.ts';
import type { Fragment } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import { eventsOf } from '../events/outbox.ts';
import { newId } from '../ids.ts';
import { jobOf } from '../jobs/enqueue.ts';
import type { CaptureFacts, LeadCaptureService } from '../leads/lead-capture-service.ts';
import { mappedValues, type MappedValues } from './mapped-values.ts';
import type { Outcome, SaveSubmission } from './submission-rows.ts';
import { submittedRecord } from './submission-wire.ts';

export {
  inserting,
  updating,
  type SaveSubmission,
  type SpamReason,
  type SubmissionContent,
  type SubmissionRow,
} from './submission-rows.ts';

/** A submission that nothing speaks against. */
export interface Acceptable {
  id: string;
  form: { id: string; name: string; definition: FormDefinition };
  answers: NewSubmission['answers'];
  attribution: NewSubmission['attribution'];
  page: string | null | undefined;
  submittedAt: Date;
  /** When it arrived, which is when its lead begins. */
  arrivedAt: Date;
}

/** What is decided for a submission before any of it is written. */
export interface Prepared {
  given: Acceptable;
  mapped: MappedValues;
  /** What the visitor said of themselves; nothing where that tells nobody from anybody. */
  visitor: Visitor | undefined;
}

/** What has to be known of the workspace to write it. */
interface Known {
  met: Met;
  facts: CaptureFacts;
}

/**
 * How a submission becomes a contact's lead, or an entry on the open one that the contact has of the same form. Every method
 * works inside its tenant's unit of work, which must be one transaction, from `begin` on.
 */
export class SubmissionAcceptanceService {
  readonly #contacts: ContactCaptureService;
  readonly #leads: LeadCaptureService;

  constructor(contacts: ContactCaptureService, leads: LeadCaptureService) {
    this.#contacts = contacts;
    this.#leads = leads;
  }

  prepare(tenant: Tenant, given: Acceptable): Prepared {
    const mapped = mappedValues(given.form.definition, given.answers);
    return { given, mapped, visitor: this.#contacts.spelled(tenant, mapped.contact) };
  }

  /**
   * Makes others who come as the same visitor wait, behind what else is held; sent without waiting, so that what reads comes
   * behind it.
   */
  async begin(tenant: Tenant, { visitor }: Prepared, held: readonly Fragment[] = []): Promise<void> {
    // From here on a record need not have all that is required of it.
    const lenient = sql`set_config('millrace.capture', 'on', true)`;
    await sql`select ${sql.join([...held, lenient, ...this.#contacts.holds(tenant, visitor)])}`.execute(tenant.db);
  }

  /** Reads, and holds, what the submission meets. */
  async look(tenant: Tenant, { given, mapped, visitor }: Prepared): Promise<Known | undefined> {
    if (!visitor) return undefined;
    const [met, facts] = await Promise.all([
      this.#contacts.meet(tenant, visitor),
      this.#leads.facts(tenant, given.form.definition.lead ?? {}, mapped.custom),
    ]);
    return { met, facts };
  }

  /**
   * Decides what the submission becomes, and answers the statements that write it, to be run in their order: most of what others
   * wait for is locked by them.
   */
  async write(tenant: Tenant, prepared: Prepared, known: Known | undefined, save: SaveSubmission): Promise<readonly Fragment[]> {
    const { given, mapped } = prepared;
    tenant.emitted();
    const statements =
      known && prepared.visitor
        ? await this.#becomeLead(tenant, prepared, prepared.visitor, known, save)
        : [submitted(save, { contact_id: null, lead_id: null, not_mapped: mapped.notMapped })];
    if (!given.form.definition.notify?.length) return statements;
    tenant.enqueued();
    return [...statements, jobOf('mail-submission', { submission_id: given.id })];
  }

  async #becomeLead(
    tenant: Tenant,
    { given, mapped }: Prepared,
    visitor: Visitor,
    { met, facts }: Known,
    save: SaveSubmission,
  ): Promise<readonly Fragment[]> {
    const { stage } = facts;
    const openLead = met.contact ? await this.#leads.openLead(tenant, given.form.id, met.contact.id) : null;
    const isNewLead = openLead === null && stage !== null;
    const custom = { given: mapped.custom.contact, ofNew: facts.contact_values.kept };
    const score = isNewLead ? this.#leads.scoreOf(stage) : null;
    const contact = await this.#contacts.write(tenant, visitor, met, custom, score);

    const left: Record<string, string> = {};
    for (const [name, why] of Object.entries(contact.left)) left[`contact.${name}`] = why;
    if (!met.contact)
      for (const [name, why] of Object.entries(leftOut(facts.contact_values.problems))) left[`contact.custom.${name}`] = why;
    if (isNewLead)
      for (const [name, why] of Object.entries(leftOut(facts.lead_values.problems))) left[`lead.custom.${name}`] = why;
    if (openLead !== null) for (const target of mapped.fields.keys()) if (target.startsWith('lead.')) left[target] = 'open_lead';

    const outcome = {
      contact_id: contact.id,
      lead_id: openLead ?? (isNewLead ? newId() : null),
      not_mapped: { ...mapped.notMapped, ...byField(mapped, left) },
    };
    if (!isNewLead) {
      const touched = openLead === null ? [] : [this.#leads.touched(openLead)];
      const { before, beside } = contact.parts(sql`null`);
      return [enteredOn(given, outcome, save, [...before, ...beside]), ...contact.tells, ...touched];
    }
    const lead = {
      id: outcome.lead_id!,
      formId: given.form.id,
      formName: given.form.name,
      contact: contact.found,
      contactName: met.contact?.name ?? nameOf(visitor) ?? null,
      facts: { ...facts, stage },
      defaults: given.form.definition.lead ?? {},
      fields: { ...mapped.lead, attribution: given.attribution },
      values: facts.lead_values.kept,
      at: given.arrivedAt,
    };
    const owner = sql`(select owner_id from leads)`;
    const { before, beside } = contact.parts(owner);
    const written = this.#leads.written(tenant, lead, before, [
      sql`submissions as (${save(outcome)})`,
      sql`submitted as (${eventsOf('form.submitted', submittedRecord(owner))})`,
      sql`submission_entry as (${entryOf(given, outcome)})`,
      ...beside,
    ]);
    return [...written, ...contact.tells];
  }
}

/** Writes a submission that becomes nobody's. */
const submitted = (save: SaveSubmission, outcome: Outcome): Fragment =>
  sql`with submissions as (${save(outcome)}) ${eventsOf('form.submitted', submittedRecord(sql`null`))}`;

/** Writes a submission that is an entry on what there is already. */
const enteredOn = (given: Acceptable, outcome: Outcome, save: SaveSubmission, parts: readonly Fragment[]): Fragment => {
  const owner = sql`(select owner_id from leads where id = ${outcome.lead_id}::uuid)`;
  return sql`
    with ${sql.join([...parts, sql`submissions as (${save(outcome)})`, sql`submitted as (${eventsOf('form.submitted', submittedRecord(owner))})`])}
    ${entryOf(given, outcome)}`;
};

/** What is left out, by the fields whose answers it is rather than by where it would have gone. */
const byField = ({ fields }: MappedValues, left: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(left).flatMap(([target, why]) => {
      // A name that was given whole is written in two parts.
      const field = fields.get(target) ?? (/^contact\.(first|last)name$/.test(target) ? fields.get('contact.name') : undefined);
      return field === undefined ? [] : [[field, why]];
    }),
  );

const nameOf = ({ firstname, lastname }: Visitor) => [firstname, lastname].filter(Boolean).join(' ') || undefined;

/** The entry on the timeline that tells of a submission, as of when it was sent. */
const entryOf = ({ id, form, page, submittedAt }: Acceptable, { contact_id, lead_id }: Outcome): Fragment => {
  const facts = { event: 'form.submitted', submission_id: id, form_id: form.id, form: form.name, page: page ?? null };
  return entriesOf(
    'form_submission',
    sql`select ${contact_id}::uuid as contact_id, ${lead_id}::uuid as lead_id, ${`Sent ${form.name}`}::text as subject,
      ${JSON.stringify(facts)}::jsonb as metadata`,
    sql`${submittedAt}::timestamptz`,
  );
};

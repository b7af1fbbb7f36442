import { sql } from 'kysely';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import type { Submission, SubmissionQuery } from '../../src/contract/submission.ts';
import { anyOf, asked, since, until } from '../db/filters.ts';
import { list } from '../db/list.ts';
import { hold } from '../db/records.ts';
import type { Tenant } from '../db/tenant.ts';
import type { Expected } from '../http/answer.ts';
import { ApiFailure, notFound } from '../http/failure.ts';
import { Json, type Page } from '../http/json.ts';
import type { SubmissionAcceptanceService } from './acceptance-service.ts';
import { SUBMISSION_COLUMNS, updating, type SubmissionState } from './submission-rows.ts';
import { submissionListing, submissionWire } from './submission-wire.ts';

const SUBMISSION = { table: 'submissions', noun: 'submission', keepsDeleted: false, columns: SUBMISSION_COLUMNS } as const;

interface Held {
  id: string;
  version: number;
  form_id: string | null;
  form_version: number;
  state: SubmissionState;
  answers: Submission['answers'];
  attribution: Submission['attribution'];
  page: string | null;
  submitted_at: Date;
  created_at: Date;
}

/** What members see of submissions, and do with those that are suspected. Every method works inside its tenant's unit of work. */
export class SubmissionService {
  readonly #acceptance: SubmissionAcceptanceService;

  constructor(acceptance: SubmissionAcceptanceService) {
    this.#acceptance = acceptance;
  }

  /** Lists the submissions of one form. */
  async list(tenant: Tenant, formId: string, query: SubmissionQuery): Promise<Page<Submission>> {
    const forms = await sql`select from forms where id = ${formId} and deleted_at is null`.execute(tenant.db);
    if (forms.rows.length === 0) throw notFound('form');
    return list(tenant, submissionListing, query, [
      sql`r.form_id = ${formId}::uuid`,
      ...asked([anyOf('state', query.state), since(tenant, 'created_at', query.from), until(tenant, 'created_at', query.to)]),
    ]);
  }

  async get(tenant: Tenant, id: string): Promise<Json<Submission>> {
    const { rows } = await sql<{ json: string; version: number }>`
      select row_to_json(w)::text as json, w.version from (select ${submissionWire} from submissions r where r.id = ${id}) w`.execute(
      tenant.db,
    );
    if (!rows[0]) throw notFound('submission');
    return new Json(rows[0].json, rows[0].version);
  }

  /** Makes a suspected submission a lead, as of the time that it came; once. */
  async release(tenant: Tenant, id: string, expected: Expected): Promise<Json<Submission>> {
    const held = await this.#hold(tenant, id, expected);
    if (held.state === 'accepted') throw new ApiFailure('CONFLICT', 'This submission has become a lead already.');
    if (held.state === 'partial') throw new ApiFailure('CONFLICT', 'The visitor has not ended this submission yet.');
    const form = await formOf(tenant, held);
    const { answers, attribution, page, submitted_at: submittedAt, created_at: arrivedAt } = held;
    const prepared = this.#acceptance.prepare(tenant, { id, form, answers, attribution, page, submittedAt, arrivedAt });
    await this.#acceptance.begin(tenant, prepared);
    const known = await this.#acceptance.look(tenant, prepared);
    const statements = await this.#acceptance.write(tenant, prepared, known, updating(id, { state: 'accepted' }));
    for (const statement of statements) await statement.execute(tenant.db);
    return this.get(tenant, id);
  }

  /** Puts a suspected submission out; it can still be released. */
  async reject(tenant: Tenant, id: string, expected: Expected): Promise<Json<Submission>> {
    const { state } = await this.#hold(tenant, id, expected);
    if (state === 'accepted')
      throw new ApiFailure('CONFLICT', 'This submission has become a lead: delete the lead if it is not wanted.');
    if (state === 'partial') throw new ApiFailure('CONFLICT', 'The visitor has not ended this submission yet.');
    if (state === 'quarantined') await updating(id, { state: 'rejected' })().execute(tenant.db);
    return this.get(tenant, id);
  }

  #hold(tenant: Tenant, id: string, expected: Expected): Promise<Held> {
    return hold<Held>(tenant, SUBMISSION, id, expected, (id) => this.get(tenant, id));
  }
}

/** The form that a submission was made with, as it was then. */
async function formOf(tenant: Tenant, { form_id, form_version }: Held) {
  const { rows } = await sql<{ id: string; name: string; definition: FormDefinition }>`
    select f.id, f.name, v.definition from forms f join form_versions v on v.form_id = f.id and v.number = ${form_version}
    where f.id = ${form_id}::uuid`.execute(tenant.db);
  if (!rows[0]) throw new ApiFailure('CONFLICT', 'The form of this submission is gone, and with it what its answers mean.');
  return rows[0];
}

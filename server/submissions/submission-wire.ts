import { sql } from 'kysely';
import type { Submission } from '../../src/contract/submission.ts';
import type { Fragment, Listing } from '../db/list.ts';
import { SUBMISSION_COLUMNS } from './submission-rows.ts';

/** The columns of an answer, of a row of submissions called `r`. */
export const submissionWire: Fragment = sql`
  r.id, r.workspace_id, wire_time(r.created_at) as created_at, wire_time(r.updated_at) as updated_at, r.created_by, r.updated_by, r.version,
  r.form_id, r.form_version, r.state, r.spam_reasons, r.answers, r.consents, r.attribution, r.traits, r.page, r.referrer, r.locale,
  r.user_agent, wire_time(r.submitted_at) as submitted_at, r.contact_id, r.lead_id, r.not_mapped`;

/** How the submissions of a form are listed. */
export const submissionListing: Listing<Submission, 'created_at' | 'submitted_at'> = {
  from: sql`(select ${SUBMISSION_COLUMNS} from submissions) r`,
  wire: submissionWire,
  sorts: {
    created_at: { column: sql`r.created_at`, type: 'timestamptz' },
    submitted_at: { column: sql`r.submitted_at`, type: 'timestamptz' },
  },
  defaultSort: 'created_at',
  isScoped: true,
};

/** The submission that a statement has just written, under the name of its table, as its event tells of it to those who see its lead. */
export const submittedRecord = (owner: Fragment): Fragment => sql`
  select r.id as record_id, row_to_json(w) as data, array_remove(array[${owner}::uuid], null) as seen_by, '{}'::uuid[] as left_by
  from submissions r, lateral (select ${submissionWire}) w`;

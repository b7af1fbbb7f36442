import { sql } from 'kysely';
import type { NewSubmission } from '../../src/contract/capture.ts';
import type { ConsentRecord, SPAM_REASONS, SUBMISSION_STATES } from '../../src/contract/submission.ts';
import type { Fragment } from '../db/list.ts';
import { TOUCHED } from '../db/records.ts';

export type SubmissionState = (typeof SUBMISSION_STATES)[number];
export type SpamReason = (typeof SPAM_REASONS)[number];

/** What may be read of a submission, and is told of it. */
export const SUBMISSION_COLUMNS: Fragment = sql`
  id, workspace_id, created_at, updated_at, created_by, updated_by, version, form_id, form_version, state, spam_reasons, answers, consents,
  attribution, traits, page, referrer, locale, user_agent, submitted_at, contact_id, lead_id, not_mapped`;

/** What of a submission its visitor says, checked and complete. */
export interface SubmissionContent {
  form_version: number;
  state: SubmissionState;
  spam_reasons: readonly SpamReason[];
  answers: NewSubmission['answers'];
  consents: readonly ConsentRecord[];
  attribution: NewSubmission['attribution'];
  traits: NewSubmission['traits'];
  page: string | undefined;
  referrer: string | undefined;
  locale: string;
  submitted_at: Date;
}

/** A new submission, with what its first answer is made of. */
export interface SubmissionRow extends SubmissionContent {
  id: string;
  form_id: string;
  user_agent: string | undefined;
  address_hash: string;
  key: string | undefined;
  fingerprint: string;
  began_partial: boolean;
  success: string;
  answered_at: Date;
  request_id: string;
}

/** What a submission became. */
export interface Outcome {
  contact_id: string | null;
  lead_id: string | null;
  not_mapped: Record<string, string>;
}

/** Writes a submission, given what it became, as a statement that returns its row. */
export type SaveSubmission = (outcome?: Outcome) => Fragment;

/** Writes a new submission. */
export const inserting =
  (row: SubmissionRow): SaveSubmission =>
  (outcome) => {
    const given = columnsOf({ ...row, ...outcome });
    return sql`insert into submissions (${sql.join(given.map(([name]) => sql.ref(name)))})
      values (${sql.join(given.map(([, value]) => sql`${value}`))}) returning ${SUBMISSION_COLUMNS}`;
  };

/** Writes into a submission that is held. */
export const updating =
  (id: string, content: Partial<SubmissionContent> & { sequence?: number; success?: string }): SaveSubmission =>
  (outcome) => {
    const set = columnsOf({ ...content, ...outcome }).map(([name, value]) => sql`${sql.ref(name)} = ${value}`);
    return sql`update submissions set ${sql.join([...set, TOUCHED])} where id = ${id} returning ${SUBMISSION_COLUMNS}`;
  };

const LISTS = new Set(['spam_reasons']);

const columnsOf = (row: object) =>
  Object.entries(row).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const isJson = value !== null && typeof value === 'object' && !(value instanceof Date) && !LISTS.has(name);
    return [[name, isJson ? JSON.stringify(value) : value] as const];
  });

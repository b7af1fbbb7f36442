import type { FormDefinition, FormValue } from '../../src/contract/form-definition.ts';
import type { Submission } from '../../src/contract/submission.ts';
import { newId } from '../ids.ts';

/** What a visitor sent through a form of the seed. */
export interface SeedSubmission {
  form_id: string;
  at: string;
  answers: Record<string, FormValue>;
  attribution: Submission['attribution'];
  page: string;
  user_agent: string;
}

/** What keeps a submission from being a lead. */
export interface SuspectedSubmission extends SeedSubmission {
  reasons: Submission['spam_reasons'];
}

/** The submission's row; `became` is nothing where it waits in quarantine. */
export function submissionRow(
  { form_id, at, answers, attribution, page, user_agent }: SeedSubmission,
  definition: FormDefinition,
  became: { contact_id: string; lead_id: string } | undefined,
  reasons: Submission['spam_reasons'] = [],
) {
  const id = newId(Date.parse(at));
  const locale = definition.locale ?? 'en';
  return {
    id,
    form_id,
    form_version: 1,
    state: became ? 'accepted' : 'quarantined',
    spam_reasons: reasons,
    answers,
    consents: consentsIn(definition, answers).map((consent) => ({ ...consent, locale, agreed_at: at, page })),
    attribution,
    traits: {},
    page,
    locale,
    user_agent,
    address_hash: 'seed',
    submitted_at: at,
    contact_id: became?.contact_id ?? null,
    lead_id: became?.lead_id ?? null,
    not_mapped: {},
    fingerprint: id,
    began_partial: false,
    success: JSON.stringify(definition.success),
    answered_at: at,
    request_id: 'seed',
    sequence: 0,
    version: 1,
    created_at: at,
    updated_at: at,
  };
}

const consentsIn = ({ steps }: FormDefinition, answers: Readonly<Record<string, FormValue>>) =>
  steps
    .flatMap(({ fields }) => fields)
    .filter(({ id, type }) => type === 'consent' && answers[id] === true)
    .map(({ id, label, version }) => ({ field: id, text: label, version }));

/** The entry on the timeline that tells of a submission. */
export const submissionEntry = (submission: SeedSubmission, submissionId: string, form: string) => ({
  activity_type: 'form_submission',
  subject: `Sent ${form}`,
  description: null,
  due_at: null,
  completed_at: null,
  occurred_at: submission.at,
  metadata: { event: 'form.submitted', submission_id: submissionId, form_id: submission.form_id, form, page: submission.page },
  created_by: null,
});

/**
 * Every kind of job with what it is given. That is kept until the job is done, and for weeks where it fails: ids, tags and
 * progress only, nothing about people and no secret.
 */
export interface JobKinds {
  'mail-invitation': { member_id: string; nonce: string };
  'copy-company-name': { company_id: string; after: string };
  'empty-stages': { stage_ids: readonly string[]; pipeline_id: string | null; move_to: string };
  'replace-tags': { keys: readonly string[]; into: string };
  'follow-category': { stage_id: string };
  'mail-appointment': { appointment_id: string; about: 'booked' | 'moved' | 'cancelled'; sequence: number };
  'bulk-leads': { bulk_id: string };
  'remove-custom-values': { field_id: string };
  'search-custom-values': { field_id: string; after: string };
  'mail-appointment-to': {
    appointment_id: string;
    about: 'booked' | 'moved' | 'cancelled';
    sequence: number;
    reader: 'contact' | 'owner';
  };
  'mail-submission': { submission_id: string };
  /** `place` is where the form names the address. */
  'mail-submission-to': { submission_id: string; place: number };
  purge: object;
}

export type JobKind = keyof JobKinds;

import { issue, type Issue } from '../../src/contract/issues.ts';
import { DatabaseError, DatabaseUnavailable } from '../db/db.ts';
import { ApiFailure, invalid, invalidField } from './failure.ts';

/** The fields behind unique indexes: two requests may meet in one although each looked before. */
const UNIQUE_FIELDS: Record<string, string> = {
  contacts_email_unique: 'email',
  contacts_phone_unique: 'phone_number',
  companies_name_unique: 'name',
  pipelines_name_unique: 'name',
  stages_name_unique: 'name',
  lead_sources_name_unique: 'name',
  custom_fields_name_unique: 'name',
  saved_views_name_unique: 'name',
  users_email: 'email',
  members_invited_email: 'email',
};

/** Turns whatever was thrown into a refusal. What nobody foresaw is INTERNAL, and says nothing of itself. */
export function failureOf(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error;
  if (error instanceof DatabaseUnavailable) {
    return new ApiFailure('UNAVAILABLE', 'The database does not answer: try again in a moment.', RETRY_SOON);
  }
  if (error instanceof DatabaseError) {
    switch (error.code) {
      case '23505': {
        const field = UNIQUE_FIELDS[error.constraint ?? ''];
        return field === undefined
          ? new ApiFailure('CONFLICT', 'Another request did the same at the same time: look at what is there now.')
          : new ApiFailure('DUPLICATE', 'Another record has this already.', {
              issues: invalidField(field, 'taken').extras.issues!,
            });
      }
      case '23514':
        return new ApiFailure('VALIDATION_ERROR', 'The request would leave a record that is not valid.');
      case '23503':
        return new ApiFailure('CONFLICT', 'A record that this one refers to has just gone: look at what is there now.');
      case 'MS001':
        return new ApiFailure('FORBIDDEN', 'This contact has leads that this token does not see, and they would go with it.');
      // Values of custom fields that were right until a field changed at the same moment: the message is the issues.
      case 'MV001':
        return invalid(JSON.parse(error.message).map(({ path, code, params }: Issue) => issue(path, code, params)));
      case '55P03':
        return new ApiFailure('CONFLICT', 'Another request is still working on this: try again in a moment.', RETRY_SOON);
      case '40001':
      case '40P01':
      case '57014':
        return new ApiFailure('UNAVAILABLE', 'The database is too busy for this now: try again in a moment.', RETRY_SOON);
    }
    // Data exceptions: a value that passed every check and that the column still can't hold.
    if (error.code.startsWith('22')) return new ApiFailure('VALIDATION_ERROR', "The request holds a value that can't be stored.");
  }
  return new ApiFailure(
    'INTERNAL',
    'Something went wrong on our side. It was noted; try again, and name the request id if it stays.',
  );
}

const RETRY_SOON = { headers: { 'Retry-After': '1' } };

/** What of an error may stand in a log: its kind and place, never its message, which can hold people's data. */
export function traceOf(error: unknown) {
  if (!(error instanceof Error)) return { kind: typeof error };
  return {
    kind: error.name,
    ...(error instanceof DatabaseError && { sqlstate: error.code, constraint: error.constraint }),
    at: error.stack
      ?.split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 12)
      .map((line) => line.trim()),
  };
}

import { ERROR_STATUS, type ErrorCode } from '../../src/contract/envelope.ts';
import { issue, type Issue, type IssueCode, type IssueParams } from '../../src/contract/issues.ts';
import type { Json } from './json.ts';

interface FailureExtras {
  issues?: Issue[];
  existingId?: string;
  /** What may be done instead. */
  allowed?: readonly string[];
  current?: Json<unknown>;
  headers?: Record<string, string>;
}

/** A refusal that the caller is to read: its sentence says what to do. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: ErrorCode;
  readonly extras: FailureExtras;

  constructor(code: ErrorCode, sentence: string, extras: FailureExtras = {}) {
    super(sentence);
    this.code = code;
    this.extras = extras;
  }

  get status() {
    return ERROR_STATUS[this.code];
  }

  /** The same refusal of a value that was sent as a field of another. */
  within(field: string): ApiFailure {
    const { issues, ...extras } = this.extras;
    if (!issues) return this;
    const inside = issues.map(({ path, code, params }) => issue(`${field}.${path}`, code, params));
    const sentence = this.code === 'VALIDATION_ERROR' ? invalid(inside).message : this.message;
    return new ApiFailure(this.code, sentence, { ...extras, issues: inside });
  }
}

/** A refusal of what was sent: names every field and what is wrong with it. */
export function invalid(issues: Issue[]) {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new ApiFailure('VALIDATION_ERROR', `${first?.message ?? 'The request is not valid.'}${more}`, { issues });
}

/** A refusal of one field. */
export const invalidField = (path: string, code: IssueCode, params?: IssueParams) => invalid([issue(path, code, params)]);

export const notFound = (what: string) => new ApiFailure('NOT_FOUND', `That ${what} does not exist.`);

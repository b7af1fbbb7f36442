import type { ErrorBody, ErrorCode } from '../contract/envelope.ts';

/** The API answered, and the answer was no. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: ErrorCode;
  /** Field path to sentence, for forms. */
  readonly details: Readonly<Record<string, string>>;
  /** The same for programs, from which a sentence in any language is made. */
  readonly issues: Readonly<NonNullable<ErrorBody['issues']>>;
  readonly requestId: string;
  /** Seconds after which the same call may be tried again, where the API said so. */
  readonly retryAfter: number | undefined;
  /** The record that stands in the way of a duplicate, where the caller may see it. */
  readonly existingId: string | undefined;
  /** What the record's state allows instead, where that refused the call. */
  readonly allowed: readonly string[] | undefined;
  /** The record as it is now, where its version was not the expected one. */
  readonly current: unknown;

  constructor(status: number, body: ErrorBody, retryAfter?: number) {
    super(body.error);
    this.status = status;
    this.code = body.code;
    this.details = body.details ?? {};
    this.issues = body.issues ?? [];
    this.requestId = body.metadata.request_id;
    this.retryAfter = retryAfter;
    this.existingId = body.existing_id;
    this.allowed = body.allowed;
    this.current = body.current;
  }
}

/** No usable answer: offline, blocked, timed out or not JSON. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

export const unreached = (cause: unknown) => new ConnectionError('The server could not be reached.', { cause });

import * as z from 'zod/mini';
import { flag, oneOf, whole } from './query.ts';

/** Every refusal's code; its HTTP status says the family, the code the case. */
export const ERROR_STATUS = {
  VALIDATION_ERROR: 400,
  BAD_JSON: 400,
  UNAUTHORIZED: 401,
  TOKEN_EXPIRED: 401,
  FORBIDDEN: 403,
  ORIGIN_NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  DUPLICATE: 409,
  VERSION_MISMATCH: 412,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IDEMPOTENCY_MISMATCH: 422,
  VERSION_REQUIRED: 428,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

const Metadata = z.object({ timestamp: z.iso.datetime(), request_id: z.string() });

/** What stands in the body of every refusal. */
export const ErrorBody = z.object({
  success: z.literal(false),
  error: z.string(),
  code: z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]),
  /** Field path to sentence, on validation errors. */
  details: z.optional(z.record(z.string(), z.string())),
  /** The same for programs: a client makes the sentence in its own language. */
  issues: z.optional(
    z.array(z.object({ path: z.string(), code: z.string(), params: z.record(z.string(), z.unknown()), message: z.string() })),
  ),
  /** The record that stands in the way, where the caller may see it. */
  existing_id: z.optional(z.uuid()),
  /** What may be done instead, where a record's state forbids what was asked. */
  allowed: z.optional(z.array(z.string())),
  /** The record as it is now, when its version was not the expected one. */
  current: z.optional(z.unknown()),
  metadata: Metadata,
});
export type ErrorBody = z.infer<typeof ErrorBody>;

export const Pagination = z.object({
  /** How many rows match the filters, or null where the count was not asked for. */
  total: z.nullable(z.int()),
  total_is_estimate: z.boolean(),
  /** Null in a walk by cursor. */
  page: z.nullable(z.int()),
  page_size: z.int(),
  pages: z.nullable(z.int()),
  /** Where the next page begins, or null on the last. */
  next_cursor: z.nullable(z.string()),
});
export type Pagination = z.infer<typeof Pagination>;

/** The largest row number that `page` reaches; beyond it a list is walked by cursor. */
export const LAST_PAGED_ROW = 10_000;

/** What `data` holds where a record lives on in another: the other's id. */
export const Moved = z.object({ id: z.uuid() });

/** The query parameters that every list takes, with the columns it may be sorted by. */
export const listQuery = <const Sort extends readonly [string, ...string[]]>(sorts: Sort) =>
  z.strictObject({
    page: z.optional(whole(1, LAST_PAGED_ROW)),
    page_size: z.optional(whole(1, 100)),
    /** Long enough for the longest value that a list is sorted by. */
    cursor: z.optional(z.string().check(z.maxLength(5_000))),
    count: z.optional(oneOf(['exact', 'estimated', 'none'])),
    sort_by: z.optional(oneOf(sorts)),
    sort_order: z.optional(oneOf(['asc', 'desc'])),
  });

/** The filters of records that can be put away. */
export const archivable = { is_archived: z.optional(flag()) };

const LIST = Symbol('list');

/** What tells the answer of a list from other arrays. */
export interface ListMark {
  readonly [LIST]: true;
}

/** The answer of a list: its rows stand under `data`, beside `pagination` and `filters`. */
export const listOf = <Row extends z.ZodMiniType>(row: Row): z.ZodMiniArray<Row> & ListMark =>
  Object.assign(z.array(row), { [LIST]: true as const });
export type ListOf<Row extends z.ZodMiniType> = ReturnType<typeof listOf<Row>>;

/** Whether a route's answer is a list. */
export const isList = (response: z.ZodMiniType | undefined): boolean => response !== undefined && LIST in response;

/** The whole body of a successful answer. */
export function envelopeOf(response: z.ZodMiniType) {
  const plain = { success: z.literal(true), data: response, metadata: Metadata };
  return isList(response)
    ? z.object({ ...plain, pagination: Pagination, filters: z.optional(z.record(z.string(), z.unknown())) })
    : z.object(plain);
}

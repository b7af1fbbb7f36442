import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envelopeOf, ERROR_STATUS, isList } from '../../src/contract/envelope.ts';
import { contactRoutes } from '../../src/contract/contact.ts';

test('every code has the status that the API promises', () => {
  assert.deepEqual(ERROR_STATUS, {
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
  });
});

test('a list stands in the envelope with its pagination, another answer without', () => {
  assert.ok(isList(contactRoutes.list.response));
  assert.ok(!isList(contactRoutes.get.response));
  assert.ok(!isList(undefined));
  const metadata = { timestamp: '2026-01-31T09:30:00Z', request_id: 'one' };
  const list = envelopeOf(contactRoutes.list.response);
  const pagination = { total: 0, total_is_estimate: false, page: 1, page_size: 50, pages: 0, next_cursor: null };
  assert.ok(list.safeParse({ success: true, data: [], metadata, pagination, filters: {} }).success);
  assert.ok(!list.safeParse({ success: true, data: [], metadata }).success);
});

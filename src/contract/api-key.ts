import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { Moment, optional, record, text, Time } from './fields.ts';
import { Permission, PERMISSIONS } from './permissions.ts';
import { many, oneOf } from './query.ts';
import { defineRoute } from './route.ts';

/** A secret key calls for a program, from a server; a publishable one may stand in a page, and reaches /public alone. */
export const API_KEY_KINDS = ['secret', 'publishable'] as const;
export type ApiKeyKind = (typeof API_KEY_KINDS)[number];

/** A revoked key stays to be looked up, for the audit log names it. */
export const API_KEY_STATES = ['active', 'expired', 'revoked'] as const;

export const API_KEY_SORTS = ['created_at', 'name', 'last_used_at'] as const;

/** Permissions, each once, in the order of the table. */
export const PermissionList = z.array(Permission).check(
  z.maxLength(100, { abort: true }),
  z.overwrite((given) => PERMISSIONS.filter((one) => given.includes(one))),
);

/** A key of a program. Its secret is in the answer that made it, and nowhere else. */
export const ApiKey = z.object({
  ...record,
  name: z.string(),
  kind: z.enum(API_KEY_KINDS),
  /** The last four characters of the secret, to tell keys apart by. */
  last_four: z.string(),
  permissions: z.array(z.string()),
  expires_at: z.nullable(Time),
  /** The addresses and networks that it may be used from; none means all. */
  allowed_addresses: z.array(z.string()),
  /** Its own limit in calls per 15 minutes; null means the server's. */
  rate_limit: z.nullable(z.int()),
  /** To the minute. */
  last_used_at: z.nullable(Time),
  state: z.enum(API_KEY_STATES),
  revoked_at: z.nullable(Time),
  /** Until when the secret before the last rotation is still taken. */
  former_secret_until: z.nullable(Time),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** A key with its secret, which is shown this once. */
export const IssuedApiKey = z.extend(ApiKey, { key: z.string() });
export type IssuedApiKey = z.infer<typeof IssuedApiKey>;

const AllowedAddresses = z.array(z.string().check(z.trim(), z.maxLength(60))).check(z.maxLength(50));
const RateLimit = z.int().check(z.gte(1), z.lte(1_000_000));

export const NewApiKey = z.strictObject({
  name: text(100),
  /** `secret` unless said. */
  kind: z.optional(z.enum(API_KEY_KINDS)),
  /** At least one for a secret key, none for a publishable one; no more than the caller holds. */
  permissions: z.optional(PermissionList),
  expires_at: optional(Moment),
  allowed_addresses: z.optional(AllowedAddresses),
  rate_limit: z.optional(z.nullable(RateLimit)),
});
export type NewApiKey = z.output<typeof NewApiKey>;

export const ApiKeyChange = z.strictObject({
  name: z.optional(text(100)),
  permissions: z.optional(PermissionList),
  expires_at: optional(Moment),
  allowed_addresses: z.optional(AllowedAddresses),
  rate_limit: z.optional(z.nullable(RateLimit)),
});
export type ApiKeyChange = z.output<typeof ApiKeyChange>;

/** The longest that a secret lives on beside its successor, in seconds. */
export const LONGEST_OVERLAP = 86_400;

export const apiKeyRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api-keys',
    summary: 'Lists the keys of the workspace; revoked ones only where their state is asked for.',
    permission: 'workspace:api_keys',
    query: z.extend(listQuery(API_KEY_SORTS), {
      kind: z.optional(oneOf(API_KEY_KINDS)),
      state: z.optional(many(oneOf(API_KEY_STATES))),
    }),
    response: listOf(ApiKey),
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api-keys',
    summary:
      'Makes a key, a secret one unless kind says publishable, and shows its secret once. A secret key needs permissions; a publishable one reaches /public alone and takes none. Nobody gives a permission that they do not hold.',
    permission: 'workspace:api_keys',
    body: NewApiKey,
    response: IssuedApiKey,
    status: 201,
    repeat: 'secret',
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api-keys/:id',
    summary: 'Reads a key, also a revoked one.',
    permission: 'workspace:api_keys',
    response: ApiKey,
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/api-keys/:id',
    summary: 'Changes what a key may do, from where, until when. Only who holds its permissions changes it.',
    permission: 'workspace:api_keys',
    body: ApiKeyChange,
    response: ApiKey,
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: '/api-keys/:id',
    summary: 'Revokes a key for ever: within five seconds no process takes it, nor an embed token that was made with it.',
    permission: 'workspace:api_keys',
    status: 204,
  }),
  rotate: defineRoute({
    method: 'POST',
    path: '/api-keys/:id/rotate',
    summary: 'Gives a key a new secret and shows it once. The old one ends at once, or after the seconds that are asked for.',
    permission: 'workspace:api_keys',
    body: z.strictObject({ expires_in: z.optional(z.int().check(z.gte(0), z.lte(LONGEST_OVERLAP))) }),
    response: IssuedApiKey,
    repeat: 'secret',
  }),
};

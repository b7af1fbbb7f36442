import * as z from 'zod/mini';
import { PermissionList } from './api-key.ts';
import { Id, Time } from './fields.ts';
import { as } from './issues.ts';
import { defineRoute } from './route.ts';

/** How long an embed token lasts unless said, and at most, in seconds. */
export const EMBED_SECONDS = 600;
export const LONGEST_EMBED_SECONDS = 3_600;

const ElementName = z.string().check(z.maxLength(60, { abort: true }), z.regex(/^mill-[a-z0-9]+(?:-[a-z0-9]+)*$/));

export const NewEmbedToken = z.strictObject({
  /**
   * What the token may do: no more than its key, and of a member's token no more than the member. Never
   * workspace:api_keys, and with `owner_scope` nothing of workspace:*, which knows no owners.
   */
  permissions: PermissionList.check(
    z.minLength(1),
    z.refine((given) => !given.includes('workspace:api_keys'), as('not_embeddable')),
  ),
  /** The member whom the token acts for: what it does is recorded as theirs, under their role's rules. */
  member_id: z.optional(Id),
  /** The user whose records alone the token sees. */
  owner_scope: z.optional(Id),
  /** The elements that the token is for, for them to read; all unless said. */
  components: z.optional(z.array(ElementName).check(z.minLength(1), z.maxLength(50))),
  /**
   * The one origin whose pages may use the token. It must be among the workspace's allowed origins, for a browser asks
   * before it sends the token.
   */
  origin: z.optional(z.string().check(z.maxLength(300))),
  /** Seconds, 600 unless said. */
  expires_in: z.optional(z.int().check(z.gte(1), z.lte(LONGEST_EMBED_SECONDS))),
});
export type NewEmbedToken = z.output<typeof NewEmbedToken>;

/** A token for the pages of a host application. */
export const EmbedToken = z.object({
  token: z.string(),
  /** When it ends by itself; it also ends with its key, and with the membership that it acts under. */
  expires_at: Time,
});
export type EmbedToken = z.infer<typeof EmbedToken>;

export const embedRoutes = {
  create: defineRoute({
    method: 'POST',
    path: '/embed-tokens',
    summary:
      'Makes a token for a page of the host application, from its server with a secret key. With member_id it acts for that member, with owner_scope it sees the records of that user alone, with origin it serves pages of that origin alone; it lasts 600 seconds unless expires_in says otherwise. It dies with the key; the addresses that the key is bound to do not bind it.',
    permission: 'secret-key',
    body: NewEmbedToken,
    response: EmbedToken,
    status: 201,
    repeat: 'harmless',
  }),
};

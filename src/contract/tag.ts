import * as z from 'zod/mini';
import { listOf, listQuery } from './envelope.ts';
import { text } from './fields.ts';
import { defineRoute } from './route.ts';

/** A word on records, and on how many. */
export const Tag = z.object({
  tag: z.string(),
  leads: z.int(),
  contacts: z.int(),
  companies: z.int(),
  total: z.int(),
});
export type Tag = z.infer<typeof Tag>;

export const TagQuery = z.extend(listQuery(['tag', 'total']), {
  /** Tags that hold this text, whatever its case. */
  search: z.optional(z.string().check(z.trim(), z.maxLength(50))),
});
export type TagQuery = z.output<typeof TagQuery>;

/** How many records get another tag: the first five hundred of each kind at once, the others soon after. */
export const TagChange = z.object({ tag: z.string(), leads: z.int(), contacts: z.int(), companies: z.int() });
export type TagChange = z.infer<typeof TagChange>;

export const tagRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/tags',
    summary: 'Lists the tags in use with their counts, the most used first unless sorted otherwise.',
    permission: 'crm:leads:view',
    query: TagQuery,
    response: listOf(Tag),
  }),
  rename: defineRoute({
    method: 'POST',
    path: '/tags/rename',
    summary: 'Renames a tag on every record. To a name that is in use it is refused: merge instead.',
    permission: 'workspace:pipelines',
    body: z.strictObject({ from: text(50), to: text(50) }),
    response: TagChange,
    refuses: ['NOT_FOUND', 'DUPLICATE'],
  }),
  merge: defineRoute({
    method: 'POST',
    path: '/tags/merge',
    summary: 'Puts one tag in the place of several, on every record.',
    permission: 'workspace:pipelines',
    body: z.strictObject({ tags: z.array(text(50)).check(z.minLength(1), z.maxLength(50)), into: text(50) }),
    response: TagChange,
    refuses: ['NOT_FOUND'],
  }),
};

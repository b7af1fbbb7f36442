import * as z from 'zod/mini';
import { Contact } from './contact.ts';
import { listOf, listQuery } from './envelope.ts';
import { Id } from './fields.ts';
import { whole } from './query.ts';
import { defineRoute } from './route.ts';

export const DUPLICATE_REASONS = ['email', 'phone', 'name_company'] as const;

/** One thing by which two contacts look like one person. */
export const DuplicateReason = z.object({
  /** The same mailbox, the same line, or a similar name at a similar company, or where one has no company the same name. */
  code: z.enum(DUPLICATE_REASONS),
  /** How sure this makes it by itself. */
  score: z.int(),
});
export type DuplicateReason = z.infer<typeof DuplicateReason>;

/** Two contacts that may be one person. */
export const Duplicate = z.object({
  /** How sure that is, from 1 to 100. */
  score: z.int(),
  /** The surest first. */
  reasons: z.array(DuplicateReason),
  /** The one that has been there longer. */
  contact: Contact,
  other: Contact,
});
export type Duplicate = z.infer<typeof Duplicate>;

export const DuplicateQuery = z.extend(z.pick(listQuery(['score']), { page: true, page_size: true, cursor: true }), {
  /** Pairs with this contact alone. */
  contact_id: z.optional(Id),
  /** How sure a pair is at least; 50 unless said. */
  min_score: z.optional(whole(1, 100)),
});
export type DuplicateQuery = z.output<typeof DuplicateQuery>;

export const duplicateRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/contacts/duplicates',
    summary:
      'Lists pairs of contacts that may be one person, the surest first, with why: the same mailbox or phone line spelled otherwise, or a similar name at a similar company. Archived contacts are among them.',
    permission: 'crm:contacts:view',
    query: DuplicateQuery,
    response: listOf(Duplicate),
  }),
};

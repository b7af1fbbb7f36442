import * as z from 'zod/mini';
import { Contact } from './contact.ts';
import { Deal, NewDealOfLead } from './deal.ts';
import { Lead } from './lead.ts';
import { defineRoute } from './route.ts';

/** What a lead becomes a client by. */
export const NewConversion = z.strictObject({
  /** The deal that is made on the way; none where it is left out. What it leaves out is the lead's. */
  deal: z.optional(NewDealOfLead),
  /** A full stage takes one more lead where this is true, for those who may. */
  force: z.optional(z.boolean()),
});
export type NewConversion = z.output<typeof NewConversion>;

/** What came of a conversion, as it is now. */
export const Conversion = z.object({ contact: Contact, lead: Lead, deal: z.nullable(Deal) });
export type Conversion = z.infer<typeof Conversion>;

export const conversionRoutes = {
  convert: defineRoute({
    method: 'POST',
    path: '/leads/:id/convert',
    summary:
      "Makes the lead's contact a client and moves the lead to its pipeline's first won stage. The contact gets the lead's tags, its notes and its owner; what it has no room for stands in the entry on the timeline. A lead is converted once. Needs crm:contacts:view as well.",
    permission: 'crm:leads:convert',
    body: NewConversion,
    response: Conversion,
    refuses: ['CONFLICT', 'VERSION_MISMATCH', 'VERSION_REQUIRED'],
  }),
};

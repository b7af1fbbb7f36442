import type * as z from 'zod/mini';
import { Attribution } from '../../src/contract/lead.ts';

const SIGNS = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'gclid', 'fbclid', 'msclkid'] as const;

/** The signs of a campaign that a page's address holds: all that is known of a visit where no script looks. */
export function attributionOf(page: string | undefined): z.output<typeof Attribution> | undefined {
  if (page === undefined || !/^https?:/i.test(page) || !URL.canParse(page)) return undefined;
  const { searchParams } = new URL(page);
  const signs = SIGNS.flatMap((name) => {
    const value = searchParams.get(name);
    return value ? [[name, value] as const] : [];
  });
  return signs.length > 0 ? Attribution.safeParse({ last: { ...Object.fromEntries(signs), page } }).data : undefined;
}

import { overdueNotice } from './capture/overdue.ts';
import { type Desk, leftoversOn, type LookingAfter } from './sending/leftovers.ts';

/** The script of the CDN for what could not be sent at once; a page where all goes well never loads it. */
export function openLeftovers(desk: Desk): LookingAfter {
  const leftovers = leftoversOn(desk);
  return { ...leftovers, notice: (shown) => overdueNotice(shown, leftovers) };
}

import type { Millrace } from './launch.ts';

/**
 * Ends what knows only forms that stand in the page, so that what knows all of them can begin in its place; what the page has
 * called so far is called anew.
 */
export function takeOver() {
  const page = window as { millrace?: Millrace };
  const former = page.millrace;
  if (!former?.isInline) return;
  // What was counted is counted.
  const q = former.q!.filter(([method]) => method !== 'track');
  former('destroy');
  page.millrace = Object.assign(() => {}, { q });
}

import type { NewSubmission } from '../../src/contract/capture.ts';
import { ofDocument } from '../launcher/page-document.ts';

/** A page that a visit began at, and the page that led there. */
type Touch = readonly [url: string, referrer: string];
type Attribution = NonNullable<NewSubmission['attribution']>;

const ITEM = 'millrace.touches';
const SIGN = /^(utm_(source|medium|campaign|term|content)|gclid|fbclid|msclkid)$/;
const LONGEST = 2_000;

/** The address that the page was loaded at, wherever it has gone since. */
export const landing = () => performance.getEntriesByType('navigation')[0]?.name ?? location.href;

/** The first touch and the last one. */
export function visitTouches() {
  let first: Touch = [landing(), ofDocument('referrer')];
  let last = first;

  return {
    /** Keeps them across pages, or forgets what was kept. */
    remember(isAllowed: boolean) {
      try {
        if (!isAllowed) return localStorage.removeItem(ITEM);
        const kept = JSON.parse(localStorage.getItem(ITEM)!) as [Touch, Touch] | null;
        if (kept?.[1]) {
          first = kept[0];
          if (!bringsNews(last)) last = kept[1];
        }
        localStorage.setItem(ITEM, JSON.stringify([first, last]));
      } catch {
        // A storage that is closed leaves what is known of this page.
      }
    },
    read: (): Attribution => ({ first: signsOf(first), last: { ...signsOf(last), page: location.href.slice(0, LONGEST) } }),
  };
}

/** Whether the visit came from a campaign, or from another site. */
function bringsNews([url, referrer]: Touch) {
  const signs = [...new URL(url).searchParams.keys()];
  return signs.some((name) => SIGN.test(name)) || (referrer !== '' && new URL(referrer).origin !== location.origin);
}

function signsOf([url, referrer]: Touch): NonNullable<Attribution['first']> {
  const signs = [...new URL(url).searchParams].filter(([name]) => SIGN.test(name));
  const all = [...signs, ['referrer', referrer], ['landing_page', url]];
  return Object.fromEntries(all.flatMap(([name, value]) => (value!.trim() ? [[name!, value!.slice(0, LONGEST)]] : [])));
}

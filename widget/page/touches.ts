import type { NewSubmission } from '../../src/contract/capture.ts';
import { ofDocument } from '../launcher/page-document.ts';

/** A page that a visit began at, and the page that led there. */
type Touch = readonly [url: string, referrer: string];
type Attribution = NonNullable<NewSubmission['attribution']>;

const ITEM = 'millrace.touches';
const SIGN = /^(utm_(source|medium|campaign|term|content)|gclid|fbclid|msclkid)$/;
const LONGEST = 2_000;

/** As much of an address as the API takes. */
export const cut = (address: string) => address.slice(0, LONGEST);

/** The address that the page was loaded at, wherever it has gone since. */
export const landing = () => performance.getEntriesByType('navigation')[0]?.name ?? location.href;

/** The first touch and the last one. */
export interface Touches {
  /** Keeps them across pages, or forgets what was kept. */
  remember(isAllowed: boolean): void;
  read(): Attribution;
}

/** How this visit began, as its page was loaded. */
export function visitTouches(): Touches {
  const arrival = (): Touch => [landing(), ofDocument('referrer')];
  let known: readonly [first: Touch, last: Touch] | undefined;

  return {
    remember(isAllowed) {
      try {
        if (!isAllowed) return void delete localStorage[ITEM];
        const kept = JSON.parse(localStorage[ITEM] ?? null) as [Touch, Touch] | null;
        const now = arrival();
        known = kept?.[1] ? [kept[0], bringsNews(now) ? now : kept[1]] : [now, now];
        localStorage[ITEM] = JSON.stringify(known);
      } catch {
        // A storage that is closed leaves what is known of this page.
      }
    },
    read() {
      const [first, last] = known ?? [arrival(), arrival()];
      return { first: signsOf(first), last: { ...signsOf(last), page: cut(location.href) } };
    },
  };
}

/** Whether the visit came from a campaign, or from another site. */
const bringsNews = ([url, referrer]: Touch) =>
  signsIn(url)[0] || (referrer !== '' && new URL(referrer).origin !== location.origin);

/** What an address says of a campaign. */
const signsIn = (url: string) => [...new URL(url).searchParams].filter(([name]) => SIGN.test(name));

const signsOf = ([url, referrer]: Touch): NonNullable<Attribution['first']> =>
  Object.fromEntries(
    [...signsIn(url), ['referrer', referrer], ['landing_page', url]].flatMap(([name, value]) =>
      value!.trim() ? [[name, cut(value!)]] : [],
    ),
  );

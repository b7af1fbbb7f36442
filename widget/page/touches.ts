import type { NewSubmission } from '../../src/contract/capture.ts';
import { ofDocument } from '../launcher/page-document.ts';

/** A page that a visit began at, and the page that led there. */
type Touch = readonly [url: string, referrer: string];
type Attribution = NonNullable<NewSubmission['attribution']>;

const ITEM = 'millrace.touches';
const SIGN = /^(utm_(source|medium|campaign|term|content)|gclid|fbclid|msclkid)$/;
const LONGEST = 2_000;

/** The first touch and the last one; they outlast the page only where that is allowed. */
export class Touches {
  #first: Touch;
  #last: Touch;

  constructor() {
    const [visit] = performance.getEntriesByType('navigation');
    this.#first = this.#last = [visit?.name ?? location.href, ofDocument('referrer')];
  }

  /** Keeps them across pages, or forgets what was kept. */
  remember(isAllowed: boolean) {
    try {
      if (!isAllowed) return localStorage.removeItem(ITEM);
      const [first, last] = JSON.parse(localStorage.getItem(ITEM) ?? '[]') as (Touch | undefined)[];
      if (first && last) {
        this.#first = first;
        if (!bringsNews(this.#last)) this.#last = last;
      }
      localStorage.setItem(ITEM, JSON.stringify([this.#first, this.#last]));
    } catch {
      // A storage that is closed leaves what is known of this page.
    }
  }

  read(): Attribution {
    return { first: signsOf(this.#first), last: { ...signsOf(this.#last), page: location.href.slice(0, LONGEST) } };
  }
}

/** Whether the visit came from a campaign, or from another site. */
function bringsNews([url, referrer]: Touch) {
  const signs = [...new URL(url).searchParams.keys()];
  return signs.some((name) => SIGN.test(name)) || (referrer !== '' && new URL(referrer).origin !== location.origin);
}

function signsOf([url, referrer]: Touch): NonNullable<Attribution['first']> {
  const signs = [...new URL(url).searchParams].filter(([name, value]) => SIGN.test(name) && value.trim());
  const all = [...signs, ['referrer', referrer], ['landing_page', url]].filter(([, value]) => value);
  return Object.fromEntries(all.map(([name, value]) => [name!, value!.slice(0, LONGEST)]));
}

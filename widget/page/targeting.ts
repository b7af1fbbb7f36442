import type { Targeting } from '../../src/contract/form-definition.ts';
import { ofDocument } from '../launcher/page-document.ts';
import { matches } from '../launcher/patterns.ts';
import { landing } from './touches.ts';

/** Whether a form is meant for this page and this visitor, as far as the browser knows them. */
export function isMeant({ urls, not_urls, referrers, utm = {}, devices, languages }: Targeting) {
  const { href, pathname, search } = location;
  const addresses = [href, pathname, pathname + search];
  const { width, height } = screen;
  const referrer = ofDocument('referrer');
  const campaign = new URL(landing()).searchParams;
  const device = !matchMedia('(pointer:coarse)').matches ? 'desktop' : Math.min(width, height) < 600 ? 'mobile' : 'tablet';
  return (
    matchesAny(urls, addresses) &&
    !(not_urls && matchesAny(not_urls, addresses)) &&
    matchesAny(referrers, [referrer, referrer.split('/')[2]!]) &&
    Object.entries(utm).every(([name, patterns]) => matchesAny(patterns, [campaign.get(name) ?? ''])) &&
    matchesAny(devices, [device]) &&
    // `de` is the whole of what stands before the hyphen of `de-AT`.
    matchesAny(languages, [navigator.language, navigator.language.split('-')[0]!])
  );
}

/** Whether one of the patterns matches one of the texts; no patterns mean any text. */
const matchesAny = (patterns: readonly string[] | undefined, texts: readonly string[]) =>
  !patterns || patterns.some((pattern) => texts.some((text) => matches(pattern, text)));

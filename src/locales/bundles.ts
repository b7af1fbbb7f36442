import type { Messages } from './index.ts';

/** Each names its file in full, so that every bundler sees it. */
const LOADS: Readonly<Record<string, () => Promise<Messages>>> = {
  de: () => import('./de.ts'),
  fr: () => import('./fr.ts'),
  es: () => import('./es.ts'),
  ar: () => import('./ar.ts'),
};

/** The languages with texts of their own, beside English. */
export const LANGUAGES: readonly string[] = Object.keys(LOADS);

const loading = new Map<string, Promise<Messages>>();
const loaded = new Map<string, Messages>();

/** The texts of a language, where they are there already. */
export const bundleOf = (language: string) => loaded.get(language);

/** Loads the texts of one of `LANGUAGES` once, however many ask; what failed is loaded again when it is asked for again. */
export function loadBundle(language: string): Promise<Messages> {
  let load = loading.get(language);
  if (load) return load;
  load = LOADS[language]!();
  loading.set(language, load);
  load.then(
    (bundle) => loaded.set(language, bundle),
    () => loading.delete(language),
  );
  return load;
}

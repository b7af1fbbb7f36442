import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { ar } from './texts/ar.ts';
import { de } from './texts/de.ts';
import { en, type FormTexts } from './texts/en.ts';
import { es } from './texts/es.ts';
import { fr } from './texts/fr.ts';

/** The languages that forms have sentences of their own in. */
export const BUNDLES: Readonly<Record<string, FormTexts>> = { en, de, fr, es, ar };

const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg']);

/**
 * The language that a visitor meets a form in: of those that its author wrote, the best for `wanted`, a language tag or a
 * list like that of Accept-Language; the form's own where none fits.
 */
export function chosenLocale(definition: Pick<FormDefinition, 'texts'>, own: string, wanted: string | undefined): string {
  const written = [own, ...Object.keys(definition.texts ?? {})];
  for (const tag of preferred(wanted)) {
    if (tag === '*') return own;
    const found = bestOf(written, tag);
    if (found !== undefined) return found;
  }
  return own;
}

/** The sentences of a language, English where we have none in it. */
export const textsIn = (locale: string): FormTexts => BUNDLES[bestOf(Object.keys(BUNDLES), locale) ?? 'en']!;

export const directionOf = (locale: string): 'ltr' | 'rtl' =>
  RIGHT_TO_LEFT.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr';

/** The ten digits of a language that has its own, as a text of its forms. */
export function digitsOf(locale: string): { digits?: string } {
  const digits = [...new Intl.NumberFormat(locale, { useGrouping: false }).format(9_876_543_210)].toReversed().join('');
  return digits === '0123456789' ? {} : { digits };
}

/** The tags of a list by their weights, the most wanted first; what is no tag is left out. */
function preferred(list = ''): string[] {
  return list
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return { tag, weight: Number(weight) };
    })
    .filter(({ tag, weight }) => weight > 0 && (tag === '*' || isTag(tag)))
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag);
}

/** The very tag, or else one of the same language in the same script. */
function bestOf(written: readonly string[], wanted: string): string | undefined {
  const { baseName } = new Intl.Locale(wanted);
  const spoken = spokenIn(wanted);
  const alike = written.filter((locale) => spokenIn(locale) === spoken);
  return (
    alike.find((locale) => new Intl.Locale(locale).baseName === baseName) ??
    alike.find((locale) => new Intl.Locale(locale).region === undefined) ??
    alike[0]
  );
}

function spokenIn(locale: string): string {
  const { language, script } = new Intl.Locale(locale).maximize();
  return `${language}-${script}`;
}

function isTag(tag: string): boolean {
  try {
    return tag !== '' && Boolean(new Intl.Locale(tag));
  } catch {
    return false;
  }
}

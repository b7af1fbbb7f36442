import { formatsOf } from '../../core/formats.ts';
import { filled, layersOf, type Layer, type Params, type Section, type Text } from '../../core/text-layers.ts';
import type { SameTexts, SectionName } from '../../locales/index.ts';
import { hostLocaleOf, type HostLocale, type LocalizedHost } from './host-locale.ts';

/**
 * The texts of one section in its host's language, as the host page overrides them, and the formats of its locale. The host
 * updates whenever any of it changes. English stands in until another language is there, and where one is unknown.
 */
export class Localized<English extends Section> {
  readonly #host: HostLocale;
  readonly #section: SectionName;
  readonly #english: English;
  #layers: readonly Layer[] = [];
  #merged: SameTexts<English> | undefined;
  /** What the layers were made of. */
  #made: readonly unknown[] = [];

  constructor(host: LocalizedHost, section: SectionName, english: English) {
    this.#host = hostLocaleOf(host);
    this.#section = section;
    this.#english = english;
  }

  /** The locale of numbers and dates; of texts too, where there are any in its language. */
  get locale(): string {
    return this.#host.locale;
  }

  get dir(): 'ltr' | 'rtl' {
    return this.#host.dir;
  }

  get formats() {
    return formatsOf(this.locale);
  }

  /** The texts by their names, as they are: for parts that take several. */
  get texts(): SameTexts<English> {
    const layers = this.#present();
    this.#askFor(Object.keys(this.#english));
    return (this.#merged ??= Object.assign({}, ...layers.map(({ texts }) => texts).toReversed()) as SameTexts<English>);
  }

  /** A text with its blanks filled in; the first number among `params` chooses among plural forms. */
  text(name: keyof English & string, params: Params = {}): string {
    const { text, locale } = this.#find(name);
    return filled(text, params, this.formats, formatsOf(locale));
  }

  /** Whether the text is the English one of this package, and no host's own. */
  isOurEnglish(name: keyof English & string) {
    return this.#find(name).text === this.#english[name];
  }

  #find(name: string): { text: Text; locale: string } {
    const layers = this.#present();
    this.#askFor([name]);
    const layer = layers.find(({ texts }) => texts[name] !== undefined);
    return { text: layer?.texts[name] ?? name, locale: layer?.locale ?? 'en' };
  }

  /** Loads the language where only English has one of the texts. */
  #askFor(names: readonly string[]) {
    const own = this.#layers.slice(0, -1);
    if (names.some((name) => !own.some(({ texts }) => texts[name] !== undefined))) this.#host.load();
  }

  #present(): readonly Layer[] {
    const { locale, bundle, given } = this.#host;
    const made = [locale, bundle, given];
    if (made.some((part, index) => part !== this.#made[index])) {
      this.#made = made;
      this.#merged = undefined;
      this.#layers = layersOf(this.#section, locale, { english: this.#english, bundle: bundle?.[this.#section], given });
    }
    return this.#layers;
  }
}

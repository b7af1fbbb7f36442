/** Markup that is safe to send: made by `html`, which escapes whatever is put into it. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString() {
    return this.#markup;
  }
}

type Part = Html | string | number | false | undefined | readonly Part[];

/** Markup with values in it: texts are escaped for every place, between tags and inside quoted attributes; nothing is made of `false`. */
export const html = (markup: TemplateStringsArray, ...values: Part[]): Html =>
  new Html(markup.reduce((before, after, index) => before + markupOf(values[index - 1]) + after));

/** Attributes by their names: `true` is one without a value, `false` and undefined is none. */
export const attributes = (given: Record<string, string | number | boolean | undefined>): Html =>
  new Html(
    Object.entries(given)
      .filter(([, value]) => value !== undefined && value !== false)
      .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`))
      .join(''),
  );

function markupOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (Array.isArray(part)) return part.map(markupOf).join('');
  return part instanceof Html ? String(part) : escaped(String(part));
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

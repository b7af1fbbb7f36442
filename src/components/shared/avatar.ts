import { html, nothing } from 'lit';

export interface AvatarParts {
  name: string;
  /** What its colour follows, so that it stays when the name changes; the name unless said. */
  id?: string | undefined;
  size?: 'small' | 'medium' | 'large' | undefined;
  /** Where the name does not stand beside it, screen readers and tooltips say it. */
  isAlone?: boolean | undefined;
}

const HUES = 6;

/** A person's or a company's first letters on a colour of its own. */
export function avatar({ name, id = name, size = 'medium', isAlone }: AvatarParts) {
  return html`
    <span
      class="avatar ${size} hue-${hueOf(id)}"
      role=${isAlone ? 'img' : nothing}
      aria-label=${isAlone ? name : nothing}
      aria-hidden=${isAlone ? nothing : 'true'}
      data-tooltip=${isAlone ? name : nothing}
      >${initialsOf(name)}</span
    >
  `;
}

/** The first letter of the first and of the last word, in whatever script; a mark where there is no letter. */
export function initialsOf(name: string) {
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu) ?? [];
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  const letters = [first, last].map((word) => word?.match(/^[\p{L}\p{N}]\p{M}*/u)?.[0] ?? '');
  return letters.join('').toLocaleUpperCase() || '?';
}

function hueOf(text: string) {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)!) % 9_973;
  return sum % HUES;
}

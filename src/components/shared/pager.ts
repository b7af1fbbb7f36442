import { html, nothing } from 'lit';
import { en } from '../../locales/en.ts';
import { icons } from './icons.ts';

const texts = en.recordTable;

interface PagerParts {
  label: string;
  /** Which rows are shown, of how many. */
  range: string;
  /** Why there is no page further on, where there are more rows. */
  limit: string | undefined;
  previous: (() => void) | undefined;
  next: (() => void) | undefined;
}

/** The range of the rows that are shown, and the buttons to the other pages; one that leads nowhere keeps the focus. */
export function pager({ label, range, limit, previous, next }: PagerParts) {
  return html`
    <nav class="pager" part="pager" aria-label=${label}>
      <p class="range">${range}</p>
      ${limit === undefined ? nothing : html`<p class="limit">${limit}</p>`}
      <button class="button" type="button" aria-disabled=${previous ? 'false' : 'true'} @click=${previous}>
        ${icons.previous} ${texts.previous}
      </button>
      <button class="button" type="button" aria-disabled=${next ? 'false' : 'true'} @click=${next}>
        ${texts.next} ${icons.next}
      </button>
    </nav>
  `;
}

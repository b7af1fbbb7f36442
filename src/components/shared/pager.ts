import { html, nothing } from 'lit';
import { button } from './button.ts';
import { icons } from './icons.ts';

/** A button to another page; without `go` there is none. */
interface Way {
  text: string;
  go: (() => void) | undefined;
}

interface PagerParts {
  label: string;
  /** Which rows are shown, of how many. */
  range: string;
  /** Why there is no page further on, where there are more rows. */
  limit: string | undefined;
  previous: Way;
  next: Way;
}

/** The range of the rows that are shown, and the buttons to the other pages; one that leads nowhere keeps the focus. */
export function pager({ label, range, limit, previous, next }: PagerParts) {
  return html`
    <nav class="pager" part="pager" aria-label=${label}>
      <p class="range">${range}</p>
      ${limit === undefined ? nothing : html`<p class="limit">${limit}</p>`}
      ${button({ text: previous.text, icon: icons.previous, isDisabled: !previous.go, press: previous.go })}
      ${button({ text: next.text, iconAfter: icons.next, isDisabled: !next.go, press: next.go })}
    </nav>
  `;
}

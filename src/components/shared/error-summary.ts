import { html, nothing } from 'lit';
import { icons } from './icons.ts';

export interface ErrorSummaryParts {
  /** By which the form finds it to give it the focus, after which screen readers read it. */
  id: string;
  title: string;
  /** What is wrong, in the order of the fields; an error of no field has no `field`. */
  errors: readonly { field?: string | undefined; text: string }[];
}

/** What is wrong with a form, with links that bring the focus to each field. */
export function errorSummary({ id, title, errors }: ErrorSummaryParts) {
  if (errors.length === 0) return nothing;
  return html`
    <div class="error-summary" part="error-summary" id=${id} role="group" aria-labelledby=${`${id}-title`} tabindex="-1">
      ${icons.problem}
      <div>
        <p class="error-summary-title" id=${`${id}-title`}>${title}</p>
        <ul>
          ${errors.map(({ field, text }) => html`<li>${field ? html`<a href="#${field}" @click=${follow}>${text}</a>` : text}</li>`)}
        </ul>
      </div>
    </div>
  `;
}

/** The browser does not look for the id within a shadow root. */
function follow(event: Event) {
  event.preventDefault();
  const link = event.currentTarget as HTMLAnchorElement;
  const field = (link.getRootNode() as ShadowRoot).getElementById(link.hash.slice(1));
  field?.scrollIntoView({ block: 'center' });
  field?.focus({ preventScroll: true });
}

import { html, nothing } from 'lit';

export interface EmptyStateParts {
  title: string;
  text?: string | undefined;
  icon: unknown;
  /** What may be asked about with support. */
  reference?: string | undefined;
  kind?: 'neutral' | 'bad' | 'warning' | undefined;
  /** Stands above what is there rather than in its place. */
  isBanner?: boolean | undefined;
  /** Its name in the element's own classes. */
  name?: string | undefined;
  /** What can be done about it: buttons. */
  actions?: unknown;
}

/** Says why there is nothing, and what can be done about it. */
export function emptyState({ title, text, icon, reference, kind = 'neutral', isBanner, name = '', actions }: EmptyStateParts) {
  return html`
    <div class="notice ${kind} ${name} ${isBanner ? 'banner' : ''}" part="notice">
      <span class="notice-icon">${icon}</span>
      <div class="notice-text">
        <p class="notice-title">${title}</p>
        ${text ? html`<p>${text}</p>` : nothing} ${reference ? html`<p class="reference">${reference}</p>` : nothing}
      </div>
      ${actions ?? nothing}
    </div>
  `;
}

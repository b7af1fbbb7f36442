import { html } from 'lit';

export interface BadgeParts {
  text: string;
  kind?: 'neutral' | 'accent' | 'good' | 'warning' | 'bad' | undefined;
  /** A dot before the text, for states. */
  hasDot?: boolean | undefined;
}

/** A word that says in which state something is; its colour only repeats it. */
export function badge({ text, kind = 'neutral', hasDot = true }: BadgeParts) {
  return html`<span class="badge ${kind} ${hasDot ? '' : 'bare'}" part="badge">${text}</span>`;
}

import { html } from 'lit';

export interface SkeletonParts {
  shape?: 'line' | 'title' | 'control' | 'circle' | 'badge' | 'block' | undefined;
  /** How much of the line it takes; lines are uneven, as text is. */
  width?: 'short' | 'medium' | 'long' | 'full' | undefined;
}

/** Holds the place of something that loads. Screen readers don't meet it: the element says in its status that it loads. */
export function skeleton({ shape = 'line', width = 'full' }: SkeletonParts = {}) {
  return html`<span class="bone ${shape} ${width}" aria-hidden="true"></span>`;
}

/** Holds the place of a form's fields. */
export function fieldSkeletons(count: number) {
  return Array.from(
    { length: count },
    () => html`<div class="field">${skeleton({ width: 'short' })}${skeleton({ shape: 'control' })}</div>`,
  );
}

import { html, nothing } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { live } from 'lit/directives/live.js';
import type { ControlParts } from './control-parts.ts';

export interface DateInputParts extends ControlParts {
  type?: 'date' | 'time' | 'datetime-local' | undefined;
  /** As the browser writes it: `2026-05-04`, `14:30` or `2026-05-04T14:30`; empty where there is none. */
  value: string;
  name?: string | undefined;
  autocomplete?: string | undefined;
  min?: string | undefined;
  max?: string | undefined;
  /** In seconds, for times. */
  step?: number | undefined;
  /** The value in the words of the element's language: the browser shows it in those of its own. */
  readable?: string | undefined;
  change?: ((value: string, event: Event) => void) | undefined;
  leave?: ((event: FocusEvent) => void) | undefined;
}

/**
 * A day or a time by the browser's own picker. What is typed halfway is no value yet: a form asks the input's
 * `validity.badInput` before it takes an empty one for none.
 */
export function dateInput(parts: DateInputParts) {
  const { id, value, readable, change } = parts;
  const readableId = readable ? `${id}-readable` : undefined;
  const describedBy = [readableId, parts.describedBy].filter(Boolean).join(' ');
  return html`
      <input
        class="input ${value === '' ? 'empty' : ''}"
        id=${id}
        type=${parts.type ?? 'date'}
        name=${ifDefined(parts.name)}
        autocomplete=${ifDefined(parts.autocomplete)}
        min=${ifDefined(parts.min)}
        max=${ifDefined(parts.max)}
        step=${ifDefined(parts.step)}
        aria-label=${ifDefined(parts.label)}
        aria-describedby=${describedBy || nothing}
        aria-invalid=${parts.isInvalid ? 'true' : nothing}
        ?required=${parts.isRequired}
        ?disabled=${parts.isDisabled}
        ?readonly=${parts.isReadOnly}
        .value=${live(value)}
        @change=${change && ((event: Event) => change((event.target as HTMLInputElement).value, event))}
        @blur=${parts.leave}
      />
    ${readable ? html`<p class="readable" id=${`${id}-readable`}>${readable}</p>` : nothing}
  `;
}

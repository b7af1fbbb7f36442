import { html, nothing } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { live } from 'lit/directives/live.js';
import type { ControlParts } from './control-parts.ts';

export interface CheckboxParts extends Omit<ControlParts, 'isReadOnly' | 'label'> {
  label: string;
  isChecked: boolean;
  /** Some of what it stands for is checked, and some is not. */
  isIndeterminate?: boolean | undefined;
  /** Hides the label from the eye, as in a table whose header says it. */
  isBare?: boolean | undefined;
  /** What is said below the label. */
  note?: string | undefined;
  name?: string | undefined;
  change?: ((isChecked: boolean, event: Event) => void) | undefined;
  leave?: ((event: FocusEvent) => void) | undefined;
}

/** A box to check; its whole label can be pressed. */
export function checkbox(parts: CheckboxParts) {
  const { id, label, note, change } = parts;
  const noteId = note ? `${id}-note` : undefined;
  const describedBy = [noteId, parts.describedBy].filter(Boolean).join(' ');
  return html`
    <label class="checkbox">
      <input
        id=${id}
        type="checkbox"
        name=${ifDefined(parts.name)}
        aria-label=${parts.isBare || note ? label : nothing}
        aria-describedby=${describedBy || nothing}
        aria-invalid=${parts.isInvalid ? 'true' : nothing}
        ?required=${parts.isRequired}
        ?disabled=${parts.isDisabled}
        .checked=${live(parts.isChecked)}
        .indeterminate=${live(parts.isIndeterminate ?? false)}
        @change=${change && ((event: Event) => change((event.target as HTMLInputElement).checked, event))}
        @blur=${parts.leave}
      />
      ${
        parts.isBare
          ? nothing
          : html`<span>${label}${note ? html`<span class="checkbox-note" id=${`${id}-note`}>${note}</span>` : nothing}</span>`
      }
    </label>
  `;
}

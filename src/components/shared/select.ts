import { html, nothing } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { live } from 'lit/directives/live.js';
import type { ControlParts } from './control-parts.ts';
import { icons } from './icons.ts';

export interface SelectOption {
  value: string;
  text: string;
  isDisabled?: boolean | undefined;
}

/** Options under a heading. */
export interface SelectGroup {
  text: string;
  options: readonly SelectOption[];
}

export interface SelectParts extends Omit<ControlParts, 'isReadOnly'> {
  /** Empty where nothing is chosen. */
  value: string;
  options: readonly (SelectOption | SelectGroup)[];
  name?: string | undefined;
  autocomplete?: string | undefined;
  /** What stands there while nothing is chosen; where nothing is required, it can be chosen again. */
  placeholder?: string | undefined;
  change?: ((value: string, event: Event) => void) | undefined;
  leave?: ((event: FocusEvent) => void) | undefined;
}

/** One of a few known values, by the browser's own list, which every phone shows in its own way. */
export function select(parts: SelectParts) {
  const { value, options, placeholder, change } = parts;
  const option = (each: SelectOption) => html`
    <option value=${each.value} .selected=${live(each.value === value)} ?disabled=${each.isDisabled}>${each.text}</option>
  `;
  return html`
    <span class="choice-box">
      <select
        class="input ${value === '' ? 'empty' : ''}"
        id=${parts.id}
        name=${ifDefined(parts.name)}
        autocomplete=${ifDefined(parts.autocomplete)}
        aria-label=${ifDefined(parts.label)}
        aria-describedby=${ifDefined(parts.describedBy)}
        aria-invalid=${parts.isInvalid ? 'true' : nothing}
        ?required=${parts.isRequired}
        ?disabled=${parts.isDisabled}
        @change=${change && ((event: Event) => change((event.target as HTMLSelectElement).value, event))}
        @blur=${parts.leave}
      >
        ${placeholder === undefined ? nothing : option({ value: '', text: placeholder })}
        ${options.map((each) =>
          'options' in each ? html`<optgroup label=${each.text}>${each.options.map(option)}</optgroup>` : option(each),
        )}
      </select>
      <span class="input-end" aria-hidden="true">${icons.expand}</span>
    </span>
  `;
}

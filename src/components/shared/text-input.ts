import { html, nothing } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { live } from 'lit/directives/live.js';
import { boxLooks, enterBox } from './boxed.ts';
import type { ControlParts } from './control-parts.ts';

interface TypedParts extends ControlParts {
  value: string;
  name?: string | undefined;
  placeholder?: string | undefined;
  autocomplete?: string | undefined;
  autocapitalize?: 'off' | 'none' | 'sentences' | 'words' | 'characters' | undefined;
  enterKeyHint?: 'enter' | 'done' | 'go' | 'next' | 'previous' | 'search' | 'send' | undefined;
  isSpellchecked?: boolean | undefined;
  maxLength?: number | undefined;
  minLength?: number | undefined;
  /** Hears of every letter. */
  input?: ((value: string, event: InputEvent) => void) | undefined;
  /** Hears of a value that is finished. */
  change?: ((value: string, event: Event) => void) | undefined;
  /** Hears that the focus has gone elsewhere. */
  leave?: ((event: FocusEvent) => void) | undefined;
  keydown?: ((event: KeyboardEvent) => void) | undefined;
}

export interface TextInputParts extends TypedParts {
  type?: 'text' | 'email' | 'tel' | 'url' | 'number' | 'search' | 'password' | undefined;
  inputMode?: 'text' | 'decimal' | 'numeric' | 'tel' | 'search' | 'email' | 'url' | undefined;
  pattern?: string | undefined;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | 'any' | undefined;
  /** An icon or a unit within the border, before or after what is typed; screen readers do not hear it. */
  start?: unknown;
  end?: unknown;
  /** Something is being looked up for it. */
  isBusy?: boolean | undefined;
}

export interface TextAreaParts extends TypedParts {
  /** How many lines are seen at least; it grows with what is typed where the browser lets it. */
  rows?: number | undefined;
}

/** These are written from left to right in every language. */
const LEFT_TO_RIGHT = ['email', 'tel', 'url', 'number'];

const valueOf = (event: Event) => (event.target as HTMLInputElement | HTMLTextAreaElement).value;

/** A line of text; its direction follows what is typed. */
export function textInput(parts: TextInputParts) {
  const { type = 'text', value, start, end, isBusy, input, change } = parts;
  const after = isBusy ? html`<span class="spinner"></span>` : end;
  return html`
    <span class=${boxLooks(parts)} @mousedown=${enterBox}>
      ${start ? html`<span class="input-start" aria-hidden="true">${start}</span>` : nothing}
    <input
      id=${parts.id}
      type=${type}
      name=${ifDefined(parts.name)}
      dir=${value === '' ? nothing : LEFT_TO_RIGHT.includes(type) ? 'ltr' : 'auto'}
      placeholder=${ifDefined(parts.placeholder)}
      autocomplete=${ifDefined(parts.autocomplete)}
      autocapitalize=${ifDefined(parts.autocapitalize)}
      enterkeyhint=${ifDefined(parts.enterKeyHint)}
      inputmode=${ifDefined(parts.inputMode)}
      spellcheck=${parts.isSpellchecked === undefined ? nothing : String(parts.isSpellchecked)}
      minlength=${ifDefined(parts.minLength)}
      maxlength=${ifDefined(parts.maxLength)}
      pattern=${ifDefined(parts.pattern)}
      min=${ifDefined(parts.min)}
      max=${ifDefined(parts.max)}
      step=${ifDefined(parts.step)}
      aria-label=${ifDefined(parts.label)}
      aria-describedby=${ifDefined(parts.describedBy)}
      aria-invalid=${parts.isInvalid ? 'true' : nothing}
      aria-busy=${isBusy ? 'true' : nothing}
      ?required=${parts.isRequired}
      ?disabled=${parts.isDisabled}
      ?readonly=${parts.isReadOnly}
      .value=${live(value)}
      @input=${input && ((event: InputEvent) => input(valueOf(event), event))}
      @change=${change && ((event: Event) => change(valueOf(event), event))}
      @blur=${parts.leave}
      @keydown=${parts.keydown}
    />
      ${after ? html`<span class="input-end" aria-hidden="true">${after}</span>` : nothing}
    </span>
  `;
}

/** Several lines of text. */
export function textArea(parts: TextAreaParts) {
  const { input, change } = parts;
  return html`
    <textarea
      class="input"
      id=${parts.id}
      name=${ifDefined(parts.name)}
      dir=${parts.value === '' ? nothing : 'auto'}
      rows=${parts.rows ?? 3}
      placeholder=${ifDefined(parts.placeholder)}
      autocomplete=${ifDefined(parts.autocomplete)}
      autocapitalize=${ifDefined(parts.autocapitalize)}
      enterkeyhint=${ifDefined(parts.enterKeyHint)}
      spellcheck=${parts.isSpellchecked === undefined ? nothing : String(parts.isSpellchecked)}
      minlength=${ifDefined(parts.minLength)}
      maxlength=${ifDefined(parts.maxLength)}
      aria-label=${ifDefined(parts.label)}
      aria-describedby=${ifDefined(parts.describedBy)}
      aria-invalid=${parts.isInvalid ? 'true' : nothing}
      ?required=${parts.isRequired}
      ?disabled=${parts.isDisabled}
      ?readonly=${parts.isReadOnly}
      .value=${live(parts.value)}
      @input=${input && ((event: InputEvent) => input(valueOf(event), event))}
      @change=${change && ((event: Event) => change(valueOf(event), event))}
      @blur=${parts.leave}
      @keydown=${parts.keydown}
    ></textarea>
  `;
}

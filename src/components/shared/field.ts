import { html, nothing } from 'lit';
import type { ControlParts } from './control-parts.ts';
import { icons } from './icons.ts';

export interface FieldParts {
  /** The control's; what is said of it gets ids that begin with it. */
  id: string;
  label: string;
  /** Makes the control, from what the field knows of it: `(given) => textInput({ ...given, value })`. */
  control: (given: ControlParts) => unknown;
  help?: string | undefined;
  /** What is wrong with the value, and what to do about it. */
  error?: string | undefined;
  isRequired?: boolean | undefined;
  isDisabled?: boolean | undefined;
  isReadOnly?: boolean | undefined;
  /** It holds several controls: its label is that of the group. */
  isGroup?: boolean | undefined;
  /** It takes the whole width among fields that stand side by side. */
  isWide?: boolean | undefined;
  /** What marks it beside its label; a form says either which fields are required or which are not. */
  texts?: { required?: string | undefined; optional?: string | undefined } | undefined;
}

/** A control with its label, which is always seen, what helps to fill it in, and what is wrong with it. */
export function field(parts: FieldParts) {
  const { id, label, control, help, error, isRequired, isDisabled, isReadOnly, isGroup, isWide, texts } = parts;
  const describedBy = [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ') || undefined;
  const mark = isRequired ? texts?.required : texts?.optional;
  const marked = html`<span>${label}</span>${mark ? html`<span class="field-mark">${mark}</span>` : nothing}`;
  const given = { id, describedBy, isRequired, isDisabled, isReadOnly, isInvalid: Boolean(error) };
  const below = html`
    ${help ? html`<p class="field-help" id=${`${id}-help`}>${help}</p>` : nothing}
    ${error ? html`<p class="field-error" id=${`${id}-error`}>${icons.problem}<span>${error}</span></p>` : nothing}
  `;
  if (!isGroup) {
    return html`
      <div class="field ${isWide ? 'wide' : ''}" part="field">
        <label class="field-label" for=${id}>${marked}</label>
        ${control(given)} ${below}
      </div>
    `;
  }
  return html`
    <fieldset class="field ${isWide ? 'wide' : ''}" part="field" id=${id} tabindex="-1" aria-describedby=${describedBy ?? nothing}>
      <legend class="field-label">${marked}</legend>
      ${control({ ...given, describedBy: undefined })} ${below}
    </fieldset>
  `;
}

import { html, nothing } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';

export interface ButtonParts {
  /** What it says; where only an icon is seen, its name to screen readers and its tooltip. */
  text: string;
  kind?: 'plain' | 'primary' | 'quiet' | 'danger' | undefined;
  type?: 'button' | 'submit' | 'reset' | undefined;
  id?: string | undefined;
  /** The id of the form that it submits or resets, where it stands outside of it. */
  form?: string | undefined;
  /** Drawn before the text. */
  icon?: unknown;
  /** Drawn after the text. */
  iconAfter?: unknown;
  isIconOnly?: boolean | undefined;
  isSmall?: boolean | undefined;
  /** As wide as what it stands in. */
  isBlock?: boolean | undefined;
  /** It works on it: presses do nothing, and it keeps its width and the focus. */
  isBusy?: boolean | undefined;
  /** Presses do nothing; it keeps the focus and can be found by screen readers. */
  isDisabled?: boolean | undefined;
  /** What a tooltip adds to the text. */
  tip?: string | undefined;
  describedBy?: string | undefined;
  /** By which name a page styles it through `::part`. */
  part?: string | undefined;
  /** Which element it opens and closes, and whether that is open. */
  opens?: { id: string; kind: 'menu' | 'dialog' | 'listbox'; isOpen: boolean } | undefined;
  press?: ((event: MouseEvent) => void) | undefined;
  /** For controllers that must know of a press before it is done. */
  pressStart?: ((event: PointerEvent) => void) | undefined;
  keydown?: ((event: KeyboardEvent) => void) | undefined;
}

/** A button of the common height; a disabled or busy one does nothing, also where it would submit a form. */
export function button(parts: ButtonParts) {
  const { text, kind = 'plain', type = 'button', isIconOnly, isSmall, isBlock, isBusy, isDisabled, tip, opens, press } = parts;
  const isIdle = isBusy || isDisabled;
  const looks = [kind, isIconOnly && 'icon-only', isSmall && 'small', isBlock && 'block', isBusy && 'busy'];
  return html`
    <button
      class="button ${looks.filter(Boolean).join(' ')}"
      part=${ifDefined(parts.part)}
      id=${ifDefined(parts.id)}
      type=${type}
      form=${ifDefined(parts.form)}
      aria-label=${isIconOnly ? text : nothing}
      aria-description=${ifDefined(tip)}
      aria-describedby=${ifDefined(parts.describedBy)}
      aria-disabled=${isIdle ? 'true' : nothing}
      aria-busy=${isBusy ? 'true' : nothing}
      aria-haspopup=${ifDefined(opens?.kind)}
      aria-expanded=${opens ? String(opens.isOpen) : nothing}
      aria-controls=${opens?.isOpen ? opens.id : nothing}
      data-tooltip=${tip ?? (isIconOnly ? text : nothing)}
      @click=${isIdle ? refuse : press}
      @pointerdown=${parts.pressStart}
      @keydown=${parts.keydown}
    >
      ${parts.icon ?? nothing}${isIconOnly ? nothing : html`<span class="button-text">${text}</span>`}${parts.iconAfter ?? nothing}
      ${isBusy ? html`<span class="spinner"></span>` : nothing}
    </button>
  `;
}

function refuse(event: MouseEvent) {
  event.preventDefault();
  event.stopPropagation();
}

import { html, nothing } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { live } from 'lit/directives/live.js';
import type { ComboboxController, ComboboxRow } from '../../controllers/combobox-controller.ts';
import { boxLooks, enterBox } from './boxed.ts';
import type { ControlParts } from './control-parts.ts';
import { icons } from './icons.ts';
import { keepFocus } from './keep-focus.ts';

/** What a combobox says. */
export interface ComboboxTexts {
  /** What the list is called. */
  list: string;
  loading: string;
  /** Nothing fits what was typed. */
  empty: string;
  failed: string;
  retry: string;
  clear: string;
  /** The button that opens and closes the list. */
  toggle: string;
  /** How many options there are, for screen readers. */
  count: (count: number) => string;
  /** The line that makes something new of what was typed. */
  create?: ((typed: string) => string) | undefined;
}

export interface ComboboxParts extends Omit<ControlParts, 'id'> {
  combobox: ComboboxController;
  texts: ComboboxTexts;
  placeholder?: string | undefined;
  autocomplete?: string | undefined;
  maxLength?: number | undefined;
  /** Drawn within the border, before the text. */
  start?: unknown;
  leave?: ((event: FocusEvent) => void) | undefined;
}

/** A text input with a list of what may be meant; the options, the keys and the state are its controller's. */
export function combobox(parts: ComboboxParts) {
  const { combobox: box, texts, start, isDisabled, isReadOnly, leave } = parts;
  const { id, isOpen, active } = box;
  const isFixed = isDisabled || isReadOnly;
  const hasClear = !isFixed && !parts.isRequired && box.text !== '';
  return html`
    <span class=${boxLooks({ id, isDisabled, isReadOnly }, 'combobox')} @mousedown=${enterBox}>
      ${start ? html`<span class="input-start" aria-hidden="true">${start}</span>` : nothing}
      <input
        id=${id}
        type="text"
        role="combobox"
        dir=${box.text === '' ? nothing : 'auto'}
        autocapitalize="off"
        spellcheck="false"
        autocomplete=${parts.autocomplete ?? 'off'}
        maxlength=${ifDefined(parts.maxLength)}
        placeholder=${ifDefined(parts.placeholder)}
        aria-label=${ifDefined(parts.label)}
        aria-describedby=${ifDefined(parts.describedBy)}
        aria-invalid=${parts.isInvalid ? 'true' : nothing}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-expanded=${isOpen ? 'true' : 'false'}
        aria-controls=${`${id}-list`}
        aria-activedescendant=${isOpen && box.rows[active] ? `${id}-row-${active}` : nothing}
        ?required=${parts.isRequired}
        ?disabled=${isDisabled}
        ?readonly=${isReadOnly}
        .value=${live(box.text)}
        @input=${box.input}
        @compositionend=${box.composed}
        @keydown=${box.keydown}
        @click=${box.press}
        @blur=${(event: FocusEvent) => {
          box.leave();
          leave?.(event);
        }}
      />
      ${isFixed ? nothing : buttons(box, texts, hasClear)} ${popup(box, texts)}
      <span class="visually-hidden" role="status">${isOpen ? said(box, texts) : ''}</span>
    </span>
  `;
}

/** For the pointer alone: the keyboard has the arrows, and deletes what is typed. */
function buttons(box: ComboboxController, texts: ComboboxTexts, hasClear: boolean) {
  return html`
    <span class="combobox-buttons" @mousedown=${keepFocus}>
      ${
        hasClear
          ? html`<button type="button" tabindex="-1" aria-label=${texts.clear} @click=${box.clear}>${icons.close}</button>`
          : nothing
      }
      <button type="button" tabindex="-1" aria-label=${texts.toggle} aria-expanded=${box.isOpen ? 'true' : 'false'} @click=${box.toggle}>
        ${icons.expand}
      </button>
    </span>
  `;
}

function popup(box: ComboboxController, texts: ComboboxTexts) {
  const { id, status, rows } = box;
  const note =
    status === 'loading' && box.options.length === 0
      ? 'loading'
      : status === 'ready' && box.options.length === 0
        ? 'empty'
        : undefined;
  return html`
    <div class="popup" id=${`${id}-popup`} popover="manual" @mousedown=${keepFocus}>
      ${note === 'loading' ? html`<p class="popup-note"><span class="spinner"></span>${texts.loading}</p>` : nothing}
      ${note === 'empty' ? html`<p class="popup-note">${texts.empty}</p>` : nothing}
      ${status === 'failed' ? html`<p class="popup-note">${icons.problem}${texts.failed}</p>` : nothing}
      <div
        class="combobox-list"
        id=${`${id}-list`}
        role="listbox"
        aria-label=${texts.list}
        aria-busy=${status === 'loading' ? 'true' : 'false'}
      >
        ${box.isOpen ? rows.map((row, index) => line(box, texts, row, index)) : nothing}
      </div>
    </div>
  `;
}

function line(box: ComboboxController, texts: ComboboxTexts, row: ComboboxRow, index: number) {
  const isChosen = row.kind === 'option' && row.option.value === box.value?.value;
  return html`
    <div
      class="popup-row ${row.kind} ${index === box.active ? 'active' : ''}"
      id=${`${box.id}-row-${index}`}
      role="option"
      aria-selected=${isChosen ? 'true' : 'false'}
      @click=${() => box.take(row)}
      @pointermove=${(event: PointerEvent) => event.pointerType === 'mouse' && box.point(index)}
    >
      ${
        row.kind === 'option'
          ? html`<span class="popup-text"
            ><bdi>${row.option.text}</bdi>${
              row.option.detail ? html`<span class="popup-detail"><bdi>${row.option.detail}</bdi></span>` : nothing
            }</span
          >`
          : row.kind === 'retry'
            ? html`${icons.again}<span class="popup-text">${texts.retry}</span>`
            : html`${icons.add}<span class="popup-text">${texts.create?.(box.text.trim()) ?? box.text}</span>`
      }
      ${isChosen ? html`<span class="combobox-chosen">${icons.check}</span>` : nothing}
    </div>
  `;
}

function said({ status, options }: ComboboxController, texts: ComboboxTexts) {
  if (status === 'loading') return texts.loading;
  if (status === 'failed') return texts.failed;
  return options.length === 0 ? texts.empty : texts.count(options.length);
}

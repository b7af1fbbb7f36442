import { html, nothing } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { repeat } from 'lit/directives/repeat.js';
import { itemByKey } from '../../controllers/roving-focus-controller.ts';
import { boxLooks, enterBox } from './boxed.ts';
import type { ControlParts } from './control-parts.ts';
import { icons } from './icons.ts';

/** What a tag input says. */
export interface TagTexts {
  /** What the list of tags is called. */
  list: string;
  remove: (tag: string) => string;
  /** These are for screen readers. */
  added: (tags: readonly string[]) => string;
  removed: (tag: string) => string;
  /** There is no room for another. */
  full: (limit: number) => string;
}

export interface TagInputParts extends ControlParts {
  tags: readonly string[];
  change: (tags: readonly string[]) => void;
  texts: TagTexts;
  placeholder?: string | undefined;
  /** How many tags there may be. */
  limit?: number | undefined;
  /** How many letters a tag may have. */
  maxLength?: number | undefined;
  leave?: ((event: FocusEvent) => void) | undefined;
}

const SEPARATORS = /[,;\n\t،؛，；、]+/;

/**
 * A list of words. Enter, a comma or leaving makes a tag of what was typed, and a pasted list becomes as many; Backspace takes
 * the last one away, and arrows lead to the others. A tag is there once, whatever its case; what finds no room stays typed.
 */
export function tagInput(parts: TagInputParts) {
  const { id, tags, texts, limit = Infinity, isDisabled, isReadOnly, leave } = parts;
  const isFixed = isDisabled || isReadOnly;
  return html`
    <div
      class=${boxLooks(parts, 'tags')}
      @mousedown=${enterBox}
    >
      ${
        tags.length === 0
          ? nothing
          : html`
            <ul class="tag-list" aria-label=${texts.list} @keydown=${(event: KeyboardEvent) => walk(event, parts)}>
              ${repeat(
                tags,
                (tag) => tag,
                (tag, index) => html`
                  <li class="tag">
                    <bdi>${tag}</bdi>
                    ${
                      isFixed
                        ? nothing
                        : html`<button
                          class="tag-remove"
                          type="button"
                          tabindex=${index === tags.length - 1 ? '0' : '-1'}
                          aria-label=${texts.remove(tag)}
                          @click=${(event: Event) => removeAt(event, parts, index)}
                        >
                          ${icons.close}
                        </button>`
                    }
                  </li>
                `,
              )}
            </ul>
          `
      }
      <input
        class="tag-typed"
        id=${id}
        type="text"
        autocomplete="off"
        autocapitalize="off"
        enterkeyhint="done"
        placeholder=${tags.length === 0 ? ifDefined(parts.placeholder) : nothing}
        aria-label=${ifDefined(parts.label)}
        aria-describedby=${ifDefined(parts.describedBy)}
        aria-invalid=${parts.isInvalid ? 'true' : nothing}
        aria-required=${parts.isRequired ? 'true' : nothing}
        ?disabled=${isDisabled}
        ?readonly=${isReadOnly || tags.length >= limit}
        @keydown=${(event: KeyboardEvent) => type(event, parts)}
        @input=${(event: InputEvent) => {
          if (!event.isComposing) separate(event, parts);
        }}
        @compositionend=${(event: Event) => separate(event, parts)}
        @paste=${(event: ClipboardEvent) => paste(event, parts)}
        @blur=${(event: FocusEvent) => {
          add(event.target as HTMLInputElement, parts);
          leave?.(event);
        }}
      />
      <span class="visually-hidden" role="status"></span>
    </div>
    ${isFixed || tags.length < limit ? nothing : html`<p class="readable">${texts.full(limit)}</p>`}
  `;
}

/** Makes tags of what stands in the input, and leaves there what can be none. */
function add(input: HTMLInputElement, { tags, change, texts, limit = Infinity, maxLength = Infinity }: TagInputParts) {
  const known = new Set(tags.map(folded));
  const added: string[] = [];
  const left: string[] = [];
  for (const part of input.value.split(SEPARATORS)) {
    const tag = part.trim().replace(/\s+/g, ' ');
    if (tag === '' || known.has(folded(tag))) continue;
    if (tags.length + added.length >= limit || [...tag].length > maxLength) left.push(tag);
    else {
      added.push(tag);
      known.add(folded(tag));
    }
  }
  input.value = left.join(', ');
  if (added.length === 0) return;
  say(input, texts.added(added));
  change([...tags, ...added]);
}

function type(event: KeyboardEvent, parts: TagInputParts) {
  const input = event.target as HTMLInputElement;
  // Safari says by the code alone that Enter only ended a composition.
  if (event.isComposing || event.keyCode === 229 || parts.isReadOnly) return;
  if (event.key === 'Enter' && input.value.trim() !== '') {
    event.preventDefault();
    add(input, parts);
  } else if (event.key === 'Backspace' && input.value === '' && parts.tags.length > 0 && !event.repeat) {
    event.preventDefault();
    remove(input, parts, parts.tags.length - 1);
  } else if (input.value === '' && isBackwards(event, input)) {
    const last = buttonsOf(input).at(-1);
    if (last) event.preventDefault();
    last?.focus();
  }
}

/** Commas are looked for in the text, since the keyboards of phones don't name their keys. */
function separate(event: Event, parts: TagInputParts) {
  const input = event.target as HTMLInputElement;
  if (SEPARATORS.test(input.value)) add(input, parts);
}

/** A line break can't be pasted into an input, so what is pasted is taken before it is one. */
function paste(event: ClipboardEvent, parts: TagInputParts) {
  const input = event.target as HTMLInputElement;
  const pasted = event.clipboardData?.getData('text/plain') ?? '';
  if (input.readOnly || !SEPARATORS.test(pasted)) return;
  event.preventDefault();
  input.setRangeText(pasted.replace(/[\r\n]+/g, ','), input.selectionStart ?? 0, input.selectionEnd ?? 0, 'end');
  add(input, parts);
}

function walk(event: KeyboardEvent, parts: TagInputParts) {
  const buttons = buttonsOf(event.currentTarget as Element);
  const at = buttons.findIndex((button) => button.matches(':focus'));
  if (at < 0) return;
  const input = inputOf(event.currentTarget as Element);
  if (event.key === 'Backspace' || event.key === 'Delete') {
    event.preventDefault();
    (buttons[at + 1] ?? buttons[at - 1] ?? input).focus();
    return remove(input, parts, at);
  }
  const next = itemByKey(event, [...buttons, input], buttons[at]!, 'horizontal');
  // Before the first there is nothing.
  if (!next || (at === 0 && next === input && buttons.length > 1)) return;
  event.preventDefault();
  next.focus();
}

function removeAt(event: Event, parts: TagInputParts, index: number) {
  const input = inputOf(event.currentTarget as Element);
  remove(input, parts, index);
  input.focus();
}

function remove(input: HTMLInputElement, { tags, change, texts }: TagInputParts, index: number) {
  say(input, texts.removed(tags[index]!));
  change(tags.toSpliced(index, 1));
}

function say(input: HTMLInputElement, text: string) {
  const status = input.closest('.tags')!.querySelector('[role=status]')!;
  status.textContent = text;
}

const inputOf = (element: Element) => element.closest('.tags')!.querySelector<HTMLInputElement>('.tag-typed')!;
const buttonsOf = (element: Element) => [...element.closest('.tags')!.querySelectorAll<HTMLElement>('.tag-remove')];
const isBackwards = ({ key }: KeyboardEvent, input: Element) =>
  key === (getComputedStyle(input).direction === 'rtl' ? 'ArrowRight' : 'ArrowLeft');
const folded = (text: string) => text.toLocaleLowerCase();

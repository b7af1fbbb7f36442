import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { keepBeside } from './beside.ts';

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

export interface ComboboxOption {
  value: string;
  text: string;
  /** What tells it from others of the same text, such as an address. */
  detail?: string | undefined;
}

/** A line of the list: an option, or what can be done instead. */
export type ComboboxRow = { kind: 'option'; option: ComboboxOption } | { kind: 'create' } | { kind: 'retry' };

export type ComboboxStatus = 'idle' | 'loading' | 'ready' | 'failed';

interface Combobox {
  /** The input's, unique within the shadow root; what belongs to it gets ids that begin with it. */
  id: string;
  /** Finds the options for what was typed; a newer search aborts the signal. */
  load(typed: string, signal: AbortSignal): readonly ComboboxOption[] | Promise<readonly ComboboxOption[]>;
  /** Hears of another choice, and of none once what was chosen is typed over. */
  choose(option: ComboboxOption | undefined): void;
  /** Makes something new of what was typed; without it, nothing new can be made. */
  create?: ((typed: string) => void) | undefined;
  /** Hears of every letter, as where the text itself is the value. */
  typed?: ((text: string) => void) | undefined;
  /** Hears of a search that failed. */
  failed?: ((error: unknown) => void) | undefined;
  /** How long typing pauses before it is searched for, in milliseconds; 200 unless said. */
  pause?: number | undefined;
}

const PAGE = 8;

/**
 * A text input with a list of what may be meant (ARIA 1.2). The options come from anywhere, in time: a newer search aborts the
 * older one, whose answer is never shown. What was typed stays when the focus leaves, chosen or not.
 */
export class ComboboxController implements ReactiveController {
  readonly id: string;
  isOpen = false;
  status: ComboboxStatus = 'idle';
  options: readonly ComboboxOption[] = [];
  /** The line that the arrows have reached. */
  active = -1;

  readonly #host: Host;
  readonly #box: Combobox;
  #value: ComboboxOption | undefined;
  #typed: string | undefined;
  #search: AbortController | undefined;
  #pausing: ReturnType<typeof setTimeout> | undefined;
  #run: AbortController | undefined;

  constructor(host: Host, box: Combobox) {
    this.#host = host;
    this.#box = box;
    this.id = box.id;
    host.addController(this);
  }

  hostUpdated() {
    const popover = this.#popover;
    if (this.isOpen && !this.#run && popover) this.#show(popover);
    if (this.active >= 0) popover?.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
  }

  hostDisconnected() {
    this.close();
  }

  /** What is chosen; set from outside, it takes the place of what was typed. */
  get value() {
    return this.#value;
  }

  set value(option: ComboboxOption | undefined) {
    if (option?.value === this.#value?.value && option?.text === this.#value?.text) return;
    this.#value = option;
    this.#typed = undefined;
    this.#host.requestUpdate();
  }

  /** What stands in the input. */
  get text() {
    return this.#typed ?? this.#value?.text ?? '';
  }

  set text(text: string) {
    if (text === this.text) return;
    this.#typed = text;
    this.#host.requestUpdate();
  }

  /** Something was typed that is none of the options, so that nothing is chosen. */
  get isUnresolved() {
    return this.#value === undefined && this.text.trim() !== '';
  }

  get rows(): readonly ComboboxRow[] {
    const rows: ComboboxRow[] = this.status === 'failed' ? [] : this.options.map((option) => ({ kind: 'option', option }));
    if (this.status === 'failed') rows.push({ kind: 'retry' });
    if (this.#canCreate) rows.push({ kind: 'create' });
    return rows;
  }

  /** Opens the list with what fits the text, or with the first options where it is that of the choice. */
  open() {
    if (this.isOpen) return;
    this.isOpen = true;
    this.active = -1;
    void this.#load();
  }

  close() {
    this.#cancel();
    this.#run?.abort();
    this.#run = undefined;
    const popover = this.#popover;
    if (popover?.matches(':popover-open')) popover.hidePopover();
    if (!this.isOpen) return;
    this.isOpen = false;
    this.active = -1;
    this.#host.requestUpdate();
  }

  /** Marks a line, as when a mouse is moved over it. */
  point(index: number) {
    if (index !== this.active) this.#move(index);
  }

  /** Does what a line stands for. */
  take(row: ComboboxRow) {
    if (row.kind === 'retry') return void this.#load();
    const typed = this.text.trim();
    this.close();
    if (row.kind === 'create') return this.#box.create?.(typed);
    this.#choose(row.option);
  }

  /** Empties the input, and takes the choice back. */
  readonly clear = () => {
    this.#type('');
    this.close();
    this.#input?.focus();
  };

  /** For the button that opens and closes the list. */
  readonly toggle = () => {
    this.#input?.focus();
    if (this.isOpen) this.close();
    else this.open();
  };

  /** For the input's `click`. */
  readonly press = () => {
    if (!this.#input?.readOnly) this.open();
  };

  /** For the input's `input`. Letters that are still being composed are not searched for. */
  readonly input = (event: InputEvent) => {
    this.#type((event.target as HTMLInputElement).value);
    if (!event.isComposing) this.#pause();
  };

  /** For the input's `compositionend`. */
  readonly composed = () => this.#pause();

  /** For the input's `blur`. */
  readonly leave = () => {
    const typed = this.#typed === undefined ? undefined : folded(this.#typed);
    const meant = typed === undefined ? undefined : this.options.filter(({ text }) => folded(text) === typed);
    this.close();
    if (meant?.length === 1 && !this.#value) this.#choose(meant[0]);
  };

  /** For the input's `keydown`. */
  readonly keydown = (event: KeyboardEvent) => {
    // While letters are composed, keys choose among their spellings; Safari says so by the code alone.
    if (event.isComposing || event.keyCode === 229 || this.#input?.readOnly) return;
    const isHandled = this.#handle(event);
    if (isHandled) event.preventDefault();
    // What it stands in hears nothing of it, such as a dialog.
    if (isHandled && event.key === 'Escape') event.stopPropagation();
  };

  #handle({ key, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
    if (ctrlKey || metaKey) return false;
    if (!this.isOpen) {
      if (key !== 'ArrowDown' && key !== 'ArrowUp') return false;
      this.open();
      if (!altKey) this.active = key === 'ArrowDown' ? 0 : -2;
      return true;
    }
    const { rows, active } = this;
    const last = rows.length - 1;
    switch (key) {
      case 'ArrowDown':
        return this.#move(active >= last ? 0 : Math.max(0, active + 1));
      case 'ArrowUp':
        if (!altKey) return this.#move(active <= 0 ? last : active - 1);
        this.close();
        return true;
      case 'PageDown':
        return this.#move(Math.min(last, Math.max(0, active) + PAGE));
      case 'PageUp':
        return this.#move(Math.max(0, active - PAGE));
      case 'Enter':
        if (rows[active]) this.take(rows[active]);
        else this.close();
        return true;
      case 'Escape':
        this.close();
        return true;
      case 'Tab':
        if (rows[active]?.kind === 'option') this.take(rows[active]);
        return false;
      default:
        return false;
    }
  }

  #move(to: number) {
    this.active = to;
    this.#host.requestUpdate();
    return true;
  }

  #choose(option: ComboboxOption | undefined) {
    this.#value = option;
    this.#typed = undefined;
    this.#host.requestUpdate();
    if (option) this.#box.typed?.(option.text);
    this.#box.choose(option);
  }

  #type(text: string) {
    this.#typed = text;
    this.active = -1;
    if (this.#value) {
      this.#value = undefined;
      this.#box.choose(undefined);
    }
    this.#box.typed?.(text);
    this.#host.requestUpdate();
  }

  #pause() {
    this.isOpen = true;
    this.#cancel();
    this.status = 'loading';
    this.#host.requestUpdate();
    this.#pausing = setTimeout(() => void this.#load(), this.#box.pause ?? 200);
  }

  async #load() {
    this.#cancel();
    const { signal } = (this.#search = new AbortController());
    this.status = 'loading';
    this.#host.requestUpdate();
    try {
      const options = await this.#box.load((this.#typed ?? '').trim(), signal);
      if (signal.aborted) return;
      this.options = options;
      this.status = 'ready';
    } catch (error) {
      if (signal.aborted) return;
      this.options = [];
      this.status = 'failed';
      this.#box.failed?.(error);
    }
    // Opened by an arrow, the list begins at one of its ends; otherwise nothing is marked that nobody pointed at.
    this.active = this.active === -2 ? this.rows.length - 1 : Math.min(this.active, this.rows.length - 1);
    this.#host.requestUpdate();
  }

  #cancel() {
    clearTimeout(this.#pausing);
    this.#search?.abort();
  }

  get #canCreate() {
    const typed = folded(this.#typed ?? '');
    const isFinished = this.status === 'ready' || this.status === 'failed';
    return (
      this.#box.create !== undefined && isFinished && typed !== '' && !this.options.some(({ text }) => folded(text) === typed)
    );
  }

  #show(popover: HTMLElement) {
    const input = this.#input;
    if (!input?.isConnected) return;
    const { signal } = (this.#run = new AbortController());
    popover.showPopover();
    const frame = input.closest('.input') ?? input;
    keepBeside(popover, frame, { isAsWide: true }, { gone: () => this.close(), signal });
    closeOutside([popover, frame], () => this.close(), signal);
  }

  get #input() {
    return this.#host.renderRoot.querySelector<HTMLInputElement>(`#${this.id}`);
  }

  get #popover() {
    return this.#host.renderRoot.querySelector<HTMLElement>(`#${this.id}-popup`);
  }
}

/** A finger that touches nothing that takes the focus leaves it where it was, so presses are heard too. */
function closeOutside(elements: readonly Element[], close: () => void, signal: AbortSignal) {
  // Marked from within, because from outside nobody sees which part of a closed shadow root was pressed.
  const inside = new WeakSet<Event>();
  for (const element of elements) element.addEventListener('pointerdown', (event) => inside.add(event), { signal });
  addEventListener('pointerdown', (event) => inside.has(event) || close(), { signal });
}

const folded = (text: string) => text.trim().normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

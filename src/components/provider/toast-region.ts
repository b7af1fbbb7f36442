import { html, nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { deepestFocus } from '../../controllers/deepest-focus.ts';
import type { Toast } from '../../controllers/provision.ts';
import { ToastStack, type Entry } from '../../core/toast-stack.ts';
import type * as english from '../../locales/en.ts';
import { button } from '../shared/button.ts';
import { keepFocus } from '../shared/keep-focus.ts';
import type { Localized } from '../shared/localized.ts';
import { toast as toastBox } from '../shared/toast.ts';

type Texts = Localized<typeof english.provider>;
type Host = ReactiveControllerHost & HTMLElement;

const MOST_SHOWN = 4;
const SHORTEST = 4_000;
const PER_LETTER = 60;
/** To decide and to get there. */
const FOR_AN_ACTION = 8_000;

const timers = {
  now: () => performance.now(),
  wait: (milliseconds: number, act: () => void) => {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * Shows what is said in passing above everything else, and tells screen readers without taking the focus. Time stands still
 * while someone points at it, has the focus there, or does not look at the page. F6 leads there and back, Escape dismisses.
 */
export class ToastRegion implements ReactiveController {
  readonly #host: Host;
  readonly #texts: Texts;
  readonly #stack: ToastStack<Toast>;
  #isPointedAt = false;
  #isFocused = false;
  #isListening = false;
  /** Where the focus was before F6. */
  #former: HTMLElement | null = null;

  constructor(host: Host, texts: Texts) {
    this.#host = host;
    this.#texts = texts;
    this.#stack = new ToastStack<Toast>(timers, () => {
      this.#listen();
      host.requestUpdate();
    });
    host.addController(this);
  }

  /** Shows a toast; the function that is returned takes it away. */
  show(toast: Toast): () => void {
    this.#raise();
    const key = this.#stack.add(toast, lastingOf(toast));
    return () => this.#stack.dismiss(key);
  }

  hostDisconnected() {
    // Whoever is only moved on the page keeps what it shows.
    queueMicrotask(() => {
      if (this.#host.isConnected) return this.#host.requestUpdate();
      this.#isPointedAt = this.#isFocused = false;
      this.#hold();
      this.#stack.clear();
    });
  }

  hostUpdated() {
    const region = this.#region;
    if (!region?.isConnected) return;
    const isOpen = region.matches(':popover-open');
    const isNeeded = this.#stack.entries.length > 0;
    if (isNeeded && !isOpen) region.showPopover();
    if (!isNeeded && isOpen) region.hidePopover();
    // The newest is the last, and is seen even where they don't all fit.
    if (isNeeded && !this.#isFocused) region.scrollTop = region.scrollHeight;
  }

  render() {
    const { entries } = this.#stack;
    const hidden = entries.length - MOST_SHOWN;
    return html`
      <div class="spoken" role="status" aria-atomic="false">${repeat(entries, keyOf, ({ toast }) => this.#spoken(toast))}</div>
      <div
        class="toasts"
        part="toasts"
        role="region"
        aria-label=${this.#texts.text('region')}
        tabindex="-1"
        popover="manual"
        @pointerenter=${() => this.#point(true)}
        @pointerleave=${() => this.#point(false)}
        @focusin=${() => this.#focus(true)}
        @focusout=${this.#leave}
        @mousedown=${keepFocus}
        @keydown=${this.#key}
      >
        ${hidden > 0 ? this.#more(hidden) : nothing} ${repeat(entries.slice(-MOST_SHOWN), keyOf, (entry) => this.#box(entry))}
      </div>
    `;
  }

  get #region() {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.toasts');
  }

  #spoken({ text, kind = 'neutral' }: Toast) {
    return html`<p>${kind === 'bad' ? `${this.#texts.text('bad')}: ` : ''}${text}</p>`;
  }

  #box({ key, toast }: Entry<Toast>) {
    const { text, kind, action } = toast;
    const dismiss = () => this.#dismiss(key);
    return toastBox({
      text,
      kind,
      action: action && {
        text: action.text,
        act: () => {
          dismiss();
          action.act();
        },
      },
      dismiss,
      texts: { dismiss: this.#texts.text('dismiss') },
    });
  }

  #more(count: number) {
    return html`
      <div class="more" part="more">
        <span>${this.#texts.text('more', { count })}</span>
        ${button({ text: this.#texts.text('dismissAll'), kind: 'quiet', isSmall: true, press: () => this.#dismissAll() })}
      </div>
    `;
  }

  /** Puts what is shown above whatever was opened since, without moving it. */
  #raise() {
    const region = this.#region;
    if (!region?.matches(':popover-open') || this.#isFocused) return;
    region.classList.add('still');
    region.hidePopover();
    region.showPopover();
    void region.offsetHeight;
    region.classList.remove('still');
  }

  /** The button that was pressed goes; the focus moves to the next toast, or back where it came from. */
  #dismiss(key: number) {
    const wasFocused = this.#isFocused;
    this.#stack.dismiss(key);
    if (wasFocused) this.#moveOn();
  }

  #dismissAll() {
    const wasFocused = this.#isFocused;
    this.#stack.clear();
    if (wasFocused) this.#moveOn();
  }

  #moveOn() {
    if (this.#stack.entries.length > 0) this.#region?.focus();
    else this.#goBack();
  }

  #goBack() {
    const former = this.#former;
    this.#former = null;
    if (former?.isConnected) former.focus();
    else (this.#host.shadowRoot?.activeElement as HTMLElement | null | undefined)?.blur();
  }

  #point(isPointedAt: boolean) {
    this.#isPointedAt = isPointedAt;
    this.#hold();
  }

  #focus(isFocused: boolean) {
    this.#isFocused = isFocused;
    this.#hold();
  }

  readonly #leave = ({ relatedTarget }: FocusEvent) => this.#focus(Boolean(this.#region?.contains(relatedTarget as Node | null)));

  readonly #hold = () => this.#stack.hold(this.#isPointedAt || this.#isFocused || document.hidden);

  readonly #key = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    const newest = this.#stack.entries.at(-1);
    if (newest) this.#dismiss(newest.key);
  };

  /** Listens to the page only while there is something to reach. */
  #listen() {
    const isNeeded = this.#stack.entries.length > 0;
    if (isNeeded === this.#isListening) return;
    this.#isListening = isNeeded;
    if (isNeeded) {
      document.addEventListener('keydown', this.#reach);
      document.addEventListener('visibilitychange', this.#hold);
    } else {
      document.removeEventListener('keydown', this.#reach);
      document.removeEventListener('visibilitychange', this.#hold);
      this.#isPointedAt = false;
    }
    this.#hold();
  }

  readonly #reach = (event: KeyboardEvent) => {
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
    if (event.key !== 'F6' || !isPlain || event.defaultPrevented) return;
    event.preventDefault();
    if (this.#isFocused) return this.#goBack();
    this.#former = deepestFocus();
    this.#region?.focus();
  };
}

const keyOf = ({ key }: Entry<Toast>) => key;

/** How long a toast takes to be noticed, read and acted upon; what must not be missed stays. */
const lastingOf = ({ text, kind, action, stays }: Toast) =>
  stays || kind === 'bad' ? undefined : SHORTEST + PER_LETTER * text.length + (action ? FOR_AN_ACTION : 0);

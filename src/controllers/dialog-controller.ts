import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { deepestFocus } from './deepest-focus.ts';

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

interface Dialog {
  /** The `<dialog>`'s, unique within the shadow root. */
  id: string;
  /** Asked before a person closes it, as where something is unsaved; it stays open unless the answer is yes. */
  guard?: (() => boolean | Promise<boolean>) | undefined;
  /** Whether a press beside the dialog closes it, which it does unless said; a guard is asked here too. */
  closesOutside?: boolean | undefined;
}

const FIELDS = 'input:not([type=hidden], :disabled), select:not(:disabled), textarea:not(:disabled)';

/**
 * Opens a `<dialog>` over the page, which keeps the focus within and gives it back afterwards. It begins at the first field,
 * else at the first button below the text, else at the dialog itself.
 */
export class DialogController implements ReactiveController {
  readonly id: string;
  isOpen = false;

  readonly #host: Host;
  readonly #dialog: Dialog;
  #answer: ((result: string | undefined) => void) | undefined;
  #opener: HTMLElement | null = null;
  #isAsking = false;
  #startedOutside = false;

  constructor(host: Host, dialog: Dialog) {
    this.#host = host;
    this.#dialog = dialog;
    this.id = dialog.id;
    host.addController(this);
  }

  hostUpdated() {
    const dialog = this.#element;
    if (!this.isOpen || !dialog || dialog.open || !dialog.isConnected) return;
    dialog.showModal();
    dialog.scrollTop = 0;
    const first = dialog.querySelector<HTMLElement>(`:is(.dialog-body) :is(${FIELDS})`);
    (first ?? dialog.querySelector<HTMLElement>('.dialog-footer button') ?? dialog).focus();
  }

  hostDisconnected() {
    if (this.isOpen) this.close();
  }

  /** Opens it, and answers what it was closed with once it is. */
  open(): Promise<string | undefined> {
    this.#answer?.(undefined);
    this.#opener = deepestFocus();
    this.isOpen = true;
    this.#host.requestUpdate();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** Closes it without asking. */
  close(result?: string) {
    this.#element?.close();
    this.#ended(result);
  }

  /** Closes it as a person would: the guard is asked first, once at a time. */
  readonly askToClose = async () => {
    if (!this.isOpen || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const isFree = (await this.#dialog.guard?.()) ?? true;
      if (isFree && this.isOpen) this.close();
    } finally {
      this.#isAsking = false;
    }
  };

  /** For the dialog's `keydown`: browsers let only the first Escape be refused. */
  readonly keydown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    void this.askToClose();
  };

  /** For the dialog's `cancel`, as by a phone's back gesture. */
  readonly cancel = (event: Event) => {
    // A file input within it has an event of the same name.
    if (event.target !== event.currentTarget) return;
    event.preventDefault();
    void this.askToClose();
  };

  /** For the dialog's `close`, where the browser closed it by itself. */
  readonly closed = (event: Event) => {
    if (event.target === event.currentTarget) this.#ended((event.target as HTMLDialogElement).returnValue || undefined);
  };

  /** For the dialog's `pointerdown`. */
  readonly pressStart = (event: PointerEvent) => {
    this.#startedOutside = isBeside(event);
  };

  /** For the dialog's `click`: a press that began within it, as in marking text, closes nothing. */
  readonly press = (event: MouseEvent) => {
    const isOutside = this.#startedOutside && isBeside(event);
    this.#startedOutside = false;
    if (isOutside && this.#dialog.closesOutside !== false) void this.askToClose();
  };

  get #element() {
    return this.#host.renderRoot.querySelector<HTMLDialogElement>(`#${this.id}`);
  }

  #ended(result: string | undefined) {
    if (!this.isOpen) return;
    this.isOpen = false;
    // The browser does it too, but not for buttons that were pressed in Safari, which gives them no focus.
    if (this.#opener?.isConnected && !isFocusElsewhere(this.#element)) this.#opener.focus();
    this.#opener = null;
    this.#answer?.(result);
    this.#answer = undefined;
    this.#host.requestUpdate();
  }
}

function isFocusElsewhere(dialog: HTMLElement | null) {
  const focused = deepestFocus();
  return focused !== null && !dialog?.contains(focused);
}

/** Whether a press met the backdrop, which belongs to the dialog but lies beside its box. */
function isBeside({ target, currentTarget, clientX, clientY }: MouseEvent) {
  if (target !== currentTarget) return false;
  const { left, right, top, bottom } = (target as HTMLElement).getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

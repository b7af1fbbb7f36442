import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { keepBeside, type Placement } from './beside.ts';
import { itemByKey, Typeahead } from './roving-focus-controller.ts';

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

interface Menu extends Placement {
  /** The popover's, unique within the shadow root. */
  id: string;
}

/**
 * Opens a menu beside the button that was pressed, and gives the focus back to it. One menu serves any number of buttons, as
 * in the rows of a table: `openedBy` is the id of the button whose menu is open.
 */
export class MenuController implements ReactiveController {
  readonly id: string;
  openedBy: string | undefined;

  readonly #host: Host;
  readonly #placement: Placement;
  readonly #typeahead = new Typeahead();
  #button: HTMLElement | undefined;
  #popover: HTMLElement | undefined;
  /** Where the focus goes once the menu is there. */
  #enter: 'first' | 'last' | 'menu' = 'menu';
  #wasOpen = false;
  #run: AbortController | undefined;

  constructor(host: Host, { id, ...placement }: Menu) {
    this.#host = host;
    this.#placement = { tallest: 480, ...placement };
    this.id = id;
    host.addController(this);
  }

  get isOpen() {
    return this.openedBy !== undefined;
  }

  hostUpdated() {
    if (this.isOpen && !this.#run) this.#show();
  }

  hostDisconnected() {
    this.#closed();
  }

  /** Opens the menu beside a button, which has an id. */
  open(button: HTMLElement, enter: 'first' | 'last' | 'menu' = 'first') {
    this.close();
    this.#button = button;
    this.#enter = enter;
    this.openedBy = button.id;
    this.#host.requestUpdate();
  }

  close() {
    if (this.#popover?.matches(':popover-open')) this.#popover.hidePopover();
    this.#closed();
  }

  /** For the button's `pointerdown`: the press itself closes an open menu, before the click could. */
  readonly pressStart = (event: PointerEvent) => {
    this.#wasOpen = this.openedBy === (event.currentTarget as HTMLElement).id;
  };

  /** For the button's `click`. */
  readonly press = (event: MouseEvent) => {
    const button = event.currentTarget as HTMLElement;
    const isByKey = event.detail === 0;
    if (isByKey ? this.openedBy === button.id : this.#wasOpen) this.close();
    else this.open(button, isByKey ? 'first' : 'menu');
    this.#wasOpen = false;
  };

  /** For the button's `keydown`. */
  readonly buttonKeydown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    this.open(event.currentTarget as HTMLElement, event.key === 'ArrowDown' ? 'first' : 'last');
  };

  /** For the menu's `keydown`. */
  readonly keydown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      // What the menu stands in hears nothing of it, such as a dialog.
      event.preventDefault();
      event.stopPropagation();
      return this.close();
    }
    // The focus goes on from the button.
    if (event.key === 'Tab') return this.close();
    const items = this.#items();
    const current = items.find((item) => item.matches(':focus')) ?? null;
    const item = itemByKey(event, items, current) ?? this.#typeahead.find(event, items, current);
    if (!item) return;
    event.preventDefault();
    item.focus();
  };

  /** For an item's `pointermove`: one item is marked, by whatever pointed at it last. */
  readonly point = (event: PointerEvent) => {
    const item = event.currentTarget as HTMLElement;
    if (event.pointerType === 'mouse' && !item.matches(':focus')) item.focus({ preventScroll: true });
  };

  /** Gives the focus back, then does what was chosen. */
  readonly choose = (act: () => void) => {
    this.close();
    act();
  };

  #show() {
    const popover = this.#host.renderRoot.querySelector<HTMLElement>(`#${this.id}`);
    if (!popover || !this.#button?.isConnected) return this.#closed();
    this.#popover = popover;
    const { signal } = (this.#run = new AbortController());
    popover.addEventListener('beforetoggle', (event) => event.newState === 'closed' && this.#hide(), { signal });
    popover.showPopover();
    keepBeside(popover, this.#button, this.#placement, { gone: () => this.close(), signal });
    const items = this.#items();
    const entered = this.#enter === 'menu' ? undefined : items.at(this.#enter === 'first' ? 0 : -1);
    (entered ?? popover).focus({ preventScroll: true });
  }

  #hide() {
    if (this.#popover?.matches(':focus-within')) this.#button?.focus();
    this.#closed();
  }

  #closed() {
    this.#run?.abort();
    this.#run = undefined;
    if (!this.isOpen) return;
    this.openedBy = undefined;
    this.#host.requestUpdate();
  }

  #items() {
    return [...(this.#popover?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
  }
}

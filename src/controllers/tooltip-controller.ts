import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { keepBeside } from './beside.ts';

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

interface Tooltip {
  /** The popover's, unique within the shadow root. */
  id: string;
  /** Milliseconds until a mouse that rests shows it; 400 unless said. */
  delay?: number | undefined;
}

/** How long a finger is held until it shows, and how long it stays after a mouse has left, so that it can be reached. */
const HOLD = 500;
const STAY = 150;

/**
 * Shows, for every element of the host's shadow root that has `data-tooltip`, that text beside it: when a mouse rests on it,
 * when it is focused by keyboard, and when a finger is held on it. Escape takes it away, and a mouse may go over to it.
 * The text is for the eye; screen readers have it by the element's own name or description.
 */
export class TooltipController implements ReactiveController {
  readonly id: string;
  text = '';

  readonly #host: Host;
  readonly #delay: number;
  #element: HTMLElement | undefined;
  #popover: HTMLElement | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #listening: AbortController | undefined;
  #run: AbortController | undefined;

  constructor(host: Host, { id, delay = 400 }: Tooltip) {
    this.#host = host;
    this.#delay = delay;
    this.id = id;
    host.addController(this);
  }

  hostConnected() {
    const { signal } = (this.#listening = new AbortController());
    // On the root, since what goes from one of its elements to another is not heard outside of it.
    const on = <E extends Event>(name: string, hear: (event: E) => void) =>
      this.#host.renderRoot.addEventListener(name, hear as EventListener, { signal });
    on('pointerover', this.#over);
    on('pointerout', this.#out);
    on('focusin', this.#focus);
    on('focusout', () => this.hide());
    on('pointerdown', this.#down);
    on('pointerup', ({ pointerType }: PointerEvent) => pointerType === 'mouse' || this.#isShown || this.#wait(undefined));
    on('pointercancel', () => this.hide());
    on('keydown', ({ key }: KeyboardEvent) => key === 'Escape' && this.hide());
    // A mouse may rest on something while the focus is elsewhere on the page.
    document.addEventListener('keydown', ({ key }) => key === 'Escape' && this.hide(), { signal });
  }

  hostDisconnected() {
    this.#listening?.abort();
    this.hide();
  }

  hostUpdated() {
    if (this.#element && !this.#run) this.#show();
    else if (this.#element && (!this.#element.isConnected || this.#element.dataset['tooltip'] !== this.text)) this.hide();
  }

  hide() {
    clearTimeout(this.#timer);
    this.#run?.abort();
    this.#run = undefined;
    this.#element = undefined;
    if (this.#popover?.matches(':popover-open')) this.#popover.hidePopover();
  }

  get #isShown() {
    return this.#run !== undefined;
  }

  #over = (event: PointerEvent) => {
    const element = this.#elementOf(event);
    if (event.pointerType !== 'mouse') return;
    if (element && element === this.#element) clearTimeout(this.#timer);
    else if (element) this.#wait(element, this.#isShown ? 0 : this.#delay);
    else if (this.#isOver(event)) clearTimeout(this.#timer);
  };

  #out = (event: PointerEvent) => {
    if (event.pointerType !== 'mouse') return;
    if (this.#elementOf(event) || this.#isOver(event)) this.#wait(undefined, STAY);
  };

  #focus = (event: FocusEvent) => {
    const element = this.#elementOf(event);
    if (element?.matches(':focus-visible')) this.#tell(element);
  };

  /** A press does something, which matters more than what it is called. */
  #down = (event: PointerEvent) => {
    this.hide();
    const element = this.#elementOf(event);
    if (element && event.pointerType !== 'mouse') this.#wait(element, HOLD);
  };

  #wait(element: HTMLElement | undefined, delay = STAY) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (element ? this.#tell(element) : this.hide()), delay);
  }

  #tell(element: HTMLElement) {
    this.hide();
    const text = element.dataset['tooltip'];
    if (!text || !element.isConnected) return;
    this.#element = element;
    this.text = text;
    this.#host.requestUpdate();
  }

  #show() {
    const popover = this.#host.renderRoot.querySelector<HTMLElement>(`#${this.id}`);
    if (!popover || !this.#element) return;
    this.#popover = popover;
    const { signal } = (this.#run = new AbortController());
    popover.showPopover();
    keepBeside(popover, this.#element, { side: 'above', align: 'center' }, { gone: () => this.hide(), signal });
  }

  /** The element with a tooltip that an event met, where it is one of the host's own. */
  #elementOf(event: Event) {
    const [target] = event.composedPath();
    if (!(target instanceof Element) || target.getRootNode() !== this.#host.renderRoot) return undefined;
    return target.closest<HTMLElement>('[data-tooltip]') ?? undefined;
  }

  #isOver(event: Event) {
    return this.#popover !== undefined && event.composedPath().includes(this.#popover);
  }
}

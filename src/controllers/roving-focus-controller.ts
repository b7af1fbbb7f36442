import type { ReactiveController, ReactiveControllerHost } from 'lit';

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

export type Orientation = 'horizontal' | 'vertical' | 'both';

interface Roving {
  /** Finds what holds the items, such as a toolbar, within the host's shadow root. */
  container: string;
  /** Finds the items within it. */
  items: string;
  /** Which arrows lead from one to the next; `horizontal` unless said. */
  orientation?: Orientation | undefined;
}

/** How long letters belong to one word. */
const WORD_PAUSE = 800;

/** Which item a key leads to, going round at the ends; arrows follow the direction of the writing. */
export function itemByKey(
  event: KeyboardEvent,
  items: readonly HTMLElement[],
  current: Element | null,
  orientation: Orientation = 'vertical',
): HTMLElement | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || items.length === 0) return undefined;
  const at = items.indexOf(current as HTMLElement);
  if (event.key === 'Home') return items[0];
  if (event.key === 'End') return items.at(-1);
  const isMirrored = getComputedStyle(items[0]!).direction === 'rtl';
  const steps: Record<string, number> = {
    ...(orientation === 'horizontal' ? {} : { ArrowDown: 1, ArrowUp: -1 }),
    ...(orientation === 'vertical' ? {} : { ArrowRight: isMirrored ? -1 : 1, ArrowLeft: isMirrored ? 1 : -1 }),
  };
  const step = steps[event.key];
  if (step === undefined) return undefined;
  if (at < 0) return items.at(step > 0 ? 0 : -1);
  return items[(at + step + items.length) % items.length];
}

/** Finds an item by the letters that it begins with, as they are typed one after the other. */
export class Typeahead {
  #word = '';
  #last = 0;

  find(
    { key, timeStamp, ctrlKey, metaKey, altKey, isComposing }: KeyboardEvent,
    items: readonly HTMLElement[],
    current: Element | null,
  ) {
    const isGoingOn = this.#word !== '' && timeStamp - this.#last < WORD_PAUSE;
    if ([...key].length !== 1 || (key === ' ' && !isGoingOn) || ctrlKey || metaKey || altKey || isComposing) return undefined;
    this.#word = isGoingOn ? this.#word + folded(key) : folded(key);
    this.#last = timeStamp;
    // The same letter again and again leads through all that begin with it.
    const isOneLetter = [...this.#word].every((letter) => letter === this.#word[0]);
    const word = isOneLetter ? this.#word[0]! : this.#word;
    const from = items.indexOf(current as HTMLElement) + (isOneLetter ? 1 : 0);
    const turned = [...items.slice(Math.max(0, from)), ...items.slice(0, Math.max(0, from))];
    return turned.find((item) => folded(item.textContent.trim()).startsWith(word));
  }
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/** Makes several items one stop of the Tab key: arrows lead from one to the next, and Tab comes back to the last one. */
export class RovingFocusController implements ReactiveController {
  readonly #host: Host;
  readonly #roving: Roving;
  #current: HTMLElement | undefined;

  constructor(host: Host, roving: Roving) {
    this.#host = host;
    this.#roving = roving;
    host.addController(this);
  }

  hostUpdated() {
    const items = this.#items();
    if (!this.#current || !items.includes(this.#current)) this.#current = items[0];
    for (const item of items) item.tabIndex = item === this.#current ? 0 : -1;
  }

  /** For the container's `keydown`. */
  readonly keydown = (event: KeyboardEvent) => {
    const items = this.#items();
    const item = itemByKey(event, items, this.#focused(items) ?? null, this.#roving.orientation ?? 'horizontal');
    if (!item) return;
    event.preventDefault();
    item.focus();
  };

  /** For the container's `focusin`. */
  readonly focusin = () => {
    const focused = this.#focused(this.#items());
    if (!focused) return;
    this.#current = focused;
    this.hostUpdated();
  };

  #items() {
    const { container, items } = this.#roving;
    return [...(this.#host.renderRoot.querySelector(container)?.querySelectorAll<HTMLElement>(items) ?? [])];
  }

  #focused(items: readonly HTMLElement[]) {
    return items.find((item) => item.matches(':focus'));
  }
}

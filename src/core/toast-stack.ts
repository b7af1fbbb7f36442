/** One thing that is said, under a key of its own. */
export interface Entry<Toast> {
  readonly key: number;
  readonly toast: Toast;
}

/** Where time comes from: `wait` calls after so many milliseconds unless what it returns is called first. */
export interface Timers {
  now(): number;
  wait(milliseconds: number, act: () => void): () => void;
}

interface Held<Toast> extends Entry<Toast> {
  /** Milliseconds that are left; nothing where it stays. */
  left: number | undefined;
  since: number;
  stop: (() => void) | undefined;
}

/** What is said in passing, the oldest first. Each goes when its time is over, and time stands still while it is held. */
export class ToastStack<Toast> {
  readonly #timers: Timers;
  readonly #changed: () => void;
  #entries: readonly Held<Toast>[] = [];
  #isHeld = false;
  #last = 0;

  constructor(timers: Timers, changed: () => void) {
    this.#timers = timers;
    this.#changed = changed;
  }

  get entries(): readonly Entry<Toast>[] {
    return this.#entries;
  }

  /** Adds one that goes after so many milliseconds, or stays; gives its key. */
  add(toast: Toast, lasts: number | undefined): number {
    const entry: Held<Toast> = { key: ++this.#last, toast, left: lasts, since: 0, stop: undefined };
    this.#entries = [...this.#entries, entry];
    if (!this.#isHeld) this.#run(entry);
    this.#changed();
    return entry.key;
  }

  dismiss(key: number) {
    const entry = this.#entries.find((each) => each.key === key);
    if (!entry) return;
    entry.stop?.();
    this.#entries = this.#entries.filter((each) => each !== entry);
    this.#changed();
  }

  clear() {
    for (const { key } of this.#entries) this.dismiss(key);
  }

  /** Lets time stand still, or go on. */
  hold(isHeld: boolean) {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    for (const entry of this.#entries) {
      if (isHeld) this.#pause(entry);
      else this.#run(entry);
    }
  }

  #run(entry: Held<Toast>) {
    if (entry.left === undefined) return;
    entry.since = this.#timers.now();
    entry.stop = this.#timers.wait(entry.left, () => this.dismiss(entry.key));
  }

  #pause(entry: Held<Toast>) {
    if (entry.left === undefined) return;
    entry.stop?.();
    entry.stop = undefined;
    entry.left = Math.max(0, entry.left - (this.#timers.now() - entry.since));
  }
}

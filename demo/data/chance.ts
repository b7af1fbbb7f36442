/** Chance that falls the same way every time (mulberry32): the demo is believable and never changes. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  one<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.next() * choices.length)]!;
  }

  happens(share: number): boolean {
    return this.next() < share;
  }

  some<T>(choices: readonly T[], most: number): T[] {
    const left = [...choices];
    return Array.from({ length: this.whole(0, most) }, () => left.splice(Math.floor(this.next() * left.length), 1)[0]!);
  }
}

/** A source of chance that gives the same row of numbers each time for one seed: a failing run can be run again. */
export function seededRandom(seed: number) {
  let state = seed >>> 0;
  /** A number from 0 up to, but not including, 1. */
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const below = (end: number) => Math.floor(next() * end);
  return { next, below, oneOf: <T>(choices: readonly T[]): T => choices[below(choices.length)]! };
}

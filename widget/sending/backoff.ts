const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 300_000;

/** How long to wait after so many attempts that failed: twice as long each time, and at random so that browsers don't come at once. */
export const pauseAfter = (attempts: number, random: () => number) =>
  Math.min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE) * (0.5 + random() / 2);

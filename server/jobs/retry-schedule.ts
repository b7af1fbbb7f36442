const MINUTE = 60_000;
const PAUSES = [2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE];

/** Milliseconds from a failed attempt to the next: 2, 4, 8 and 16 minutes, exactly. The attempts are counted from 1. */
export const pauseAfter = (attempt: number): number => PAUSES[Math.min(attempt, PAUSES.length) - 1]!;

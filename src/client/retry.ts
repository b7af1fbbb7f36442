import { ConnectionError, type ApiError } from './errors.ts';

const MOST_RETRIES = 3;
const FIRST_PAUSE = 1_000;
const LONGEST_ORDERED_PAUSE = 60;

/** Milliseconds to wait before the retry of that number, from 0; undefined where the error stands. */
export function pauseBefore(retry: number, error: unknown, random: () => number): number | undefined {
  const { status, retryAfter = 0 } = error as ApiError;
  const isPassing = error instanceof ConnectionError || status === 429 || status === 503;
  if (!isPassing || retry >= MOST_RETRIES || retryAfter > LONGEST_ORDERED_PAUSE) return undefined;
  return retryAfter * 1_000 + random() * FIRST_PAUSE * 2 ** retry;
}

/** The seconds that a Retry-After header asks for, whether it counts them or names a date. */
export function secondsOf(headers: Headers): number | undefined {
  const given = headers.get('Retry-After') ?? '';
  const seconds = /^\d+$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

import type { ErrorBody } from '../../src/contract/envelope.ts';
import type { SendingParts } from './sending-parts.ts';

const PATIENCE = 20_000;
const LONGEST_ORDERED_PAUSE = 24 * 3_600_000;

/** What came of a call: without `data` and `refusal` it was answered by nobody, or not by the API. */
export interface Answer {
  /** 0 where nothing came. */
  status: number;
  /** How long the server asks to be left alone, in milliseconds. */
  pause: number;
  data?: unknown;
  refusal?: ErrorBody;
}

/** Calls the API; never rejects. */
export async function call({ fetch, after, now }: SendingParts, url: string, init?: RequestInit): Promise<Answer> {
  const controller = new AbortController();
  const stop = after(PATIENCE, () => controller.abort());
  const answer: Answer = { status: 0, pause: 0 };
  try {
    const response = await fetch(url, { credentials: 'omit', cache: 'no-store', signal: controller.signal, ...init });
    answer.status = response.status;
    answer.pause = pauseOf(response.headers.get('Retry-After') ?? '', now());
    const body = await response.json();
    if (body.success) answer.data = body.data;
    else if (body.code) answer.refusal = body;
  } catch {
    // Nothing came, or not all of it: the status tells how far it got.
  }
  stop();
  return answer;
}

function pauseOf(header: string, now: number) {
  const pause = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Math.min(Math.max(pause || 0, 0), LONGEST_ORDERED_PAUSE);
}

import type { SendingParts } from './sending-parts.ts';

const PATIENCE = 20_000;

/** What came of a call, as far as it came. */
export interface Answer {
  response?: Response;
  body?: unknown;
}

/** Calls the API; never rejects. */
export async function call({ fetch, after }: SendingParts, url: string, init?: RequestInit): Promise<Answer> {
  const controller = new AbortController();
  after(PATIENCE, () => controller.abort());
  const answer: Answer = {};
  try {
    const { signal } = controller;
    answer.response = await fetch(url, { credentials: 'omit', cache: 'no-store', signal, ...init });
    answer.body = await answer.response.json();
  } catch {
    // Nothing came, or not all of it.
  }
  return answer;
}

/** What the API gave; nothing where it refused, or where someone else answered. */
export function given<Data>({ body }: Answer): Partial<Data> {
  const { success, data } = (body ?? {}) as { success?: boolean; data?: Data };
  return (success && data) || {};
}

import type { CaptureEvent } from '../../src/contract/capture.ts';

type Counted = Omit<CaptureEvent, 'id' | 'at' | 'page'>;

/** As many as one beacon may carry. */
const MOST = 50;

/** Counts what happens to forms, in memory alone, and sends it as the visitor leaves the page. */
export class Counter {
  readonly #isAllowed: () => boolean;
  readonly #waiting = new Map<string, CaptureEvent[]>();

  constructor(isAllowed: () => boolean, signal: AbortSignal) {
    this.#isAllowed = isAllowed;
    const send = () => this.send();
    addEventListener('pagehide', send, { signal });
    addEventListener('visibilitychange', send, { signal, capture: true });
  }

  count(api: string, event: Counted) {
    const events = this.#waiting.get(api) ?? [];
    this.#waiting.set(api, events);
    const page = (location.origin + location.pathname).slice(0, 2_000);
    events.push({ ...event, id: newId(), page, at: new Date().toISOString() });
    if (events.length === MOST) this.send();
  }

  send() {
    for (const [api, events] of this.#waiting) {
      // A beacon of plain text asks nobody for permission first, and survives the page.
      if (this.#isAllowed()) navigator.sendBeacon(`${api}/api/v2/public/events`, JSON.stringify({ events }));
    }
    this.#waiting.clear();
  }
}

/** A random UUID, on plain http too. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

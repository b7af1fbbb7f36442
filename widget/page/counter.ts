import type { CaptureEvent } from '../../src/contract/capture.ts';
import { newId } from '../sending/new-id.ts';
import { cut } from './touches.ts';

/** As many as one beacon may carry. */
const MOST = 50;

/** An event until it is sent: its id and its date are written then, and not while the page loads. */
type Counted = Omit<CaptureEvent, 'id' | 'at'> & { at: number };

/** Counts what happens to forms, in memory alone. */
export interface Counter {
  count(api: string, event: Omit<CaptureEvent, 'id' | 'at' | 'page'>): void;
  /** Sends what was counted, as happens whenever the visitor leaves the page. */
  send(): void;
}

/** Begins to count, until the signal; what is not allowed when it is to be sent is forgotten. */
export function openCounter(isAllowed: () => boolean, signal: AbortSignal): Counter {
  const waiting = new Map<string, Counted[]>();

  function send() {
    for (const [api, events] of waiting) {
      // A beacon of plain text asks nobody for permission first, and survives the page.
      if (isAllowed()) navigator.sendBeacon(`${api}/api/v2/public/events`, JSON.stringify({ events: events.map(asSent) }));
    }
    waiting.clear();
  }
  addEventListener('visibilitychange', send, { signal });

  return {
    count(api, event) {
      const events = waiting.get(api) ?? [];
      events.push({ ...event, page: cut(location.origin + location.pathname), at: Date.now() });
      waiting.set(api, events);
      if (events.length === MOST) send();
    },
    send,
  };
}

const asSent = (event: Counted): CaptureEvent => ({ ...event, id: newId(crypto), at: new Date(event.at).toISOString() });

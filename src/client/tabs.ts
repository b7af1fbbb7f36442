import type { StreamMessage } from './event-stream.ts';
import { claimsOf } from './token.ts';

/** What the tab that holds the stream tells the others. */
export type Told = { message: StreamMessage } | { state: 'connecting' | 'open' | 'offline'; at: string | undefined };

export interface Sharing {
  signal: AbortSignal;
  /** Hears what the tab that holds the stream tells. */
  hear: (told: Told) => void;
  /** Holds the stream for all tabs, from where the last one stood; what it tells reaches the others. */
  hold: (tell: (told: Told) => void) => Promise<void>;
  /** How the stream stands, for a tab that has just come. */
  standing: () => Told;
}

/** The name under which tabs of one origin share a stream: the same for tokens that see the same. Nothing where they can't share. */
export async function sharedName(baseUrl: string, token: string | undefined): Promise<string | undefined> {
  const { exp: _, iat: _iat, nbf: _nbf, jti: _jti, ...claims } = claimsOf(token ?? '') as Record<string, unknown>;
  const canShare = 'BroadcastChannel' in globalThis && Boolean(globalThis.navigator?.locks) && Boolean(globalThis.crypto?.subtle);
  // Only pages of one origin meet; elsewhere nobody sees to it that a stream is held.
  if (!canShare || !('document' in globalThis) || !(claims['sub'] ?? claims['key'])) return undefined;
  const bytes = new TextEncoder().encode(JSON.stringify([baseUrl, Object.entries(claims).sort()]));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `millrace live ${[...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Takes part in a shared stream: hears of it while another tab holds it, and holds it when that one goes. */
export async function shareStream(name: string, { signal, hear, hold, standing }: Sharing): Promise<void> {
  const channel = new BroadcastChannel(name);
  let isHolding = false;
  channel.addEventListener('message', ({ data }: MessageEvent<Told | 'hello'>) => {
    if (data === 'hello') {
      if (isHolding) channel.postMessage(standing());
      // What was still on its way when this tab took over comes again with the stream.
    } else if (!isHolding) hear(data);
  });
  channel.postMessage('hello');
  try {
    await navigator.locks.request(name, { signal }, async () => {
      isHolding = true;
      await hold((told) => channel.postMessage(told));
    });
  } finally {
    channel.close();
  }
}

import type { EventName } from '../contract/events.ts';
import type { LiveEvent, Removed } from '../contract/live.ts';
import { wait } from './abort.ts';
import { transportOf, type Client } from './client.ts';
import { ApiError, ConnectionError } from './errors.ts';
import { readEventStream } from './event-stream.ts';
import { perClient } from './per-client.ts';
import { shareStream, sharedName, type Told } from './tabs.ts';
import type { Credential } from './token.ts';
import type { Transport } from './transport.ts';

/**
 * How a live stream stands. `open`: everything that happens is told. `offline`: the server can't be reached; it is tried
 * again, and what was missed is told then. `ended`: the user was forgotten or replaced, or may not listen; nothing more
 * comes until someone subscribes again.
 */
export type LiveState = 'connecting' | 'open' | 'offline' | 'ended';

/** What a view wants to hear; each call is made on its own, in the order of what happened. */
export interface LiveListener {
  event?(event: LiveEvent): void;
  /** A record may not be seen any more. */
  removed?(removed: Removed): void;
  /** From here on everything is told; what was read before may be stale. Called when the stream first opens, too. */
  reset?(): void;
  state?(state: LiveState): void;
}

export interface LiveOptions {
  /** The events to hear of; all unless said. */
  events?: readonly EventName[] | undefined;
  /** Ends the subscription. */
  signal?: AbortSignal | undefined;
}

/** What happens in the workspace, as it happens. */
export interface Live {
  readonly state: LiveState;
  /** Hears what happens from now on, until the returned function is called. */
  subscribe(listener: LiveListener, options?: LiveOptions): () => void;
}

/** The live stream of a client: one, however many subscribe, and one for all tabs where the browser lets them share it. */
export const liveOf: (client: Client) => Live = perClient('live', (client) => createLive(transportOf(client)));

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** Three times as long as the server is ever silent. */
const LONGEST_SILENCE = 45_000;

/** A live stream over the given transport; chance and pauses may be replaced. */
export function createLive({ tokens, options }: Transport, { random, pause } = { random: Math.random, pause: wait }): Live {
  const subscriptions = new Set<{ listener: LiveListener; events: ReadonlySet<string> | undefined }>();
  let running: AbortController | undefined;
  let state: LiveState = 'ended';
  /** The place after which the next stream goes on; none before the first one has opened. */
  let at: string | undefined;
  /** The token that was tried last: calls beside the stream may have had it replaced already. */
  let tried: string | undefined;

  function each(call: (listener: LiveListener, events: ReadonlySet<string> | undefined) => void) {
    for (const { listener, events } of Array.from(subscriptions)) safely(() => call(listener, events));
  }

  function stand(next: LiveState) {
    if (state === next) return;
    state = next;
    each((listener) => listener.state?.(next));
  }

  function hear(told: Told) {
    if ('state' in told) {
      if (told.at !== undefined) open(told.at);
      return stand(told.state);
    }
    const { message } = told;
    open(message.at, message.kind === 'reset');
    if (message.kind === 'event')
      each((listener, events) => (!events || events.has(message.event.event)) && listener.event?.(message.event));
    else if (message.kind === 'removed') each((listener) => listener.removed?.(message.removed));
  }

  /** Notes where the stream is; what the views have read may be older, unless it went on from where it was. */
  function open(next: string, isReset = false) {
    const isFirst = at === undefined;
    at = next;
    if (isReset || isFirst) each((listener) => listener.reset?.());
  }

  async function run(signal: AbortSignal) {
    const { over, token } = await patiently(
      signal,
      () => stand('offline'),
      () => credentialNow(signal),
    );
    const until = AbortSignal.any([signal, over]);
    const name = await sharedName(options.baseUrl || location.origin, token);
    until.throwIfAborted();
    const mine = (told: Told) => {
      if (!until.aborted) hear(told);
    };
    if (name === undefined) return connect(until, mine);
    return shareStream(name, {
      signal: until,
      hear: mine,
      standing: () => ({ state: state as 'open', at }),
      hold: (tell) =>
        connect(until, (told) => {
          mine(told);
          tell(told);
        }),
    });
  }

  /** Holds a stream open for as long as it may be, one after another. */
  async function connect(signal: AbortSignal, tell: (told: Told) => void) {
    tell({ state: 'connecting', at });
    const offline = () => tell({ state: 'offline', at });
    for (;;) {
      await patiently(signal, offline, async () => follow(await credentialNow(signal), signal, tell));
      // A stream that ended as it should, with its token or its server: all that held one come again.
      await pause(random() * FIRST_PAUSE, signal);
    }
  }

  /** Follows one stream until it ends. */
  async function follow({ token }: Credential, signal: AbortSignal, tell: (told: Told) => void) {
    const silence = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), LONGEST_SILENCE);
    };
    heard();
    let isOpen = false;
    try {
      const messages = readEventStream({
        baseUrl: options.baseUrl,
        fetch: (request) => (options.fetch ?? fetch)(request),
        token,
        after: at,
        signal: AbortSignal.any([signal, silence.signal]),
      });
      for await (const message of messages) {
        heard();
        tell({ message });
        if (!isOpen) tell({ state: 'open', at: message.at });
        isOpen = true;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Tries until it succeeds, ever more seldom; what trying again can't mend is thrown. */
  async function patiently<T>(signal: AbortSignal, failed: () => void, work: () => Promise<T>): Promise<T> {
    let mayRenew = true;
    let known = at;
    for (let tries = 0; ; tries++) {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        if (at !== known) {
          // It went well for a while.
          known = at;
          tries = 0;
          mayRenew = true;
        }
        const { status, retryAfter = 0 } = error as ApiError;
        if (status === 401 && mayRenew && tokens.renew(tried)) {
          mayRenew = false;
          continue;
        }
        if (!isPassing(error)) throw error;
        failed();
        const longest = Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE);
        await pause(retryAfter * 1_000 + longest * (0.5 + random() / 2), signal);
      }
    }
  }

  async function credentialNow(signal: AbortSignal): Promise<Credential> {
    const credential = await tokens.get(signal);
    signal.throwIfAborted();
    tried = credential.token;
    return credential;
  }

  function begin() {
    const started = (running = new AbortController());
    state = 'connecting';
    at = undefined;
    run(started.signal)
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 401 && !started.signal.aborted) options.onUnauthorized?.(error);
      })
      .finally(() => {
        if (running !== started) return;
        running = undefined;
        state = 'ended';
        const left = [...subscriptions];
        // Whoever hears of the end may subscribe anew.
        subscriptions.clear();
        for (const { listener } of left) safely(() => listener.state?.('ended'));
      });
  }

  return {
    get state() {
      return state;
    },
    subscribe(listener, { events, signal } = {}) {
      const subscription = { listener, events: events && new Set<string>(events) };
      const leave = () => {
        if (!subscriptions.delete(subscription) || subscriptions.size > 0) return;
        running?.abort();
        running = undefined;
        state = 'ended';
      };
      if (signal?.aborted) return leave;
      subscriptions.add(subscription);
      signal?.addEventListener('abort', leave, { once: true });
      if (!running) begin();
      listener.state?.(state);
      return leave;
    },
  };
}

/** One listener's fault is nobody else's. */
function safely(call: () => void) {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** Whether the same attempt may succeed later. */
const isPassing = (error: unknown) =>
  error instanceof ConnectionError || (error instanceof ApiError && (error.status === 429 || error.status >= 500));

import { unlessAborted } from './abort.ts';
import type { Answers } from './answers.ts';
import { unreached, type ApiError } from './errors.ts';

/** What a call is made with: a token, and the answers kept for the user and workspace that it stands for. */
export interface Credential {
  readonly token: string | undefined;
  readonly answers: Answers;
  /** Aborts when that user is forgotten or another one follows. */
  readonly over: AbortSignal;
}

/** Where tokens come from: a fixed one, or a callback that gives one whenever it is asked. */
export type TokenSource =
  | { token?: string | undefined; getToken?: undefined }
  /**
   * Asked again shortly before the last token ends and after a 401; of this client it may call only what needs no token.
   * The signal aborts when the client forgets.
   */
  | { token?: undefined; getToken: (options: { signal: AbortSignal }) => Promise<string> };

const ASKED_AHEAD = 30;

export type Tokens = ReturnType<typeof createTokens>;

/** Holds one token and asks for the next when it is due, once for any number of callers. */
export function createTokens({ token, getToken }: TokenSource) {
  let life = new AbortController();
  let answers: Answers = new Map();
  let holder: string | undefined;
  let held: Credential | undefined;
  let until: number;
  let flight: Promise<Credential> | undefined;

  // What began with the old answers can only reach the old ones, however late it ends.
  function begin() {
    life.abort();
    life = new AbortController();
    answers = new Map();
  }

  async function ask(signal: AbortSignal) {
    let next;
    try {
      next = await getToken!({ signal });
    } catch (cause) {
      // Whoever gives tokens may be out of reach, as the API may be; what the API says stands.
      throw (cause as ApiError).status ? cause : unreached(cause);
    } finally {
      signal.throwIfAborted();
      flight = undefined;
    }
    const { sub, ws, owner, exp = NaN, iat = NaN } = claimsOf(next);
    const bearer = `${sub} ${ws} ${owner}`;
    if (holder && holder !== bearer) begin();
    holder = bearer;
    // Counted from now, so that a wrong clock changes nothing.
    until = Date.now() + (exp - iat - ASKED_AHEAD) * 1_000;
    return (held = { token: next, answers, over: life.signal });
  }

  return {
    /** The credential to call with now. */
    async get(signal: AbortSignal | null): Promise<Credential> {
      if (!getToken) return { token, answers, over: life.signal };
      // A token that doesn't tell its life has no end to compare with, and is held until it is refused.
      if (held && !(until <= Date.now())) return held;
      return unlessAborted(signal, (flight ??= Promise.resolve(life.signal).then(ask)));
    },

    /** Never gives the refused token again; tells whether another may be had. */
    renew(refused: string | undefined) {
      if (held?.token === refused) held = undefined;
      return Boolean(getToken);
    },

    /** Aborts when the present user is forgotten or another one follows. */
    life: () => life.signal,

    /** Drops the token and everything that was answered for it. */
    forget() {
      begin();
      held = flight = token = undefined;
    },
  };
}

/** What a token says of itself; nothing where it says nothing. */
export function claimsOf(token: string): { sub?: string; ws?: string; owner?: string; exp?: number; iat?: number } {
  try {
    return JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) ?? {};
  } catch {
    return {};
  }
}

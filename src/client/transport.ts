import { wait } from './abort.ts';
import { keepAnswer, readAnswer } from './answers.ts';
import { ConnectionError, unreached, type ApiError } from './errors.ts';
import { callOf, withHeaders, type Call } from './request.ts';
import { pauseBefore } from './retry.ts';
import { createTokens, type Credential, type Tokens, type TokenSource } from './token.ts';

/** Where the API is, and who calls it. */
export type ClientOptions = TokenSource & {
  /** The API's origin, like `https://crm.example.com`; empty for the page's own. */
  baseUrl: string;
  /** Takes the place of the global fetch. */
  fetch?: ((request: Request) => Response | Promise<Response>) | undefined;
  /** Hears of each call that failed because no valid token was to be had; the call rejects with the same error. */
  onUnauthorized?: ((error: ApiError) => void) | undefined;
};

/** The way to the API: with a valid token, tried again where that is safe, revalidated where an answer is kept. */
export interface Transport {
  /** Carries out the call of an address with what its method was given. */
  call(address: string | Promise<string>, given: unknown[]): Promise<unknown>;
  /** Drops the token and every kept answer; a call under way is not tried again, and its answer is not given to anyone. */
  forget(): void;
  /** What it was made with, for what goes another way. */
  readonly options: ClientOptions;
  readonly tokens: Tokens;
}

/** A transport that keeps everything it learns to itself; chance and pauses may be replaced. */
export function createTransport(options: ClientOptions, { random, pause } = { random: Math.random, pause: wait }): Transport {
  const { baseUrl, onUnauthorized } = options;
  const tokens = createTokens(options);
  const { get, renew, forget, life } = tokens;
  const everyone: Credential = { token: undefined, answers: new Map(), over: new AbortController().signal };

  async function send({ method, url, body, headers, signal }: Call, { token, answers }: Credential) {
    const kept = method === 'GET' ? answers.get(url) : undefined;
    const all = withHeaders(headers, { Authorization: token && bearing(token), 'If-None-Match': kept?.etag });
    const request = requestOf(url, { method, body, headers: all, signal });
    let response;
    let text;
    try {
      response = await (options.fetch ?? fetch)(request);
      text = await response.text();
      signal?.throwIfAborted();
    } catch (cause) {
      throw unreached(cause);
    }
    if (response.status === 204) return undefined;
    if (response.status === 304 && kept) text = kept.text;
    const answer = readAnswer(response, text);
    const etag = response.headers.get('ETag');
    if (method === 'GET' && etag) keepAnswer(answers, url, etag, text);
    return answer;
  }

  async function persist(call: Call) {
    const { method, isPublic, signal } = call;
    let over: AbortSignal | undefined;
    let mayRenew = !isPublic;
    let isLost = false;
    for (let retries = 0; ;) {
      signal?.throwIfAborted();
      const credential = isPublic ? everyone : await get(signal);
      over ??= credential.over;
      // What one user began is never carried out as another.
      over.throwIfAborted();
      try {
        const answer = await send(call, credential);
        over.throwIfAborted();
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        over.throwIfAborted();
        const { status } = error as ApiError;
        if (method === 'DELETE' && isLost && status === 404) return undefined;
        isLost ||= error instanceof ConnectionError;
        if (status === 401 && mayRenew && renew(credential.token)) {
          mayRenew = false;
        } else {
          const milliseconds = method === 'PATCH' ? undefined : pauseBefore(retries++, error, random);
          if (milliseconds === undefined) throw error;
          await pause(milliseconds, signal);
        }
      }
    }
  }

  return {
    options,
    tokens,
    forget,
    async call(address, given) {
      const begun = life();
      const call = callOf(baseUrl, await address, given);
      // The user may have changed while the address was loaded.
      if (!call.isPublic) begun.throwIfAborted();
      try {
        return await persist(call);
      } catch (error) {
        if ((error as ApiError | undefined)?.status === 401 && !call.isPublic) onUnauthorized?.(error as ApiError);
        throw error;
      }
    },
  };
}

function bearing(token: string) {
  // Said here because the platform's own sentence would quote the token.
  if (/[^!-~]/.test(token)) throw new TypeError('No header can carry the token.');
  return `Bearer ${token}`;
}

function requestOf(url: string, init: RequestInit) {
  try {
    return new Request(url, init);
  } catch {
    // Without its cause, which quotes the whole address: an invitation's holds a secret.
    throw new TypeError('baseUrl must be an origin like https://crm.example.com, or empty in a browser.');
  }
}

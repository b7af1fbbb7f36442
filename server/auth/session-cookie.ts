import type { Session } from '../../src/contract/session.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { ApiFailure } from '../http/failure.ts';
import { REFRESH_DAYS, type Begun } from './auth-service.ts';

interface Call {
  request: Request;
  header(name: string, value: string): void;
}

const NAME = 'millrace_refresh';

/** Keeps refresh tokens where the client asked for: in the answer, or in a cookie that no script can read. */
export class SessionCookie {
  readonly #publicUrl: string;

  constructor(publicUrl: string) {
    this.#publicUrl = publicUrl;
  }

  /** Begins a session by `begin`, and answers it with its refresh token put into a cookie if that is where it belongs. */
  async deliver(kind: 'token' | 'cookie' | undefined, call: Call, begin: () => Promise<Begun>): Promise<Session> {
    if (kind !== 'cookie') return begin();
    this.#assertOwnOrigin(call.request);
    const begun = await begin();
    this.#set(call, begun.refresh_token, REFRESH_DAYS * 86_400);
    const { refresh_token: _, ...session } = begun;
    return session;
  }

  /** The refresh token that a request's cookie holds; only pages of the server's own origin may use it. */
  read({ request }: Call): string | undefined {
    const token = new RegExp(`(?:^|;\\s*)${NAME}=([\\w-]+)`).exec(request.headers.get('cookie') ?? '')?.[1];
    if (token !== undefined) this.#assertOwnOrigin(request);
    return token;
  }

  clear(call: Call) {
    this.#set(call, '', 0);
  }

  #set({ header }: Call, value: string, seconds: number) {
    const secure = this.#publicUrl.startsWith('https:') ? '; Secure' : '';
    header('Set-Cookie', `${NAME}=${value}; Path=${API_PREFIX}/auth; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`);
  }

  /** SameSite counts all ports of a host as one site; the origin does not. */
  #assertOwnOrigin(request: Request) {
    const origin = request.headers.get('origin');
    if (origin === null || origin === new URL(request.url).origin || origin === new URL(this.#publicUrl).origin) return;
    throw new ApiFailure(
      'ORIGIN_NOT_ALLOWED',
      'Sessions in a cookie work on the server\'s own pages only: ask for session "token".',
    );
  }
}

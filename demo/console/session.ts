import { ApiError, type Client, ConnectionError, createClient } from 'millrace/client';
import { restore, store } from './storage.ts';

type BegunSession = Awaited<ReturnType<Client['auth']['signIn']>>;
type Me = Pick<BegunSession, 'user' | 'workspace' | 'role' | 'permissions' | 'workspaces'>;

export type SessionState = 'restoring' | 'unreachable' | 'signed-out' | 'signed-in';

const ENDED = 'Your session has ended. Please sign in again.';
const ENDED_IN_OTHER_WINDOW = 'You signed out in another window.';

/**
 * Who is signed in. The access token lives in memory only; the refresh token in a cookie that no script reads, so that a
 * reload finds the session again. Windows of one browser share the cookie, hence they tell each other of changes.
 */
export class Session {
  state: SessionState = 'restoring';
  me: Me | undefined;
  /** Why the session ended, where the person did not end it here. */
  farewell = '';

  readonly client: Client;
  readonly #changed: () => void;
  readonly #otherWindows = new BroadcastChannel('millrace-session');
  #freshToken: string | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.client = createClient({
      baseUrl: '',
      getToken: () => this.#nextToken(),
      onUnauthorized: () => this.#end(ENDED),
    });
    this.#otherWindows.addEventListener('message', (event) => this.#follow(event.data as string | null));
  }

  /** Takes up the session of the cookie, if there is one; where nobody has signed in, nobody is asked. */
  async restore() {
    if (!mayHaveSession()) return this.#become('signed-out');
    this.#become('restoring');
    try {
      this.#adopt(await this.client.auth.refresh({}));
    } catch (error) {
      if (isUnauthorized(error)) noteSession(false);
      this.#become(isUnauthorized(error) ? 'signed-out' : 'unreachable');
      if (!(error instanceof ApiError || error instanceof ConnectionError)) throw error;
    }
  }

  async signIn(email: string, password: string) {
    this.farewell = '';
    this.#begin(await this.client.auth.signIn({ email, password, session: 'cookie' }));
  }

  /** Joins the workspace that an invitation is for; `newcomer` is needed where the address has no user yet. */
  async acceptInvitation(token: string, newcomer: { name?: string; password?: string }) {
    this.#begin(await this.client.members.acceptInvitation(token, { ...newcomer, session: 'cookie' }));
  }

  /** Throws where the server could not be told: the cookie would still open the session. */
  async signOut() {
    await this.client.auth.signOut({});
    this.#otherWindows.postMessage(null);
    this.#end('');
  }

  /** Asks whether the session still stands, and with what role; without an answer nothing changes. */
  async check() {
    if (this.state !== 'signed-in') return;
    const { me: before } = this;
    const me = await this.client.auth.me().catch(() => undefined);
    if (!me?.user || !me.role || this.me !== before) return;
    this.me = { ...me, user: me.user, role: me.role };
    this.#changed();
  }

  async #nextToken() {
    const token = this.#freshToken;
    this.#freshToken = undefined;
    return token ?? (await this.#refreshedToken());
  }

  async #refreshedToken() {
    const session = await this.client.auth.refresh({}).catch((error: unknown) => {
      if (isUnauthorized(error)) this.#end(ENDED);
      throw error;
    });
    if (!this.#isSame(session)) location.reload();
    return session.access_token;
  }

  #begin(session: BegunSession) {
    this.#adopt(session);
    this.#otherWindows.postMessage(session.user.id);
  }

  #adopt(session: BegunSession) {
    const { access_token, ...me } = session;
    noteSession(true);
    this.client.forget();
    this.#freshToken = access_token;
    this.me = me;
    this.farewell = '';
    this.#become('signed-in');
  }

  #end(farewell: string) {
    if (this.state === 'signed-out') return;
    noteSession(false);
    this.client.forget();
    this.#freshToken = undefined;
    this.me = undefined;
    this.farewell = farewell;
    this.#become('signed-out');
  }

  /** Another window signed out, or in as `userId`; a reload leaves nothing of who was here before. */
  #follow(userId: string | null) {
    if (this.state !== 'signed-in') return;
    if (userId === null) this.#end(ENDED_IN_OTHER_WINDOW);
    else location.reload();
  }

  #isSame(session: BegunSession) {
    return session.user.id === this.me?.user.id && session.workspace.id === this.me.workspace.id;
  }

  #become(state: SessionState) {
    this.state = state;
    this.#changed();
  }
}

const NOTE = 'millrace-session';

/** No script can read the cookie, so a note beside it tells whether to ask for its session. */
const noteSession = (isThere: boolean) => store(NOTE, isThere ? 'begun' : undefined);
const mayHaveSession = () => restore(NOTE) !== null;

const isUnauthorized = (error: unknown) => error instanceof ApiError && error.status === 401;

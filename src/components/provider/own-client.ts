import { createClient, type ApiError, type Client } from '../../client/index.ts';
import { claimsOf, type TokenSource } from '../../client/token.ts';
import { recordsOf } from '../../controllers/records.ts';

/** What a provider is told of the API and who calls it. */
export interface Settings {
  readonly baseUrl?: string | undefined;
  readonly token?: string | undefined;
  readonly getToken?: TokenSource['getToken'];
  readonly fetch?: ((request: Request) => Response | Promise<Response>) | undefined;
}

/**
 * The client that a provider makes of its settings. It stays the same while its user does: another token of theirs, another
 * `getToken` or `fetch` is taken up by it. Where the user or the server changes, the former client is made to forget.
 */
export class OwnClient {
  readonly #settings: () => Settings;
  readonly #unauthorized: (error: ApiError) => void;
  #client: Client | undefined;
  /** Whom and where the client calls for. */
  #identity: string | undefined;
  #given: string | undefined;
  /** The token that was set when it was first needed, and the life of its user. */
  #used: { token: string; life: AbortSignal } | undefined;
  #life: AbortSignal | undefined;
  /** What was refused when it was last told: the token that the client gave, and the one that was set. */
  #refused: { given: string | undefined; set: string | undefined } | undefined;

  constructor(settings: () => Settings, unauthorized: (error: ApiError) => void) {
    this.#settings = settings;
    this.#unauthorized = unauthorized;
  }

  /** The client by what is set now; none while there is no way to a token. */
  get present(): Client | undefined {
    const settings = this.#settings();
    const identity = identityOf(settings);
    if (identity !== this.#identity) this.#replace(identity);
    else if (!settings.getToken && this.#refused && this.#refused.set !== settings.token) this.#goOn();
    return this.#client;
  }

  #replace(identity: string | undefined) {
    const former = this.#client;
    this.#identity = identity;
    this.#given = this.#used = this.#life = this.#refused = undefined;
    this.#client = identity === undefined ? undefined : this.#create();
    former?.forget();
  }

  /** The same user has come back with another token: what could not be read is asked for again, what was typed stays. */
  #goOn() {
    this.#refused = undefined;
    if (this.#client) recordsOf(this.#client).renew();
  }

  #create(): Client {
    const client: Client = createClient({
      baseUrl: this.#settings().baseUrl ?? '',
      getToken: async (options) => (this.#given = await this.#tokenOf(options)),
      fetch: (request) => (this.#settings().fetch ?? fetch)(request),
      onUnauthorized: (error) => client === this.#client && this.#refuse(error),
    });
    return client;
  }

  async #tokenOf({ signal }: { signal: AbortSignal }): Promise<string> {
    const { token, getToken } = this.#settings();
    if (getToken) {
      // Another user's session may end as well.
      if (signal !== this.#life) this.#refused = undefined;
      this.#life = signal;
      return getToken({ signal });
    }
    if (!token) return '';
    if (this.#used?.token !== token) this.#used = { token, life: signal };
    // Whoever made the client forget has done with this token; without one, the API says that nobody is signed in.
    return this.#used.life.aborted ? '' : token;
  }

  #refuse(error: ApiError) {
    const { token, getToken } = this.#settings();
    // A token that is replaced by now was refused late; its stream has ended only after this.
    if (!getToken && this.#given && this.#given !== token) return void setTimeout(() => this.#goOn());
    if (this.#refused && this.#refused.given === this.#given && this.#refused.set === token) return;
    this.#refused = { given: this.#given, set: token };
    this.#unauthorized(error);
  }
}

/** The same as long as the same user calls the same server. */
function identityOf({ baseUrl = '', token, getToken }: Settings): string | undefined {
  if (getToken) return `asked ${baseUrl}`;
  if (!token) return undefined;
  const { sub, ws, owner } = claimsOf(token);
  return `${sub === undefined ? token : JSON.stringify([sub, ws, owner])} ${baseUrl}`;
}

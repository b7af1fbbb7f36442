import { SignedTokens } from '../signed-tokens.ts';

/** What an access token says. */
export interface Claims {
  userId: string;
  workspaceId: string;
  sessionId: string;
}

export const ACCESS_SECONDS = 600;

/** Signs and verifies the tokens of sessions. */
export class AccessTokens {
  readonly #tokens: SignedTokens;

  constructor(secrets: readonly [string, ...string[]], clock: () => number) {
    this.#tokens = new SignedTokens({ type: 'JWT', audience: 'millrace', claims: ['sub', 'ws', 'sid'] }, secrets, clock);
  }

  sign({ userId, workspaceId, sessionId }: Claims): Promise<string> {
    return this.#tokens.sign({ sub: userId, ws: workspaceId, sid: sessionId }, ACCESS_SECONDS);
  }

  /** The claims of a token of ours; `expired` if it was one; nothing for anything else. */
  async verify(token: string): Promise<Claims | 'expired' | undefined> {
    const payload = await this.#tokens.verify(token);
    if (payload === undefined || payload === 'expired') return payload;
    return { userId: payload.sub!, workspaceId: payload['ws'] as string, sessionId: payload['sid'] as string };
  }
}

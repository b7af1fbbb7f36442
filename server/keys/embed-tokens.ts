import type { Permission } from '../../src/contract/permissions.ts';
import { SignedTokens } from '../signed-tokens.ts';
import { newId } from '../ids.ts';

/** What an embed token says. */
export interface EmbedClaims {
  /** Its own, to count its calls by. */
  id: string;
  workspaceId: string;
  /** The key that it was made with, and dies with. */
  keyId: string;
  permissions: Permission[];
  /** The member's user, where it acts for one. */
  userId: string | undefined;
  ownerScope: string | undefined;
  components: string[] | undefined;
  origin: string | undefined;
  /** Milliseconds since 1970, to the second. */
  issuedAt: number;
}

/** The `typ` that every embed token has in its header, and no other token. */
export const EMBED_TYPE = 'embed+jwt';

/** Signs and verifies the tokens that host applications put into their pages. */
export class EmbedTokens {
  readonly #tokens: SignedTokens;
  readonly #clock: () => number;

  constructor(secrets: readonly [string, ...string[]], clock: () => number) {
    this.#tokens = new SignedTokens(
      { type: EMBED_TYPE, audience: 'millrace-embed', claims: ['jti', 'ws', 'key', 'permissions'] },
      secrets,
      clock,
    );
    this.#clock = clock;
  }

  /** A new token, and when it ends. */
  async sign(
    { workspaceId, keyId, permissions, userId, ownerScope, components, origin }: Omit<EmbedClaims, 'id' | 'issuedAt'>,
    seconds: number,
  ) {
    const now = this.#clock();
    const payload = {
      jti: newId(now),
      ws: workspaceId,
      key: keyId,
      permissions,
      ...(userId !== undefined && { sub: userId }),
      ...(ownerScope !== undefined && { owner: ownerScope }),
      ...(components && { components }),
      ...(origin !== undefined && { origin }),
    };
    const token = await this.#tokens.sign(payload, seconds, now);
    return { token, expiresAt: new Date((Math.floor(now / 1_000) + seconds) * 1_000) };
  }

  /** The claims of a token of ours; `expired` if it was one; nothing for anything else. */
  async verify(token: string): Promise<EmbedClaims | 'expired' | undefined> {
    const payload = await this.#tokens.verify(token);
    if (payload === undefined || payload === 'expired') return payload;
    const { jti, iat, ws, key, permissions, sub, owner, components, origin } = payload as Record<string, any>;
    return {
      id: jti,
      workspaceId: ws,
      keyId: key,
      permissions,
      userId: sub,
      ownerScope: owner,
      components,
      origin,
      issuedAt: iat * 1000,
    };
  }
}

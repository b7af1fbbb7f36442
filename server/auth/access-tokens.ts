import { errors, jwtVerify, SignJWT } from 'jose';

/** What an access token says. */
export interface Claims {
  userId: string;
  workspaceId: string;
  sessionId: string;
}

export const ACCESS_SECONDS = 600;
const ALGORITHM = 'HS256';
const AUDIENCE = 'millrace';
const MOST_KEPT = 10_000;

/** Signs and verifies access tokens; a verified one is remembered for its short life, for verifying costs more than most queries. */
export class AccessTokens {
  readonly #keys: [Uint8Array, ...Uint8Array[]];
  readonly #clock: () => number;
  readonly #verified = new Map<string, { claims: Claims; until: number }>();

  constructor([secret, ...former]: readonly [string, ...string[]], clock: () => number) {
    const encode = (text: string) => new TextEncoder().encode(text);
    this.#keys = [encode(secret), ...former.map(encode)];
    this.#clock = clock;
  }

  sign({ userId, workspaceId, sessionId }: Claims): Promise<string> {
    const now = Math.floor(this.#clock() / 1000);
    return new SignJWT({ ws: workspaceId, sid: sessionId })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setSubject(userId)
      .setAudience(AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(now + ACCESS_SECONDS)
      .sign(this.#keys[0]);
  }

  /** The claims of a token of ours; `expired` if it was one; nothing for anything else. */
  async verify(token: string): Promise<Claims | 'expired' | undefined> {
    const now = this.#clock();
    const known = this.#verified.get(token);
    if (known) return known.until > now ? known.claims : 'expired';
    for (const key of this.#keys) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          audience: AUDIENCE,
          typ: 'JWT',
          currentDate: new Date(now),
          requiredClaims: ['sub', 'exp', 'iat'],
        });
        const claims = { userId: payload.sub!, workspaceId: payload['ws'] as string, sessionId: payload['sid'] as string };
        if (this.#verified.size >= MOST_KEPT) this.#verified.clear();
        this.#verified.set(token, { claims, until: payload.exp! * 1000 });
        return claims;
      } catch (error) {
        if (error instanceof errors.JWTExpired) return 'expired';
      }
    }
    return undefined;
  }
}

import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';

const ALGORITHM = 'HS256';
const MOST_KEPT = 10_000;

/** What tells one family of tokens from every other. */
export interface Family {
  /** The `typ` of their header. */
  type: string;
  audience: string;
  /** What every one of them says. */
  claims: readonly string[];
}

/**
 * Signs and verifies one family of tokens; none of another family passes. A verified one is remembered for its short life,
 * for verifying costs more than most queries.
 */
export class SignedTokens {
  readonly #family: Family;
  readonly #keys: [Uint8Array, ...Uint8Array[]];
  readonly #clock: () => number;
  readonly #verified = new Map<string, { payload: JWTPayload; until: number }>();

  constructor(family: Family, [secret, ...former]: readonly [string, ...string[]], clock: () => number) {
    const encode = (text: string) => new TextEncoder().encode(text);
    this.#family = family;
    this.#keys = [encode(secret), ...former.map(encode)];
    this.#clock = clock;
  }

  sign(payload: JWTPayload, seconds: number, now = this.#clock()): Promise<string> {
    const issuedAt = Math.floor(now / 1000);
    return new SignJWT(payload)
      .setProtectedHeader({ alg: ALGORITHM, typ: this.#family.type })
      .setAudience(this.#family.audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .sign(this.#keys[0]);
  }

  /** What a token of this family says; `expired` if it was one; nothing for anything else. */
  async verify(token: string): Promise<JWTPayload | 'expired' | undefined> {
    const now = this.#clock();
    const known = this.#verified.get(token);
    if (known) return known.until > now ? known.payload : 'expired';
    for (const key of this.#keys) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          audience: this.#family.audience,
          typ: this.#family.type,
          currentDate: new Date(now),
          requiredClaims: ['exp', 'iat', ...this.#family.claims],
        });
        if (this.#verified.size >= MOST_KEPT) this.#verified.clear();
        this.#verified.set(token, { payload, until: payload.exp! * 1000 });
        return payload;
      } catch (error) {
        if (error instanceof errors.JWTExpired) return 'expired';
      }
    }
    return undefined;
  }
}

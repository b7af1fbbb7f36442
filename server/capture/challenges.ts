import { createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import * as z from 'zod/mini';
import { Challenge } from '../../src/contract/capture.ts';
import { signed } from '../secret-tokens.ts';

/** A proof that is good, as long as nobody has spent it before. */
export interface Proof {
  signature: string;
  expiresAt: Date;
}

const GOOD_SECONDS = 300;
/**
 * What a browser has to do: so many iterations for each guess, and so many guesses, of which only the server knows the last.
 * Together about a tenth of a second.
 */
const COST = 1_000;
const FEWEST_GUESSES = 60;
const MOST_GUESSES = 240;

const Payload = z.object({
  challenge: Challenge,
  solution: z.object({ counter: z.int(), derivedKey: z.string() }),
});

interface Keys {
  hmacSignatureSecret: string;
  hmacKeySignatureSecret: string;
}

/** The proofs of work that submissions carry: each is of one form, for five minutes. */
export class Challenges {
  readonly #secrets: readonly string[];
  readonly #clock: () => number;
  readonly #keys = new Map<string, Promise<Keys>>();

  constructor(secrets: readonly [string, ...string[]], clock: () => number) {
    this.#secrets = secrets;
    this.#clock = clock;
  }

  /** A challenge of a form; how many guesses it takes is left to chance unless it is said. */
  async make(formId: string, guesses = randomInt(MOST_GUESSES, FEWEST_GUESSES)): Promise<Challenge> {
    const [secret] = this.#secrets;
    const challenge = await createChallenge({
      algorithm: 'PBKDF2/SHA-256',
      cost: COST,
      counter: guesses,
      data: { form: formId },
      deriveKey,
      expiresAt: Math.floor(this.#clock() / 1000) + GOOD_SECONDS,
      ...(await this.#keysOf(secret!)),
    });
    return challenge as Challenge;
  }

  /** What a proof is good for; `expired` and `wrong` where it is good for nothing. */
  async check(formId: string, proof: string): Promise<Proof | 'expired' | 'wrong'> {
    const payload = readPayload(proof);
    if (!payload) return 'wrong';
    const { challenge, solution } = payload;
    const { data, expiresAt } = challenge.parameters;
    if (data?.['form'] !== formId || expiresAt === undefined) return 'wrong';
    const isExpired = expiresAt * 1000 <= this.#clock();
    for (const secret of this.#secrets) {
      const { verified } = await verifySolution({
        challenge: challenge as Parameters<typeof verifySolution>[0]['challenge'],
        solution,
        deriveKey,
        ...(await this.#keysOf(secret)),
      }).catch(() => ({ verified: false }));
      if (verified && !isExpired) return { signature: challenge.signature, expiresAt: new Date(expiresAt * 1000) };
    }
    return isExpired ? 'expired' : 'wrong';
  }

  #keysOf(secret: string): Promise<Keys> {
    let keys = this.#keys.get(secret);
    if (!keys) this.#keys.set(secret, (keys = keysFrom(secret)));
    return keys;
  }
}

/** Two keys of their own, so that a signature of one kind is never one of another. */
async function keysFrom(secret: string): Promise<Keys> {
  const [hmacSignatureSecret, hmacKeySignatureSecret] = await Promise.all([
    signed(secret, 'challenge'),
    signed(secret, 'challenge key'),
  ]);
  return { hmacSignatureSecret, hmacKeySignatureSecret };
}

function readPayload(proof: string): z.output<typeof Payload> | undefined {
  try {
    const bytes = Uint8Array.from(atob(proof), (sign) => sign.charCodeAt(0));
    return Payload.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}

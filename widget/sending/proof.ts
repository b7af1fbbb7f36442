import type { Challenge } from '../../src/contract/capture.ts';

/**
 * Solves a challenge of the ALTCHA protocol: looks for the counter whose key begins as asked. The browser derives the keys off
 * the main thread, so no task is long. Answers what a submission carries as its proof.
 */
export async function proofOf(challenge: Challenge, subtle: SubtleCrypto): Promise<string> {
  const { algorithm, nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters;
  const work = { name: 'PBKDF2', hash: algorithm.slice('PBKDF2/'.length), salt: bytesOf(salt), iterations: cost };
  for (let counter = 0; ; counter += 1) {
    const password = bytesOf(nonce + counter.toString(16).padStart(8, '0'));
    const key = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    const derivedKey = hexOf(new Uint8Array(await subtle.deriveBits(work, key, keyLength * 8)));
    if (derivedKey.startsWith(keyPrefix)) return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
  }
}

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));

/** Bytes as hexadecimal digits. */
export const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

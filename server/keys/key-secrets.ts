import type { ApiKeyKind } from '../../src/contract/api-key.ts';
import { hashOf, newSecret } from '../secret-tokens.ts';

const PREFIXES: Record<ApiKeyKind, string> = { secret: 'sk_live_', publishable: 'pk_live_' };

/** A new key as it is shown once, with what is kept of it. */
export async function newKeySecret(kind: ApiKeyKind) {
  const key = PREFIXES[kind] + newSecret();
  return { key, secretHash: await hashOf(key), lastFour: key.slice(-4) };
}

/** Whether a credential says that it is a key; whether it could be one of ours. */
export const looksLikeKey = (text: string) => /^[sp]k_live_/.test(text);
export const isKeyShaped = (text: string) => /^[sp]k_live_[\w-]{43}$/.test(text);

import { hexOf } from './proof.ts';

/** A random UUID, on plain http too. */
export const newId = (crypto: Pick<Crypto, 'getRandomValues'>) =>
  hexOf(crypto.getRandomValues(new Uint8Array(16))).replace(/(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-');

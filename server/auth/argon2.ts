import { hash, verify } from '@node-rs/argon2';
import type { Passwords } from '../app-parts.ts';

/** argon2id at OWASP's least cost: 19 MiB, two passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const argon2Passwords: Passwords = {
  hash: (password) => hash(password, COST),
  verify: (stored, password) => verify(stored, password),
};

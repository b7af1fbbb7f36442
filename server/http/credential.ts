import { decodeProtectedHeader } from 'jose';
import { ROLE_PERMISSIONS } from '../../src/contract/permissions.ts';
import type { AccessTokens, Claims } from '../auth/access-tokens.ts';
import type { LiveWorkspace, System } from '../db/system.ts';
import { EMBED_TYPE, type EmbedClaims, type EmbedTokens } from '../keys/embed-tokens.ts';
import { isKeyShaped, looksLikeKey } from '../keys/key-secrets.ts';
import { hashOf } from '../secret-tokens.ts';
import { networkOf } from './address.ts';
import type { Caller } from './caller.ts';
import { ApiFailure } from './failure.ts';
import type { Guesses } from './guesses.ts';
import { isWithin } from './networks.ts';

/** What a key's look-up found. */
interface KeyFound {
  caller: Caller;
  /** When the key ends, in milliseconds of the clock. */
  ends: number;
  allowedAddresses: readonly string[];
}

/** How long a change of role, a sign-out or a revocation may go unnoticed. */
const RECHECK_MS = 5_000;
const MOST_KEPT = 10_000;
/** How exactly a key's last use is known. */
const USE_NOTED_MS = 60_000;

/** Turns a request's credential into its caller. */
export class Credentials {
  readonly #system: System;
  readonly #tokens: AccessTokens;
  readonly #embedTokens: EmbedTokens;
  readonly #guesses: Guesses;
  readonly #clock: () => number;
  readonly #known = new Map<string, { found: Promise<unknown>; until: number }>();
  readonly #usesNoted = new Map<string, number>();

  constructor(system: System, tokens: AccessTokens, embedTokens: EmbedTokens, guesses: Guesses, clock: () => number) {
    this.#system = system;
    this.#tokens = tokens;
    this.#embedTokens = embedTokens;
    this.#guesses = guesses;
    this.#clock = clock;
  }

  /** The caller of a request that came from `address`, spelled as `clientAddress` does. */
  async caller(authorization: string | undefined, address: string): Promise<Caller> {
    const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1] ?? '';
    if (looksLikeKey(token)) return this.#byKey(token, address);
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
      throw unauthorized('Sign in first: send the access token in the header Authorization: Bearer ….');
    }
    return isEmbedToken(token) ? this.#byEmbedToken(token) : this.#bySession(token);
  }

  /** Forgets what was known of callers, so that the next request sees what has just changed. */
  forget() {
    this.#known.clear();
  }

  async #bySession(token: string): Promise<Caller> {
    const claims = await this.#tokens.verify(token);
    if (claims === 'expired') throw expired('The access token has expired: refresh it.');
    const caller =
      claims &&
      (await this.#remembered(`session ${claims.sessionId} ${claims.workspaceId} ${claims.userId}`, () => this.#session(claims)));
    if (!caller) throw unauthorized('The session has ended: sign in again.');
    return caller;
  }

  async #byKey(key: string, address: string): Promise<Caller> {
    const look = async () => this.#key(await hashOf(key));
    const found = isKeyShaped(key)
      ? await this.#remembered(`key ${key}`, () => this.#guesses.attempt(networkOf(address), look))
      : undefined;
    if (!found) throw unauthorized('This key is not known: it was revoked, or never was one.');
    const { caller, ends, allowedAddresses } = found;
    if (ends <= this.#clock()) throw expired('This key has expired: take a new one.');
    if (allowedAddresses.length > 0 && !allowedAddresses.some((network) => isWithin(address, network))) {
      throw new ApiFailure('FORBIDDEN', `This key may not be used from the address ${address}.`);
    }
    this.#noteUse(caller);
    return caller;
  }

  async #byEmbedToken(token: string): Promise<Caller> {
    const claims = await this.#embedTokens.verify(token);
    if (claims === 'expired') throw expired('The embed token has expired: make a new one.');
    const found = claims && (await this.#remembered(`embed ${token}`, () => this.#embed(claims)));
    if (!found) throw unauthorized('The embed token has ended, with its key or the membership it was for: make a new one.');
    if (found.ends <= this.#clock()) throw expired('The key of this embed token has expired: make a new one.');
    return found.caller;
  }

  #remembered<Found>(what: string, look: () => Promise<Found>): Promise<Found> {
    const now = this.#clock();
    const known = this.#known.get(what);
    if (known && known.until > now) return known.found as Promise<Found>;
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    const found = look();
    this.#known.set(what, { found, until: now + RECHECK_MS });
    // A failed look-up is no knowledge.
    found.catch(() => this.#known.delete(what));
    return found;
  }

  async #session({ userId, sessionId, workspaceId }: Claims): Promise<Caller | undefined> {
    const live = await this.#system.liveSession(sessionId);
    if (!live || live.user_id !== userId || live.workspace.id !== workspaceId) return undefined;
    return {
      ...EVERYTHING,
      credential: 'session',
      actorId: userId,
      userId,
      role: live.role,
      sessionId,
      keyId: undefined,
      permissions: ROLE_PERMISSIONS[live.role],
      counted: { limit: 'people', by: sessionId },
      workspace: workspaceOf(live.workspace),
    };
  }

  async #key(hash: string): Promise<KeyFound | undefined> {
    const live = await this.#system.liveKey(hash);
    if (!live) return undefined;
    const { id, kind, permissions, rate_limit, allowed_addresses, ends_ms } = live;
    const caller: Caller = {
      ...EVERYTHING,
      ...NOBODY,
      credential: kind === 'secret' ? 'secret-key' : 'publishable-key',
      actorId: id,
      keyId: id,
      permissions: new Set(permissions),
      counted: { limit: 'keys', by: id, quota: rate_limit ?? undefined },
      workspace: workspaceOf(live.workspace),
    };
    return { caller, ends: ends_ms ?? Infinity, allowedAddresses: allowed_addresses };
  }

  async #embed(claims: EmbedClaims): Promise<Pick<KeyFound, 'caller' | 'ends'> | undefined> {
    const { id, workspaceId, keyId, userId, ownerScope, components, origin, issuedAt } = claims;
    const live = await this.#system.liveEmbedding(workspaceId, keyId, userId);
    if (!live) return undefined;
    // Whoever was taken out and invited again begins anew; a token knows its second alone.
    if (live.joined_ms !== null && live.joined_ms >= issuedAt + 1_000) return undefined;
    const held = new Set(live.permissions);
    const roles = live.role && ROLE_PERMISSIONS[live.role];
    const caller: Caller = {
      ...NOBODY,
      credential: 'embed-token',
      actorId: userId ?? keyId,
      userId,
      role: live.role ?? undefined,
      keyId,
      permissions: new Set(claims.permissions.filter((one) => held.has(one) && (!roles || roles.has(one)))),
      ownerScope,
      components,
      origin,
      counted: { limit: 'people', by: `token ${id}` },
      workspace: workspaceOf(live.workspace),
    };
    return { caller, ends: live.ends_ms ?? Infinity };
  }

  /** Writes down, apart from the request, that a key was used. */
  #noteUse({ actorId, workspace }: Caller) {
    const now = this.#clock();
    if (now - (this.#usesNoted.get(actorId) ?? -Infinity) < USE_NOTED_MS) return;
    if (this.#usesNoted.size >= MOST_KEPT) this.#usesNoted.clear();
    this.#usesNoted.set(actorId, now);
    // A note that fails is written by the next use.
    this.#system.noteKeyUse(workspace.id, actorId, new Date(now)).catch(() => this.#usesNoted.delete(actorId));
  }
}

/** What a credential is not bound to. */
const EVERYTHING = { ownerScope: undefined, components: undefined, origin: undefined } as const;
const NOBODY = { userId: undefined, role: undefined, sessionId: undefined } as const;

const workspaceOf = ({ id, name, timezone, country, allowed_origins, policies }: LiveWorkspace): Caller['workspace'] => ({
  id,
  name,
  timezone,
  country,
  allowedOrigins: allowed_origins,
  policies,
});

function isEmbedToken(token: string) {
  try {
    return decodeProtectedHeader(token).typ === EMBED_TYPE;
  } catch {
    return false;
  }
}

const CHALLENGE = { headers: { 'WWW-Authenticate': 'Bearer' } };
const unauthorized = (sentence: string) => new ApiFailure('UNAUTHORIZED', sentence, CHALLENGE);
const expired = (sentence: string) => new ApiFailure('TOKEN_EXPIRED', sentence, CHALLENGE);

import { ROLE_PERMISSIONS, type Permission, type Role } from '../../src/contract/permissions.ts';
import type { System } from '../db/system.ts';
import type { AccessTokens, Claims } from '../auth/access-tokens.ts';
import { ApiFailure } from './failure.ts';

/** Who calls, where, and what they may do, as of at most five seconds ago. */
export interface Caller {
  /** Who is recorded as having done it. */
  readonly actorId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly role: Role;
  readonly permissions: ReadonlySet<Permission>;
  /** The one owner whose records the credential may see; all where there is none. */
  readonly ownerScope: string | undefined;
  readonly workspace: {
    readonly id: string;
    readonly name: string;
    readonly timezone: string;
    readonly country: string;
    readonly allowedOrigins: readonly string[];
    readonly requiresIfMatch: boolean;
  };
}

/** How long a change of role, a sign-out or a revocation may go unnoticed. */
const RECHECK_MS = 5_000;
const MOST_KEPT = 10_000;

/** Turns a request's credential into its caller. */
export class Credentials {
  readonly #system: System;
  readonly #tokens: AccessTokens;
  readonly #clock: () => number;
  readonly #callers = new Map<string, { caller: Promise<Caller | undefined>; until: number }>();

  constructor(system: System, tokens: AccessTokens, clock: () => number) {
    this.#system = system;
    this.#tokens = tokens;
    this.#clock = clock;
  }

  async caller(authorization: string | undefined): Promise<Caller> {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      throw new ApiFailure(
        'UNAUTHORIZED',
        'Sign in first: send the access token in the header Authorization: Bearer ….',
        CHALLENGE,
      );
    }
    const claims = await this.#tokens.verify(token);
    if (claims === 'expired') throw new ApiFailure('TOKEN_EXPIRED', 'The access token has expired: refresh it.', CHALLENGE);
    const caller = claims && (await this.#live(claims));
    if (!caller) throw new ApiFailure('UNAUTHORIZED', 'The session has ended: sign in again.', CHALLENGE);
    return caller;
  }

  /** Forgets what was known of callers, so that the next request sees what has just changed. */
  forget() {
    this.#callers.clear();
  }

  #live(claims: Claims): Promise<Caller | undefined> {
    const now = this.#clock();
    const key = `${claims.sessionId} ${claims.workspaceId} ${claims.userId}`;
    const known = this.#callers.get(key);
    if (known && known.until > now) return known.caller;
    if (this.#callers.size >= MOST_KEPT) this.#callers.clear();
    const caller = this.#look(claims);
    this.#callers.set(key, { caller, until: now + RECHECK_MS });
    // A failed look-up is no knowledge.
    caller.catch(() => this.#callers.delete(key));
    return caller;
  }

  async #look({ userId, sessionId, workspaceId }: Claims): Promise<Caller | undefined> {
    const live = await this.#system.liveSession(sessionId);
    if (!live || live.user_id !== userId || live.workspace.id !== workspaceId) return undefined;
    const { id, name, timezone, country, allowed_origins, policies } = live.workspace;
    return {
      actorId: userId,
      userId,
      sessionId,
      role: live.role,
      permissions: ROLE_PERMISSIONS[live.role],
      ownerScope: undefined,
      workspace: {
        id,
        name,
        timezone,
        country,
        allowedOrigins: allowed_origins,
        requiresIfMatch: policies.require_if_match === true,
      },
    };
  }
}

const CHALLENGE = { headers: { 'WWW-Authenticate': 'Bearer' } };

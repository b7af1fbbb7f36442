import type { BodyOf } from '../../src/contract/route.ts';
import { ROLE_PERMISSIONS } from '../../src/contract/permissions.ts';
import type { authRoutes, Me, Session, User } from '../../src/contract/session.ts';
import type { memberRoutes } from '../../src/contract/member.ts';
import type { AppParts } from '../app-parts.ts';
import type { Account, Invitation, Place, System } from '../db/system.ts';
import type { Caller, Person } from '../http/caller.ts';
import type { Credentials } from '../http/credential.ts';
import { ApiFailure, invalidField, notFound } from '../http/failure.ts';
import { tooMany } from '../http/limits.ts';
import { newId } from '../ids.ts';
import { ACCESS_SECONDS, type AccessTokens } from './access-tokens.ts';
import { hashOf, newSecret, successorOf } from '../secret-tokens.ts';

export const REFRESH_DAYS = 30;
const DAY_MS = 86_400_000;

/** How long a spent refresh token still answers its successor: two tabs, or an answer lost on the way. */
const GRACE_MS = 30_000;

/** A session that has begun or goes on; its refresh token is not yet where the client keeps it. */
export type Begun = Session & { refresh_token: string };

/** From where a call comes: what its limits are counted by, and what its changes are recorded with. */
export interface Origin {
  requestId: string;
  address: string;
}

/** The rules of signing in and staying signed in. */
export class AuthService {
  readonly #parts: AppParts;
  readonly #system: System;
  readonly #tokens: AccessTokens;
  readonly #credentials: Credentials;
  /** What a password is compared with where there is no account, so that both answers take as long. */
  #nobody: Promise<string> | undefined;

  constructor(parts: AppParts, system: System, tokens: AccessTokens, credentials: Credentials) {
    this.#parts = parts;
    this.#system = system;
    this.#tokens = tokens;
    this.#credentials = credentials;
  }

  async signUp(given: BodyOf<typeof authRoutes.signUp>, { requestId, address }: Origin): Promise<Begun> {
    const isClosed = this.#parts.signUp === 'closed';
    if (isClosed && (await this.#system.hasUsers())) throw signUpClosed();
    return this.#attempt([`address ${address}`], async () => {
      const passwordHash = await this.#parts.passwords.hash(given.password);
      const user = {
        id: newId(),
        name: given.name,
        email: given.email,
        passwordHash,
        locale: given.locale,
        timezone: given.timezone,
      };
      const workspace = { id: newId(), name: given.workspace, locale: given.locale, timezone: given.timezone };
      await this.#system.for(requestId, undefined, user.id).transaction(async (system) => {
        if (isClosed) {
          await system.holdFirstSignUp();
          if (await system.hasUsers()) throw signUpClosed();
        }
        if (await system.accountByEmail(given.email)) throw duplicateUser();
        await system.createUser(user);
        await system.createWorkspace(workspace, user.id);
      });
      return this.#begin((await this.#system.accountById(user.id))!, workspace.id);
    });
  }

  async signIn(given: BodyOf<typeof authRoutes.signIn>, { address }: Origin): Promise<Begun> {
    return this.#attempt([`account ${given.email.toLowerCase()}`, `address ${address}`], async () => {
      const account = await this.#verified(await this.#system.accountByEmail(given.email), given.password);
      if (!account) throw new ApiFailure('UNAUTHORIZED', 'E-mail or password is wrong.');
      return this.#begin(account, given.workspace_id);
    });
  }

  /** Answers a new access token for a refresh token, which is spent by it. */
  async refresh(token: string): Promise<Begun> {
    const hash = await hashOf(token);
    const successor = await this.#system.transaction(async (system) => {
      const stored = await system.holdRefreshToken(hash);
      if (!stored || stored.revoked || stored.expired) return undefined;
      if (stored.spent_ms === null) {
        const next = await successorOf(token, this.#parts.secrets[0]);
        await system.spendRefreshToken(hash, await hashOf(next));
        await system.keepRefreshToken({ hash: await hashOf(next), sessionId: stored.session_id, expiresAt: this.#refreshEnd() });
        return { ...stored, token: next };
      }
      if (stored.spent_ms < GRACE_MS) {
        const next = await this.#sameSuccessor(token, stored.successor_hash);
        return next === undefined ? undefined : { ...stored, token: next };
      }
      // Spent long ago and here again: someone has a copy. Whoever it is, the session ends for all.
      await system.endSession(stored.session_id);
      return undefined;
    });
    const live = successor && (await this.#system.liveSession(successor.session_id));
    const account = live && (await this.#system.accountById(live.user_id));
    if (!account) {
      this.#credentials.forget();
      throw new ApiFailure('UNAUTHORIZED', 'The session has ended: sign in again.');
    }
    return this.#session(account, { ...live.workspace, role: live.role }, successor.session_id, successor.token);
  }

  /** Ends the session that a refresh token belongs to; an unknown one has none to end. */
  async signOut(token: string) {
    const hash = await hashOf(token);
    await this.#system.transaction(async (system) => {
      const stored = await system.holdRefreshToken(hash);
      if (stored) await system.endSession(stored.session_id);
    });
    this.#credentials.forget();
  }

  async me(caller: Caller): Promise<Me> {
    const { userId, role = null, permissions, components = null, workspace } = caller;
    const account = userId === undefined ? undefined : await this.#system.accountById(userId);
    if (userId !== undefined && !account) throw notFound('user');
    return {
      user: account ? userOf(account) : null,
      workspace: { id: workspace.id, name: workspace.name },
      role,
      permissions: [...permissions],
      workspaces: caller.credential === 'session' ? await this.#system.placesOf(caller.userId!) : [],
      components: components && [...components],
    };
  }

  async switchWorkspace(caller: Person, workspaceId: string): Promise<Begun> {
    return this.#begin((await this.#system.accountById(caller.userId))!, workspaceId);
  }

  /** Changes a password. One that is already the new one is a repeat whose first answer was lost. */
  async changePassword(caller: Person, given: BodyOf<typeof authRoutes.changePassword>) {
    await this.#attempt([`password ${caller.userId}`], async () => {
      const account = (await this.#system.accountById(caller.userId))!;
      if (!(await this.#verified(account, given.current_password))) {
        if (await this.#verified(account, given.new_password)) return;
        throw wrongPassword('current_password', 'The current password is wrong.');
      }
      const passwordHash = await this.#parts.passwords.hash(given.new_password);
      await this.#system.transaction(async (system) => {
        await system.setPassword(caller.userId, passwordHash);
        await system.endOtherSessions(caller.userId, caller.sessionId);
      });
      this.#credentials.forget();
    });
  }

  /** Accepts an invitation: as the user that the address has, who proves it by their password, or as a new one. */
  async acceptInvitation(
    token: string,
    given: BodyOf<typeof memberRoutes.acceptInvitation>,
    { requestId, address }: Origin,
  ): Promise<Begun> {
    const hash = await hashOf(token);
    const { name, password } = given;
    const known = await this.#openInvitation(this.#system, hash);
    if (known.user_id === null && name == null) throw invalidField('name', 'required');
    if (password === undefined) throw invalidField('password', 'required');

    // A link opens no account that exists: it may have been forwarded, and the account may own other workspaces.
    const account = known.user_id === null ? undefined : await this.#system.accountById(known.user_id);
    if (account)
      await this.#attempt([`account ${account.email.toLowerCase()}`, `address ${address}`], () =>
        this.#assertPassword(account, password),
      );
    const newcomer = account
      ? undefined
      : { id: newId(), name: name!, email: known.email, passwordHash: await this.#parts.passwords.hash(password) };

    await this.#system.for(requestId).transaction(async (system) => {
      const invitation = await this.#openInvitation(system, hash);
      if (newcomer) await system.createUser(newcomer);
      else if (await system.isMember(invitation.workspace_id, account!.id))
        throw new ApiFailure('CONFLICT', 'You are a member of this workspace already: sign in.');
      await system.acceptInvitation(invitation, account?.id ?? newcomer!.id);
    });
    return this.#begin((await this.#system.accountById(account?.id ?? newcomer!.id))!, known.workspace_id);
  }

  async #openInvitation(system: System, hash: string): Promise<Invitation> {
    const invitation = await system.invitationByHash(hash);
    if (!invitation) throw new ApiFailure('NOT_FOUND', 'This invitation does not exist: ask for a new one.');
    if (invitation.used) throw new ApiFailure('CONFLICT', 'This invitation was already used: sign in.');
    if (invitation.expired) throw new ApiFailure('CONFLICT', 'This invitation has expired: ask for a new one.');
    return invitation;
  }

  async #assertPassword(account: Account, password: string) {
    if (!(await this.#verified(account, password)))
      throw wrongPassword('password', 'This address has an account, and that is not its password.');
  }

  /** Lets `work` be tried until it has failed too often; what succeeds does not count. */
  async #attempt<T>(callers: string[], work: () => Promise<T>): Promise<T> {
    const { limits, limitStore, metrics } = this.#parts;
    const limit = limits['sign-in'];
    const standings = await Promise.all(callers.map((caller) => limitStore.take(limit, caller)));
    const refused = standings.filter(({ allowed }) => !allowed).sort((one, other) => other.reset - one.reset);
    if (refused[0]) {
      // What is refused was never tried, so it counts nowhere.
      await Promise.all(callers.map((caller) => limitStore.giveBack(limit, caller)));
      metrics.limited(limit.name);
      throw tooMany(limit, refused[0]);
    }
    let isFailedTry = false;
    try {
      return await work();
    } catch (error) {
      // Only a refusal is one: a database that does not answer tells nothing about the caller.
      isFailedTry = error instanceof ApiFailure;
      throw error;
    } finally {
      if (!isFailedTry) await Promise.all(callers.map((caller) => limitStore.giveBack(limit, caller)));
    }
  }

  async #verified(account: Account | undefined, password: string): Promise<Account | undefined> {
    this.#nobody ??= this.#parts.passwords.hash(newSecret());
    const isRight = await this.#parts.passwords.verify(account?.password_hash ?? (await this.#nobody), password);
    return isRight ? account : undefined;
  }

  /** Begins a session in the wanted workspace, or in the first that the user joined. */
  async #begin(account: Account, workspaceId: string | undefined): Promise<Begun> {
    const places = await this.#system.placesOf(account.id);
    const place = workspaceId === undefined ? places[0] : places.find(({ id }) => id === workspaceId);
    if (!place) {
      throw workspaceId === undefined
        ? new ApiFailure('FORBIDDEN', 'You are not a member of any workspace: ask for an invitation.')
        : notFound('workspace');
    }
    const session = { id: newId(), userId: account.id, workspaceId: place.id };
    const token = newSecret();
    const hash = await hashOf(token);
    await this.#system.transaction(async (system) => {
      await system.beginSession(session);
      await system.keepRefreshToken({ hash, sessionId: session.id, expiresAt: this.#refreshEnd() });
    });
    return this.#session(account, place, session.id, token);
  }

  async #session(account: Account, place: Place, sessionId: string, refreshToken: string): Promise<Begun> {
    const accessToken = await this.#tokens.sign({ userId: account.id, workspaceId: place.id, sessionId });
    const { id, name, role } = place;
    return {
      user: userOf(account),
      workspace: { id, name },
      role,
      permissions: [...ROLE_PERMISSIONS[role]],
      workspaces: await this.#system.placesOf(account.id),
      components: null,
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_in: ACCESS_SECONDS,
    };
  }

  async #sameSuccessor(token: string, successorHash: string | null): Promise<string | undefined> {
    for (const secret of this.#parts.secrets) {
      const successor = await successorOf(token, secret);
      if ((await hashOf(successor)) === successorHash) return successor;
    }
    return undefined;
  }

  #refreshEnd() {
    return new Date(this.#parts.clock() + REFRESH_DAYS * DAY_MS);
  }
}

const userOf = ({ password_hash: _, ...user }: Account): User => user;

const signUpClosed = () => new ApiFailure('FORBIDDEN', 'Signing up is closed here: ask an administrator for an invitation.');

const wrongPassword = (path: string, message: string) =>
  new ApiFailure('VALIDATION_ERROR', message, { issues: [{ path, code: 'not_password', params: {}, message }] });

const duplicateUser = () =>
  new ApiFailure('DUPLICATE', 'This address has an account already: sign in.', {
    issues: invalidField('email', 'taken').extras.issues!,
  });

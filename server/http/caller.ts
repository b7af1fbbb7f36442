import type { Permission, Role } from '../../src/contract/permissions.ts';
import type { Policies } from '../../src/contract/workspace.ts';
import { ApiFailure } from './failure.ts';

/** Who calls, where, and what they may do, as of at most five seconds ago. */
export interface Caller {
  readonly credential: 'session' | 'secret-key' | 'publishable-key' | 'embed-token';
  /** Who is recorded as having done it: a person, or the key itself. */
  readonly actorId: string;
  /** The person, also where an embed token acts for one; none where a key calls. */
  readonly userId: string | undefined;
  readonly role: Role | undefined;
  readonly sessionId: string | undefined;
  /** The key that calls, or that the embed token was made with. */
  readonly keyId: string | undefined;
  readonly permissions: ReadonlySet<Permission>;
  /** The one owner whose records the credential may see; all where there is none. */
  readonly ownerScope: string | undefined;
  /** The elements that the credential is for; all where it does not say. */
  readonly components: readonly string[] | undefined;
  /** The one origin whose pages may use the credential; the workspace's where it does not say. */
  readonly origin: string | undefined;
  /** By which limit the calls are counted, and together with which others. */
  readonly counted: { readonly limit: 'people' | 'keys'; readonly by: string; readonly quota?: number | undefined };
  readonly workspace: {
    readonly id: string;
    readonly name: string;
    readonly timezone: string;
    readonly country: string;
    readonly allowedOrigins: readonly string[];
    readonly policies: Policies;
  };
}

/** A person who is signed in. */
export type Person = Caller & { readonly userId: string; readonly role: Role; readonly sessionId: string };

/** The caller as a person who is signed in; refuses every other credential. */
export function personOf(caller: Caller): Person {
  if (caller.credential === 'session') return caller as Person;
  const what = caller.credential === 'embed-token' ? 'an embed token' : 'a key';
  throw new ApiFailure('FORBIDDEN', `This needs someone who is signed in: ${what} can't do it.`);
}

/** Whether the caller decides for others as well: a manager or above, also by an embed token, or a program with a secret key. */
export const decidesForOthers = ({ credential, role }: Caller): boolean =>
  role === undefined ? credential === 'secret-key' : role === 'owner' || role === 'admin' || role === 'manager';

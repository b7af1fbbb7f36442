import type { Permission } from '../../src/contract/permissions.ts';
import type { Route } from '../../src/contract/route.ts';
import { personOf, type Caller, type Person } from './caller.ts';
import { ApiFailure } from './failure.ts';
import { originRefused } from './origins.ts';

/** The caller of a route, as far as its access says who that can be. */
export type CallerOf<R extends Route> = R['permission'] extends 'signed-in' | 'owner' ? Person : Caller;

/** Refuses a page that the caller's workspace or credential does not allow; a request that names no page comes from none. */
export function assertOriginAllowed(caller: Caller, request: Request, foreignOrigin: string | undefined) {
  if (foreignOrigin && !caller.workspace.allowedOrigins.includes(foreignOrigin)) throw originRefused(foreignOrigin);
  const origin = request.headers.get('origin');
  if (caller.origin === undefined || origin === null || origin === caller.origin) return;
  throw new ApiFailure('ORIGIN_NOT_ALLOWED', `Pages of ${origin} may not use this token: it was made for ${caller.origin}.`);
}

/** Refuses a caller who may not call a route. */
export function assertMayCall({ permission }: Route, caller: Caller) {
  if (caller.credential === 'publishable-key')
    throw new ApiFailure('FORBIDDEN', 'A publishable key reaches /public only: use a secret key, from your server.');
  switch (permission) {
    case 'public':
    case 'any-credential':
      return;
    case 'signed-in':
      return void personOf(caller);
    case 'owner':
      if (personOf(caller).role === 'owner') return;
      throw new ApiFailure('FORBIDDEN', "Only the workspace's owner may do this.");
    case 'secret-key':
      if (caller.credential === 'secret-key') return;
      throw new ApiFailure(
        'FORBIDDEN',
        'This needs a secret key: call it from your server, with Authorization: Bearer sk_live_….',
      );
    default:
      assertHolds(caller, permission);
  }
}

/** Refuses a caller without a permission, by its name. */
function assertHolds(caller: Caller, permission: Permission) {
  if (caller.permissions.has(permission)) return;
  throw new ApiFailure('FORBIDDEN', `This needs the permission ${permission}, which ${holderOf(caller)} does not have.`);
}

/** What a caller has its permissions by. */
export function holderOf({ credential, role }: Caller): string {
  if (credential === 'session') return `the role ${role}`;
  return credential === 'embed-token' ? 'this token' : 'this key';
}

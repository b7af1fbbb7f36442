import { memberRoutes } from '../../src/contract/member.ts';
import { authRoutes as routes } from '../../src/contract/session.ts';
import type { Api } from '../http/api.ts';
import { ApiFailure } from '../http/failure.ts';
import type { AuthService } from './auth-service.ts';
import type { SessionCookie } from './session-cookie.ts';

export function serveAuth(api: Api, auth: AuthService, cookie: SessionCookie) {
  api.servePublic(routes.signUp, (call) => cookie.deliver(call.body.session, call, () => auth.signUp(call.body, call)));
  api.servePublic(routes.signIn, (call) => cookie.deliver(call.body.session, call, () => auth.signIn(call.body, call)));
  api.servePublic(memberRoutes.acceptInvitation, (call) =>
    cookie.deliver(call.body.session, call, () => auth.acceptInvitation(call.params.token, call.body, call)),
  );
  api.servePublic(routes.refresh, async (call) => {
    const { refresh_token: given } = call.body;
    if (given !== undefined) return auth.refresh(given);
    const kept = cookie.read(call);
    if (kept === undefined) throw new ApiFailure('UNAUTHORIZED', 'There is no session to go on with: sign in.');
    return cookie.deliver('cookie', call, async () => {
      try {
        return await auth.refresh(kept);
      } catch (error) {
        if (error instanceof ApiFailure && error.code === 'UNAUTHORIZED') cookie.clear(call);
        throw error;
      }
    });
  });
  api.servePublic(routes.signOut, async (call) => {
    const kept = cookie.read(call);
    for (const token of new Set([call.body.refresh_token, kept])) if (token !== undefined) await auth.signOut(token);
    if (kept !== undefined) cookie.clear(call);
  });
  api.serveCaller(routes.me, ({ caller }) => auth.me(caller));
  api.serveCaller(routes.switchWorkspace, async (call) => {
    const { workspace_id: workspaceId, session: kind } = call.body;
    const replaced = kind === 'cookie' ? cookie.read(call) : undefined;
    const session = await cookie.deliver(kind, call, () => auth.switchWorkspace(call.caller, workspaceId));
    // A cookie holds one session: the one that it held until now could never be ended any more.
    if (replaced !== undefined) await auth.signOut(replaced);
    return session;
  });
  api.serveCaller(routes.changePassword, ({ caller, body }) => auth.changePassword(caller, body));
}

import { memberRoutes } from '../../src/contract/member.ts';
import { authRoutes as routes } from '../../src/contract/session.ts';
import type { Api } from '../http/api.ts';
import { ApiFailure } from '../http/failure.ts';
import type { AuthService } from './auth-service.ts';
import type { SessionCookie } from './session-cookie.ts';

export function serveAuth(api: Api, auth: AuthService, cookie: SessionCookie) {
  api.servePublic(routes.signUp, async (call) => cookie.deliver(await auth.signUp(call.body, call), call.body.session, call));
  api.servePublic(routes.signIn, async (call) => cookie.deliver(await auth.signIn(call.body, call), call.body.session, call));
  api.servePublic(memberRoutes.acceptInvitation, async (call) =>
    cookie.deliver(await auth.acceptInvitation(call.params.token, call.body, call), call.body.session, call),
  );
  api.servePublic(routes.refresh, async (call) => {
    const { refresh_token: given } = call.body;
    const token = given ?? cookie.read(call);
    if (token === undefined) throw new ApiFailure('UNAUTHORIZED', 'There is no session to go on with: sign in.');
    return cookie.deliver(await auth.refresh(token), given === undefined ? 'cookie' : 'token', call);
  });
  api.servePublic(routes.signOut, async (call) => {
    const kept = cookie.read(call);
    for (const token of new Set([call.body.refresh_token, kept])) if (token !== undefined) await auth.signOut(token);
    if (kept !== undefined) cookie.clear(call);
  });
  api.serveCaller(routes.me, ({ caller }) => auth.me(caller));
  api.serveCaller(routes.switchWorkspace, async (call) =>
    cookie.deliver(await auth.switchWorkspace(call.caller, call.body.workspace_id), call.body.session, call),
  );
  api.serveCaller(routes.changePassword, ({ caller, body }) => auth.changePassword(caller, body));
}

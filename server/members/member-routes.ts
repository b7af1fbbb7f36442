import { memberRoutes as routes } from '../../src/contract/member.ts';
import type { Log } from '../app-parts.ts';
import type { Api } from '../http/api.ts';
import type { Credentials } from '../http/credential.ts';
import { traceOf } from '../http/errors.ts';
import { ApiFailure } from '../http/failure.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { MemberService } from './member-service.ts';

export function serveMembers(api: Api, members: MemberService, mailer: Mailer, credentials: Credentials, log: Log) {
  api.serve(routes.list, ({ tenant, query }) => members.list(tenant, query));
  api.serve(routes.get, ({ tenant, params }) => members.get(tenant, params.id));
  api.serve(routes.invite, async ({ tenant, body, requestId, committed }) => {
    const { member, mail } = await members.invite(tenant, body);
    committed(() =>
      mailer.send(mail).catch((error: unknown) => {
        log.error({ request_id: requestId, ...traceOf(error) }, 'MAIL_NOT_SENT');
        throw new ApiFailure('UNAVAILABLE', 'The invitation is kept, but its mail could not be sent: invite again in a moment.');
      }),
    );
    return member;
  });
  api.serve(routes.update, ({ tenant, params, body, expected, committed }) => {
    committed(() => credentials.forget());
    return members.update(tenant, params.id, body, expected);
  });
  api.serve(routes.remove, ({ tenant, params, query, expected, committed }) => {
    committed(() => credentials.forget());
    return members.remove(tenant, params.id, query.reassign_to, expected);
  });
}

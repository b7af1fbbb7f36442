import { API_PREFIX } from '../src/contract/routes.ts';
import type { AppParts } from './app-parts.ts';
import { serveAudit } from './audit/audit-routes.ts';
import { AuditService } from './audit/audit-service.ts';
import { AccessTokens } from './auth/access-tokens.ts';
import { serveAuth } from './auth/auth-routes.ts';
import { AuthService } from './auth/auth-service.ts';
import { SessionCookie } from './auth/session-cookie.ts';
import { serveCompanies } from './companies/company-routes.ts';
import { CompanyService } from './companies/company-service.ts';
import { serveContacts } from './contacts/contact-routes.ts';
import { ContactService } from './contacts/contact-service.ts';
import { System } from './db/system.ts';
import { Api, type Connection } from './http/api.ts';
import { Credentials } from './http/credential.ts';
import { serveDocs } from './http/docs.ts';
import { operations } from './http/operations.ts';
import { Origins } from './http/origins.ts';
import { serveMembers } from './members/member-routes.ts';
import { MemberService } from './members/member-service.ts';
import { serveWorkspace } from './workspace/workspace-routes.ts';
import { WorkspaceService } from './workspace/workspace-service.ts';

export interface App {
  /** Answers a request; anything outside the API and the operator's addresses is 404. */
  fetch(request: Request, connection: Connection): Response | Promise<Response>;
  /** Removes what is past its time, a bounded piece at once; tells how many rows went. */
  purge(): Promise<number>;
  /** The routes that are served. */
  api: Api;
}

/** The whole API over the parts it is given: a web-standard fetch handler, the same on Node and in a browser. */
export function createApp(parts: AppParts): App {
  const system = new System(parts.db);
  const tokens = new AccessTokens(parts.secrets, parts.clock);
  const credentials = new Credentials(system, tokens, parts.clock);
  const origins = new Origins(system, parts.publicUrl, parts.clock);
  const api = new Api(parts, credentials, origins, () => {});

  const companies = new CompanyService();
  const contacts = new ContactService(companies);
  const members = new MemberService(contacts, parts.publicUrl);

  serveAuth(api, new AuthService(parts, system, tokens, credentials), new SessionCookie(parts.publicUrl));
  serveWorkspace(api, new WorkspaceService(), members, system, credentials, origins);
  serveMembers(api, members, parts.mailer, credentials, parts.log);
  serveAudit(api, new AuditService());
  serveContacts(api, contacts);
  serveCompanies(api, companies);

  const router = operations(parts, system);
  serveDocs(router);
  router.notFound((c) => api.fetch(c.req.raw, c.env as Connection));
  return {
    api,
    purge: () => system.for('purge').purge(),
    fetch: (request, connection) => {
      const { pathname } = new URL(request.url);
      const isDocs = pathname === `${API_PREFIX}/docs` || pathname === `${API_PREFIX}/openapi.json`;
      return pathname.startsWith(`${API_PREFIX}/`) && !isDocs
        ? api.fetch(request, connection)
        : router.fetch(request, connection);
    },
  };
}

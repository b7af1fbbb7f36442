import { auditRoutes as routes } from '../../src/contract/audit.ts';
import type { Api } from '../http/api.ts';
import type { AuditService } from './audit-service.ts';

export function serveAudit(api: Api, audit: AuditService) {
  api.serve(routes.list, ({ tenant, query }) => audit.list(tenant, query));
}

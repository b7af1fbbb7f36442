import { sql } from 'kysely';
import type { AuditEntry, auditRoutes } from '../../src/contract/audit.ts';
import type { QueryOf } from '../../src/contract/route.ts';
import { asked, is, since, until } from '../db/filters.ts';
import { list, type Listing } from '../db/list.ts';
import type { Tenant } from '../db/tenant.ts';
import type { Page } from '../http/json.ts';

const listing: Listing<AuditEntry, 'at'> = {
  from: sql`audit_log r`,
  wire: sql`r.id, r.workspace_id, wire_time(r.at) as at, r.actor_id,
    coalesce((select name from users u where u.id = r.actor_id), (select name from api_keys k where k.id = r.actor_id)) as actor_name,
    r.action, r.resource, r.record_id, r.before, r.after, r.request_id`,
  sorts: { at: { column: sql`r.at`, type: 'timestamptz' } },
  defaultSort: 'at',
  isScoped: true,
};

/** What was changed, by whom. The database writes it with every change; here it is only read. */
export class AuditService {
  list(tenant: Tenant, query: QueryOf<typeof auditRoutes.list>): Promise<Page<AuditEntry>> {
    return list(
      tenant,
      listing,
      query,
      asked([
        is('resource', query.resource, 'text'),
        is('record_id', query.record_id, 'uuid'),
        is('actor_id', query.actor_id, 'uuid'),
        is('action', query.action, 'text'),
        since(tenant, 'at', query.from),
        until(tenant, 'at', query.to),
      ]),
    );
  }
}

import { begin, type Statement } from '../../../server/db/db.ts';
import type { LeadQuery } from '../../../src/contract/lead.ts';
import { list } from '../../../server/db/list.ts';
import { PostgresDb } from '../../../server/db/postgres.ts';
import { queryOver } from '../../../server/db/query.ts';
import type { Tenant } from '../../../server/db/tenant.ts';
import { knownTotal } from '../../../server/leads/lead-totals.ts';
import { leadFilters, leadListing } from '../../../server/leads/lead-wire.ts';
import { ownerId, workspaceId } from './seeded-leads.ts';

interface Route {
  sql: string;
  calls: { opening: string; values: unknown[] }[];
}

/** The statements that the server itself would send, with every value that may come, for a handler that does nothing else. */
export async function handWrittenPlan(url: string, numbers: number[]) {
  const db = new PostgresDb({ url });
  const routes: Record<'/list' | '/keyset', Route> = { '/list': { sql: '', calls: [] }, '/keyset': { sql: '', calls: [] } };
  const cursors: { number: number; cursor: string }[] = [];
  for (const number of numbers) {
    const scope = { role: 'app', workspaceId: workspaceId(number), actorId: ownerId(number), requestId: 'bench' } as const;
    const opening = begin(scope, { readOnly: true });
    const pageOf = async (query: Partial<LeadQuery>) => {
      const sent: Statement[] = [];
      const tenant = {
        caller: { userId: ownerId(number), ownerScope: undefined, workspace: { timezone: 'UTC' } },
        workspaceId: workspaceId(number),
        db: queryOver(async (statement) => {
          sent.push(statement);
          return (await db.unit(scope, [statement], { readOnly: true }))[0]!;
        }),
      } as unknown as Tenant;
      const page = await list(tenant, leadListing, query, leadFilters(tenant, { ...query, cf: undefined }), {
        total: knownTotal(tenant, query),
      });
      return { page, statement: sent[0]! };
    };
    const add = (route: Route, { sql, parameters }: Statement) => {
      route.sql = sql;
      route.calls.push({ opening, values: [...parameters] });
    };
    add(routes['/list'], (await pageOf({})).statement);
    const { page } = await pageOf({ page: 100, count: 'none' });
    const cursor = page.pagination.next_cursor!;
    cursors.push({ number, cursor });
    add(routes['/keyset'], (await pageOf({ cursor })).statement);
  }
  await db.close();
  return { url, connections: 4, routes, cursors };
}

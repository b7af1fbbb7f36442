import type { TestServer, TestWorkspace } from './server.ts';

/** Fills a workspace with leads in the first stage of its pipeline, each of a contact of its own, all by one statement each. */
export async function fillLeads(
  server: TestServer,
  workspace: Pick<TestWorkspace, 'id' | 'owner'>,
  count: number,
  { owner = null, tags = [] }: { owner?: string | null; tags?: string[] } = {},
): Promise<void> {
  const scope = { role: 'app', workspaceId: workspace.id, actorId: workspace.owner.userId, requestId: 'fill' } as const;
  const run = async (sql: string, ...parameters: unknown[]) =>
    (await server.database.db.unit(scope, [{ sql, parameters }]))[0]!.rows;
  const [{ made }] = (await run('select count(*)::integer as made from contacts')) as [{ made: number }];
  await run(
    `insert into contacts (firstname, lastname) select 'Many', 'number ' || n from generate_series($1::integer + 1, $1::integer + $2::integer) n`,
    made,
    count,
  );
  await run(
    `insert into leads (contact_id, title, pipeline_id, stage_id, status, currency, position, owner_id, tags)
      select c.id, c.lastname, s.pipeline_id, s.id, 'new', 'EUR', 'a' || lpad(split_part(c.lastname, ' ', 2), 6, '1') || '1', $1, $2
      from contacts c, (select s.* from stages s join pipelines p on p.id = s.pipeline_id and p.is_default order by s.display_order limit 1) s
      where c.firstname = 'Many' and not exists (select from leads l where l.contact_id = c.id)`,
    owner,
    tags,
  );
}

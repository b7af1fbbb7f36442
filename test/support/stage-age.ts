import type { TestServer } from './server.ts';

/** Has a lead be in its stage for some minutes more, as if they had passed. */
export async function aged(server: TestServer, lead: { id: string; workspace_id: string }, minutes: number) {
  await server.database.asOwner(
    `with entered as materialized (select set_config('millrace.workspace', $1, true))
     update leads set stage_entered_at = stage_entered_at - $3::integer * interval '1 minute' from entered where id = $2`,
    [lead.workspace_id, lead.id, minutes],
  );
}

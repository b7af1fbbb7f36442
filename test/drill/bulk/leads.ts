import type { Read } from '../kill/homes.ts';

/** The stage that leads are moved to. */
export const FAR = 'Qualified';

/** Fills a workspace with leads, each of a contact of its own, in an order that their ids do not have. */
export const filledWith = (count: number, workspaceId: string, userId: string) => `
  select set_config('millrace.workspace', '${workspaceId}', false), set_config('millrace.actor', '${userId}', false);
  insert into contacts (firstname, lastname) select 'Drilled', 'number ' || n from generate_series(1, ${count}) n;
  insert into leads (contact_id, title, pipeline_id, stage_id, status, currency, position)
    select c.id, c.lastname, s.pipeline_id, s.id, 'new', 'EUR', 'd' || lpad((row_number() over (order by md5(c.lastname)))::text, 5, '0') || '1'
    from contacts c, stages s where s.name = 'New lead';
  select set_config('millrace.workspace', '', false), set_config('millrace.actor', '', false);`;

/** The leads as one word, without what tells only that they were changed. */
export async function standing(look: Read): Promise<string> {
  const [{ mark }] = (await look(`
    select md5(string_agg((to_jsonb(l) - array['version', 'updated_at', 'updated_by', 'last_activity_at'])::text, '|' order by id)) as mark
    from leads l`)) as [{ mark: string }];
  return mark;
}

/** What only half a piece could leave behind. */
const HALVES: Record<string, (bulkId: string) => string> = {
  'a count that is not that of the rows': (id) => `
    select b.done, r.done as rows from bulk_jobs b, (select count(*) filter (where status = 'done') as done,
      count(*) filter (where undo = 'undone') as undone from bulk_rows where bulk_id = '${id}') r
    where b.id = '${id}' and (b.done <> r.done or b.undone <> r.undone)`,
  'a row that says what its lead does not': (id) => `
    select r.lead_id from bulk_rows r join leads l on l.id = r.lead_id join stages s on s.id = l.stage_id where r.bulk_id = '${id}'
      and (s.name = '${FAR}') <> (r.status = 'done' and r.undo is null)`,
  'a lead that was written down twice': (id) => `
    select lead_id from bulk_rows where bulk_id = '${id}' group by 1 having count(*) > 1`,
};

/** The halves that a kill has left of a bulk job, as sentences. */
export async function halvesOf(look: Read, bulkId: string): Promise<string[]> {
  const found: string[] = [];
  for (const [what, sqlOf] of Object.entries(HALVES)) {
    const rows = await look(sqlOf(bulkId));
    if (rows.length > 0) found.push(`${rows.length} times ${what}, first ${JSON.stringify(rows[0])}`);
  }
  return found;
}

/** Which leads were not moved as many times as told, by what every move leaves, as sentences. */
export async function notMoved(look: Read, times: number): Promise<string[]> {
  const traces = {
    version: `select id, version - 1 as times from leads`,
    history: `select l.id, count(h.id) as times from leads l left join lead_stage_history h on h.lead_id = l.id group by 1`,
    timeline: `select l.id, count(a.id) as times from leads l left join activities a on a.lead_id = l.id and a.activity_type = 'stage_change' group by 1`,
    audit: `select l.id, count(a.id) as times from leads l left join audit_log a on a.record_id = l.id and a.action = 'lead.updated' group by 1`,
    events: `select l.id, count(e.id) as times from leads l left join events e on e.record_id = l.id and e.name = 'lead.moved_to_stage' group by 1`,
  };
  const found: string[] = [];
  for (const [what, sql] of Object.entries(traces)) {
    const rows = await look(`select * from (${sql}) t where times <> ${times}`);
    if (rows.length > 0)
      found.push(`${rows.length} leads not moved ${times} times by their ${what}, first ${JSON.stringify(rows[0])}`);
  }
  return found;
}

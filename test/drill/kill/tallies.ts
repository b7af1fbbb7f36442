/** The pieces that each job of the drill has. */
export const PIECES = 3;
/** The contacts of one company that are there from the start: too many for its new name to reach them at once. */
const FILLED = 1_100;
export const FILLED_COMPANY = 'Company of the filled';

/**
 * Makes every contact ask for a job in its own transaction, and gives the jobs a place to note each piece that they carry
 * out, where nothing keeps them from noting one twice.
 */
export const tallies = (workspaceId: string, userId: string) => `
  create table drill_asked (workspace_id uuid not null default current_workspace(), contact_id uuid not null, job_id uuid not null);
  create table drill_tallies (workspace_id uuid not null default current_workspace(), job_id uuid not null, piece integer not null);
  alter table drill_asked enable row level security, force row level security;
  alter table drill_tallies enable row level security, force row level security;
  create policy tenant on drill_asked to millrace_app using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
  create policy tenant on drill_tallies to millrace_app using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
  grant insert on drill_asked, drill_tallies to millrace_app;
  create function drill_ask() returns trigger language plpgsql as $ask$
  begin
    with asked as (insert into jobs (kind, payload) values ('drill-tally', '{"piece":1}') returning id)
      insert into drill_asked (contact_id, job_id) select new.id, id from asked;
    return null;
  end
  $ask$;
  create trigger drill_ask after insert on contacts for each row execute function drill_ask();
  select set_config('millrace.workspace', '${workspaceId}', false), set_config('millrace.actor', '${userId}', false);
  insert into companies (name) values ('${FILLED_COMPANY}');
  insert into contacts (firstname, lastname, company_id) select 'Filled', 'filled-' || n, id from companies, generate_series(1, ${FILLED}) n;
  insert into idempotency_keys (key, fingerprint, status, body)
    select lastname, 'filled', 201, json_build_object('data', json_build_object('id', id)) from contacts;
  select set_config('millrace.workspace', '', false), set_config('millrace.actor', '', false);`;

/** What could be wrong with jobs after a kill, by what it would be. */
export const JOB_HALVES: Record<string, string> = {
  'a contact without the job that it asked for, or a job that no contact asked for': `
    select c.id as contact, a.job_id, j.id as job from contacts c
    full join drill_asked a on a.contact_id = c.id
    full join (select * from jobs where kind = 'drill-tally') j on j.id = a.job_id
    where c.id is null or a.job_id is null or j.id is null`,
  'a piece of a job that was carried out twice, or not as far as the job says': `
    select j.id, j.state, j.attempts, j.payload::text as payload, t.notes, t.pieces from jobs j
    left join (select job_id, count(*)::integer as notes, count(distinct piece)::integer as pieces from drill_tallies group by job_id) t on t.job_id = j.id
    where j.kind = 'drill-tally' and (coalesce(t.notes, 0) <> coalesce(t.pieces, 0)
      or coalesce(t.pieces, 0) <> case when j.state = 'done' then ${PIECES} else (j.payload ->> 'piece')::integer - 1 end)`,
  'a job that is not as its state wants it': `
    select id, kind, state, attempts from jobs
    where (state = 'running') <> (claimed_until is not null) or (state = 'done') <> (finished_at is not null) or attempts > most_attempts`,
};

-- Work that follows a change, and the copies of a company's name as the first of it.

create table jobs (
  id uuid primary key default new_id(),
  -- Null for the server's own, which belongs to no workspace.
  workspace_id uuid default current_workspace() references workspaces on delete cascade,
  kind text not null check (length(kind) between 1 and 100),
  -- Ids and progress, nothing about people; emptied once the job is done.
  payload json not null default '{}',
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
  -- Never after the moment of writing: what is due at once is found at once.
  run_at timestamptz(3) not null default date_trunc('milliseconds', now()),
  attempts integer not null default 0,
  most_attempts integer not null default 5 check (most_attempts > 0),
  -- Counts the claims: whoever works by an earlier one can't end the job any more.
  claim bigint not null default 0,
  claimed_until timestamptz(3),
  -- One job of a kind waits under a key; a claim gives the key free.
  unique_key text,
  -- What kind of error ended the last attempt, never its message.
  error text,
  actor_id uuid default current_actor(),
  request_id text default nullif(current_setting('millrace.request', true), ''),
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  check ((state = 'running') = (claimed_until is not null)),
  check ((state in ('done', 'failed')) = (finished_at is not null))
);
create index jobs_due on jobs (kind, run_at, id) where state = 'waiting';
create index jobs_claimed on jobs (claimed_until) where state = 'running';
create index jobs_finished on jobs (state, finished_at) where finished_at is not null;
create index jobs_failed on jobs (kind, run_at) where state = 'failed';
create index jobs_workspace on jobs (workspace_id, created_at);
create unique index jobs_key on jobs (workspace_id, kind, unique_key) nulls not distinct where state = 'waiting' and unique_key is not null;

-- When a recurring job was last due, whichever process saw to it.
create table job_ticks (
  kind text primary key,
  ticked_at timestamptz(3) not null
);

alter table jobs enable row level security, force row level security;
alter table job_ticks enable row level security, force row level security;
-- A request writes jobs of its workspace, and changes one only as long as it waits under a key.
create policy tenant_select on jobs for select to millrace_app using (workspace_id = current_workspace());
create policy tenant_insert on jobs for insert to millrace_app with check (workspace_id = current_workspace() and state = 'waiting');
create policy tenant_update on jobs for update to millrace_app
  using (workspace_id = current_workspace() and state = 'waiting' and unique_key is not null)
  with check (workspace_id = current_workspace() and state = 'waiting');
create policy system on jobs to millrace_system using (true) with check (true);
create policy system on job_ticks to millrace_system using (true) with check (true);
create policy upkeep on jobs to millrace_upkeep
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
grant select, insert (kind, payload, run_at, unique_key), update (payload, run_at) on jobs to millrace_app;
grant select, insert, update, delete on jobs, job_ticks to millrace_system;
grant select, update on jobs to millrace_upkeep;

-- Ends a job in the transaction of its effect: both commit or neither does, and not by a claim that was lost.
create function finish_job(job uuid, fence bigint) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update jobs set state = 'done', payload = '{}', claimed_until = null, error = null, finished_at = clock_timestamp()
    where id = job and claim = fence and state = 'running';
  if not found then
    raise exception 'the claim on this job was lost' using errcode = 'MJ001';
  end if;
end
$$;

-- Ends one piece of a job in the transaction of its effect, and puts the job back with what is still to do.
create function continue_job(job uuid, fence bigint, progress json, due timestamptz) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update jobs set state = 'waiting', payload = progress, run_at = due, attempts = 0, claimed_until = null, error = null
    where id = job and claim = fence and state = 'running';
  if not found then
    raise exception 'the claim on this job was lost' using errcode = 'MJ001';
  end if;
end
$$;

-- Brings a company's name, as it is now, to the next 500 of its contacts; tells the last of them, null once there are no
-- more. The trigger on contacts reads the name, so whatever commits meanwhile, no older one is written over a newer.
create function copy_company_name(copied uuid, after uuid) returns uuid language plpgsql security definer set search_path = public, pg_temp as $$
declare
  shown text := (select name from companies where workspace_id = current_workspace() and id = copied and deleted_at is null);
  piece uuid[] := array(
    select id from contacts where workspace_id = current_workspace() and company_id = copied and id > coalesce(after, '00000000-0000-0000-0000-000000000000')
    order by id limit 500);
begin
  update contacts set company = shown
    where workspace_id = current_workspace() and id = any (piece) and company_id = copied and company is distinct from shown;
  return case when cardinality(piece) = 500 then piece[500] end;
end
$$;
-- Deleted contacts as well: they may come back.
create index contacts_of_company on contacts (workspace_id, company_id, id) where company_id is not null;
create policy company_name on contacts to millrace_upkeep
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy company_name on companies for select to millrace_upkeep using (workspace_id = current_workspace());
grant select, update (company) on contacts to millrace_upkeep;
grant select on companies to millrace_upkeep;

-- A company's new name, its deletion and its return show on its contacts: the first of them at once, the others by a job.
-- A job that waits under the company's key is held by writing to it, so it can't begin before this has committed.
create or replace function follow_company() returns trigger language plpgsql as $$
declare
  last uuid := copy_company_name(new.id, null);
begin
  if last is not null then
    insert into jobs (kind, payload, unique_key)
      values ('copy-company-name', json_build_object('company_id', new.id, 'after', last), new.id)
      on conflict (workspace_id, kind, unique_key) where state = 'waiting' and unique_key is not null
      do update set payload = excluded.payload, run_at = least(jobs.run_at, excluded.run_at);
  end if;
  return null;
end
$$;

-- Rights first: once a function belongs to another role, they are no longer ours to give and take.
revoke execute on function finish_job(uuid, bigint), continue_job(uuid, bigint, json, timestamptz), copy_company_name(uuid, uuid) from public;
grant execute on function finish_job(uuid, bigint), continue_job(uuid, bigint, json, timestamptz), copy_company_name(uuid, uuid) to millrace_app;
grant create on schema public to millrace_upkeep;
alter function finish_job(uuid, bigint) owner to millrace_upkeep;
alter function continue_job(uuid, bigint, json, timestamptz) owner to millrace_upkeep;
alter function copy_company_name(uuid, uuid) owner to millrace_upkeep;
revoke create on schema public from millrace_upkeep;

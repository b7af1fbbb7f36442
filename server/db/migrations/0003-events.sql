-- What a unit of work is told beyond its workspace, the role that keeps copies in step, and the outbox.

do $$
begin
  create role millrace_upkeep nologin nosuperuser nobypassrls nocreatedb nocreaterole;
exception when duplicate_object or unique_violation then null;
end
$$;
do $$
begin
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant millrace_upkeep to %I with inherit false, set true', current_user);
  end if;
end
$$;
grant usage on schema public to millrace_upkeep;

-- The one owner whose records a unit of work may see; null means all.
create function current_owner_scope() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('millrace.owner_scope', true), '')::uuid $$;

-- Whether a unit of work may change the leads of its actor and of nobody only.
create function edits_own_leads_only() returns boolean language sql stable parallel safe
  as $$ select coalesce(current_setting('millrace.edits', true), '') = 'own' $$;

-- As before, and for whose records: `edits` is 'own' for those who may change only their own leads.
create function enter(as_role text, workspace uuid, actor uuid, request text, owner_scope uuid, edits text) returns void language plpgsql as $$
begin
  perform set_config('millrace.owner_scope', coalesce(owner_scope::text, ''), true), set_config('millrace.edits', edits, true);
  perform enter(as_role, workspace, actor, request);
end
$$;

-- The outbox: what happened, written by the transaction that did it. Read in the order of (txid, seq) and only below
-- pg_snapshot_xmin, where every transaction has ended: nothing can still appear before what was read.
create table events (
  workspace_id uuid not null default current_workspace() references workspaces,
  id uuid not null default new_id(),
  txid bigint not null default pg_current_xact_id()::text::bigint,
  seq bigint not null generated always as identity,
  name text not null,
  record_id uuid not null,
  data json not null,
  -- The owners in whose scope the record is, and those whose scope it has left by this; null is everybody's.
  seen_by uuid[],
  left_by uuid[] not null default '{}',
  actor_id uuid default current_actor(),
  request_id text default nullif(current_setting('millrace.request', true), ''),
  at timestamptz(3) not null default clock_timestamp(),
  primary key (workspace_id, id)
);
create unique index events_order on events (txid, seq);
create index events_workspace on events (workspace_id, txid, seq);

alter table events enable row level security, force row level security;
create policy tenant on events to millrace_app
  using (workspace_id = current_workspace()
    and ((select current_owner_scope()) is null or seen_by is null or (select current_owner_scope()) = any (seen_by) or (select current_owner_scope()) = any (left_by)))
  with check (workspace_id = current_workspace());
create policy system on events for select to millrace_system using (true);
create policy expire on events for delete to millrace_system
  using (at < now() - interval '7 days'
    or exists (select from workspaces where workspaces.id = workspace_id and workspaces.deleted_at < now() - interval '30 days'));
grant select, insert on events to millrace_app;
grant insert on events to millrace_upkeep;
grant select, delete on events to millrace_system;
create policy upkeep on events for insert to millrace_upkeep with check (workspace_id = current_workspace());

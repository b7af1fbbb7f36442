-- Lists that somebody wants to find again.

create table saved_views (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  resource text not null check (resource in ('leads', 'contacts', 'companies', 'appointments', 'deals')),
  name text collate "und-x-icu" not null check (length(name) between 1 and 100),
  name_key text not null generated always as (lower(name collate "und-x-icu")) stored,
  filters jsonb not null default '{}',
  columns text[] not null default '{}' check (cardinality(columns) <= 50),
  sort jsonb,
  -- Who alone sees it, and whose membership it ends with; null where it is shared.
  owner_id uuid default current_actor(),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  primary key (workspace_id, id),
  foreign key (workspace_id, owner_id) references members (workspace_id, user_id) on delete cascade,
  constraint saved_views_private check (owner_id is null or owner_id = created_by)
);
create unique index saved_views_name_unique on saved_views (workspace_id, created_by, resource, name_key);
create index saved_views_created on saved_views (workspace_id, created_at, id);
create index saved_views_updated on saved_views (workspace_id, updated_at, id);
create index saved_views_name on saved_views (workspace_id, name, id);
create index saved_views_resource on saved_views (workspace_id, resource, created_at, id);
create index saved_views_owner on saved_views (workspace_id, owner_id, created_at, id);

-- What only its creator sees stands in no log that others read.
create trigger audit_inserted after insert on saved_views for each row
  when (new.owner_id is null) execute function audit('saved_view', 'id');
create trigger audit_updated after update on saved_views for each row
  when (new.owner_id is null or old.owner_id is null) execute function audit('saved_view', 'id');
create trigger audit_deleted after delete on saved_views for each row
  when (old.owner_id is null and current_user = 'millrace_app') execute function audit('saved_view', 'id');

alter table saved_views enable row level security, force row level security;
create policy tenant on saved_views to millrace_app
  using (workspace_id = current_workspace() and (owner_id is null or owner_id = (select current_actor())))
  with check (workspace_id = current_workspace() and (owner_id is null or owner_id = (select current_actor())));
grant select, insert, update, delete on saved_views to millrace_app;

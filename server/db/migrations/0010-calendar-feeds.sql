-- Secret addresses under which calendars read what their members have agreed. Of each only its hash is kept.

create table calendar_feeds (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  -- It ends with the membership.
  user_id uuid not null default current_actor(),
  secret_hash text not null,
  last_read_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, user_id),
  foreign key (workspace_id, user_id) references members (workspace_id, user_id) on delete cascade
);
create index calendar_feeds_secret on calendar_feeds (secret_hash);

create trigger audit after insert or update on calendar_feeds for each row execute function audit('calendar_feed', 'id');
create trigger audit_deleted after delete on calendar_feeds for each row
  when (current_user = 'millrace_app') execute function audit('calendar_feed', 'id');

alter table calendar_feeds enable row level security, force row level security;
-- A feed is its member's alone.
create policy tenant on calendar_feeds to millrace_app
  using (workspace_id = current_workspace() and user_id = (select current_actor()))
  with check (workspace_id = current_workspace() and user_id = (select current_actor()));
create policy system on calendar_feeds to millrace_system using (true) with check (true);
grant insert, delete on calendar_feeds to millrace_app;
grant update (secret_hash, last_read_at, version, created_at) on calendar_feeds to millrace_app;
grant select (workspace_id, id, user_id, last_read_at, version, created_at) on calendar_feeds to millrace_app;
grant select, update (last_read_at) on calendar_feeds to millrace_system;

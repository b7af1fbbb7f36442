-- What happened to forms on the pages that show them: nothing in it is about a visitor.

create table form_events (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  -- The browser's own, so that what is sent again is counted once.
  id uuid not null,
  form_id uuid not null,
  form_version integer,
  event text not null check (event in ('view', 'start', 'step', 'submit', 'error', 'close', 'cta')),
  step text check (length(step) <= 40),
  field text check (length(field) <= 40),
  name text check (length(name) <= 100),
  surface text check (length(surface) <= 100),
  page text check (length(page) <= 2000),
  happened_at timestamptz(3) not null default now(),
  created_at timestamptz(3) not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, form_id) references forms (workspace_id, id) on delete cascade
);
create index form_events_created on form_events (created_at);
create index form_events_happened on form_events (workspace_id, form_id, happened_at);

-- How often each happened on each day of the workspace, as its timezone was then. It outlives the events.
create table form_event_totals (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  form_id uuid not null,
  day date not null,
  event text not null,
  step text not null default '',
  field text not null default '',
  -- Each connection counts in a row of its own, so that none waits for another.
  shard smallint not null,
  count bigint not null check (count > 0),
  primary key (workspace_id, form_id, day, event, step, field, shard),
  foreign key (workspace_id, form_id) references forms (workspace_id, id) on delete cascade
);

alter table form_events enable row level security, force row level security;
alter table form_event_totals enable row level security, force row level security;
create policy tenant on form_events to millrace_app
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy tenant on form_event_totals to millrace_app
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
grant select, insert on form_events to millrace_app;
grant select, insert, update on form_event_totals to millrace_app;

-- The system role sees only what is due to be purged.
create policy due on form_events to millrace_system using (
  created_at < now() - interval '90 days'
  or exists (select from workspaces where workspaces.id = workspace_id and workspaces.deleted_at < now() - interval '30 days'));
create policy due on form_event_totals to millrace_system
  using (exists (select from workspaces where workspaces.id = workspace_id and workspaces.deleted_at < now() - interval '30 days'));
grant select (workspace_id, id, created_at), delete on form_events to millrace_system;
grant select (workspace_id, form_id, day), delete on form_event_totals to millrace_system;

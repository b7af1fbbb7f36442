-- Roles, the tenant's settings, and everything that sign-in, members and the audit log stand on.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create extension if not exists unaccent;

-- Roles belong to the whole server, so another database of it may have made them already.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['millrace_app', 'millrace_system', 'millrace_search'] loop
    begin
      execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole', wanted);
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  -- Owning the search functions takes membership; inheriting nothing keeps the owner bound by row-level security.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant millrace_search to %I with inherit false, set true', current_user);
  end if;
end
$$;

grant usage on schema public to millrace_app, millrace_system, millrace_search;

create function current_workspace() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('millrace.workspace', true), '')::uuid $$;

create function current_actor() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('millrace.actor', true), '')::uuid $$;

-- Begins a unit of work: from here to the end of the transaction it is one role of one workspace.
create function enter(as_role text, workspace uuid, actor uuid, request text) returns void language plpgsql as $$
begin
  if coalesce(current_setting('millrace.workspace', true), '') <> '' or coalesce(current_setting('millrace.request', true), '') <> '' then
    raise exception 'a unit of work was already entered on this transaction';
  end if;
  if as_role not in ('millrace_app', 'millrace_system') then
    raise exception 'nobody enters as %', as_role;
  end if;
  perform set_config('millrace.workspace', coalesce(workspace::text, ''), true),
          set_config('millrace.actor', coalesce(actor::text, ''), true),
          set_config('millrace.request', request, true),
          set_config('lock_timeout', '10s', true),
          set_config('statement_timeout', '20s', true),
          -- A whole table is mostly other workspaces' rows: a request goes by an index, even where it wants many of its own.
          set_config('enable_seqscan', case as_role when 'millrace_app' then 'off' else 'on' end, true),
          set_config('role', as_role, true);
end
$$;

-- Time-ordered ids (version 7) for rows that the database makes by itself; servers before 18 have none of their own.
create function new_id() returns uuid language sql volatile parallel safe as $$
  select encode(set_bit(set_bit(
    overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
    52, 1), 53, 1), 'hex')::uuid
$$;

-- Times on the wire: RFC 3339 in UTC.
create function wire_time(moment timestamptz) returns text language sql stable parallel safe
  as $$ select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- What search compares: lower case, without accents.
create function folded(given text) returns text language sql stable parallel safe
  as $$ select lower(public.unaccent('public.unaccent'::regdictionary, given) collate "und-x-icu") $$;

create table workspaces (
  id uuid primary key default new_id(),
  name text not null check (length(name) between 1 and 100),
  country text not null default 'US',
  currency text not null default 'USD',
  timezone text not null default 'UTC',
  locale text not null default 'en',
  theme jsonb not null default '{}',
  allowed_origins text[] not null default '{}',
  policies jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  deleted_at timestamptz(3)
);
create index workspaces_origins on workspaces using gin (allowed_origins);

-- People who sign in. They belong to no workspace; their memberships do.
create table users (
  id uuid primary key default new_id(),
  name text not null check (length(name) between 1 and 100),
  email text not null check (length(email) between 3 and 254),
  email_key text not null generated always as (lower(email collate "und-x-icu")) stored,
  password_hash text not null,
  avatar_url text,
  locale text,
  timezone text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create unique index users_email on users (email_key);

create table members (
  workspace_id uuid not null default current_workspace() references workspaces,
  id uuid not null default new_id(),
  user_id uuid references users,
  -- The invited address, until the invitation is accepted.
  email text,
  email_key text generated always as (lower(email collate "und-x-icu")) stored,
  role text not null check (role in ('owner', 'admin', 'manager', 'member', 'viewer')),
  status text not null check (status in ('active', 'invited')),
  invitation_hash text,
  invitation_expires_at timestamptz(3),
  working_hours jsonb,
  joined_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  primary key (workspace_id, id),
  unique (workspace_id, user_id),
  check ((status = 'active') = (user_id is not null)),
  check ((status = 'invited') = (email is not null and invitation_hash is not null))
);
create unique index members_invited_email on members (workspace_id, email_key);
create unique index members_owner on members (workspace_id) where role = 'owner';
create index members_user on members (user_id);
create index members_invitation on members (invitation_hash) where invitation_hash is not null;

-- A sign-in on one device. Its refresh tokens follow one another; only the last counts.
create table sessions (
  id uuid primary key default new_id(),
  user_id uuid not null references users on delete cascade,
  workspace_id uuid not null references workspaces on delete cascade,
  created_at timestamptz(3) not null default now(),
  revoked_at timestamptz(3)
);
create index sessions_user on sessions (user_id);

create table refresh_tokens (
  hash text primary key,
  session_id uuid not null references sessions on delete cascade,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  spent_at timestamptz(3),
  successor_hash text
);
create index refresh_tokens_session on refresh_tokens (session_id);
create index refresh_tokens_expiry on refresh_tokens (expires_at);

create table audit_log (
  workspace_id uuid not null references workspaces,
  id uuid not null default new_id(),
  at timestamptz(3) not null default clock_timestamp(),
  actor_id uuid,
  action text not null,
  resource text not null,
  record_id uuid not null,
  before jsonb,
  after jsonb,
  request_id text,
  primary key (workspace_id, id)
);
create index audit_log_at on audit_log (workspace_id, at, id);
create index audit_log_record on audit_log (workspace_id, record_id, at);
create index audit_log_resource on audit_log (workspace_id, resource, at);
create index audit_log_action on audit_log (workspace_id, action, at);
create index audit_log_actor on audit_log (workspace_id, actor_id, at);

create table idempotency_keys (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  actor_id uuid not null default current_actor(),
  key text not null check (length(key) between 1 and 255),
  fingerprint text not null,
  -- Null while the call runs, and for ever where its answer holds a secret.
  status integer,
  etag text,
  body text,
  created_at timestamptz(3) not null default now(),
  primary key (workspace_id, actor_id, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- Writes what a change was: the trigger's arguments are the resource's name and the column that holds the record's id.
create function audit() returns trigger language plpgsql as $$
declare
  hidden constant text[] := array['workspace_id', 'version', 'created_at', 'updated_at', 'created_by', 'updated_by',
    'name_key', 'email_key', 'search_text', 'invitation_hash', 'invitation_expires_at'];
  old_row jsonb := case when tg_op = 'INSERT' then null else to_jsonb(old) end;
  new_row jsonb := case when tg_op = 'DELETE' then null else to_jsonb(new) end;
  verb text := case tg_op when 'INSERT' then 'created' when 'DELETE' then 'deleted' else 'updated' end;
  whole jsonb := coalesce(new_row, old_row);
  row_before jsonb;
  row_after jsonb;
begin
  if tg_op = 'UPDATE' then
    -- Columns that the system keeps up to date change without a version.
    if new_row -> 'version' = old_row -> 'version' then
      return null;
    end if;
    if old_row ->> 'deleted_at' is null and new_row ->> 'deleted_at' is not null then
      verb := 'deleted';
    elsif old_row ->> 'deleted_at' is not null and new_row ->> 'deleted_at' is null then
      verb := 'restored';
    end if;
    select jsonb_object_agg(key, old_row -> key), jsonb_object_agg(key, value)
      into row_before, row_after
      from jsonb_each(new_row)
      where value is distinct from old_row -> key and key <> all (hidden);
  else
    row_before := jsonb_strip_nulls(old_row - hidden);
    row_after := jsonb_strip_nulls(new_row - hidden);
  end if;
  insert into audit_log (workspace_id, actor_id, action, resource, record_id, before, after, request_id)
  values (
    coalesce((whole ->> 'workspace_id')::uuid, (whole ->> 'id')::uuid), current_actor(),
    coalesce(tg_argv[2 + (tg_op = 'DELETE')::integer], tg_argv[0] || '.' || verb), tg_argv[0], (whole ->> tg_argv[1])::uuid,
    row_before, row_after, nullif(current_setting('millrace.request', true), ''));
  return null;
end
$$;

create trigger audit after insert or update on workspaces for each row execute function audit('workspace', 'id');
create trigger audit after insert or update or delete on members for each row execute function audit('member', 'id');

alter table workspaces enable row level security, force row level security;
alter table users enable row level security, force row level security;
alter table members enable row level security, force row level security;
alter table sessions enable row level security, force row level security;
alter table refresh_tokens enable row level security, force row level security;
alter table audit_log enable row level security, force row level security;
alter table idempotency_keys enable row level security, force row level security;

create policy tenant on workspaces to millrace_app using (id = current_workspace() and deleted_at is null) with check (id = current_workspace());
create policy tenant on members to millrace_app using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy tenant on audit_log to millrace_app using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy tenant on idempotency_keys to millrace_app
  using (workspace_id = current_workspace() and actor_id = current_actor())
  with check (workspace_id = current_workspace() and actor_id = current_actor());
create policy colleagues on users for select to millrace_app
  using (exists (select from members where members.user_id = users.id and members.workspace_id = current_workspace()));

create policy system on workspaces to millrace_system using (true) with check (true);
create policy system on users to millrace_system using (true) with check (true);
create policy system on members to millrace_system using (true) with check (true);
create policy system on sessions to millrace_system using (true) with check (true);
create policy system on refresh_tokens to millrace_system using (true) with check (true);
create policy record on audit_log for insert to millrace_system with check (true);
-- What is purged leaves no trace of its contents; of the entries themselves the system reads no more than where they are.
create policy find on audit_log for select to millrace_system using (true);
create policy forget on audit_log for update to millrace_system using (true) with check (before is null and after is null);
create policy due on audit_log for delete to millrace_system
  using (exists (select from workspaces where workspaces.id = workspace_id and workspaces.deleted_at < now() - interval '30 days'));
create policy expiry on idempotency_keys for select to millrace_system using (created_at < now() - interval '24 hours');
create policy expire on idempotency_keys for delete to millrace_system using (created_at < now() - interval '24 hours');

grant select on workspaces to millrace_app;
grant update (name, country, currency, timezone, locale, theme, allowed_origins, policies, version, updated_at, updated_by) on workspaces to millrace_app;
grant select (id, name, email, email_key, avatar_url, locale, timezone) on users to millrace_app;
grant insert, update, delete on members to millrace_app;
grant select (workspace_id, id, user_id, email, email_key, role, status, invitation_expires_at, working_hours, joined_at, version,
  created_at, updated_at, created_by, updated_by) on members to millrace_app;
grant select, insert on audit_log to millrace_app;
grant select, insert, update, delete on idempotency_keys to millrace_app;

grant select, insert, update, delete on workspaces, users, members, sessions, refresh_tokens to millrace_system;
grant insert, select (workspace_id, id, record_id), update (before, after), delete on audit_log to millrace_system;
grant select, delete on idempotency_keys to millrace_system;

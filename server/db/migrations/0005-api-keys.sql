-- Keys of programs. Of a secret only its hash is kept; a revoked key stays, for the audit log names it.

create table api_keys (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  name text collate "und-x-icu" not null check (length(name) between 1 and 100),
  kind text not null check (kind in ('secret', 'publishable')),
  secret_hash text not null,
  last_four text not null,
  -- The secret before the last rotation, while it is still taken.
  former_hash text,
  former_secret_until timestamptz(3),
  permissions text[] not null default '{}',
  expires_at timestamptz(3),
  allowed_addresses text[] not null default '{}',
  rate_limit integer check (rate_limit > 0),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  primary key (workspace_id, id),
  constraint api_keys_publishable check (kind = 'secret' or permissions = '{}')
);
create index api_keys_secret on api_keys (secret_hash);
create index api_keys_former on api_keys (former_hash) where former_hash is not null;
create index api_keys_created on api_keys (workspace_id, created_at, id);
create index api_keys_name on api_keys (workspace_id, name, id);
-- Nulls come last in both directions, which takes an index for each.
create index api_keys_used on api_keys (workspace_id, last_used_at, id);
create index api_keys_used_desc on api_keys (workspace_id, last_used_at desc nulls last, id desc);

-- Requests may write a new secret's hash and read none, so the old one is put aside here.
create function keep_former_secret() returns trigger language plpgsql as $$
begin
  if new.secret_hash is distinct from old.secret_hash then
    new.former_hash := case when new.former_secret_until is not null then old.secret_hash end;
  end if;
  return new;
end
$$;
create trigger keep_former_secret before update on api_keys for each row execute function keep_former_secret();

-- Keys go with their workspace alone, and then there is no log to write it to.
create trigger audit after insert or update on api_keys for each row execute function audit('api_key', 'id');

alter table api_keys enable row level security, force row level security;
create policy tenant on api_keys to millrace_app using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy system on api_keys to millrace_system using (true) with check (true);

grant insert, update on api_keys to millrace_app;
grant select (workspace_id, id, name, kind, last_four, former_secret_until, permissions, expires_at, allowed_addresses, rate_limit,
  last_used_at, revoked_at, version, created_at, updated_at, created_by, updated_by) on api_keys to millrace_app;
grant select, update (last_used_at) on api_keys to millrace_system;

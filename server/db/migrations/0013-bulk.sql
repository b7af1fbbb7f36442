-- One change of many leads, with what it did to each; and whose turn it is to own a new lead.

create table bulk_jobs (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  action text not null check (action in ('assign', 'move', 'tag', 'untag', 'status', 'archive', 'delete')),
  -- What the action was given.
  parameters jsonb not null default '{}',
  -- Null where the leads were named.
  filter jsonb,
  state text not null check (state in ('waiting', 'collecting', 'running', 'done', 'cancelled', 'failed', 'undoing', 'undone')),
  -- Why it failed.
  error text,
  -- Null until all its leads are collected.
  total integer check (total >= 0),
  done integer not null default 0,
  unchanged integer not null default 0,
  failed integer not null default 0,
  undone integer not null default 0,
  undo_skipped integer not null default 0,
  undo_failed integer not null default 0,
  -- The last of its rows that the undo has come to.
  undo_place integer not null default 0,
  undo_asked_by uuid,
  undo_asked_at timestamptz(3),
  undo_finished_at timestamptz(3),
  -- With whose rights it goes on, and since when they have asked for it.
  acts_as jsonb not null,
  acts_since timestamptz(3) not null default now(),
  -- The one owner whose leads it may reach, and who sees it.
  owner_scope uuid default current_owner_scope(),
  -- The job that carries it on.
  job_id uuid,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  finished_at timestamptz(3),
  primary key (workspace_id, id)
);
create index bulk_jobs_created on bulk_jobs (workspace_id, created_at, id);
create index bulk_jobs_creator on bulk_jobs (workspace_id, created_by, created_at, id);
create index bulk_jobs_finished on bulk_jobs (finished_at);

-- What a bulk job did, or is to do, to each of its leads, in their order.
create table bulk_rows (
  workspace_id uuid not null default current_workspace(),
  bulk_id uuid not null,
  place integer not null check (place > 0),
  -- As it was asked for: there need not be such a lead.
  lead_id uuid not null,
  status text not null default 'waiting' check (status in ('waiting', 'done', 'unchanged', 'failed')),
  code text,
  error text,
  -- The columns that were changed, with what they held and were given.
  before jsonb,
  after jsonb,
  undo text check (undo in ('undone', 'skipped', 'failed')),
  undo_code text,
  undo_error text,
  primary key (workspace_id, bulk_id, place),
  foreign key (workspace_id, bulk_id) references bulk_jobs (workspace_id, id) on delete cascade
);
create index bulk_rows_status on bulk_rows (workspace_id, bulk_id, status, place);

-- Who has a version only where a person changes it: progress is not audited, the leads are.
create trigger audit after insert or update on bulk_jobs for each row execute function audit('bulk_job', 'id');

-- When a member was last given a lead by the workspace's rule, counted in turns.
create table owner_turns (
  workspace_id uuid not null default current_workspace(),
  user_id uuid not null,
  turn bigint not null,
  primary key (workspace_id, user_id),
  foreign key (workspace_id, user_id) references members (workspace_id, user_id) on delete cascade
);

-- How many leads members have in work.
create index leads_load on leads (workspace_id, owner_id) where is_active and not is_archived and deleted_at is null;

-- Chooses who owns the next lead, among some or all whose role may own: whose turn is longest ago, or by load who has the
-- fewest leads in work. Null where there is nobody.
create function take_owner_turn(among uuid[], by_load boolean) returns uuid language plpgsql volatile as $$
declare
  chosen uuid;
begin
  -- One at a time: whoever waits here sees afterwards who was chosen before.
  perform from workspaces where id = current_workspace() for no key update;
  loop
    select m.user_id into chosen
      from members m left join owner_turns t on t.workspace_id = m.workspace_id and t.user_id = m.user_id
      where m.workspace_id = current_workspace() and m.user_id is not null
        and case when among is null then m.role <> 'viewer' else m.user_id = any (among) end
      order by case when by_load then (select count(*) from leads l where l.workspace_id = m.workspace_id and l.owner_id = m.user_id
          and l.is_active and not l.is_archived and l.deleted_at is null) end,
        t.turn nulls first, array_position(among, m.user_id), m.joined_at, m.user_id
      limit 1;
    exit when chosen is null;
    -- Whoever is just being taken out is gone once this has waited for it.
    perform from members where workspace_id = current_workspace() and user_id = chosen for key share;
    exit when found;
  end loop;
  if chosen is not null then
    insert into owner_turns (user_id, turn)
      select chosen, coalesce(max(turn), 0) + 1 from owner_turns where workspace_id = current_workspace()
      on conflict (workspace_id, user_id) do update set turn = excluded.turn;
  end if;
  return chosen;
end
$$;

alter table bulk_jobs enable row level security, force row level security;
alter table bulk_rows enable row level security, force row level security;
alter table owner_turns enable row level security, force row level security;
create policy tenant on bulk_jobs to millrace_app
  using (workspace_id = current_workspace()
    and case when (select current_owner_scope()) is null then true else owner_scope = (select current_owner_scope()) end)
  with check (workspace_id = current_workspace());
create policy tenant on bulk_rows to millrace_app
  using (workspace_id = current_workspace()
    and case when (select current_owner_scope()) is null then true else bulk_id in (select id from bulk_jobs) end)
  with check (workspace_id = current_workspace());
create policy tenant on owner_turns to millrace_app using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
-- The system role sees only what is due to be purged. An undo that was begun in time is let end.
create policy due on bulk_jobs to millrace_system using (
  finished_at < now() - interval '30 days' and state <> 'undoing' or created_at < now() - interval '60 days'
  or exists (select from workspaces where workspaces.id = workspace_id and workspaces.deleted_at < now() - interval '30 days'));
create policy due on bulk_rows to millrace_system
  using (exists (select from bulk_jobs j where j.workspace_id = bulk_rows.workspace_id and j.id = bulk_id));

grant select, insert, update on bulk_jobs, bulk_rows, owner_turns to millrace_app;
grant select (workspace_id, id, state, created_at, finished_at), delete on bulk_jobs to millrace_system;
grant select (workspace_id, bulk_id, place), delete on bulk_rows to millrace_system;

-- Pipelines, sources, leads, and what stands beside a lead.

create table lead_sources (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  name text collate "und-x-icu" not null check (length(name) between 1 and 100),
  name_key text not null generated always as (lower(name collate "und-x-icu")) stored,
  category text not null default 'other' check (category in ('digital', 'traditional', 'referral', 'event', 'partner', 'other')),
  description text,
  is_active boolean not null default true,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  primary key (workspace_id, id)
);
create unique index lead_sources_name_unique on lead_sources (workspace_id, name_key);
create index lead_sources_created on lead_sources (workspace_id, created_at, id);
create index lead_sources_name on lead_sources (workspace_id, name, id);

create table pipelines (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  name text collate "und-x-icu" not null check (length(name) between 1 and 100),
  name_key text not null generated always as (lower(name collate "und-x-icu")) stored,
  is_default boolean not null default false,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  primary key (workspace_id, id)
);
create unique index pipelines_name_unique on pipelines (workspace_id, name_key);
create unique index pipelines_default on pipelines (workspace_id) where is_default;
create index pipelines_created on pipelines (workspace_id, created_at, id);
create index pipelines_name on pipelines (workspace_id, name, id);

create table stages (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  pipeline_id uuid not null,
  name text collate "und-x-icu" not null check (length(name) between 1 and 100),
  name_key text not null generated always as (lower(name collate "und-x-icu")) stored,
  category text not null check (category in ('new', 'contacted', 'qualified', 'appointment', 'proposal', 'converted', 'lost')),
  stage_type text not null default 'process' check (stage_type in ('process', 'milestone', 'outcome')),
  display_order integer not null,
  is_active boolean not null default true,
  is_completed boolean not null default false,
  color text,
  probability smallint not null default 0 check (probability between 0 and 100),
  rot_after_days integer check (rot_after_days > 0),
  wip_limit integer check (wip_limit > 0),
  configuration jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  primary key (workspace_id, id),
  unique (workspace_id, pipeline_id, id),
  foreign key (workspace_id, pipeline_id) references pipelines (workspace_id, id) on delete cascade
);
create unique index stages_name_unique on stages (workspace_id, pipeline_id, name_key);
create index stages_order on stages (workspace_id, pipeline_id, display_order, id);

create table leads (
  workspace_id uuid not null default current_workspace() references workspaces,
  id uuid not null default new_id(),
  contact_id uuid not null,
  -- Copies of the contact: what lists show, search and sort by.
  contact_name text collate "und-x-icu",
  contact_email text,
  contact_phone text,
  company_id uuid,
  company text,
  title text collate "und-x-icu" not null check (length(title) between 1 and 100),
  product_interest text,
  pipeline_id uuid not null,
  stage_id uuid not null,
  status text not null check (status in ('new', 'contacted', 'qualified', 'converted', 'lost')),
  source_id uuid,
  score text not null default 'cold' check (score in ('cold', 'warm', 'hot')),
  score_value smallint not null default 0 check (score_value between 0 and 100),
  -- Money in hundredths: comparing whole numbers is leakproof, so row-level security leaves their index in use.
  lead_value_minor bigint check (lead_value_minor >= 0),
  currency text not null,
  budget_minor bigint check (budget_minor > 0),
  timeline text,
  disposition text,
  notes text,
  tags text[] not null default '{}',
  owner_id uuid,
  expected_close_date date,
  is_active boolean not null default true,
  is_qualified boolean not null default false,
  is_closed_won boolean not null default false,
  is_closed_lost boolean not null default false,
  last_activity_at timestamptz(3),
  last_contact_at timestamptz(3),
  converted_at timestamptz(3),
  stage_entered_at timestamptz(3) not null default now(),
  is_archived boolean not null default false,
  -- The rank inside the stage, compared as bytes.
  position text collate "C" not null check (length(position) between 1 and 200),
  form_id uuid,
  attribution jsonb not null default '{}',
  search_text text not null default '',
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  deleted_at timestamptz(3),
  -- The contact that took it along when it was deleted, and brings it back.
  deleted_with uuid,
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, pipeline_id, stage_id) references stages (workspace_id, pipeline_id, id),
  foreign key (workspace_id, source_id) references lead_sources (workspace_id, id) on delete set null (source_id),
  foreign key (workspace_id, owner_id) references members (workspace_id, user_id),
  check (not (is_closed_won and is_closed_lost))
);
create index leads_created on leads (workspace_id, created_at, id) where deleted_at is null;
create index leads_updated on leads (workspace_id, updated_at, id) where deleted_at is null;
create index leads_title on leads (workspace_id, title, id) where deleted_at is null;
create index leads_score_value on leads (workspace_id, score_value, id) where deleted_at is null;
create index leads_stage_entered on leads (workspace_id, stage_entered_at, id) where deleted_at is null;
-- Nulls come last in both directions, which takes an index for each.
create index leads_name on leads (workspace_id, contact_name, id) where deleted_at is null;
create index leads_name_desc on leads (workspace_id, contact_name desc nulls last, id desc) where deleted_at is null;
create index leads_value on leads (workspace_id, lead_value_minor, id) where deleted_at is null;
create index leads_value_desc on leads (workspace_id, lead_value_minor desc nulls last, id desc) where deleted_at is null;
create index leads_last_contact on leads (workspace_id, last_contact_at, id) where deleted_at is null;
create index leads_last_contact_desc on leads (workspace_id, last_contact_at desc nulls last, id desc) where deleted_at is null;
create index leads_last_activity on leads (workspace_id, last_activity_at, id) where deleted_at is null;
create index leads_last_activity_desc on leads (workspace_id, last_activity_at desc nulls last, id desc) where deleted_at is null;
create index leads_expected_close on leads (workspace_id, expected_close_date, id) where deleted_at is null;
create index leads_expected_close_desc on leads (workspace_id, expected_close_date desc nulls last, id desc) where deleted_at is null;
-- A board's cards; those that boards leave out keep their ranks, which new ones must go round.
create index leads_stage on leads (workspace_id, stage_id, position, id) where deleted_at is null and not is_archived;
create index leads_stage_hidden on leads (workspace_id, stage_id, position, id) where deleted_at is not null or is_archived;
create index leads_status on leads (workspace_id, status, last_activity_at desc nulls last, id desc) where deleted_at is null;
create index leads_owner on leads (workspace_id, owner_id, last_activity_at desc nulls last, id desc) where deleted_at is null;
create index leads_source on leads (workspace_id, source_id);
create index leads_contact on leads (workspace_id, contact_id);
create index leads_company on leads (workspace_id, company_id) where deleted_at is null and company_id is not null;
create index leads_form on leads (workspace_id, form_id) where deleted_at is null and form_id is not null;
create index leads_archived on leads (workspace_id) where deleted_at is null and is_archived;
create index leads_deleted on leads (deleted_at) where deleted_at is not null;
-- What waits to be sorted into the index is read by every search, so little may wait.
create index leads_search on leads using gin (workspace_id, search_text gin_trgm_ops)
  with (gin_pending_list_limit = 256) where deleted_at is null;

create table lead_tags (
  workspace_id uuid not null default current_workspace(),
  lead_id uuid not null,
  tag_key text not null,
  tag text not null,
  primary key (workspace_id, lead_id, tag_key),
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade
);
create index lead_tags_tag on lead_tags (workspace_id, tag_key, lead_id);

create table lead_stage_history (
  workspace_id uuid not null default current_workspace(),
  id uuid not null default new_id(),
  lead_id uuid not null,
  from_stage_id uuid,
  to_stage_id uuid,
  reason text check (length(reason) <= 255),
  notes text check (length(notes) <= 1000),
  changed_at timestamptz(3) not null default now(),
  changed_by uuid default current_actor(),
  seconds_in_stage bigint check (seconds_in_stage >= 0),
  primary key (workspace_id, id),
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade,
  foreign key (workspace_id, from_stage_id) references stages (workspace_id, id) on delete set null (from_stage_id),
  foreign key (workspace_id, to_stage_id) references stages (workspace_id, id) on delete set null (to_stage_id)
);
create index lead_stage_history_lead on lead_stage_history (workspace_id, lead_id, changed_at, id);
create index lead_stage_history_from on lead_stage_history (workspace_id, from_stage_id);
create index lead_stage_history_to on lead_stage_history (workspace_id, to_stage_id, changed_at);

create table activities (
  workspace_id uuid not null default current_workspace() references workspaces,
  id uuid not null default new_id(),
  -- A lead's activity is its contact's as well.
  contact_id uuid not null,
  lead_id uuid,
  activity_type text not null check (activity_type in ('note', 'call', 'email', 'sms', 'meeting', 'task', 'stage_change', 'assignment',
    'form_submission', 'conversion', 'merge', 'import', 'system')),
  subject text,
  description text,
  due_at timestamptz(3),
  completed_at timestamptz(3),
  occurred_at timestamptz(3) not null default now(),
  metadata jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  deleted_at timestamptz(3),
  -- The lead or contact that took it along when it was deleted, and brings it back.
  deleted_with uuid,
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade
);
create index activities_created on activities (workspace_id, created_at, id) where deleted_at is null;
create index activities_updated on activities (workspace_id, updated_at, id) where deleted_at is null;
create index activities_occurred on activities (workspace_id, occurred_at, id) where deleted_at is null;
create index activities_due on activities (workspace_id, due_at, id) where deleted_at is null;
create index activities_due_desc on activities (workspace_id, due_at desc nulls last, id desc) where deleted_at is null;
create index activities_contact on activities (workspace_id, contact_id, occurred_at, id);
create index activities_lead on activities (workspace_id, lead_id, occurred_at, id);
create index activities_type on activities (workspace_id, activity_type, occurred_at, id) where deleted_at is null;
create index activities_open_tasks on activities (workspace_id, due_at, id)
  where deleted_at is null and activity_type = 'task' and completed_at is null;
create index activities_deleted on activities (deleted_at) where deleted_at is not null;

create table deals (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  lead_id uuid not null,
  contact_id uuid not null,
  title text collate "und-x-icu" not null check (length(title) between 1 and 100),
  value_minor bigint check (value_minor >= 0),
  currency text not null,
  state text not null default 'open' check (state in ('open', 'won', 'lost')),
  owner_id uuid,
  closed_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  primary key (workspace_id, id),
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, owner_id) references members (workspace_id, user_id),
  check ((state = 'open') = (closed_at is null))
);
create index deals_created on deals (workspace_id, created_at, id);
create index deals_updated on deals (workspace_id, updated_at, id);
create index deals_title on deals (workspace_id, title, id);
create index deals_value on deals (workspace_id, value_minor, id);
create index deals_value_desc on deals (workspace_id, value_minor desc nulls last, id desc);
create index deals_closed on deals (workspace_id, closed_at, id);
create index deals_closed_desc on deals (workspace_id, closed_at desc nulls last, id desc);
create index deals_state on deals (workspace_id, state, created_at, id);
create index deals_lead on deals (workspace_id, lead_id);
create index deals_contact on deals (workspace_id, contact_id);
create index deals_owner on deals (workspace_id, owner_id);

-- The work that leads were sold; what the server has to do itself stands in `jobs`.
create table lead_jobs (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  lead_id uuid not null,
  title text collate "und-x-icu" not null check (length(title) between 1 and 100),
  status text not null default 'planned' check (status in ('planned', 'in_progress', 'done', 'cancelled')),
  details jsonb not null default '{}',
  scheduled_for timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  primary key (workspace_id, id),
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade
);
create index lead_jobs_created on lead_jobs (workspace_id, created_at, id);
create index lead_jobs_updated on lead_jobs (workspace_id, updated_at, id);
create index lead_jobs_title on lead_jobs (workspace_id, title, id);
create index lead_jobs_scheduled on lead_jobs (workspace_id, scheduled_for, id);
create index lead_jobs_scheduled_desc on lead_jobs (workspace_id, scheduled_for desc nulls last, id desc);
create index lead_jobs_status on lead_jobs (workspace_id, status, created_at, id);
create index lead_jobs_lead on lead_jobs (workspace_id, lead_id);

-- What a board shows above its columns, kept with every change of a lead: of those neither archived nor deleted.
create table stage_totals (
  workspace_id uuid not null,
  stage_id uuid not null,
  currency text not null,
  score text not null,
  count bigint not null,
  value_minor bigint not null,
  -- The sum of the moments in which they entered the stage, in seconds: what their average age is made of.
  entered_seconds bigint not null,
  primary key (workspace_id, stage_id, currency, score),
  foreign key (workspace_id, stage_id) references stages (workspace_id, id) on delete cascade
) with (fillfactor = 50);

-- What leads copy from their contact, and what search looks through.
create function prepare_lead() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or new.contact_id is distinct from old.contact_id then
    select c.name, c.email, c.phone_number, case when c.company is not null then c.company_id end, c.company
      into new.contact_name, new.contact_email, new.contact_phone, new.company_id, new.company
      from contacts c where c.workspace_id = new.workspace_id and c.id = new.contact_id;
  end if;
  new.search_text := search_text_of(new.title, new.contact_name, new.contact_email, new.company, new.contact_phone,
    regexp_replace(new.contact_phone, '[^0-9]', '', 'g'));
  return new;
end
$$;

-- A contact's new name, address, number or company shows on its leads.
create function follow_contact() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update leads set contact_name = new.name, contact_email = new.email, contact_phone = new.phone_number,
      company_id = case when new.company is not null then new.company_id end, company = new.company
    where workspace_id = new.workspace_id and contact_id = new.id;
  return null;
end
$$;

-- A contact takes its leads and activities along when it is deleted, and brings back what it took. In an owner's scope
-- nobody deletes by it what they do not see.
create function follow_contact_deletion() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.deleted_at is not null then
    if current_owner_scope() is not null and exists (select from leads where workspace_id = new.workspace_id and contact_id = new.id
      and deleted_at is null and owner_id is distinct from current_owner_scope()) then
      raise exception 'the contact has leads outside of the owner scope' using errcode = 'MS001';
    end if;
    update leads set deleted_at = new.deleted_at, deleted_with = new.id, version = version + 1
      where workspace_id = new.workspace_id and contact_id = new.id and deleted_at is null;
    update activities set deleted_at = new.deleted_at, deleted_with = new.id
      where workspace_id = new.workspace_id and contact_id = new.id and deleted_at is null;
  else
    update activities set deleted_at = null, deleted_with = null
      where workspace_id = new.workspace_id and contact_id = new.id and deleted_with = new.id;
    update leads set deleted_at = null, deleted_with = null, version = version + 1
      where workspace_id = new.workspace_id and contact_id = new.id and deleted_with = new.id;
  end if;
  return null;
end
$$;

-- A lead takes its activities along; one that goes with its contact leaves them to the contact.
create function follow_lead_deletion() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.deleted_at is null then
    update activities set deleted_at = null, deleted_with = null
      where workspace_id = new.workspace_id and lead_id = new.id and deleted_with = new.id;
  elsif new.deleted_with is null then
    update activities set deleted_at = new.deleted_at, deleted_with = new.id
      where workspace_id = new.workspace_id and lead_id = new.id and deleted_at is null;
  end if;
  return null;
end
$$;

-- A lead's activities are those of its new contact.
create function follow_lead_contact() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update activities set contact_id = new.contact_id where workspace_id = new.workspace_id and lead_id = new.id;
  update deals set contact_id = new.contact_id where workspace_id = new.workspace_id and lead_id = new.id;
  return null;
end
$$;

create function count_lead() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  counted_before constant boolean := tg_op <> 'INSERT' and old.deleted_at is null and not old.is_archived;
  counted_after constant boolean := new.deleted_at is null and not new.is_archived;
begin
  if counted_before and counted_after and old.stage_id = new.stage_id and old.currency = new.currency and old.score = new.score
    and old.lead_value_minor is not distinct from new.lead_value_minor and old.stage_entered_at = new.stage_entered_at then
    return null;
  end if;
  if counted_before and counted_after then
    -- Held in one order first: two leads that change places don't wait for each other.
    perform from stage_totals where workspace_id = new.workspace_id
      and (stage_id, currency, score) in ((old.stage_id, old.currency, old.score), (new.stage_id, new.currency, new.score))
      order by stage_id, currency, score for no key update;
  end if;
  if counted_before then
    update stage_totals set count = count - 1, value_minor = value_minor - coalesce(old.lead_value_minor, 0),
        entered_seconds = entered_seconds - extract(epoch from old.stage_entered_at)::bigint
      where workspace_id = old.workspace_id and stage_id = old.stage_id and currency = old.currency and score = old.score;
  end if;
  if counted_after then
    insert into stage_totals as t (workspace_id, stage_id, currency, score, count, value_minor, entered_seconds)
      values (new.workspace_id, new.stage_id, new.currency, new.score, 1, coalesce(new.lead_value_minor, 0),
        extract(epoch from new.stage_entered_at)::bigint)
      on conflict (workspace_id, stage_id, currency, score) do update set count = t.count + 1,
        value_minor = t.value_minor + excluded.value_minor, entered_seconds = t.entered_seconds + excluded.entered_seconds;
  end if;
  return null;
end
$$;

-- A contact's score is the highest of its active leads.
create function score_contact() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  contact uuid;
begin
  if tg_op = 'INSERT' then
    if new.is_active and not new.is_archived then
      update contacts set score = new.score_value
        where workspace_id = new.workspace_id and id = new.contact_id and (score is null or score < new.score_value);
    end if;
    return null;
  end if;
  foreach contact in array case when old.contact_id = new.contact_id then array[new.contact_id] else array[old.contact_id, new.contact_id] end loop
    -- Held first: of two leads that change at once, the later sees the earlier.
    perform from contacts where workspace_id = new.workspace_id and id = contact for no key update;
    update contacts c set score = s.highest
      from (select max(score_value) as highest from leads
        where workspace_id = new.workspace_id and contact_id = contact and is_active and not is_archived and deleted_at is null) s
      where c.workspace_id = new.workspace_id and c.id = contact and c.score is distinct from s.highest;
  end loop;
  return null;
end
$$;

-- When a lead was last worked on, and when its person was last spoken to.
create function touch_lead() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  speaks constant text[] := array['call', 'email', 'sms', 'meeting'];
begin
  if tg_op = 'INSERT' then
    update leads set last_activity_at = greatest(last_activity_at, new.occurred_at),
        last_contact_at = case when new.activity_type = any (speaks) then greatest(last_contact_at, new.occurred_at) else last_contact_at end
      where workspace_id = new.workspace_id and id = new.lead_id
        and (last_activity_at is null or last_activity_at < new.occurred_at
          or new.activity_type = any (speaks) and (last_contact_at is null or last_contact_at < new.occurred_at));
    return null;
  end if;
  -- Held first: of two entries that change at once, the later sees the earlier.
  perform from leads where workspace_id = new.workspace_id and id = new.lead_id for no key update;
  update leads l set last_activity_at = a.activity, last_contact_at = a.contact
    from (select max(occurred_at) as activity, max(occurred_at) filter (where activity_type = any (speaks)) as contact
      from activities where workspace_id = new.workspace_id and lead_id = new.lead_id and deleted_at is null) a
    where l.workspace_id = new.workspace_id and l.id = new.lead_id and l.deleted_at is null
      and (l.last_activity_at, l.last_contact_at) is distinct from (a.activity, a.contact);
  return null;
end
$$;

-- The pipeline and the sources that every workspace starts with.
create function furnish_workspace(workspace uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  pipeline constant uuid := new_id();
begin
  insert into pipelines (workspace_id, id, name, is_default) values (workspace, pipeline, 'Sales', true);
  insert into stages (workspace_id, pipeline_id, name, category, stage_type, display_order, is_completed, color, probability, rot_after_days)
    values
      (workspace, pipeline, 'New lead', 'new', 'process', 1, false, '#64748b', 10, 7),
      (workspace, pipeline, 'Contacted', 'contacted', 'process', 2, false, '#0ea5e9', 20, 7),
      (workspace, pipeline, 'Qualified', 'qualified', 'milestone', 3, false, '#6366f1', 40, 14),
      (workspace, pipeline, 'Appointment set', 'appointment', 'milestone', 4, false, '#a855f7', 60, 14),
      (workspace, pipeline, 'Proposal sent', 'proposal', 'process', 5, false, '#f59e0b', 75, 21),
      (workspace, pipeline, 'Won', 'converted', 'outcome', 6, true, '#16a34a', 100, null),
      (workspace, pipeline, 'Lost', 'lost', 'outcome', 7, true, '#dc2626', 0, null);
  insert into lead_sources (workspace_id, name, category)
    values (workspace, 'Website', 'digital'), (workspace, 'Referral', 'referral'), (workspace, 'Social media', 'digital'),
      (workspace, 'Email campaign', 'digital'), (workspace, 'Phone call', 'traditional'), (workspace, 'Event', 'event'),
      (workspace, 'Advertisement', 'traditional'), (workspace, 'Partner', 'partner'), (workspace, 'Import', 'other'),
      (workspace, 'Other', 'other');
end
$$;

create function furnish() returns trigger language plpgsql as $$
begin
  perform furnish_workspace(new.id);
  return null;
end
$$;

-- Whose scope a contact is in: those who work with it, and the owners of its leads.
create function who_sees_contact(contact uuid) returns uuid[] language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct person), '{}') from (
    select user_id from contact_assignments where workspace_id = current_workspace() and contact_id = contact
    union all
    select owner_id from leads where workspace_id = current_workspace() and contact_id = contact and owner_id is not null and deleted_at is null
  ) people (person)
$$;

-- A lead that the present unit of work sees, held until its end: also one that it may not edit, which a policy would keep
-- from being held.
create function hold_lead(lead uuid) returns setof leads language sql security definer set search_path = public, pg_temp as $$
  select * from leads where workspace_id = current_workspace() and id = lead and deleted_at is null
    and (current_owner_scope() is null or owner_id = current_owner_scope())
  for no key update
$$;

-- What is in the owner scope of the present unit of work. Asked only where there is one, and once for all rows of a statement.
create function scope_leads() returns setof uuid language sql stable security definer set search_path = public, pg_temp as $$
  select id from leads where workspace_id = current_workspace() and owner_id = current_owner_scope()
$$;
create function scope_contacts() returns setof uuid language sql stable security definer set search_path = public, pg_temp as $$
  select contact_id from contact_assignments where workspace_id = current_workspace() and user_id = current_owner_scope()
  union
  select contact_id from leads where workspace_id = current_workspace() and owner_id = current_owner_scope() and deleted_at is null
$$;
create function scope_companies() returns setof uuid language sql stable security definer set search_path = public, pg_temp as $$
  select company_id from contacts
    where workspace_id = current_workspace() and deleted_at is null and company_id is not null and id in (select scope_contacts())
$$;

-- As in 0002, and in an owner's scope it shows also a company that only this contact will bring into it.
create function name_of_company(sought uuid) returns text language sql stable security definer set search_path = public, pg_temp as $$
  select name from companies where workspace_id = current_workspace() and id = sought and deleted_at is null
$$;
create or replace function prepare_contact() returns trigger language plpgsql as $$
begin
  if current_owner_scope() is null then
    new.company := (select name from companies where workspace_id = new.workspace_id and id = new.company_id and deleted_at is null);
  else
    new.company := name_of_company(new.company_id);
  end if;
  new.search_text := search_text_of(new.firstname, new.lastname, new.email, new.company, new.phone_number,
    regexp_replace(new.phone_number, '[^0-9]', '', 'g'));
  return new;
end
$$;

-- How many cards a stage has, whoever asks: what its limit is about.
create function cards_in_stage(stage uuid) returns integer language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(sum(count), 0)::integer from stage_totals where workspace_id = current_workspace() and stage_id = stage);
end
$$;

-- The cards next to a place in a stage, the nearest first, in both directions and whoever sees them: next to a card that
-- is in the stage, or to the stage's top. It is to be called under the stage's lock, and sees what was committed until then.
create function cards_around(stage uuid, moving uuid, before_card uuid, after_card uuid, many integer)
  returns table (card uuid, rank text, is_above boolean) language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  anchor record;
begin
  select l.id, l.position, l.id is not distinct from after_card as is_above into anchor from leads l
    where l.workspace_id = current_workspace() and l.id in (before_card, after_card) and l.stage_id = stage and l.deleted_at is null
      and l.id is distinct from moving
    order by 3 desc limit 1;
  if anchor.id is not null then
    return query select a.id, a.position, true from (
      (select l.id, l.position from leads l where l.workspace_id = current_workspace() and l.stage_id = stage and l.deleted_at is null
        and not l.is_archived and (l.position, l.id) <= (anchor.position, anchor.id) and (anchor.is_above or l.id <> anchor.id)
        and l.id is distinct from moving order by l.position desc, l.id desc limit many)
      union all
      (select l.id, l.position from leads l where l.workspace_id = current_workspace() and l.stage_id = stage and (l.deleted_at is not null
        or l.is_archived) and (l.position, l.id) <= (anchor.position, anchor.id) and (anchor.is_above or l.id <> anchor.id)
        and l.id is distinct from moving order by l.position desc, l.id desc limit many)) a
      order by a.position desc, a.id desc limit many;
  end if;
  return query select b.id, b.position, false from (
    (select l.id, l.position from leads l where l.workspace_id = current_workspace() and l.stage_id = stage and l.deleted_at is null
      and not l.is_archived and (l.position, l.id) >= (coalesce(anchor.position, ''), coalesce(anchor.id, '00000000-0000-0000-0000-000000000000'))
      and not (coalesce(anchor.is_above, false) and l.id = anchor.id) and l.id is distinct from moving
      order by l.position, l.id limit many)
    union all
    (select l.id, l.position from leads l where l.workspace_id = current_workspace() and l.stage_id = stage and (l.deleted_at is not null
      or l.is_archived) and (l.position, l.id) >= (coalesce(anchor.position, ''), coalesce(anchor.id, '00000000-0000-0000-0000-000000000000'))
      and not (coalesce(anchor.is_above, false) and l.id = anchor.id) and l.id is distinct from moving
      order by l.position, l.id limit many)) b
    order by b.position, b.id limit many;
end
$$;

-- Gives cards of a stage other ranks, whoever may edit them: their order stays. It is to be called under the stage's lock.
create function respread_cards(stage uuid, cards uuid[], ranks text[]) returns void language plpgsql volatile security definer
  set search_path = public, pg_temp as $$
begin
  update leads l set position = spread.rank from unnest(cards, ranks) spread (card, rank)
    where l.workspace_id = current_workspace() and l.id = spread.card and l.stage_id = stage;
end
$$;

create trigger prepare before insert or update of contact_id, title, contact_name, contact_email, company, contact_phone on leads
  for each row execute function prepare_lead();
create trigger tags_inserted after insert on leads for each row when (cardinality(new.tags) > 0) execute function sync_tags('lead_tags', 'lead_id');
create trigger tags_updated after update of tags on leads for each row when (old.tags is distinct from new.tags) execute function sync_tags('lead_tags', 'lead_id');
create trigger count_inserted after insert on leads for each row execute function count_lead();
create trigger count_updated after update of stage_id, currency, score, lead_value_minor, stage_entered_at, is_archived, deleted_at on leads
  for each row execute function count_lead();
create trigger score_inserted after insert on leads for each row execute function score_contact();
create trigger score_updated after update of score_value, is_active, is_archived, deleted_at, contact_id on leads for each row
  when ((old.score_value, old.is_active, old.is_archived, old.deleted_at, old.contact_id)
    is distinct from (new.score_value, new.is_active, new.is_archived, new.deleted_at, new.contact_id))
  execute function score_contact();
create trigger deletion after update of deleted_at on leads for each row when (old.deleted_at is distinct from new.deleted_at)
  execute function follow_lead_deletion();
create trigger contact after update of contact_id on leads for each row when (old.contact_id is distinct from new.contact_id)
  execute function follow_lead_contact();
create trigger audit after insert or update on leads for each row execute function audit('lead', 'id');

create trigger leads_follow after update of firstname, lastname, email, phone_number, company_id, company on contacts for each row
  when ((old.name, old.email, old.phone_number, old.company_id, old.company) is distinct from
    (new.name, new.email, new.phone_number, new.company_id, new.company))
  execute function follow_contact();
create trigger deletion after update of deleted_at on contacts for each row when (old.deleted_at is distinct from new.deleted_at)
  execute function follow_contact_deletion();

create trigger touch_inserted after insert on activities for each row when (new.lead_id is not null) execute function touch_lead();
create trigger touch_updated after update of occurred_at, deleted_at on activities for each row
  when (new.lead_id is not null and (old.occurred_at, old.deleted_at) is distinct from (new.occurred_at, new.deleted_at)
    and (new.deleted_with is null and old.deleted_with is null))
  execute function touch_lead();
-- What the system writes by itself tells of a change that is recorded already.
create trigger audit_inserted after insert on activities for each row
  when (new.activity_type in ('note', 'call', 'email', 'sms', 'meeting', 'task')) execute function audit('activity', 'id');
create trigger audit_updated after update on activities for each row execute function audit('activity', 'id');
create trigger audit after insert or update on deals for each row execute function audit('deal', 'id');
create trigger audit after insert or update on lead_jobs for each row execute function audit('job', 'id');
-- What a workspace is furnished with was nobody's change.
create trigger audit after insert or update on pipelines for each row
  when (current_user <> 'millrace_upkeep') execute function audit('pipeline', 'id');
create trigger audit after insert or update on stages for each row
  when (current_user <> 'millrace_upkeep') execute function audit('stage', 'id');
create trigger audit after insert or update on lead_sources for each row
  when (current_user <> 'millrace_upkeep') execute function audit('lead_source', 'id');
-- Nobody deletes what is purged, or goes with what it belongs to.
create trigger audit_deleted after delete on deals for each row when (current_user = 'millrace_app') execute function audit('deal', 'id');
create trigger audit_deleted after delete on lead_jobs for each row when (current_user = 'millrace_app') execute function audit('job', 'id');
create trigger audit_deleted after delete on pipelines for each row when (current_user = 'millrace_app') execute function audit('pipeline', 'id');
create trigger audit_deleted after delete on stages for each row when (current_user = 'millrace_app') execute function audit('stage', 'id');
create trigger audit_deleted after delete on lead_sources for each row
  when (current_user = 'millrace_app') execute function audit('lead_source', 'id');
create trigger furnish after insert on workspaces for each row execute function furnish();

-- As in 0001, without what a secret is known by and when it was used; what has a secret is rotated and revoked, and money is
-- told as money, whatever it is stored as.
create or replace function audit() returns trigger language plpgsql as $$
declare
  hidden constant text[] := array['workspace_id', 'version', 'created_at', 'updated_at', 'created_by', 'updated_by',
    'name_key', 'email_key', 'search_text', 'invitation_hash', 'invitation_expires_at', 'secret_hash', 'former_hash', 'last_used_at',
    'contact_name', 'contact_email', 'contact_phone', 'deleted_with'];
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
    elsif old_row ->> 'revoked_at' is null and new_row ->> 'revoked_at' is not null then
      verb := 'revoked';
    elsif old_row ->> 'secret_hash' is distinct from new_row ->> 'secret_hash' then
      verb := 'rotated';
    end if;
    select jsonb_object_agg(audited_name(key), audited_value(key, old_row -> key)), jsonb_object_agg(audited_name(key), audited_value(key, value))
      into row_before, row_after
      from jsonb_each(new_row)
      where value is distinct from old_row -> key and key <> all (hidden);
  else
    select jsonb_object_agg(audited_name(key), audited_value(key, value)) into row_before
      from jsonb_each(jsonb_strip_nulls(old_row - hidden));
    select jsonb_object_agg(audited_name(key), audited_value(key, value)) into row_after
      from jsonb_each(jsonb_strip_nulls(new_row - hidden));
  end if;
  insert into audit_log (workspace_id, actor_id, action, resource, record_id, before, after, request_id)
  values (
    coalesce((whole ->> 'workspace_id')::uuid, (whole ->> 'id')::uuid), current_actor(),
    coalesce(tg_argv[2 + (tg_op = 'DELETE')::integer], tg_argv[0] || '.' || verb), tg_argv[0], (whole ->> tg_argv[1])::uuid,
    row_before, row_after, nullif(current_setting('millrace.request', true), ''));
  return null;
end
$$;

create function audited_name(name text) returns text language sql immutable parallel safe
  as $$ select case when right(name, 6) = '_minor' then left(name, -6) else name end $$;
create function audited_value(name text, value jsonb) returns jsonb language sql immutable parallel safe
  as $$ select case when right(name, 6) = '_minor' and jsonb_typeof(value) = 'number' then to_jsonb(trim_scale((value #>> '{}')::numeric / 100)) else value end $$;

do $$
declare
  tenant_table text;
begin
  -- Every row of the workspace, whoever asks.
  foreach tenant_table in array array['lead_sources', 'pipelines', 'stages'] loop
    execute format('alter table %I enable row level security, force row level security', tenant_table);
    execute format('create policy tenant on %I to millrace_app using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())', tenant_table);
    execute format('grant select, insert, update, delete on %I to millrace_app', tenant_table);
    -- A new workspace is furnished before anyone has entered it.
    execute format('create policy furnish on %I for insert to millrace_upkeep with check (true)', tenant_table);
    execute format('grant insert on %I to millrace_upkeep', tenant_table);
  end loop;
  -- What follows a lead.
  foreach tenant_table in array array['lead_stage_history', 'deals', 'lead_jobs', 'lead_tags'] loop
    execute format('alter table %I enable row level security, force row level security', tenant_table);
    execute format($policy$create policy tenant on %I to millrace_app
      using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else lead_id in (select scope_leads()) end)
      with check (workspace_id = current_workspace())$policy$, tenant_table);
    execute format('grant select, insert, update, delete on %I to millrace_app', tenant_table);
  end loop;
end
$$;

-- A case is taken to let half of the rows through, an or hardly any: plans for the many who have no scope would be made for few rows.
alter table leads enable row level security, force row level security;
create policy tenant_view on leads for select to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else owner_id = (select current_owner_scope()) end);
create policy tenant_create on leads for insert to millrace_app
  with check (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else owner_id = (select current_owner_scope()) end);
create policy tenant_edit on leads for update to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else owner_id = (select current_owner_scope()) end
    and (not (select edits_own_leads_only()) or owner_id is null or owner_id = (select current_actor())))
  with check (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else owner_id = (select current_owner_scope()) end
    and (not (select edits_own_leads_only()) or owner_id is null or owner_id = (select current_actor())));
grant select, insert, update on leads to millrace_app;

alter table activities enable row level security, force row level security;
create policy tenant on activities to millrace_app
  using (workspace_id = current_workspace()
    and case when (select current_owner_scope()) is null then true when lead_id is null then contact_id in (select scope_contacts()) else lead_id in (select scope_leads()) end)
  with check (workspace_id = current_workspace());
grant select, insert, update on activities to millrace_app;

alter table stage_totals enable row level security, force row level security;
create policy tenant on stage_totals for select to millrace_app
  using (workspace_id = current_workspace() and (select current_owner_scope()) is null);
grant select on stage_totals to millrace_app;

-- One owner's scope of what was there before leads.
drop policy tenant on contacts;
create policy tenant_view on contacts for select to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else id in (select scope_contacts()) end);
create policy tenant_create on contacts for insert to millrace_app with check (workspace_id = current_workspace());
create policy tenant_edit on contacts for update to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else id in (select scope_contacts()) end)
  with check (workspace_id = current_workspace());
revoke delete on contacts from millrace_app;
drop policy tenant on companies;
create policy tenant_view on companies for select to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else id in (select scope_companies()) end);
create policy tenant_create on companies for insert to millrace_app with check (workspace_id = current_workspace());
create policy tenant_edit on companies for update to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else id in (select scope_companies()) end)
  with check (workspace_id = current_workspace());
revoke delete on companies from millrace_app;
alter policy tenant on contact_assignments
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else contact_id in (select scope_contacts()) end);
alter policy tenant on contact_tags
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else contact_id in (select scope_contacts()) end);
alter policy tenant on company_tags
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else company_id in (select scope_companies()) end);
drop policy tenant on audit_log;
create policy tenant_view on audit_log for select to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else false end);
create policy tenant_create on audit_log for insert to millrace_app with check (workspace_id = current_workspace());

-- What keeps copies in step works in the whole of the present workspace, and nowhere else.
do $$
declare
  kept text;
begin
  foreach kept in array array['contacts', 'leads', 'activities', 'deals', 'stage_totals', 'contact_assignments'] loop
    execute format('create policy upkeep on %I to millrace_upkeep using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())', kept);
  end loop;
end
$$;
create policy search on leads for select to millrace_search using (true);
create policy upkeep on audit_log for insert to millrace_upkeep with check (workspace_id = current_workspace());
grant select, update on contacts, leads, activities, deals to millrace_upkeep;
grant select, insert, update on stage_totals to millrace_upkeep;
grant select on contact_assignments to millrace_upkeep;
grant insert on audit_log to millrace_upkeep;
grant select (workspace_id, id, search_text, deleted_at, is_archived, last_activity_at) on leads to millrace_search;

-- The leads that a search shows first where they stand by their latest activity: as many as wanted, behind a place if one is
-- given. What is found is put in order here, so that the caller reads only what it shows. Found first and ordered then: by
-- the index of the order, a term that few leads have would be looked for in all of them.
create function search_latest_leads(term text, before timestamptz, before_id uuid, wanted integer) returns setof uuid
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query execute format(
    'with found as materialized (
        select id, last_activity_at from leads where workspace_id = %L and deleted_at is null and not is_archived and %s and %s
      ) select id from found order by last_activity_at desc nulls last, id desc limit %s',
    current_workspace(), search_condition(term),
    case when before is null then 'true'
      else format('(last_activity_at is null or (last_activity_at, id) < (%L::timestamptz, %L::uuid))', before, before_id) end,
    wanted);
end
$$;

-- The system role sees nothing of a tenant but what is due to be purged.
create policy due on leads to millrace_system using (
  deleted_at < now() - interval '30 days'
  or exists (select from workspaces where workspaces.id = workspace_id and workspaces.deleted_at < now() - interval '30 days'));
create policy due on activities to millrace_system using (
  deleted_at < now() - interval '30 days'
  or exists (select from workspaces where workspaces.id = workspace_id and workspaces.deleted_at < now() - interval '30 days'));
-- It sees a lead only when that is due.
create policy due on deals to millrace_system using (exists (select from leads l where l.workspace_id = deals.workspace_id and l.id = lead_id));
create policy due on lead_jobs to millrace_system using (exists (select from leads l where l.workspace_id = lead_jobs.workspace_id and l.id = lead_id));
grant select (workspace_id, id, contact_id, deleted_at), delete on leads to millrace_system;
grant select (workspace_id, id, contact_id, lead_id, deleted_at), delete on activities to millrace_system;
grant select (workspace_id, id, lead_id), delete on deals, lead_jobs to millrace_system;

do $$
declare
  kept text;
begin
  -- Rights first: once the function belongs to another role, they are no longer ours to give and take.
  foreach kept in array array['furnish_workspace(uuid)', 'who_sees_contact(uuid)', 'hold_lead(uuid)', 'scope_leads()',
    'scope_contacts()', 'scope_companies()', 'name_of_company(uuid)'] loop
    execute format('revoke execute on function %s from public', kept);
  end loop;
  foreach kept in array array['cards_in_stage(uuid)', 'cards_around(uuid, uuid, uuid, uuid, integer)', 'respread_cards(uuid, uuid[], text[])'] loop
    execute format('revoke execute on function %s from public', kept);
    execute format('grant execute on function %s to millrace_app', kept);
  end loop;
  grant execute on function furnish_workspace(uuid) to millrace_system;
  grant execute on function who_sees_contact(uuid), hold_lead(uuid), scope_leads(), scope_contacts(),
    scope_companies(), name_of_company(uuid) to millrace_app, millrace_upkeep;
  revoke execute on function search_latest_leads(text, timestamptz, uuid, integer) from public;
  grant execute on function search_latest_leads(text, timestamptz, uuid, integer) to millrace_app;
  grant create on schema public to millrace_search;
  alter function search_latest_leads(text, timestamptz, uuid, integer) owner to millrace_search;
  revoke create on schema public from millrace_search;
  grant create on schema public to millrace_upkeep;
  foreach kept in array array['furnish_workspace(uuid)', 'who_sees_contact(uuid)', 'hold_lead(uuid)', 'scope_leads()',
    'scope_contacts()', 'scope_companies()', 'name_of_company(uuid)', 'follow_contact()', 'follow_contact_deletion()',
    'follow_lead_deletion()', 'follow_lead_contact()',
    'count_lead()', 'score_contact()', 'touch_lead()', 'cards_in_stage(uuid)', 'cards_around(uuid, uuid, uuid, uuid, integer)',
    'respread_cards(uuid, uuid[], text[])'] loop
    execute format('alter function %s owner to millrace_upkeep', kept);
  end loop;
  revoke create on schema public from millrace_upkeep;
end
$$;

-- Workspaces that are older than leads.
do $$
begin
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant millrace_system to %I with inherit false, set true', current_user);
  end if;
  set local role millrace_system;
  perform furnish_workspace(id) from workspaces;
  reset role;
end
$$;

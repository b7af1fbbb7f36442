-- Appointments: what is agreed with a lead's contact, and how it came to be what it is.

create table appointments (
  workspace_id uuid not null default current_workspace() references workspaces,
  id uuid not null default new_id(),
  lead_id uuid not null,
  -- A copy of the lead's.
  contact_id uuid not null,
  owner_id uuid,
  appointment_date timestamptz(3) not null,
  duration_minutes integer not null default 30 check (duration_minutes between 1 and 1440),
  -- Kept by the database: a day may have 23 or 25 hours, so no column can be computed of the two.
  ends_at timestamptz(3) not null,
  timezone text not null check (length(timezone) between 1 and 100),
  location text check (length(location) between 1 and 255),
  meeting_url text check (length(meeting_url) <= 2000),
  status text not null default 'scheduled' check (status in ('scheduled', 'set', 'verified', 'confirmed', 'completed', 'cancelled')),
  -- What was taken over from elsewhere may be completed and have none.
  outcome text check (outcome in ('showed', 'no_show', 'rescheduled', 'cancelled', 'sold', 'not_interested')),
  notes text,
  -- People, who may have left since.
  set_by uuid,
  set_date timestamptz(3),
  verified_by uuid,
  verified_date timestamptz(3),
  confirmed_by uuid,
  confirmed_date timestamptz(3),
  completed_at timestamptz(3),
  cancelled_at timestamptz(3),
  cancel_reason text check (length(cancel_reason) <= 255),
  -- Counts the changes that a calendar must see; kept by the database.
  sequence integer not null default 0,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  deleted_at timestamptz(3),
  -- The lead or contact that took it along when it was deleted, and brings it back.
  deleted_with uuid,
  primary key (workspace_id, id),
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, owner_id) references members (workspace_id, user_id),
  check (location is null or meeting_url is null),
  check ((status = 'completed') = (completed_at is not null)),
  check ((status = 'cancelled') = (cancelled_at is not null)),
  check (cancel_reason is null or status = 'cancelled')
);
create index appointments_date on appointments (workspace_id, appointment_date, id) where deleted_at is null;
create index appointments_created on appointments (workspace_id, created_at, id) where deleted_at is null;
create index appointments_updated on appointments (workspace_id, updated_at, id) where deleted_at is null;
create index appointments_status on appointments (workspace_id, status, appointment_date, id) where deleted_at is null;
create index appointments_outcome on appointments (workspace_id, outcome, appointment_date, id) where deleted_at is null and outcome is not null;
create index appointments_owner on appointments (workspace_id, owner_id, appointment_date, id);
create index appointments_lead on appointments (workspace_id, lead_id, appointment_date, id);
create index appointments_contact on appointments (workspace_id, contact_id, appointment_date, id);
create index appointments_deleted on appointments (deleted_at) where deleted_at is not null;

-- The life of an appointment: its booking, and every change of its status, its outcome or its time.
create table appointment_changes (
  workspace_id uuid not null default current_workspace(),
  id uuid not null default new_id(),
  appointment_id uuid not null,
  -- Null for the booking.
  from_status text,
  to_status text not null,
  from_outcome text,
  to_outcome text,
  from_date timestamptz(3),
  to_date timestamptz(3) not null,
  from_duration_minutes integer,
  to_duration_minutes integer not null,
  -- The appointment's, from this change on.
  sequence integer not null,
  reason text check (length(reason) <= 255),
  changed_at timestamptz(3) not null default clock_timestamp(),
  changed_by uuid default current_actor(),
  primary key (workspace_id, id),
  foreign key (workspace_id, appointment_id) references appointments (workspace_id, id) on delete cascade
);
create index appointment_changes_appointment on appointment_changes (workspace_id, appointment_id, changed_at, id);

-- What follows from an appointment's other columns.
create function prepare_appointment() returns trigger language plpgsql as $$
begin
  new.ends_at := new.appointment_date + make_interval(mins => new.duration_minutes);
  if tg_op = 'INSERT' then
    new.contact_id := (select contact_id from leads where workspace_id = new.workspace_id and id = new.lead_id);
  elsif (new.appointment_date, new.duration_minutes, new.location, new.meeting_url, new.status = 'cancelled')
    is distinct from (old.appointment_date, old.duration_minutes, old.location, old.meeting_url, old.status = 'cancelled') then
    new.sequence := old.sequence + 1;
  end if;
  return new;
end
$$;
create trigger prepare before insert or update of appointment_date, duration_minutes, ends_at, location, meeting_url, status on appointments
  for each row execute function prepare_appointment();
create trigger audit after insert or update on appointments for each row execute function audit('appointment', 'id');

-- What follows belongs to the role that keeps copies in step.
do $$
begin
  grant create on schema public to millrace_upkeep;
  set local role millrace_upkeep;
end
$$;

-- As in 0006, with appointments.
create or replace function follow_contact_deletion() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
    update appointments set deleted_at = new.deleted_at, deleted_with = new.id
      where workspace_id = new.workspace_id and contact_id = new.id and deleted_at is null;
  else
    update activities set deleted_at = null, deleted_with = null
      where workspace_id = new.workspace_id and contact_id = new.id and deleted_with = new.id;
    update appointments set deleted_at = null, deleted_with = null
      where workspace_id = new.workspace_id and contact_id = new.id and deleted_with = new.id;
    update leads set deleted_at = null, deleted_with = null, version = version + 1
      where workspace_id = new.workspace_id and contact_id = new.id and deleted_with = new.id;
  end if;
  return null;
end
$$;
create or replace function follow_lead_deletion() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.deleted_at is null then
    update activities set deleted_at = null, deleted_with = null
      where workspace_id = new.workspace_id and lead_id = new.id and deleted_with = new.id;
    update appointments set deleted_at = null, deleted_with = null
      where workspace_id = new.workspace_id and lead_id = new.id and deleted_with = new.id;
  elsif new.deleted_with is null then
    update activities set deleted_at = new.deleted_at, deleted_with = new.id
      where workspace_id = new.workspace_id and lead_id = new.id and deleted_at is null;
    update appointments set deleted_at = new.deleted_at, deleted_with = new.id
      where workspace_id = new.workspace_id and lead_id = new.id and deleted_at is null;
  end if;
  return null;
end
$$;
create or replace function follow_lead_contact() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update activities set contact_id = new.contact_id where workspace_id = new.workspace_id and lead_id = new.id;
  update appointments set contact_id = new.contact_id where workspace_id = new.workspace_id and lead_id = new.id;
  update deals set contact_id = new.contact_id where workspace_id = new.workspace_id and lead_id = new.id;
  return null;
end
$$;

-- When a lead's person was last spoken to, by what is on its timeline and in its appointments: at one that is over and that
-- they came to, at its time, or when it was over before that.
create function refresh_lead(workspace uuid, lead uuid) returns void language plpgsql as $$
begin
  -- Held first: of two entries that change at once, the later sees the earlier.
  perform from leads where workspace_id = workspace and id = lead for no key update;
  update leads l set last_activity_at = a.activity, last_contact_at = greatest(a.contact, b.contact)
    from (select max(occurred_at) as activity, max(occurred_at) filter (where activity_type in ('call', 'email', 'sms', 'meeting')) as contact
        from activities where workspace_id = workspace and lead_id = lead and deleted_at is null) a,
      (select max(least(appointment_date, completed_at)) as contact from appointments
        where workspace_id = workspace and lead_id = lead and deleted_at is null
          and status = 'completed' and outcome in ('showed', 'sold', 'not_interested')) b
    where l.workspace_id = workspace and l.id = lead and l.deleted_at is null
      and (l.last_activity_at, l.last_contact_at) is distinct from (a.activity, greatest(a.contact, b.contact));
end
$$;
create or replace function touch_lead() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
  perform refresh_lead(new.workspace_id, new.lead_id);
  return null;
end
$$;
create function touch_lead_by_appointment() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform refresh_lead(new.workspace_id, new.lead_id);
  return null;
end
$$;

-- The appointments that take a member's time between two moments, whoever sees them. An appointment is a day long at most.
create function appointments_between(member uuid, earliest timestamptz, latest timestamptz)
  returns table (id uuid, appointment_date timestamptz, ends_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp as $$
  select a.id, a.appointment_date, a.ends_at from appointments a
    where a.workspace_id = current_workspace() and a.owner_id = member and a.deleted_at is null and a.status <> 'cancelled'
      and a.appointment_date > earliest - interval '24 hours' and a.appointment_date < latest and a.ends_at > earliest
$$;

revoke execute on function refresh_lead(uuid, uuid), appointments_between(uuid, timestamptz, timestamptz) from public;
grant execute on function appointments_between(uuid, timestamptz, timestamptz) to millrace_app;
do $$
begin
  reset role;
  revoke create on schema public from millrace_upkeep;
end
$$;

create trigger touch_inserted after insert on appointments for each row when (new.outcome is not null) execute function touch_lead_by_appointment();
create trigger touch_updated after update of appointment_date, outcome, completed_at, deleted_at on appointments for each row
  when ((old.appointment_date, old.outcome, old.completed_at, old.deleted_at)
      is distinct from (new.appointment_date, new.outcome, new.completed_at, new.deleted_at)
    and (old.outcome is not null or new.outcome is not null) and new.deleted_with is null and old.deleted_with is null)
  execute function touch_lead_by_appointment();

-- The moment at which a zone's clocks show this. What they skip is the moment at which they skip it; what they show twice is
-- the second time.
create function shown_at(clock timestamp, zone text) returns timestamptz language sql stable parallel safe as $$
  select case when m at time zone zone = clock then m
    else (select min(g) from generate_series(m - ((m at time zone zone) - clock), m, interval '1 minute') g where g at time zone zone > clock) end
  from (select clock at time zone zone as m) as taken
$$;

alter table appointments enable row level security, force row level security;
create policy tenant on appointments to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else lead_id in (select scope_leads()) end)
  with check (workspace_id = current_workspace());
create policy upkeep on appointments to millrace_upkeep using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy due on appointments to millrace_system using (
  deleted_at < now() - interval '30 days'
  or exists (select from workspaces where workspaces.id = workspace_id and workspaces.deleted_at < now() - interval '30 days'));
grant select, insert, update on appointments to millrace_app;
grant select, update on appointments to millrace_upkeep;
grant select (workspace_id, id, contact_id, lead_id, deleted_at), delete on appointments to millrace_system;

alter table appointment_changes enable row level security, force row level security;
create policy tenant on appointment_changes to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true
    else exists (select from appointments a where a.workspace_id = appointment_changes.workspace_id and a.id = appointment_id) end)
  with check (workspace_id = current_workspace());
grant select, insert on appointment_changes to millrace_app;

-- What live streams need beside the outbox: how far it was purged, and whose scope a company is in.

-- Whoever resumes from before this place may have missed what is gone.
create table purged_events (
  -- There is one row.
  id boolean primary key default true check (id),
  txid bigint not null,
  seq bigint not null
);
insert into purged_events (txid, seq) values (0, 0);

alter table purged_events enable row level security, force row level security;
create policy read on purged_events for select to millrace_app using (true);
create policy system on purged_events to millrace_system using (true) with check (true);
grant select on purged_events to millrace_app;
grant select, update on purged_events to millrace_system;

-- Whose scope a company is in: that of whoever has a contact there in theirs.
create function who_sees_company(sought uuid) returns uuid[] language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct person), '{}') from (
    select a.user_id from contact_assignments a join contacts c on c.workspace_id = a.workspace_id and c.id = a.contact_id
    where c.workspace_id = current_workspace() and c.company_id = sought and c.deleted_at is null
    union all
    select l.owner_id from leads l join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
    where c.workspace_id = current_workspace() and c.company_id = sought and c.deleted_at is null and l.deleted_at is null
      and l.owner_id is not null
  ) people (person)
$$;
do $$
begin
  revoke execute on function who_sees_company(uuid) from public;
  grant execute on function who_sees_company(uuid) to millrace_app, millrace_upkeep;
  grant create on schema public to millrace_upkeep;
  alter function who_sees_company(uuid) owner to millrace_upkeep;
  revoke create on schema public from millrace_upkeep;
end
$$;

-- Contacts that are the same person: what they are found by, and what the merging of two leaves behind.

-- The mailbox that an address means: whatever its case, without what follows a plus, and at Gmail without dots.
create function mailbox_of(email text) returns text language sql stable parallel safe as $$
  select case when domain in ('gmail.com', 'googlemail.com') then replace(mailbox, '.', '') || '@gmail.com' else mailbox || '@' || domain end
  from (select coalesce(nullif(split_part(box, '+', 1), ''), box) as mailbox, domain
    from (select regexp_replace(typed, '@[^@]*$', '') as box, regexp_replace(typed, '^.*@', '') as domain
      from (select lower(email collate "und-x-icu") as typed) address) parts) named
$$;

-- The end of a phone number: the same however the number is dialled, and whatever its extension.
create function line_of(phone text) returns text language sql stable parallel safe as $$
  select case when length(digits) >= 5 then right(digits, 7) end
  from (select ltrim(regexp_replace(replace(regexp_replace(phone, '\s*(x|ext\.?|#)\s*[0-9]+\s*$', '', 'i'), '(0)', ''), '[^0-9]', '', 'g'), '0')) d (digits)
$$;

-- The words of a name by their sound, each once and in one order: a name that is misheard, mistyped by a vowel or turned round
-- sounds the same. Words that say nothing are left out where there are others.
create function sounds_of(name text, saying_nothing text[]) returns text[] language sql stable parallel safe as $$
  select array(
    select distinct regexp_replace(left(heard, 1) || translate(substr(heard, 2), 'aeiouyhw', ''), '(.)\1+', '\1', 'g')
    from unnest(words) word, lateral (
      select translate(replace(replace(replace(replace(word, 'sch', 's'), 'ph', 'f'), 'x', 'ks'), 'tz', 'z'), 'cqzvdgbj', 'kksftkpi')) h (heard)
    where word <> all (saying_nothing) or words <@ saying_nothing order by 1)
  from (select regexp_split_to_array(btrim(regexp_replace(folded(name) collate "und-x-icu", '[^[:alnum:]]+', ' ', 'g')), ' ')) w (words)
  where words <> '{""}'
$$;

-- What a contact is found by: two with a key in common may be one person.
create function keys_of_contact(email text, phone_number text, name text, company text) returns table (kind text, key bigint)
  language sql stable parallel safe as $$
  with heard as materialized (
    select sounds_of(name, '{mr,mrs,ms,miss,dr,prof,herr,frau,jr,sr}') as person,
      sounds_of(company, '{ltd,limited,llc,llp,inc,incorporated,corp,corporation,co,company,plc,gmbh,mbh,ag,kg,kgaa,ohg,ug,ek,se,sa,sas,sarl,srl,spa,bv,nv,oy,ab,as,aps,pty,pte,the,und,and}') as place
  )
  select f.kind, hashtextextended(f.said collate "C", 0) from (
    select 'email', mailbox_of(email)
    union all select 'phone', line_of(phone_number)
    union all select 'name', array_to_string(person, ' ') from heard where cardinality(person) > 1
    union all select 'company', array_to_string(place, ' ') || '/' || sound from heard, unnest(person) sound where length(sound) > 1
  ) f (kind, said) where f.said is not null
$$;

create table contact_keys (
  workspace_id uuid not null default current_workspace(),
  contact_id uuid not null,
  kind text collate "C" not null,
  key bigint not null,
  primary key (workspace_id, contact_id, kind, key),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index contact_keys_key on contact_keys (workspace_id, kind, key, contact_id);

-- Keeps a contact's keys in step with it; a deleted one has none.
create function keep_contact_keys() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from contact_keys where workspace_id = new.workspace_id and contact_id = new.id;
  end if;
  if new.deleted_at is null then
    insert into contact_keys (workspace_id, contact_id, kind, key)
      select new.workspace_id, new.id, k.kind, k.key from keys_of_contact(new.email, new.phone_number, new.name, new.company) k;
  end if;
  return null;
end
$$;
create trigger keys_inserted after insert on contacts for each row when (new.deleted_at is null) execute function keep_contact_keys();
create trigger keys_updated after update of firstname, lastname, email, phone_number, company_id, company, deleted_at on contacts for each row
  when ((old.email, old.phone_number, old.name, old.company, old.deleted_at is null)
    is distinct from (new.email, new.phone_number, new.name, new.company, new.deleted_at is null))
  execute function keep_contact_keys();

-- A contact that was merged is deleted, and took nothing along: everything had gone to the survivor before.
alter table contacts add column merged_into uuid check (merged_into is null or deleted_at is not null);
drop trigger deletion on contacts;
create trigger deletion after update of deleted_at on contacts for each row
  when (old.deleted_at is distinct from new.deleted_at and old.merged_into is null and new.merged_into is null)
  execute function follow_contact_deletion();

-- Where a merged contact's id leads: to a contact, or to one that was merged itself. It outlives the contact.
create table contact_redirects (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null,
  contact_id uuid not null,
  primary key (workspace_id, id),
  check (id <> contact_id)
);
create index contact_redirects_contact on contact_redirects (workspace_id, contact_id);

-- What was merged within the last thirty days, and may be undone until then.
create table contact_merges (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  -- The survivor, and who went into it.
  contact_id uuid not null,
  merged_id uuid not null,
  -- What was merged later builds on what was merged before.
  place bigint not null generated always as identity,
  -- The entry on the survivor's timeline.
  activity_id uuid not null,
  leads integer not null,
  activities integer not null,
  appointments integer not null,
  deals integer not null,
  merged_at timestamptz(3) not null default now(),
  merged_by uuid default current_actor(),
  undone_at timestamptz(3),
  undone_by uuid,
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  check (contact_id <> merged_id)
);
create index contact_merges_contact on contact_merges (workspace_id, contact_id, merged_at, id);
create index contact_merges_merged on contact_merges (workspace_id, merged_id);
create index contact_merges_age on contact_merges (merged_at);

-- The records that a merge moved: leads, with which goes what hangs on them, and entries of the contact's own timeline.
create table contact_merge_moves (
  workspace_id uuid not null default current_workspace(),
  id uuid not null default new_id(),
  merge_id uuid not null,
  kind text not null check (kind in ('lead', 'activity')),
  record_id uuid not null,
  -- When it had been deleted by then, if it had.
  deleted_at timestamptz(3),
  primary key (workspace_id, id),
  foreign key (workspace_id, merge_id) references contact_merges (workspace_id, id) on delete cascade
);
create index contact_merge_moves_merge on contact_merge_moves (workspace_id, merge_id, kind);

-- What a merge made of the survivor, one row for each column, tag, member, and key of an object.
create table contact_merge_changes (
  workspace_id uuid not null default current_workspace(),
  id uuid not null default new_id(),
  merge_id uuid not null,
  kind text not null check (kind in ('column', 'tag', 'assignment', 'metadata', 'custom_field')),
  name text not null,
  before jsonb,
  after jsonb,
  primary key (workspace_id, id),
  foreign key (workspace_id, merge_id) references contact_merges (workspace_id, id) on delete cascade
);
create index contact_merge_changes_merge on contact_merge_changes (workspace_id, merge_id);

-- Whoever is not there any more is not led to. A contact that was merged still leads on.
create function forget_redirects() returns trigger language plpgsql as $$
begin
  with recursive gone as (
    select id from contact_redirects where workspace_id = old.workspace_id and contact_id = old.id
    union
    select r.id from contact_redirects r join gone g on r.contact_id = g.id where r.workspace_id = old.workspace_id
  )
  delete from contact_redirects r using gone g where r.workspace_id = old.workspace_id and r.id = g.id;
  return null;
end
$$;
create trigger redirects after delete on contacts for each row when (old.merged_into is null) execute function forget_redirects();

create trigger audit after insert on contact_merges for each row execute function audit('contact', 'contact_id', 'contact.merged');
create trigger audit_undone after update on contact_merges for each row
  when (old.undone_at is null and new.undone_at is not null) execute function audit('contact', 'contact_id', 'contact.unmerged');

-- What follows belongs to the role that keeps copies in step.
do $$
begin
  grant create on schema public to millrace_upkeep;
  set local role millrace_upkeep;
end
$$;
-- Whether the present unit of work sees every lead of these contacts, deleted ones as well.
create function sees_all_leads(contacts uuid[]) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select current_owner_scope() is null or not exists (select from leads
    where workspace_id = current_workspace() and contact_id = any (contacts) and owner_id is distinct from current_owner_scope())
$$;
-- Takes a merge's entry from the timeline, once the merge is undone.
create function forget_merge_entry(merge uuid) returns void language sql volatile security definer set search_path = public, pg_temp as $$
  delete from activities a using contact_merges m
    where m.workspace_id = current_workspace() and m.id = merge and m.undone_at is not null
      and a.workspace_id = m.workspace_id and a.id = m.activity_id and a.activity_type = 'merge'
$$;
revoke execute on function sees_all_leads(uuid[]), forget_merge_entry(uuid) from public;
grant execute on function sees_all_leads(uuid[]), forget_merge_entry(uuid) to millrace_app;
do $$
begin
  reset role;
  revoke create on schema public from millrace_upkeep;
end
$$;
grant delete on activities to millrace_upkeep;

alter table contact_keys enable row level security, force row level security;
create policy tenant on contact_keys to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else contact_id in (select scope_contacts()) end)
  with check (workspace_id = current_workspace());
create policy upkeep on contact_keys to millrace_upkeep
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
grant select, insert, delete on contact_keys to millrace_app, millrace_upkeep;

alter table contact_redirects enable row level security, force row level security;
create policy tenant on contact_redirects to millrace_app
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy due on contact_redirects to millrace_system using (true);
grant select, insert, delete on contact_redirects to millrace_app;
grant select, delete on contact_redirects to millrace_system;

alter table contact_merges enable row level security, force row level security;
create policy tenant on contact_merges to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else contact_id in (select scope_contacts()) end)
  with check (workspace_id = current_workspace());
create policy upkeep on contact_merges for select to millrace_upkeep using (workspace_id = current_workspace());
grant select, insert, update (undone_at, undone_by) on contact_merges to millrace_app;
grant select on contact_merges to millrace_upkeep;
create policy due on contact_merges to millrace_system using (
  merged_at < now() - interval '30 days'
  or exists (select from workspaces where workspaces.id = workspace_id and workspaces.deleted_at < now() - interval '30 days'));
grant select (workspace_id, id, contact_id, merged_at), delete on contact_merges to millrace_system;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['contact_merge_moves', 'contact_merge_changes'] loop
    execute format('alter table %I enable row level security, force row level security', tenant_table);
    -- A merge that is not seen holds nothing that is.
    execute format($policy$create policy tenant on %1$I to millrace_app
      using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true
        else merge_id in (select m.id from contact_merges m where m.workspace_id = current_workspace()) end)
      with check (workspace_id = current_workspace())$policy$, tenant_table);
    execute format('grant select, insert, delete on %I to millrace_app', tenant_table);
    -- The system role sees a merge only when that is due.
    execute format($policy$create policy due on %1$I to millrace_system
      using (exists (select from contact_merges m where m.workspace_id = %1$I.workspace_id and m.id = merge_id))$policy$, tenant_table);
    execute format('grant select (workspace_id, id, merge_id), delete on %I to millrace_system', tenant_table);
  end loop;
end
$$;

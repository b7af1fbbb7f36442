-- Contacts and companies, their tags and assignments, and the search over them.

create table companies (
  workspace_id uuid not null default current_workspace() references workspaces,
  id uuid not null default new_id(),
  name text collate "und-x-icu" not null check (length(name) between 1 and 100),
  name_key text not null generated always as (lower(name collate "und-x-icu")) stored,
  industry text,
  website text,
  employees integer check (employees >= 0),
  phone_number text,
  address_1 text, address_2 text, city text, state text, zip_code text, country text,
  tags text[] not null default '{}',
  notes text,
  search_text text not null default '',
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  deleted_at timestamptz(3),
  primary key (workspace_id, id)
);
create unique index companies_name_unique on companies (workspace_id, name_key) where deleted_at is null;
create index companies_created on companies (workspace_id, created_at, id) where deleted_at is null;
create index companies_updated on companies (workspace_id, updated_at, id) where deleted_at is null;
create index companies_name on companies (workspace_id, name, id) where deleted_at is null;
create index companies_employees on companies (workspace_id, employees, id) where deleted_at is null;
create index companies_employees_desc on companies (workspace_id, employees desc nulls last, id desc) where deleted_at is null;
create index companies_industry on companies (workspace_id, industry) where deleted_at is null;
create index companies_deleted on companies (deleted_at) where deleted_at is not null;
create index companies_search on companies using gin (workspace_id, search_text gin_trgm_ops) where deleted_at is null;

create table contacts (
  workspace_id uuid not null default current_workspace() references workspaces,
  id uuid not null default new_id(),
  firstname text check (length(firstname) between 1 and 255),
  lastname text check (length(lastname) between 1 and 255),
  name text collate "und-x-icu" generated always as (nullif(btrim(coalesce(firstname, '') || ' ' || coalesce(lastname, '')), '')) stored,
  email text collate "und-x-icu" check (length(email) <= 254),
  email_key text generated always as (lower(email collate "und-x-icu")) stored,
  phone_number text check (length(phone_number) between 5 and 50),
  company_id uuid,
  -- A copy of the company's name, null while the company is deleted: what lists show, search and sort by.
  company text collate "und-x-icu",
  address_1 text, address_2 text, city text, state text, zip_code text, country text,
  status text not null default 'active' check (status in ('active', 'bounced', 'unsubscribed')),
  type text not null default 'lead' check (type in ('lead', 'client', 'partner', 'other')),
  priority text check (priority in ('low', 'medium', 'high')),
  is_favorite boolean not null default false,
  is_archived boolean not null default false,
  tags text[] not null default '{}',
  notes text,
  metadata jsonb not null default '{}',
  score smallint check (score between 0 and 100),
  search_text text not null default '',
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  deleted_at timestamptz(3),
  primary key (workspace_id, id),
  foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete set null (company_id),
  constraint contacts_identity check (coalesce(firstname, lastname, email, phone_number) is not null)
);
create unique index contacts_email_unique on contacts (workspace_id, email_key) where deleted_at is null;
create unique index contacts_phone_unique on contacts (workspace_id, phone_number) where deleted_at is null;
create index contacts_created on contacts (workspace_id, created_at, id) where deleted_at is null;
create index contacts_updated on contacts (workspace_id, updated_at, id) where deleted_at is null;
-- Nulls come last in both directions, which takes an index for each.
create index contacts_name on contacts (workspace_id, name, id) where deleted_at is null;
create index contacts_name_desc on contacts (workspace_id, name desc nulls last, id desc) where deleted_at is null;
create index contacts_email on contacts (workspace_id, email, id) where deleted_at is null;
create index contacts_email_desc on contacts (workspace_id, email desc nulls last, id desc) where deleted_at is null;
create index contacts_company on contacts (workspace_id, company, id) where deleted_at is null;
create index contacts_company_desc on contacts (workspace_id, company desc nulls last, id desc) where deleted_at is null;
create index contacts_score on contacts (workspace_id, score, id) where deleted_at is null;
create index contacts_score_desc on contacts (workspace_id, score desc nulls last, id desc) where deleted_at is null;
create index contacts_status on contacts (workspace_id, status) where deleted_at is null;
create index contacts_type on contacts (workspace_id, type) where deleted_at is null;
create index contacts_priority on contacts (workspace_id, priority) where deleted_at is null;
create index contacts_company_id on contacts (workspace_id, company_id) where deleted_at is null;
create index contacts_favorite on contacts (workspace_id) where deleted_at is null and is_favorite;
create index contacts_archived on contacts (workspace_id) where deleted_at is null and is_archived;
create index contacts_deleted on contacts (deleted_at) where deleted_at is not null;
create index contacts_search on contacts using gin (workspace_id, search_text gin_trgm_ops) where deleted_at is null;

-- Tags once more as rows, so that filters by them are answered from an index.
create table contact_tags (
  workspace_id uuid not null default current_workspace(),
  contact_id uuid not null,
  tag_key text not null,
  tag text not null,
  primary key (workspace_id, contact_id, tag_key),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index contact_tags_tag on contact_tags (workspace_id, tag_key, contact_id);

create table company_tags (
  workspace_id uuid not null default current_workspace(),
  company_id uuid not null,
  tag_key text not null,
  tag text not null,
  primary key (workspace_id, company_id, tag_key),
  foreign key (workspace_id, company_id) references companies (workspace_id, id) on delete cascade
);
create index company_tags_tag on company_tags (workspace_id, tag_key, company_id);

create table contact_assignments (
  workspace_id uuid not null default current_workspace(),
  contact_id uuid not null,
  user_id uuid not null,
  assigned_at timestamptz(3) not null default now(),
  assigned_by uuid default current_actor(),
  primary key (workspace_id, contact_id, user_id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, user_id) references members (workspace_id, user_id)
);
create index contact_assignments_user on contact_assignments (workspace_id, user_id, contact_id);

-- Keeps the rows of tags in step with the record's list; the arguments are the rows' table and its id column.
create function sync_tags() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    execute format('delete from %I where workspace_id = $1 and %I = $2', tg_argv[0], tg_argv[1]) using new.workspace_id, new.id;
  end if;
  if cardinality(new.tags) > 0 then
    execute format(
      'insert into %I (workspace_id, %I, tag_key, tag) select $1, $2, lower(tag collate "und-x-icu"), tag from unnest($3) tag on conflict do nothing',
      tg_argv[0], tg_argv[1]) using new.workspace_id, new.id, new.tags;
  end if;
  return null;
end
$$;

-- What search looks through: the text as it stands, and its words apart, each behind a space.
create function search_text_of(variadic parts text[]) returns text language sql stable parallel safe as $$
  select ' ' || folded(array_to_string(parts, ' ')) || ' ' || regexp_replace(folded(array_to_string(parts, ' ')) collate "und-x-icu", '[^[:alnum:]]+', ' ', 'g') || ' '
$$;

create function prepare_company() returns trigger language plpgsql as $$
begin
  new.search_text := search_text_of(new.name, new.website);
  return new;
end
$$;

create function prepare_contact() returns trigger language plpgsql as $$
begin
  new.company := (select name from companies where workspace_id = new.workspace_id and id = new.company_id and deleted_at is null);
  new.search_text := search_text_of(new.firstname, new.lastname, new.email, new.company, new.phone_number,
    regexp_replace(new.phone_number, '[^0-9]', '', 'g'));
  return new;
end
$$;

-- A company's new name, its deletion and its return show on its contacts.
create function follow_company() returns trigger language plpgsql as $$
begin
  update contacts set company = new.name where workspace_id = new.workspace_id and company_id = new.id;
  return null;
end
$$;

create trigger prepare before insert or update of name, website on companies for each row execute function prepare_company();
create trigger tags_inserted after insert on companies for each row when (cardinality(new.tags) > 0) execute function sync_tags('company_tags', 'company_id');
create trigger tags_updated after update of tags on companies for each row when (old.tags is distinct from new.tags) execute function sync_tags('company_tags', 'company_id');
create trigger follow after update of name, deleted_at on companies for each row
  when (old.name is distinct from new.name or old.deleted_at is distinct from new.deleted_at) execute function follow_company();
create trigger audit after insert or update on companies for each row execute function audit('company', 'id');

create trigger prepare before insert or update of firstname, lastname, email, company_id, company, phone_number on contacts
  for each row execute function prepare_contact();
create trigger tags_inserted after insert on contacts for each row when (cardinality(new.tags) > 0) execute function sync_tags('contact_tags', 'contact_id');
create trigger tags_updated after update of tags on contacts for each row when (old.tags is distinct from new.tags) execute function sync_tags('contact_tags', 'contact_id');
create trigger audit after insert or update on contacts for each row execute function audit('contact', 'id');
create trigger audit_inserted after insert on contact_assignments for each row
  execute function audit('contact', 'contact_id', 'contact.assigned', 'contact.unassigned');
-- One that goes with its contact was not taken off it.
create trigger audit_deleted after delete on contact_assignments for each row when (pg_trigger_depth() = 0)
  execute function audit('contact', 'contact_id', 'contact.assigned', 'contact.unassigned');

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['companies', 'contacts', 'company_tags', 'contact_tags', 'contact_assignments'] loop
    execute format('alter table %I enable row level security, force row level security', tenant_table);
    execute format('create policy tenant on %I to millrace_app using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())', tenant_table);
    execute format('grant select, insert, update, delete on %I to millrace_app', tenant_table);
  end loop;
  -- The system role sees nothing of a tenant but what is due to be purged.
  foreach tenant_table in array array['companies', 'contacts'] loop
    execute format($policy$create policy due on %I to millrace_system using (
      deleted_at < now() - interval '30 days'
      or exists (select from workspaces where workspaces.id = workspace_id and workspaces.deleted_at < now() - interval '30 days'))$policy$, tenant_table);
    execute format('grant select (workspace_id, id, deleted_at), delete on %I to millrace_system', tenant_table);
    execute format('create policy search on %I for select to millrace_search using (true)', tenant_table);
    execute format('grant select (workspace_id, id, search_text, deleted_at) on %I to millrace_search', tenant_table);
  end loop;
end
$$;

-- A piece of text as `like` finds it, whatever signs it has.
create function like_pattern(piece text) returns text language sql immutable parallel safe
  as $$ select '%' || replace(replace(replace(piece, '\', '\\'), '%', '\%'), '_', '\_') || '%' $$;

-- The condition that a search is: every word found, substrings from three letters on, word beginnings below. What looks like
-- a phone number is found by its digits as well, less what is dialled only at home: 030, +49 (0)30.
create function search_condition(term text) returns text language sql stable as $$
  select format('(%s)', coalesce(nullif(concat_ws(' or ',
    (select string_agg(format('search_text like %L', like_pattern(case when length(word) < 3 then ' ' else '' end || word)), ' and ')
      from regexp_split_to_table(folded(term), '\s+') word where word <> ''),
    (select format('search_text like %L', like_pattern(digits))
      from regexp_replace(regexp_replace(replace(term, '(0)', ''), '[^0-9]', '', 'g'), '^0+', '') digits
      where term ~ '^[-+0-9()./\s]*$' and length(digits) >= 3)), ''), 'false'))
$$;

-- Row-level security would keep `like` from the index, because its operator may leak; these functions name the tenant
-- themselves, see no more of it than search needs, and are planned with literals: with parameters the index is not chosen.
create function search_ids(searched regclass, term text) returns setof uuid language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return query execute format('select id from %s where workspace_id = %L and deleted_at is null and %s', searched, current_workspace(), search_condition(term));
end
$$;
-- Rights first: once the function belongs to another role, they are no longer ours to give and take.
revoke execute on function search_ids(regclass, text) from public;
grant execute on function search_ids(regclass, text) to millrace_app;
grant create on schema public to millrace_search;
alter function search_ids(regclass, text) owner to millrace_search;
revoke create on schema public from millrace_search;

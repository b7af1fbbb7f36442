-- Fields that a workspace gives its contacts and leads, and their values.

create table custom_fields (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  context text not null check (context in ('contact', 'lead')),
  name text not null check (name ~ '^[a-z][a-z0-9_]{0,49}$'),
  label text collate "und-x-icu" not null check (length(label) between 1 and 100),
  field_type text not null check (field_type in ('text', 'number', 'date', 'boolean', 'select', 'multi_select')),
  configuration jsonb not null default '{}' check (jsonb_typeof(configuration) = 'object'),
  description text check (length(description) between 1 and 1000),
  display_order integer not null,
  is_required boolean not null default false,
  is_active boolean not null default true,
  is_searchable boolean not null default false check (not is_searchable or field_type = 'text'),
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  -- It is gone, and stays only until the last of its values is.
  deleted_at timestamptz(3),
  primary key (workspace_id, id),
  check (deleted_at is null or not is_active)
);
create unique index custom_fields_name_unique on custom_fields (workspace_id, context, name);
create index custom_fields_order on custom_fields (workspace_id, display_order, id);
-- What every new record and every answer asks for.
create index custom_fields_required on custom_fields (workspace_id, context) where is_required and is_active;
create index custom_fields_retired on custom_fields (workspace_id, context, name) where not is_active;

alter table contacts add column custom_fields jsonb not null default '{}' check (jsonb_typeof(custom_fields) = 'object');
alter table leads add column custom_fields jsonb not null default '{}' check (jsonb_typeof(custom_fields) = 'object');

-- Values once more as rows, so that filters and sorts by them are answered from an index: their beginning as text, or a
-- number (of a boolean 0 or 1), and a row for each choice of several. What lists leave out unless asked for it, the archived
-- and the deleted, stands apart in the same indexes: so what a filter finds is counted without a look at the records.
create table contact_values (
  workspace_id uuid not null default current_workspace(),
  field_id uuid not null,
  contact_id uuid not null,
  ordinal smallint not null default 0,
  text_key text collate "und-x-icu",
  number_key double precision,
  is_listed boolean not null default true,
  primary key (workspace_id, contact_id, field_id, ordinal),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, field_id) references custom_fields (workspace_id, id) on delete cascade
);
create index contact_values_number on contact_values (workspace_id, field_id, is_listed, number_key, contact_id) where number_key is not null;
create index contact_values_text on contact_values (workspace_id, field_id, is_listed, text_key, contact_id);

create table lead_values (
  workspace_id uuid not null default current_workspace(),
  field_id uuid not null,
  lead_id uuid not null,
  ordinal smallint not null default 0,
  text_key text collate "und-x-icu",
  number_key double precision,
  is_listed boolean not null default true,
  primary key (workspace_id, lead_id, field_id, ordinal),
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade,
  foreign key (workspace_id, field_id) references custom_fields (workspace_id, id) on delete cascade
);
create index lead_values_number on lead_values (workspace_id, field_id, is_listed, number_key, lead_id) where number_key is not null;
create index lead_values_text on lead_values (workspace_id, field_id, is_listed, text_key, lead_id);

-- A value as it is kept; null is none.
create function kept_value(field_type text, value jsonb) returns jsonb language sql immutable parallel safe as $$
  select case
    when value in ('null', '""', '[]') then null
    when jsonb_typeof(value) = 'string' and field_type = 'text' then nullif(to_jsonb(btrim(value #>> '{}', E' \t\n\r')), '""')
    -- As precise as whoever reads it can have it; one beyond that is refused.
    when jsonb_typeof(value) = 'number' and (abs((value #>> '{}')::numeric) between 4.94e-324 and 1.7976931348623157e308)
      then to_jsonb((value #>> '{}')::float8)
    when jsonb_typeof(value) = 'array' and field_type = 'multi_select' then (
      select jsonb_agg(choice order by place) from (
        select choice, min(place) as place from jsonb_array_elements(value) with ordinality c (choice, place) group by choice) once)
    else value end
$$;

-- Whether text is a day of the calendar, from the year 1 on.
create function is_day(said text) returns boolean language sql immutable parallel safe as $$
  select case
    when said !~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' or left(said, 4) = '0000' then false
    else right(said, 2)::integer <= extract(day from
      make_date(left(said, 4)::integer, substr(said, 6, 2)::integer, 1) + interval '1 month' - interval '1 day') end
$$;

-- What is wrong with a value, as the code and the params of an issue; null where nothing is.
create function value_problem(field_type text, configuration jsonb, value jsonb) returns jsonb language plpgsql immutable parallel safe as $$
declare
  kind constant text := jsonb_typeof(value);
  said constant text := value #>> '{}';
  longest constant integer := least(coalesce((configuration ->> 'max_length')::integer, 5000), 5000);
  options text[];
begin
  case field_type
    when 'text' then
      if kind <> 'string' then
        return '{"code": "wrong_type", "params": {"expected": "string"}}';
      elsif length(said) > longest then
        return jsonb_build_object('code', 'too_long', 'params', jsonb_build_object('maximum', longest));
      elsif length(said) < (configuration ->> 'min_length')::integer then
        return jsonb_build_object('code', 'too_short', 'params', jsonb_build_object('minimum', configuration -> 'min_length'));
      -- With a pattern there is one line without unusual spaces, and classes are those of ASCII: so it means the same wherever
      -- it is tried.
      elsif configuration ? 'pattern'
        and (said ~ E'[\n-\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]' or said collate "C" !~ ('^(?:' || (configuration ->> 'pattern') || ')$')) then
        return '{"code": "not_format", "params": {}}';
      end if;
    when 'number' then
      if kind <> 'number' then
        return '{"code": "wrong_type", "params": {"expected": "number"}}';
      elsif abs(said::numeric) > 1.7976931348623157e308 then
        return '{"code": "too_large", "params": {"maximum": 1.7976931348623157e308}}';
      elsif said::numeric <> 0 and abs(said::numeric) < 4.94e-324 then
        return '{"code": "not_format", "params": {}}';
      elsif said::numeric < (configuration ->> 'min')::numeric then
        return jsonb_build_object('code', 'too_small', 'params', jsonb_build_object('minimum', configuration -> 'min'));
      elsif said::numeric > (configuration ->> 'max')::numeric then
        return jsonb_build_object('code', 'too_large', 'params', jsonb_build_object('maximum', configuration -> 'max'));
      end if;
    when 'date' then
      if kind <> 'string' or not is_day(said) then
        return '{"code": "not_date", "params": {}}';
      elsif said collate "C" < configuration ->> 'min' then
        return jsonb_build_object('code', 'too_small', 'params', jsonb_build_object('minimum', configuration -> 'min'));
      elsif said collate "C" > configuration ->> 'max' then
        return jsonb_build_object('code', 'too_large', 'params', jsonb_build_object('maximum', configuration -> 'max'));
      end if;
    when 'boolean' then
      if kind <> 'boolean' then
        return '{"code": "wrong_type", "params": {"expected": "boolean"}}';
      end if;
    else
      options := array(select choice ->> 'value' from jsonb_array_elements(configuration -> 'options') choice);
      if field_type = 'multi_select' and kind <> 'array' then
        return '{"code": "wrong_type", "params": {"expected": "list"}}';
      elsif exists (select from jsonb_array_elements(case kind when 'array' then value else jsonb_build_array(value) end) choice
        where field_type = 'select' and kind <> 'string' or jsonb_typeof(choice) <> 'string' or (choice #>> '{}') <> all (options)) then
        return jsonb_build_object('code', 'not_option', 'params', jsonb_build_object('options', options));
      end if;
  end case;
  return null;
end
$$;

-- The values of a record after a change of some, and what is wrong with that as issues: the one rule that the services ask and
-- the tables enforce. A new record needs all that is required; a change may not take it away. A retired field's value is
-- kept, and only the system may still write it.
create function checked_values(workspace uuid, in_context text, given jsonb, held jsonb, is_new boolean, by_system boolean,
  out kept jsonb, out problems jsonb) language plpgsql volatile as $$
declare
  field record;
  kept_now jsonb;
  problem jsonb;
begin
  kept := held;
  problems := '[]';
  if given <> '{}' then
    -- Until the transaction ends, each field stays what its value was checked by.
    perform from custom_fields f where f.workspace_id = workspace and f.context = in_context
      and f.name in (select jsonb_object_keys(given)) order by f.id for key share;
    for field in
      select g.key as name, g.value, f.field_type, f.configuration, f.is_active and f.is_required as is_required,
        f.id is not null and f.deleted_at is null and (f.is_active or by_system) as is_known
      from jsonb_each(given) g
      left join custom_fields f on f.workspace_id = workspace and f.context = in_context and f.name = g.key
      order by f.display_order, g.key
    loop
      kept_now := kept_value(field.field_type, field.value);
      problem := null;
      if not field.is_known and not (by_system and kept_now is null) then
        problem := jsonb_build_object('code', 'unknown', 'params', jsonb_build_object('name', field.name));
      elsif kept_now is distinct from held -> field.name then
        problem := case
          when kept_now is not null then value_problem(field.field_type, field.configuration, kept_now)
          when field.is_required then '{"code": "required", "params": {}}' end;
        if problem is null then
          kept := case when kept_now is null then kept - field.name else kept || jsonb_build_object(field.name, kept_now) end;
        end if;
      end if;
      if problem is not null then
        problems := problems || jsonb_build_array(jsonb_build_object('path', 'custom_fields.' || field.name) || problem);
      end if;
    end loop;
  end if;
  if is_new then
    problems := problems || coalesce((
      select jsonb_agg(jsonb_build_object('path', path, 'code', 'required', 'params', '{}'::jsonb) order by f.display_order, f.name)
      from custom_fields f, lateral (select 'custom_fields.' || f.name) p (path)
      where f.workspace_id = workspace and f.context = in_context and f.is_required and f.is_active
        and not kept ? f.name and not problems @> jsonb_build_array(jsonb_build_object('path', path))), '[]');
  end if;
end
$$;

-- The values of a new record of the present workspace, defaults included for what was not sent.
create function new_values(in_context text, given jsonb, out kept jsonb, out problems jsonb) language sql volatile as $$
  select v.kept, v.problems from checked_values(current_workspace(), in_context, coalesce((
    select jsonb_object_agg(f.name, f.configuration -> 'default') from custom_fields f
    where f.workspace_id = current_workspace() and f.context = in_context and f.is_active and f.configuration ? 'default'), '{}') || given,
    '{}', true, false) v
$$;

-- No value comes into a record past the rule; the message is what is wrong, as issues.
create function check_values() returns trigger language plpgsql as $$
declare
  held constant jsonb := case when tg_op = 'UPDATE' then old.custom_fields else '{}' end;
  given jsonb := '{}';
  checked record;
begin
  -- Its fields are not to be seen from here, and the policies refuse it.
  if new.workspace_id <> current_workspace() then
    return new;
  end if;
  if new.custom_fields <> held then
    given := (select jsonb_object_agg(key, new.custom_fields -> key) from (
      select jsonb_object_keys(new.custom_fields) as key union select jsonb_object_keys(held)) keys
      where new.custom_fields -> key is distinct from held -> key);
  end if;
  checked := checked_values(new.workspace_id, tg_argv[0], given, held, tg_op = 'INSERT', true);
  if checked.problems <> '[]' then
    raise exception '%', checked.problems using errcode = 'MV001';
  end if;
  new.custom_fields := checked.kept;
  return new;
end
$$;

-- Keep the rows of values in step with the record's. One function for each table: what names it by an argument is planned
-- anew for every row.
do $do$
declare
  record text;
begin
  foreach record in array array['contact', 'lead'] loop
    execute format($create$
      create function keep_%1$s_values() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
      declare
        held constant jsonb := case when tg_op = 'UPDATE' then old.custom_fields else '{}' end;
      begin
        if held <> '{}' then
          delete from %1$s_values v using custom_fields f
            where v.workspace_id = new.workspace_id and v.%1$s_id = new.id and f.workspace_id = new.workspace_id and f.id = v.field_id
              and held -> f.name is distinct from new.custom_fields -> f.name;
        end if;
        insert into %1$s_values (workspace_id, field_id, %1$s_id, ordinal, text_key, number_key, is_listed)
          select new.workspace_id, f.id, new.id, c.place - 1,
            case when jsonb_typeof(c.choice) = 'string' then left(c.choice #>> '{}', 200) end,
            case jsonb_typeof(c.choice) when 'number' then (c.choice #>> '{}')::float8
              when 'boolean' then (c.choice #>> '{}')::boolean::integer end,
            new.deleted_at is null and not new.is_archived
          from jsonb_each(new.custom_fields) g
          join custom_fields f on f.workspace_id = new.workspace_id and f.context = '%1$s' and f.name = g.key,
            jsonb_array_elements(case jsonb_typeof(g.value) when 'array' then g.value else jsonb_build_array(g.value) end)
              with ordinality c (choice, place)
          where held -> g.key is distinct from g.value;
        return null;
      end
      $$
    $create$, record);
    -- Tells them whether lists show their record.
    execute format($create$
      create function list_%1$s_values() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
      begin
        update %1$s_values set is_listed = new.deleted_at is null and not new.is_archived
          where workspace_id = new.workspace_id and %1$s_id = new.id;
        return null;
      end
      $$
    $create$, record);
  end loop;
end
$do$;

create trigger custom_values_inserted before insert on contacts for each row execute function check_values('contact');
create trigger custom_values_updated before update of custom_fields on contacts for each row
  when (old.custom_fields is distinct from new.custom_fields) execute function check_values('contact');
create trigger value_rows_inserted after insert on contacts for each row when (new.custom_fields <> '{}')
  execute function keep_contact_values();
create trigger value_rows_updated after update of custom_fields on contacts for each row
  when (old.custom_fields is distinct from new.custom_fields) execute function keep_contact_values();
create trigger value_rows_listed after update of is_archived, deleted_at on contacts for each row
  when (new.custom_fields <> '{}' and (old.is_archived, old.deleted_at) is distinct from (new.is_archived, new.deleted_at))
  execute function list_contact_values();

create trigger custom_values_inserted before insert on leads for each row execute function check_values('lead');
create trigger custom_values_updated before update of custom_fields on leads for each row
  when (old.custom_fields is distinct from new.custom_fields) execute function check_values('lead');
create trigger value_rows_inserted after insert on leads for each row when (new.custom_fields <> '{}')
  execute function keep_lead_values();
create trigger value_rows_updated after update of custom_fields on leads for each row
  when (old.custom_fields is distinct from new.custom_fields) execute function keep_lead_values();
create trigger value_rows_listed after update of is_archived, deleted_at on leads for each row
  when (new.custom_fields <> '{}' and (old.is_archived, old.deleted_at) is distinct from (new.is_archived, new.deleted_at))
  execute function list_lead_values();

-- What search finds a record by of its values.
create function searched_values(workspace uuid, in_context text, held jsonb) returns text language sql stable as $$
  select string_agg(held ->> f.name, ' ' order by f.display_order, f.id) from custom_fields f
  where held <> '{}' and f.workspace_id = workspace and f.context = in_context and f.is_searchable and f.is_active and held ? f.name
$$;

-- As in 0006, and through values of searchable fields.
create or replace function prepare_contact() returns trigger language plpgsql as $$
begin
  if current_owner_scope() is null then
    new.company := (select name from companies where workspace_id = new.workspace_id and id = new.company_id and deleted_at is null);
  else
    new.company := name_of_company(new.company_id);
  end if;
  new.search_text := search_text_of(new.firstname, new.lastname, new.email, new.company, new.phone_number,
    regexp_replace(new.phone_number, '[^0-9]', '', 'g'), searched_values(new.workspace_id, 'contact', new.custom_fields));
  return new;
end
$$;
create or replace function prepare_lead() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or new.contact_id is distinct from old.contact_id then
    select c.name, c.email, c.phone_number, case when c.company is not null then c.company_id end, c.company
      into new.contact_name, new.contact_email, new.contact_phone, new.company_id, new.company
      from contacts c where c.workspace_id = new.workspace_id and c.id = new.contact_id;
  end if;
  new.search_text := search_text_of(new.title, new.contact_name, new.contact_email, new.company, new.contact_phone,
    regexp_replace(new.contact_phone, '[^0-9]', '', 'g'), searched_values(new.workspace_id, 'lead', new.custom_fields));
  return new;
end
$$;
-- Writing the search text itself has it made anew.
drop trigger prepare on contacts;
create trigger prepare before insert
  or update of firstname, lastname, email, company_id, company, phone_number, custom_fields, search_text on contacts
  for each row execute function prepare_contact();
drop trigger prepare on leads;
create trigger prepare before insert
  or update of contact_id, title, contact_name, contact_email, company, contact_phone, custom_fields, search_text on leads
  for each row execute function prepare_lead();

create trigger audit after insert or update on custom_fields for each row execute function audit('custom_field', 'id');
-- One that waited for the end of its values was deleted when that began; and nobody deletes what goes with its workspace.
create trigger audit_deleted after delete on custom_fields for each row
  when (current_user = 'millrace_app' and old.deleted_at is null) execute function audit('custom_field', 'id');

alter table custom_fields enable row level security, force row level security;
create policy tenant on custom_fields to millrace_app
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy upkeep on custom_fields to millrace_upkeep
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
grant select, insert, update, delete on custom_fields to millrace_app;
-- Updates for holding a field alone.
grant select, update (id) on custom_fields to millrace_upkeep;

-- Rows of values are written by their trigger and nobody else.
alter table contact_values enable row level security, force row level security;
alter table lead_values enable row level security, force row level security;
create policy tenant on contact_values for select to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else contact_id in (select scope_contacts()) end);
create policy tenant on lead_values for select to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else lead_id in (select scope_leads()) end);
create policy upkeep on contact_values to millrace_upkeep
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy upkeep on lead_values to millrace_upkeep
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
grant select on contact_values, lead_values to millrace_app;
grant select, insert, update, delete on contact_values, lead_values to millrace_upkeep;

do $$
begin
  grant create on schema public to millrace_upkeep;
  alter function keep_contact_values() owner to millrace_upkeep;
  alter function keep_lead_values() owner to millrace_upkeep;
  alter function list_contact_values() owner to millrace_upkeep;
  alter function list_lead_values() owner to millrace_upkeep;
  revoke create on schema public from millrace_upkeep;
end
$$;

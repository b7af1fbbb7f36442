-- What visitors send through forms, and the proofs of work that were spent on it.

create table submissions (
  workspace_id uuid not null default current_workspace() references workspaces,
  id uuid not null default new_id(),
  form_id uuid,
  form_version integer not null check (form_version >= 1),
  state text not null check (state in ('accepted', 'quarantined', 'rejected', 'partial')),
  spam_reasons text[] not null default '{}',
  answers jsonb not null check (jsonb_typeof(answers) = 'object'),
  consents jsonb not null default '[]',
  attribution jsonb not null default '{}',
  traits jsonb not null default '{}',
  page text check (length(page) <= 2000),
  referrer text check (length(referrer) <= 2000),
  locale text,
  user_agent text check (length(user_agent) <= 500),
  -- Salted: it tells that two came from one place, and not from which.
  address_hash text not null,
  submitted_at timestamptz(3) not null default now(),
  contact_id uuid,
  lead_id uuid,
  not_mapped jsonb not null default '{}',
  -- Its Idempotency-Key, for ever; a form that is plain HTML may have none.
  key text check (length(key) between 1 and 255),
  fingerprint text not null,
  -- What the first answer was made of, so that a repeat gets the same.
  began_partial boolean not null default false,
  success text not null,
  answered_at timestamptz(3) not null,
  request_id text not null,
  -- The latest update of a partial one.
  sequence integer not null default 0,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  primary key (workspace_id, id),
  foreign key (workspace_id, form_id) references forms (workspace_id, id) on delete set null (form_id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete set null (contact_id),
  foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete set null (lead_id)
);
create unique index submissions_key on submissions (workspace_id, key) where key is not null;
create index submissions_created on submissions (workspace_id, form_id, created_at, id);
create index submissions_submitted on submissions (workspace_id, form_id, submitted_at, id);
create index submissions_state on submissions (workspace_id, form_id, state, created_at, id);
create index submissions_contact on submissions (workspace_id, contact_id) where contact_id is not null;
create index submissions_lead on submissions (workspace_id, lead_id) where lead_id is not null;
create index submissions_keyless on submissions (workspace_id, form_id, fingerprint, created_at) where key is null;
create index submissions_partial on submissions (created_at) where state = 'partial';

-- A proof is good once. It is kept until its challenge would have expired.
create table spent_proofs (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  signature text not null,
  expires_at timestamptz(3) not null,
  primary key (workspace_id, signature)
);
create index spent_proofs_expiry on spent_proofs (expires_at);

-- What a visitor sends is told of by its event; what members do with it is recorded.
create trigger audit after update on submissions for each row
  when (current_actor() is not null) execute function audit('submission', 'id');

alter table submissions enable row level security, force row level security;
alter table spent_proofs enable row level security, force row level security;
create policy tenant on submissions to millrace_app
  using (workspace_id = current_workspace() and case when (select current_owner_scope()) is null then true else lead_id in (select scope_leads()) end)
  with check (workspace_id = current_workspace());
create policy tenant on spent_proofs to millrace_app
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy upkeep on submissions to millrace_upkeep
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
-- Of a partial submission nothing stays but what its visitor brings to an end.
create policy due on submissions to millrace_system using (
  state = 'partial' and created_at < now() - interval '30 days'
  or exists (select from workspaces where workspaces.id = workspace_id and workspaces.deleted_at < now() - interval '30 days'));
create policy expired on spent_proofs to millrace_system using (expires_at < now());
-- Where a visitor came from is written down and read by nobody.
grant select (workspace_id, id, form_id, form_version, state, spam_reasons, answers, consents, attribution, traits, page, referrer,
  locale, user_agent, submitted_at, contact_id, lead_id, not_mapped, key, fingerprint, began_partial, success, answered_at, request_id,
  sequence, version, created_at, updated_at, created_by, updated_by), insert, update on submissions to millrace_app;
grant select, insert on spent_proofs to millrace_app;
grant select (workspace_id, id, contact_id, lead_id), update (contact_id) on submissions to millrace_upkeep;
grant select (workspace_id, id, state, created_at), delete on submissions to millrace_system;
grant select, delete on spent_proofs to millrace_system;

-- A lead's submissions are those of its contact, also after a merge.
create function follow_lead_submissions() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update submissions set contact_id = new.contact_id where workspace_id = new.workspace_id and lead_id = new.id;
  return null;
end
$$;
create trigger submissions_follow after update of contact_id on leads for each row when (old.contact_id is distinct from new.contact_id)
  execute function follow_lead_submissions();

-- As in 0008; what a visitor sends is kept although a form does not ask for all that is required of a record.
create or replace function check_values() returns trigger language plpgsql as $$
declare
  held constant jsonb := case when tg_op = 'UPDATE' then old.custom_fields else '{}' end;
  is_capture constant boolean := coalesce(current_setting('millrace.capture', true), '') = 'on';
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
  checked := checked_values(new.workspace_id, tg_argv[0], given, held, tg_op = 'INSERT' and not is_capture, true);
  if checked.problems <> '[]' then
    raise exception '%', checked.problems using errcode = 'MV001';
  end if;
  new.custom_fields := checked.kept;
  return new;
end
$$;

-- The rank before all others, as src/core/ranks.ts has it: below the lowest there is.
create function rank_below(lowest text) returns text language plpgsql immutable strict parallel safe as $$
declare
  digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  head constant text := left(lowest, 1);
  many constant integer := case when ascii(head) >= ascii('a') then ascii(head) - ascii('a') else ascii('Z') - ascii(head) end + 1;
  whole constant text := left(lowest, 1 + many);
  beside constant text := case head when 'a' then 'Z' else chr(ascii(head) - 1) end;
  digit text;
begin
  if whole <> lowest then
    return whole;
  end if;
  for place in reverse many + 1 .. 2 loop
    digit := substr(whole, place, 1);
    if digit <> '0' and (digit <> '1' or place <= many) then
      return left(whole, place - 1) || substr(digits, strpos(digits, digit) - 1, 1) || repeat('z', many + 1 - place);
    end if;
  end loop;
  return beside || repeat('z', case when ascii(beside) >= ascii('a') then ascii(beside) - ascii('a') else ascii('Z') - ascii(beside) end + 1);
end
$$;

-- The lowest rank in a stage, whoever sees its cards. It is to be called under the stage's lock.
create function lowest_rank(stage uuid) returns text language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  return least(
    (select l.position from leads l where l.workspace_id = current_workspace() and l.stage_id = stage
      and l.deleted_at is null and not l.is_archived order by l.position, l.id limit 1),
    (select l.position from leads l where l.workspace_id = current_workspace() and l.stage_id = stage
      and (l.deleted_at is not null or l.is_archived) order by l.position, l.id limit 1));
end
$$;

-- Holds a stage until the transaction ends, and answers the rank on top of it. The stage is as it was chosen, or the transaction
-- fails as one that can be run again.
create function hold_top(stage uuid, chosen_as text) returns text language plpgsql volatile set search_path = public, pg_temp as $$
begin
  perform from stages where id = stage and is_active and category = chosen_as for no key update;
  if not found then
    raise exception 'the stage has changed' using errcode = 'serialization_failure';
  end if;
  return coalesce(rank_below(lowest_rank(stage)), 'a1');
end
$$;

do $$
begin
  revoke execute on function lowest_rank(uuid) from public;
  grant execute on function lowest_rank(uuid) to millrace_app;
  grant create on schema public to millrace_upkeep;
  alter function follow_lead_submissions() owner to millrace_upkeep;
  alter function lowest_rank(uuid) owner to millrace_upkeep;
  revoke create on schema public from millrace_upkeep;
end
$$;

-- Whether the whole of a line of text matches a pattern, as it does for a custom field: without unusual spaces, and by the
-- classes of ASCII, so it means the same wherever it is tried.
create function pattern_matches(pattern text, said text) returns boolean language sql immutable parallel safe as $$
  select said !~ E'[\n-\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]' and said collate "C" ~ ('^(?:' || pattern || ')$')
$$;

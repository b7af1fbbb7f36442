-- Forms: what is being written, and every version that visitors have met.

create table forms (
  workspace_id uuid not null default current_workspace() references workspaces on delete cascade,
  id uuid not null default new_id(),
  name text collate "und-x-icu" not null check (length(name) between 1 and 100),
  draft jsonb not null,
  -- The latest version, also while the form is closed.
  published_version integer check (published_version >= 1),
  published_at timestamptz(3),
  is_active boolean not null default true,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  created_by uuid default current_actor(),
  updated_by uuid default current_actor(),
  -- A deleted form stays for its submissions' sake.
  deleted_at timestamptz(3),
  primary key (workspace_id, id),
  check ((published_version is null) = (published_at is null))
);
create index forms_created on forms (workspace_id, created_at, id) where deleted_at is null;
create index forms_updated on forms (workspace_id, updated_at, id) where deleted_at is null;
create index forms_name on forms (workspace_id, name, id) where deleted_at is null;
-- Visitors know no more of a form than its id.
create index forms_id on forms (id);

-- What was published stays as it was: submissions name it, and so do the consents in them.
create table form_versions (
  workspace_id uuid not null default current_workspace(),
  id uuid not null default new_id(),
  form_id uuid not null,
  number integer not null check (number >= 1),
  definition jsonb not null,
  published_at timestamptz(3) not null default now(),
  published_by uuid default current_actor(),
  primary key (workspace_id, id),
  unique (workspace_id, form_id, number),
  foreign key (workspace_id, form_id) references forms (workspace_id, id) on delete cascade
);

create trigger audit after insert or update on forms for each row execute function audit('form', 'id');
create trigger audit after insert on form_versions for each row execute function audit('form', 'form_id', 'form.published');

alter table forms enable row level security, force row level security;
alter table form_versions enable row level security, force row level security;
create policy tenant on forms to millrace_app
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
create policy tenant on form_versions to millrace_app
  using (workspace_id = current_workspace()) with check (workspace_id = current_workspace());
grant select, insert, update on forms to millrace_app;
grant select, insert on form_versions to millrace_app;

-- Whose a published form is; everything else of it is read inside that workspace.
create policy find on forms for select to millrace_system using (published_version is not null);
grant select (workspace_id, id, published_version, deleted_at) on forms to millrace_system;

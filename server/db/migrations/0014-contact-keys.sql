-- The keys of contacts that are older than their keys. A migration of its own, for it may take minutes: it holds nothing that
-- reading and writing contacts would wait for, and what changes meanwhile has its keys by the trigger.

do $$
declare
  every_workspace uuid[];
  one uuid;
begin
  set local role millrace_system;
  every_workspace := array(select id from workspaces order by id);
  set local role millrace_upkeep;
  foreach one in array every_workspace loop
    perform set_config('millrace.workspace', one::text, true);
    insert into contact_keys (workspace_id, contact_id, kind, key)
      select c.workspace_id, c.id, k.kind, k.key from contacts c, keys_of_contact(c.email, c.phone_number, c.name, c.company) k
      where c.workspace_id = one and c.deleted_at is null
      on conflict do nothing;
  end loop;
  perform set_config('millrace.workspace', '', true);
  reset role;
end
$$;

-- What somebody said through a form goes with them; that something was sent stays, and so does its key, for it is good for ever.

-- Runs where a contact is gone for good. One that was merged lives on, and what it sent is the survivor's.
create function forget_answers() returns trigger language plpgsql as $$
begin
  new.contact_id := (
    with recursive way as (
      select r.contact_id from contact_redirects r where r.workspace_id = old.workspace_id and r.id = old.contact_id
      union
      select r.contact_id from contact_redirects r join way w on r.id = w.contact_id where r.workspace_id = old.workspace_id
    )
    select c.id from way w join contacts c on c.workspace_id = old.workspace_id and c.id = w.contact_id
    where c.merged_into is null);
  if new.contact_id is null then
    new.answers := '{}';
    new.consents := '[]';
    new.attribution := '{}';
    new.traits := '{}';
    new.page := null;
    new.referrer := null;
    new.user_agent := null;
  end if;
  return new;
end
$$;
create trigger forget before update of contact_id on submissions for each row
  when (old.contact_id is not null and new.contact_id is null) execute function forget_answers();

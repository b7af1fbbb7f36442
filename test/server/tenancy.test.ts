import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Scope, Statement } from '../../server/db/db.ts';
import { newId } from '../../server/ids.ts';
import { proofFor, submit } from '../support/capture-form.ts';
import { newKey } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

describe('the database keeps workspaces apart by itself', () => {
  let server: TestServer;
  let ours: TestWorkspace;
  let theirs: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
    theirs = await server.newWorkspace();
    for (const workspace of [ours, theirs]) {
      const company = await workspace.client.companies.create({ name: 'Acme', tags: ['kept'] });
      const contact = await workspace.client.contacts.create({
        email: 'person@example.test',
        company_id: company.id,
        tags: ['kept'],
      });
      await workspace.client.contacts.assign(contact.id, { user_id: workspace.member.userId });
      await workspace.client.members.invite({ email: 'new@example.test', role: 'viewer' });
      await newKey(workspace);
      const lead = await workspace.client.leads.create({
        contact_id: contact.id,
        tags: ['kept'],
        owner_id: workspace.member.userId,
      });
      for (const context of ['lead', 'contact'] as const)
        await workspace.client.customFields.create({ context, name: 'kept', label: 'Kept', field_type: 'text' });
      await workspace.client.leads.update(lead.id, { custom_fields: { kept: 'Kept' } });
      await workspace.client.contacts.update(contact.id, { custom_fields: { kept: 'Kept' } });
      await workspace.client.leads.addActivity(lead.id, { activity_type: 'note', subject: 'Kept' });
      await workspace.client.leads.addDeal(lead.id, {});
      await workspace.client.leads.addAppointment(lead.id, { appointment_date: '2031-05-06T07:00:00Z' });
      await workspace.client.savedViews.create({ resource: 'leads', name: 'Kept', is_shared: true });
      await workspace.client.calendarFeed.issue();
      const field = { id: 'email', type: 'email', label: 'E-mail', maps_to: 'contact.email' } as const;
      const form = await workspace.client.forms.create({ name: 'Kept', draft: { steps: [{ id: 'one', fields: [field] }] } });
      await workspace.client.forms.publish(form.id);
      const sent = { answers: { email: 'visitor@example.test' }, proof: await proofFor(server, form.id) };
      assert.equal((await submit(server, form.id, sent, { origin: null })).status, 201);
      const events = [{ id: newId(), form_id: form.id, event: 'view' }];
      const noted = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ events }) };
      assert.equal((await server.fetch('/api/v2/public/events', noted)).status, 204);
      await workspace.client.leads.addJob(lead.id, {});
      const twin = await workspace.client.contacts.create({ firstname: 'Twin', city: 'Bonn' });
      await workspace.client.contacts.merge(contact.id, { contact_id: twin.id });
      await workspace.client.leads.bulk({ ids: [lead.id], action: 'tag', tags: ['kept'] });
      await workspace.client.workspace.update({ policies: { owner_rule: { kind: 'round_robin' } } });
      await workspace.client.leads.create({ contact: { firstname: 'In turn' } });
    }
  });

  const as = (role: Scope['role'], workspaceId?: string, actorId?: string): Scope => ({
    role,
    workspaceId,
    actorId,
    requestId: 'tenancy',
  });
  const read = async (scope: Scope, sql: string, ...parameters: unknown[]) =>
    (await server.database.db.unit(scope, [{ sql, parameters }]))[0]!.rows;
  const owned = (sql: string, ...parameters: unknown[]) => server.database.asOwner(sql, parameters);

  /** Every table that has rows of tenants, with the column that says whose. */
  const tenantTables = async () =>
    (await owned(`
      select c.relname as name, a.attname as key from pg_class c
      join pg_attribute a on a.attrelid = c.oid and (a.attname = 'workspace_id' or c.relname = 'workspaces' and a.attname = 'id') and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`)) as { name: string; key: string }[];

  test('every table of tenants has rows of both workspaces, or the others of these tests would prove nothing', async () => {
    for (const { name, key } of await tenantTables()) {
      for (const { id } of [ours, theirs]) {
        const [{ count }] = (await owned(`select count(*)::integer as count from ${name} where ${key} = $1`, id)) as [
          { count: number },
        ];
        assert.ok(count > 0, name);
      }
    }
  });

  test('with no workspace set, requests see no row of any table', async () => {
    for (const { name } of [...(await tenantTables()), { name: 'users' }, { name: 'refresh_tokens' }]) {
      assert.deepEqual(await seen(as('app'), name), 0, name);
    }
  });

  test('with a workspace set, requests see its rows and no other', async () => {
    for (const { name, key } of await tenantTables()) {
      const foreign = await seen(as('app', ours.id, ours.owner.userId), name, `${key} is distinct from '${ours.id}'`);
      assert.equal(foreign, 0, name);
    }
    const mine = await seen(as('app', ours.id, ours.owner.userId), 'contacts');
    const [{ all }] = (await owned('select count(*)::integer as all from contacts where workspace_id = $1', ours.id)) as [
      { all: number },
    ];
    assert.equal(mine, all);
    assert.equal(await seen(as('app', ours.id), 'users', `id = '${theirs.owner.userId}'`), 0);
    assert.equal(await seen(as('app', ours.id), 'users'), 5);
  });

  test('the kept answers of a colleague are not to be seen', async () => {
    const [{ count }] = (await owned(
      'select count(*)::integer as count from idempotency_keys where actor_id = $1',
      ours.owner.userId,
    )) as [{ count: number }];
    assert.equal(await seen(as('app', ours.id, ours.owner.userId), 'idempotency_keys'), count);
    assert.equal(await seen(as('app', ours.id, ours.admin.userId), 'idempotency_keys'), 0);
  });

  test('the role that looks across workspaces sees no record of one', async () => {
    for (const name of [
      'contacts',
      'companies',
      'leads',
      'activities',
      'deals',
      'lead_jobs',
      'appointments',
      'appointment_changes',
      'lead_stage_history',
      'saved_views',
      'form_versions',
      'form_events',
      'form_event_totals',
      'submissions',
      'spent_proofs',
      'custom_fields',
      'lead_values',
      'contact_values',
      'lead_tags',
      'contact_tags',
      'contact_keys',
      'contact_merges',
      'contact_merge_moves',
      'contact_merge_changes',
      'company_tags',
      'contact_assignments',
      'pipelines',
      'lead_sources',
      'stage_totals',
      'bulk_jobs',
      'bulk_rows',
      'owner_turns',
      'idempotency_keys',
    ]) {
      assert.equal(await seen(as('system'), name), 0, name);
      assert.equal(await seen(as('system', ours.id, ours.owner.userId), name), 0, name);
    }
    for (const column of ['action', 'actor_id', 'before', 'after']) {
      await assert.rejects(read(as('system'), `select ${column} from audit_log`), { code: '42501' }, column);
    }
  });

  /** How many rows a role sees; none where it may not even look. */
  async function seen(scope: Scope, table: string, where = 'true'): Promise<number> {
    try {
      return (await read(scope, `select 1 from ${table} where ${where}`)).length;
    } catch (error) {
      assert.equal((error as { code?: string }).code, '42501', table);
      return 0;
    }
  }

  test('every table but the list of migrations has row-level security, enabled and forced', async () => {
    const open = await owned(`
      select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and not (relrowsecurity and relforcerowsecurity) and relname <> 'migrations'`);
    assert.deepEqual(open, []);
  });

  test('no view and no function of the owner steps around it', async () => {
    assert.deepEqual(
      await owned(`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')`),
      [],
    );
    const definers = (await owned(`
      select p.proname as name, pg_get_userbyid(p.proowner) as owner, has_function_privilege('public', p.oid, 'execute') as for_all,
        p.prorettype = 'trigger'::regtype as fires, p.proconfig as settings
      from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef`)) as Record<string, any>[];
    assert.ok(definers.length > 0);
    for (const { name, owner, for_all, fires, settings } of definers) {
      assert.ok(
        name.startsWith('search_') ? owner === 'millrace_search' : owner === 'millrace_upkeep',
        `${name} runs as ${owner}`,
      );
      // A trigger's function is called by nobody.
      assert.ok(fires || !for_all, `${name} may be called by everybody`);
      assert.deepEqual(settings, ['search_path=public, pg_temp'], name);
    }
  });

  test('the roles have no power over it and own no table', async () => {
    const roles = await owned(`
      select rolname as name, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin as powerful,
        (select count(*)::integer from pg_class where relowner = r.oid) as tables,
        (select count(*)::integer from pg_auth_members where member = r.oid) as memberships,
        has_schema_privilege(r.oid, 'public', 'create') as creates
      from pg_roles r where rolname like 'millrace\\_%' and rolname not like 'millrace\\_test\\_%' order by 1`);
    const plain = { powerful: false, tables: 0, memberships: 0, creates: false };
    const names = ['millrace_app', 'millrace_search', 'millrace_system', 'millrace_upkeep'];
    assert.deepEqual(
      roles,
      names.map((name) => ({ name, ...plain })),
    );
  });

  test('what keeps copies in step works inside one workspace, and does nothing where none is entered', async () => {
    const [{ id }] = (await owned('select id from contacts where workspace_id = $1 and deleted_at is null', theirs.id)) as [
      { id: string },
    ];
    const who = `select who_sees_contact('${id}') as people`;
    assert.deepEqual(await read(as('app', ours.id), who), [{ people: [] }]);
    assert.deepEqual(await read(as('app'), who), [{ people: [] }]);
    assert.deepEqual(await read(as('app', theirs.id), who), [{ people: [theirs.member.userId] }]);
    const [company] = await owned('select id from companies where workspace_id = $1', theirs.id);
    const copied = `select copy_company_name('${company.id}', null)`;
    await read(as('app', ours.id), copied);
    assert.deepEqual(await owned('select company from contacts where id = $1', id), [{ company: 'Acme' }]);
  });

  test('a role reads only the secrets that it needs', async () => {
    const readers = await owned(`
      select c.relname || '.' || a.attname as secret, array_agg(r.rolname::text order by r.rolname) filter (where has_column_privilege(r.oid, c.oid, a.attnum, 'select')) as readers
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 cross join pg_roles r
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname like '%hash' and r.rolname in ('millrace_app', 'millrace_search', 'millrace_system')
      group by 1 order by 1`);
    assert.deepEqual(Object.fromEntries(readers.map(({ secret, readers }) => [secret, readers])), {
      'api_keys.former_hash': ['millrace_system'],
      'api_keys.secret_hash': ['millrace_system'],
      'calendar_feeds.secret_hash': ['millrace_system'],
      'members.invitation_hash': ['millrace_system'],
      'refresh_tokens.hash': ['millrace_system'],
      'refresh_tokens.successor_hash': ['millrace_system'],
      'submissions.address_hash': null,
      'users.password_hash': ['millrace_system'],
    });
  });

  test('requests write no user, no session, no workspace and no past of the audit log', async () => {
    const scope = as('app', ours.id, ours.owner.userId);
    const refused: Statement[] = [
      { sql: `update users set password_hash = 'x' where id = $1`, parameters: [ours.owner.userId] },
      {
        sql: `insert into users (id, name, email, password_hash) values ($1, 'Eve', 'eve@example.test', 'x')`,
        parameters: [newId()],
      },
      { sql: 'insert into sessions (user_id, workspace_id) values ($1, $2)', parameters: [ours.owner.userId, ours.id] },
      { sql: `insert into workspaces (id, name) values ($1, 'Mine')`, parameters: [newId()] },
      { sql: 'update workspaces set deleted_at = now()', parameters: [] },
      { sql: 'update workspaces set id = $1', parameters: [newId()] },
      { sql: 'delete from workspaces', parameters: [] },
      { sql: `update audit_log set action = 'x'`, parameters: [] },
      { sql: 'delete from audit_log', parameters: [] },
      { sql: 'create table mine ()', parameters: [] },
      { sql: 'alter table contacts disable row level security', parameters: [] },
    ];
    for (const statement of refused)
      await assert.rejects(server.database.db.unit(scope, [statement]), { name: 'DatabaseError', code: '42501' }, statement.sql);
  });

  test('a row of another workspace is not written, moved, changed or taken', async () => {
    const scope = as('app', ours.id, ours.owner.userId);
    const [contact] = await owned('select id, email from contacts where workspace_id = $1 and email is not null', theirs.id);
    const write = async (sql: string, ...parameters: unknown[]) =>
      (await server.database.db.unit(scope, [{ sql, parameters }]))[0]!.count;

    const beyond = { name: 'DatabaseError', code: '42501' };
    for (const { name, key } of await tenantTables()) {
      if (name === 'workspaces') continue;
      const [row] = await owned(`select to_jsonb(t)::text as json from ${name} t where ${key} = $1 limit 1`, theirs.id);
      const columns = (
        await owned(`
        select attname from pg_attribute where attrelid = '${name}'::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''`)
      ).map(({ attname }) => attname);
      const copy = `insert into ${name} (${columns.join(', ')}) select ${columns.join(', ')} from jsonb_populate_record(null::${name}, $1::jsonb)`;
      await assert.rejects(write(copy, row.json), beyond, name);
    }
    await assert.rejects(write('update contacts set workspace_id = $1', theirs.id), beyond);
    assert.equal(await write('update contacts set firstname = $1 where id = $2', 'Eve', contact.id), 0);
    await assert.rejects(write('delete from contacts where id = $1', contact.id), beyond);
    assert.equal(await write('delete from members where workspace_id = $1', theirs.id), 0);
    assert.equal(await write('update workspaces set name = $1 where id = $2', 'Eve', theirs.id), 0);
    assert.deepEqual(await owned('select email from contacts where id = $1', contact.id), [{ email: contact.email }]);
  });

  test('a record does not refer to one of another workspace', async () => {
    const [company] = await owned('select id from companies where workspace_id = $1', theirs.id);
    const insert = { sql: `insert into contacts (firstname, company_id) values ('Eve', $1)`, parameters: [company.id] };
    await assert.rejects(server.database.db.unit(as('app', ours.id), [insert]), { name: 'DatabaseError', code: '23503' });
  });

  test('search finds nothing of another workspace, and nothing without one', async () => {
    const search = `select search_ids('contacts'::regclass, 'person') as id`;
    const [mine] = await owned(`select id from contacts where workspace_id = $1 and email = 'person@example.test'`, ours.id);
    assert.deepEqual(await read(as('app', ours.id), search), [{ id: mine.id }]);
    assert.deepEqual(await read(as('app'), search), []);
    await assert.rejects(read(as('system', ours.id), search), { code: '42501' });
  });

  test('a transaction is entered once', async () => {
    const again = { sql: `select enter('millrace_app', $1::uuid, null, 'again')`, parameters: [theirs.id] };
    await assert.rejects(server.database.db.unit(as('app', ours.id), [again]), { name: 'DatabaseError', code: 'P0001' });
    await assert.rejects(server.database.db.unit(as('app'), [again]), { name: 'DatabaseError', code: 'P0001' });
    await assert.rejects(
      server.database.db.transaction(as('app', ours.id), async (run) => void (await run(again))),
      { code: 'P0001' },
    );
  });

  test('nobody enters as another role', async () => {
    for (const role of ['postgres', 'millrace_search', 'millrace_owner', 'none']) {
      await assert.rejects(
        server.database.db.unit({ ...as('app'), role: role.replace('millrace_', '') } as never, []),
        { name: 'DatabaseError', code: 'P0001' },
        role,
      );
    }
  });

  test('what is put into the beginning of a unit is checked to be an id', async () => {
    for (const scope of [
      { ...as('app'), workspaceId: `${ours.id}'::uuid, null, 'x'); --` },
      { ...as('app'), actorId: 'nobody' },
      { ...as('app'), requestId: `x'); reset role; --` },
    ]) {
      await assert.rejects(async () => server.database.db.unit(scope, []), TypeError);
      await assert.rejects(async () => server.database.db.transaction(scope, async () => {}), TypeError);
    }
  });

  test('nothing of a unit outlives it', async () => {
    await server.database.db.unit(as('app', ours.id, ours.owner.userId), [{ sql: 'select 1', parameters: [] }]);
    const settings = `select coalesce(current_setting('millrace.workspace', true), '') as workspace, coalesce(current_setting('millrace.actor', true), '') as actor`;
    for (let turn = 0; turn < 10; turn++) assert.deepEqual(await read(as('app'), settings), [{ workspace: '', actor: '' }]);
  });
});

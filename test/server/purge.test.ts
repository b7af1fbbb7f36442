import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { json } from '../support/calls.ts';
import { allowPage, CONTACT_FORM, PAGE, proofFor, publish, submit } from '../support/capture-form.ts';
import { newServer, PASSWORD, type TestServer } from '../support/server.ts';

describe('purging', () => {
  let server: TestServer;

  before(async () => {
    server = await newServer();
  });

  const owned = (sql: string, ...parameters: unknown[]) => server.database.asOwner(sql, parameters);

  async function purgeAll() {
    while ((await server.app.purge()) > 0);
  }

  /** What is in every table, by its rows' text. */
  async function everything(): Promise<Map<string, Set<string>>> {
    const tables = await owned(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
    );
    const all = new Map<string, Set<string>>();
    for (const { name } of tables)
      all.set(name, new Set((await owned(`select t::text as row from ${name} t`)).map(({ row }) => row)));
    return all;
  }

  /** What went away between two looks, by table and how much. */
  function gone(earlier: Map<string, Set<string>>, later: Map<string, Set<string>>) {
    const counts = [...earlier].map(
      ([name, rows]) => [name, [...rows].filter((row) => !later.get(name)!.has(row)).length] as const,
    );
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  /** What the audit log tells of a record. */
  const toldOf = (id: string) => owned('select action, before, after from audit_log where record_id = $1 order by at, id', id);

  async function furnished() {
    const workspace = await server.newWorkspace();
    const company = await workspace.client.companies.create({ name: 'Acme', tags: ['kept'] });
    const contact = await workspace.client.contacts.create({
      email: 'person@example.test',
      company_id: company.id,
      tags: ['one', 'two'],
    });
    await workspace.client.contacts.assign(contact.id, { user_id: workspace.member.userId });
    const lead = await workspace.client.leads.create({ contact_id: contact.id, title: 'Roof', tags: ['kept'] });
    await workspace.client.leads.update(lead.id, { notes: 'private', owner_id: workspace.member.userId });
    await workspace.client.activities.create({ activity_type: 'note', subject: 'Called', lead_id: lead.id });
    const deal = await workspace.client.deals.create({ lead_id: lead.id, title: 'Roof' });
    const job = await workspace.client.jobs.create({ lead_id: lead.id, title: 'Roof' });
    return { workspace, company, contact, lead, deal, job };
  }

  /** Makes what was deleted with a contact or lead as old as it must be. */
  async function age(workspaceId: string, by: string) {
    for (const table of ['contacts', 'leads', 'activities', 'companies'])
      await owned(
        `update ${table} set deleted_at = now() - $2::interval where workspace_id = $1 and deleted_at is not null`,
        workspaceId,
        by,
      );
  }

  test('takes nothing that is not past its time', async () => {
    const { workspace, contact } = await furnished();
    const other = await furnished();
    await workspace.client.contacts.remove(contact.id);
    await age(workspace.id, '29 days 23 hours');
    await other.workspace.client.companies.remove(other.company.id);
    const third = await furnished();
    await third.workspace.client.workspace.remove({ name: third.workspace.name });
    await owned(
      `update workspaces set deleted_at = now() - interval '30 days' + interval '1 hour' where id = $1`,
      third.workspace.id,
    );
    await owned(`update idempotency_keys set created_at = now() - interval '24 hours' + interval '1 hour'`);
    await owned(`update refresh_tokens set expires_at = now() + interval '1 hour'`);
    await owned(`update members set joined_at = now() - interval '60 days' where joined_at is not null`);
    await owned(`update sessions set created_at = now() - interval '29 days'`);

    const earlier = await everything();
    assert.equal(await server.app.purge(), 0);
    assert.deepEqual(gone(earlier, await everything()), {});
    await workspace.client.contacts.restore(contact.id);
  });

  test('takes a contact thirty days after its deletion, with all that hangs on it, and no other', async () => {
    const { workspace, contact, lead, deal, job } = await furnished();
    await furnished();
    await workspace.client.contacts.remove(contact.id);
    await age(workspace.id, '30 days 1 minute');
    const activities = await owned('select id from activities where contact_id = $1', contact.id);
    assert.ok(activities.length > 2);
    const ids = [contact, lead, deal, job, ...activities].map(({ id }) => id);
    const told = await owned('select id from audit_log where record_id = any ($1)', ids);

    const earlier = await everything();
    await purgeAll();
    // The entries of the audit log stay, without what they held of the person.
    assert.deepEqual(
      (await toldOf(contact.id)).map(({ action }) => action),
      ['contact.created', 'contact.assigned', 'contact.deleted'],
    );
    const kept = await owned('select before, after from audit_log where record_id = any ($1)', ids);
    assert.equal(kept.length, told.length);
    assert.ok(kept.every(({ before, after }) => before === null && after === null));
    assert.deepEqual(gone(earlier, await everything()), {
      contacts: 1,
      contact_tags: 2,
      contact_assignments: 1,
      leads: 1,
      lead_tags: 1,
      lead_stage_history: 1,
      activities: activities.length,
      deals: 1,
      lead_jobs: 1,
      audit_log: told.length,
    });
    await assert.rejects(workspace.client.contacts.restore(contact.id), { code: 'NOT_FOUND' });
  });

  test('takes with a contact what they said through forms, and leaves that it was said', async () => {
    const workspace = await server.newWorkspace();
    await allowPage(workspace);
    const form = await publish(server.database, workspace, CONTACT_FORM);
    const sent = {
      answers: { email: 'said@example.test', message: 'private', terms: true },
      traits: { plan: 'private' },
      page: `${PAGE}/?name=private`,
      attribution: { last: { gclid: 'private' } },
    };
    const key = newId();
    const first = await submit(server, form, { ...sent, proof: await proofFor(server, form) }, { key });
    const { contact_id, lead_id, answers } = await workspace.client.submissions.get(first.body.data.id);
    assert.equal(answers['message'], 'private');
    await workspace.client.contacts.remove(contact_id!);
    await age(workspace.id, '30 days 1 minute');
    await purgeAll();
    const { data } = await workspace.client.forms.submissions(form);
    assert.partialDeepStrictEqual(data, [
      {
        id: first.body.data.id,
        state: 'accepted',
        answers: {},
        consents: [],
        attribution: {},
        traits: {},
        page: null,
        referrer: null,
        user_agent: null,
        contact_id: null,
        lead_id: null,
      },
    ]);
    assert.notEqual(lead_id, null);
    const [row] = await owned('select s::text as row from submissions s where id = $1', first.body.data.id);
    assert.ok(!/private|said@example/.test(row.row), row.row);
    assert.equal((await submit(server, form, sent, { key })).text, first.text);
  });

  test('leaves what a merged contact said with the one that it lives on in', async () => {
    const workspace = await server.newWorkspace();
    await allowPage(workspace);
    const form = await publish(server.database, workspace, CONTACT_FORM);
    await owned('update stages set is_active = false where workspace_id = $1', workspace.id);
    const answered = { answers: { email: 'merged@example.test', message: 'kept' }, proof: await proofFor(server, form) };
    const { body } = await submit(server, form, answered);
    const said = await workspace.client.submissions.get(body.data.id);
    assert.equal(said.lead_id, null);
    const survivor = await workspace.client.contacts.create({ email: 'survivor@example.test' });
    await workspace.client.contacts.merge(survivor.id, { contact_id: said.contact_id! });
    await age(workspace.id, '30 days 1 minute');
    await owned(`update contact_merges set merged_at = now() - interval '31 days' where workspace_id = $1`, workspace.id);
    await purgeAll();
    assert.deepEqual(await owned('select id from contacts where id = $1', said.contact_id), []);
    const { contact_id, answers } = await workspace.client.submissions.get(body.data.id);
    assert.deepEqual([contact_id, answers['message']], [survivor.id, 'kept']);
  });

  test('takes a lead thirty days after its deletion, with all that hangs on it, and leaves its contact', async () => {
    const { workspace, contact, lead } = await furnished();
    await furnished();
    await workspace.client.leads.remove(lead.id);
    await age(workspace.id, '30 days 1 minute');
    const activities = await owned('select id from activities where lead_id = $1', lead.id);

    const earlier = await everything();
    await purgeAll();
    const { audit_log: _, ...went } = gone(earlier, await everything());
    assert.deepEqual(went, {
      leads: 1,
      lead_tags: 1,
      lead_stage_history: 1,
      activities: activities.length,
      deals: 1,
      lead_jobs: 1,
    });
    assert.ok((await toldOf(lead.id)).every(({ before, after }) => before === null && after === null));
    assert.equal((await workspace.client.contacts.get(contact.id)).id, contact.id);
    await assert.rejects(workspace.client.leads.restore(lead.id), { code: 'NOT_FOUND' });
  });

  test('takes what the audit log tells of a contact with it, and leaves that there was a change', async () => {
    const workspace = await server.newWorkspace();
    const contact = await workspace.client.contacts.create({ email: 'forgotten@example.test', notes: 'private' });
    await workspace.client.contacts.remove(contact.id);
    await owned(`update contacts set deleted_at = now() - interval '31 days' where id = $1`, contact.id);
    await purgeAll();
    const told = await toldOf(contact.id);
    assert.deepEqual(
      told.map(({ action, before, after }) => [action, before, after]),
      [
        ['contact.created', null, null],
        ['contact.deleted', null, null],
      ],
    );
  });

  test('takes a company thirty days after its deletion and leaves its contacts without one', async () => {
    const { workspace, company, contact } = await furnished();
    await furnished();
    await workspace.client.companies.remove(company.id);
    await owned(`update companies set deleted_at = now() - interval '30 days' - interval '1 minute' where id = $1`, company.id);

    const earlier = await everything();
    await purgeAll();
    const told = await toldOf(company.id);
    assert.ok(told.every(({ before, after }) => before === null && after === null));
    // The contact's row is another than before: it names the company no longer.
    assert.deepEqual(gone(earlier, await everything()), {
      companies: 1,
      company_tags: 1,
      contacts: 1,
      audit_log: told.length,
    });
    assert.partialDeepStrictEqual(await workspace.client.contacts.get(contact.id), {
      company: null,
      company_id: null,
      version: contact.version,
    });
    await assert.rejects(workspace.client.companies.restore(company.id), { code: 'NOT_FOUND' });
  });

  test('takes a workspace thirty days after its deletion with every row of it, and leaves its people and all others', async () => {
    const { workspace } = await furnished();
    const other = await furnished();
    await workspace.client.members.invite({ email: 'late@example.test', role: 'viewer' });
    await owned(
      `insert into contacts (workspace_id, firstname, tags) select $1, 'Row ' || n, array['many'] from generate_series(1, 1200) n`,
      workspace.id,
    );
    await workspace.client.workspace.remove({ name: workspace.name });
    await owned(
      `update workspaces set deleted_at = now() - interval '30 days' - interval '1 minute' where id = $1`,
      workspace.id,
    );

    const earlier = await everything();
    const users = earlier.get('users')!;
    await purgeAll();
    const later = await everything();
    for (const [name, rows] of later) {
      assert.ok(![...rows].some((row) => row.includes(workspace.id)), `${name} still has rows of the workspace`);
      assert.deepEqual(
        [...earlier.get(name)!].filter((row) => row.includes(other.workspace.id) && !rows.has(row)),
        [],
        name,
      );
    }
    assert.deepEqual(later.get('users'), users);
    assert.equal((await other.workspace.client.contacts.list()).pagination.total, 1);
  });

  test('takes a bounded piece at a time', async () => {
    const { workspace } = await furnished();
    await owned(
      `insert into contacts (workspace_id, firstname, deleted_at) select $1, 'Row ' || n, now() - interval '31 days' from generate_series(1, 1100) n`,
      workspace.id,
    );
    const pieces: number[] = [];
    for (let piece; (piece = await server.app.purge()) > 0;) pieces.push(piece);
    assert.deepEqual(pieces, [500, 500, 100]);
  });

  test('takes an idempotency key after a day, and its call may be made anew', async () => {
    const { workspace } = await furnished();
    await owned('delete from idempotency_keys');
    const call = (firstname: string, key: string) =>
      server.fetch(
        '/api/v2/contacts',
        json('POST', { firstname }, { Authorization: `Bearer ${workspace.owner.token}`, 'Idempotency-Key': key }),
      );
    assert.equal((await call('Old', 'old')).status, 201);
    assert.equal((await call('Young', 'young')).status, 201);
    await owned(`update idempotency_keys set created_at = now() - interval '24 hours' - interval '1 minute' where key = 'old'`);

    const earlier = await everything();
    await purgeAll();
    assert.deepEqual(gone(earlier, await everything()), { idempotency_keys: 1 });
    assert.equal((await call('Other', 'old')).status, 201);
    assert.equal((await call('Other', 'young')).status, 422);
  });

  test('takes refresh tokens that have expired, and sessions that have none left', async () => {
    await owned('delete from sessions');
    const { workspace } = await furnished();
    const { email } = workspace.admin;
    const old = await server.visitor.auth.signIn({ email, password: PASSWORD });
    const young = await server.visitor.auth.signIn({ email, password: PASSWORD });
    const sessionOf = (token: string) =>
      JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))).sid as string;
    const oldSession = sessionOf(old.access_token);
    await owned(`update refresh_tokens set expires_at = now() - interval '1 minute' where session_id = $1`, oldSession);
    await owned(`update sessions set created_at = now() - interval '31 days' where id = $1`, oldSession);

    const earlier = await everything();
    await purgeAll();
    assert.deepEqual(gone(earlier, await everything()), { refresh_tokens: 1, sessions: 1 });
    await assert.rejects(server.visitor.auth.refresh({ refresh_token: old.refresh_token! }), { code: 'UNAUTHORIZED' });
    assert.equal((await server.visitor.auth.refresh({ refresh_token: young.refresh_token! })).user.email, email);
  });
});

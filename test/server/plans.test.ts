import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { API_KEY_SORTS } from '../../src/contract/api-key.ts';
import { APPOINTMENT_SORTS, APPOINTMENT_STATUSES, OUTCOMES } from '../../src/contract/appointment.ts';
import type { BulkAction } from '../../src/contract/bulk.ts';
import { COMPANY_SORTS } from '../../src/contract/company.ts';
import { CONTACT_SORTS } from '../../src/contract/contact.ts';
import { FORM_SORTS } from '../../src/contract/form.ts';
import { LEAD_SORTS, LEAD_STATUSES, type MarksQuery } from '../../src/contract/lead.ts';
import { SAVED_VIEW_SORTS } from '../../src/contract/saved-view.ts';
import type { Db, Scope, Statement } from '../../server/db/db.ts';
import { newId } from '../../server/ids.ts';
import { engine, newDatabase, type TestDatabase } from '../support/database.ts';
import { bearing } from '../support/calls.ts';
import { CONTACT_FORM, proofFor, publish, submit } from '../support/capture-form.ts';
import { newEmbedToken } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

/** The embedded database fills ten times as slowly, and its planner is the same. */
const CONTACTS = engine === 'postgres' ? 200_000 : 20_000;
const COMPANIES = CONTACTS / 10;
const KEYS = CONTACTS / 20;
const WORKSPACES = 500;
/** Filled without their triggers, which take their time. */
const FILLED = [
  'contacts',
  'companies',
  'contact_assignments',
  'api_keys',
  'saved_views',
  'leads',
  'appointments',
  'bulk_jobs',
  'forms',
  'form_versions',
];

/** What records have in their custom fields. */
const CUSTOM_VALUES = `jsonb_strip_nulls(jsonb_build_object('size', case when n % 3 > 0 then n % 997 end, 'region', (array['north', 'south', 'east'])[1 + n % 3],
  'code', case when n % 4 > 0 then 'Code ' || n % 5000 end, 'visit', (date '2026-01-01' + (n % 365)::integer)::text, 'ready', n % 50 = 0,
  'wants', case when n % 5 > 0 then jsonb_build_array((array['north', 'south', 'east'])[1 + n % 3], (array['north', 'south', 'east'])[1 + (n + 1) % 3]) end))`;

/** A filter by a custom field of every type and with every operator, alone and with others. */
const CUSTOM_FILTERS: object[] = [
  { cf: { size: 7 } },
  { cf: { 'size.gte': 990 } },
  { cf: { 'size.gte': 10, 'size.lte': 12 }, sort_by: 'cf.size' },
  { cf: { 'size.in': [1, 2, 3] } },
  { cf: { region: 'north' } },
  { cf: { 'region.in': ['north', 'east'] }, sort_by: 'cf.visit' },
  { cf: { code: 'Code 17' } },
  { cf: { code: `Code ${'long '.repeat(50)}` } },
  { cf: { visit: '2026-03-01' } },
  { cf: { 'visit.gte': '2026-03-01', 'visit.lte': '2026-03-31' } },
  { cf: { ready: true } },
  { cf: { wants: 'north' } },
  { cf: { 'wants.in': ['north', 'south'] } },
  { cf: { region: 'north', 'wants.in': ['north', 'east'], 'size.lte': 900 } },
  { cf: { region: 'south' }, tags: ['tag 7'] },
  { cf: { 'size.gte': 500 }, search: 'person1' },
  { cf: { ready: false }, is_archived: true },
];

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Plan Rows': number;
  Plans?: Plan[];
}

interface Sent {
  scope: Scope;
  statement: Statement;
}

describe(`over ${CONTACTS.toLocaleString('en')} contacts in ${WORKSPACES} workspaces`, { timeout: 600_000 }, () => {
  let database: TestDatabase;
  let server: TestServer;
  let ours: TestWorkspace;
  /** What filters of leads name. */
  let ourIds: Record<'contact' | 'company' | 'stage' | 'pipeline' | 'source', string>;
  /** What the services sent since it was last emptied. */
  let sent: Sent[] = [];

  // A hook has a time of its own.
  before(
    async () => {
      database = await newDatabase();
      server = await newServer({ database: { ...database, db: listenedTo(database.db) } });
      ours = await server.newWorkspace();
      await fill();
      const [lead] = await database.asOwner(
        'select contact_id, company_id, stage_id, pipeline_id, source_id from leads where workspace_id = $1 and company_id is not null limit 1',
        [ours.id],
      );
      ourIds = {
        contact: lead.contact_id,
        company: lead.company_id,
        stage: lead.stage_id,
        pipeline: lead.pipeline_id,
        source: lead.source_id,
      };
    },
    { timeout: 600_000 },
  );
  after(() => database.close());

  /** The same database, telling what it is asked. */
  function listenedTo(db: Db): Db {
    return {
      engine: db.engine,
      unit: (scope, statements, options) => {
        sent.push(...statements.map((statement) => ({ scope, statement })));
        return db.unit(scope, statements, options);
      },
      transaction: (scope, work) =>
        db.transaction(scope, (run, leave) =>
          work(
            (statement) => {
              sent.push({ scope, statement });
              return run(statement);
            },
            (statement) => {
              sent.push({ scope, statement });
              leave(statement);
            },
          ),
        ),
      close: () => db.close(),
    };
  }

  /** Two fifths are ours; the other workspaces are small, as most are. */
  async function fill() {
    const owned = database.asOwner;
    await owned(`insert into workspaces (name) select 'Workspace ' || n from generate_series(1, ${WORKSPACES}) n`);
    await owned(
      `create table places as select id, row_number() over (order by id) - 1 as n from workspaces where id <> '${ours.id}'`,
    );
    await owned(
      `insert into users (name, email, password_hash) select 'User ' || n, 'user' || n || '@many.test', 'none' from generate_series(1, ${WORKSPACES * 4}) n`,
    );
    await owned(`
      insert into members (workspace_id, user_id, role, status, joined_at)
      select p.id, u.id, 'member', 'active', now() from (select id, row_number() over () as n from users where email like '%@many.test') u join places p on p.n = u.n % ${WORKSPACES}`);
    await owned(
      `insert into sessions (user_id, workspace_id) select user_id, workspace_id from members cross join generate_series(1, 3) where user_id is not null`,
    );
    await owned(
      `insert into calendar_feeds (workspace_id, user_id, secret_hash) select workspace_id, user_id, md5(id::text) from members where workspace_id <> '${ours.id}'`,
    );
    for (const table of FILLED) await owned(`alter table ${table} disable trigger user`);
    await owned(`
      insert into api_keys (workspace_id, name, kind, secret_hash, last_four, permissions, expires_at, last_used_at, revoked_at, created_at)
      select case when n % 5 < 2 then '${ours.id}'::uuid else (array(select id from places order by n))[1 + n % ${WORKSPACES}] end, 'Key ' || n,
        case when n % 3 = 0 then 'publishable' else 'secret' end, md5(n::text), 'last', case when n % 3 = 0 then '{}'::text[] else '{crm:access}' end,
        case when n % 4 = 0 then now() - interval '1 day' end, case when n % 2 = 0 then now() - n * interval '1 minute' end,
        case when n % 5 = 4 then now() end, now() - n * interval '1 minute'
      from generate_series(1, ${KEYS}) n`);
    await owned(`
      insert into saved_views (workspace_id, resource, name, owner_id, created_by, created_at, updated_at)
      select w, (array['leads', 'contacts', 'companies', 'deals'])[1 + n % 4], 'View ' || n, case when w = '${ours.id}' and n % 2 = 0 then '${ours.owner.userId}'::uuid end,
        case when w = '${ours.id}' then '${ours.owner.userId}'::uuid end, now() - n * interval '1 minute', now() - n % 999 * interval '7 minutes'
      from (select n, case when n % 5 < 2 then '${ours.id}'::uuid else (array(select id from places order by n))[1 + n % ${WORKSPACES}] end as w
        from generate_series(1, ${KEYS}) n) s`);
    // Indexes are made at once when the rows are there, which takes a fraction of the time.
    const indexes = await owned(`
      select indexname as name, indexdef as made from pg_indexes where schemaname = 'public' and tablename in ('contacts', 'companies', 'leads') and indexname not like '%_pkey'`);
    for (const { name } of indexes) await owned(`drop index ${name}`);
    const place = (n: string) =>
      `case when ${n} % 5 < 2 then '${ours.id}'::uuid else (array(select id from places order by n))[1 + ${n} % ${WORKSPACES}] end`;
    await owned(`
      insert into companies (workspace_id, name, industry, website, employees, tags, created_at, updated_at, deleted_at, search_text)
      select ${place('n')}, 'Company ' || n, (array['retail', 'legal', 'energy', null])[1 + n % 4], 'https://company' || n || '.test', nullif(n % 700, 0),
        array['tag ' || n % 50], now() - n * interval '3 minutes', now() - n % 9999 * interval '7 minutes', case when n % 97 = 0 then now() end, search_text_of('Company ' || n, 'https://company' || n || '.test')
      from generate_series(1, ${COMPANIES}) n`);
    await owned(`
      insert into contacts (workspace_id, firstname, lastname, email, phone_number, company_id, company, status, type, priority, is_favorite, is_archived, tags, score, created_at, updated_at, deleted_at, search_text, custom_fields)
      select w, first, last, email, phone, c.id, c.name, (array['active', 'active', 'active', 'active', 'bounced', 'unsubscribed'])[1 + n % 6], (array['lead', 'lead', 'client', 'partner', 'other'])[1 + n % 5],
        (array['low', 'medium', 'high', null])[1 + n % 4], n % 50 = 0, n % 40 = 0, array['tag ' || n % 200], case when n % 16 = 0 then n % 100 end, now() - n * interval '1 minute', now() - n % 99999 * interval '3 minutes',
        case when n % 90 = 0 then now() end, search_text_of(first, last, email, c.name, phone), ${CUSTOM_VALUES}
      from (select n, ${place('n')} as w, case when n % 10 > 0 then 'First' || left(md5(n::text), 6) end as first, 'Last' || left(md5((n * 7)::text), 6) as last,
        case when n % 4 > 0 then 'person' || n || '@mail' || n % 300 || '.test' end as email, '+49' || 30000000 + n as phone from generate_series(1, ${CONTACTS}) n) s
      left join companies c on n % 12 = 0 and c.workspace_id = w and c.name = 'Company ' || 1 + n % ${COMPANIES}`);
    // Every other contact has a lead; the stages are those that every workspace begins with.
    await owned(`
      insert into leads (workspace_id, contact_id, contact_name, contact_email, contact_phone, company_id, company, title, pipeline_id, stage_id,
        status, source_id, score, score_value, lead_value_minor, currency, tags, owner_id, expected_close_date, is_active, is_qualified,
        is_closed_won, is_closed_lost, last_activity_at, last_contact_at, stage_entered_at, is_archived, position, form_id, created_at, updated_at,
        deleted_at, search_text, custom_fields)
      select c.workspace_id, c.id, c.name, c.email, c.phone_number, c.company_id, c.company, 'Title ' || n % 5000, s.pipeline_id, s.ids[1 + n % 7],
        (array['new', 'contacted', 'qualified', 'qualified', 'qualified', 'converted', 'lost'])[1 + n % 7], o.ids[1 + n % 10],
        (array['cold', 'cold', 'warm', 'hot'])[1 + n % 4], n % 101, case when n % 3 > 0 then n % 9999 * 100 end, 'EUR', array['tag ' || n % 200],
        case when n % 5 = 0 then m.ids[1 + n % cardinality(m.ids)] end, case when n % 4 > 0 then date '2026-01-01' + (n % 365)::integer end,
        n % 7 < 5, n % 7 between 2 and 5, n % 7 = 5, n % 7 = 6, case when n % 10 > 0 then c.created_at end,
        case when n % 3 = 0 then c.created_at end, c.created_at, n % 40 = 0, 'a' || n, case when n % 500 = 0 then c.workspace_id end,
        c.created_at, c.updated_at, c.deleted_at, c.search_text, ${CUSTOM_VALUES}
      from (select *, row_number() over (order by id) as n from contacts where right(phone_number, 1) in ('0', '2', '4', '6', '8')) c
      join (select workspace_id, pipeline_id, array_agg(id order by display_order) as ids from stages group by 1, 2) s using (workspace_id)
      join (select workspace_id, array_agg(id order by id) as ids from lead_sources group by 1) o using (workspace_id)
      join (select workspace_id, array_agg(user_id order by user_id) as ids from members where user_id is not null group by 1) m using (workspace_id)`);
    for (const { made } of indexes) await owned(made);
    await owned(`
      insert into appointments (workspace_id, lead_id, contact_id, owner_id, appointment_date, duration_minutes, ends_at, timezone, status,
        outcome, completed_at, cancelled_at, created_at, updated_at, deleted_at)
      select workspace_id, id, contact_id, owner_id, at, 30, at + interval '30 minutes', 'Europe/Berlin', status,
        case when status = 'completed' then (array['showed', 'showed', 'no_show', 'sold', 'not_interested', 'rescheduled'])[1 + n % 6] when status = 'cancelled' then 'cancelled' end,
        case when status = 'completed' then at end, case when status = 'cancelled' then at end, created_at, updated_at, deleted_at
      from (select workspace_id, id, contact_id, owner_id, created_at, updated_at, deleted_at, n, now() + (n % 20000 - 15000) * interval '17 minutes' as at, (array['scheduled', 'set', 'verified', 'confirmed', 'completed', 'completed', 'completed', 'cancelled'])[1 + n % 8] as status
        from (select *, row_number() over (order by id) as n from leads) l) l`);
    await owned(`
      insert into custom_fields (workspace_id, context, name, label, field_type, configuration, display_order)
      select w.id, context, f.name, f.name, type, case when type like '%select' then '{"options": [{"value": "north"}, {"value": "south"}, {"value": "east"}]}'::jsonb else '{}' end, n
      from workspaces w, unnest(array['contact', 'lead']) context,
        unnest('{size,region,code,visit,wants,ready}'::text[], '{number,select,text,date,multi_select,boolean}'::text[]) with ordinality f (name, type, n)`);
    for (const record of ['contact', 'lead']) {
      await owned(`
        insert into ${record}_values (workspace_id, field_id, ${record}_id, ordinal, text_key, number_key, is_listed)
        select r.workspace_id, f.id, r.id, c.place - 1, case when jsonb_typeof(c.choice) = 'string' then c.choice #>> '{}' end,
          case jsonb_typeof(c.choice) when 'number' then (c.choice #>> '{}')::float8 when 'boolean' then (c.choice #>> '{}')::boolean::integer end,
          r.deleted_at is null and not r.is_archived
        from ${record}s r, jsonb_each(r.custom_fields) g, custom_fields f,
          jsonb_array_elements(case jsonb_typeof(g.value) when 'array' then g.value else jsonb_build_array(g.value) end) with ordinality c (choice, place)
        where f.workspace_id = r.workspace_id and f.context = '${record}' and f.name = g.key`);
    }
    await owned(
      `insert into contact_tags (workspace_id, contact_id, tag_key, tag) select workspace_id, id, unnest(tags), unnest(tags) from contacts`,
    );
    await owned(
      `insert into lead_tags (workspace_id, lead_id, tag_key, tag) select workspace_id, id, unnest(tags), unnest(tags) from leads`,
    );
    await owned(
      `insert into company_tags (workspace_id, company_id, tag_key, tag) select workspace_id, id, unnest(tags), unnest(tags) from companies`,
    );
    await owned(`
      insert into contact_assignments (workspace_id, contact_id, user_id)
      select c.workspace_id, c.id, m.user_id from (select workspace_id, id, row_number() over (partition by workspace_id) as n from contacts where is_favorite or score is not null) c
      join (select workspace_id, user_id, row_number() over (partition by workspace_id) - 1 as n from members where user_id is not null) m on m.workspace_id = c.workspace_id and m.n = c.n % 4`);
    await owned(`
      insert into audit_log (workspace_id, at, actor_id, action, resource, record_id, request_id)
      select workspace_id, created_at, '${ours.owner.userId}'::uuid, 'contact.' || (array['created', 'updated', 'deleted'])[1 + score % 3], 'contact', id, 'fill' from contacts where score is not null
      union all select workspace_id, created_at, null::uuid, 'company.created', 'company', id, 'fill' from companies`);
    await owned(`
      insert into bulk_jobs (workspace_id, action, state, total, done, acts_as, created_by, created_at, finished_at)
      select case when n % 5 < 2 then '${ours.id}'::uuid else (array(select id from places order by n))[1 + n % ${WORKSPACES}] end,
        (array['tag', 'move', 'assign'])[1 + n % 3], (array['done', 'done', 'undone', 'failed'])[1 + n % 4], 100, 100, '{}',
        case when n % 2 = 0 then '${ours.owner.userId}'::uuid end, now() - n * interval '1 minute', now() - n * interval '1 minute'
      from generate_series(1, 5000) n`);
    await owned(`
      insert into bulk_rows (workspace_id, bulk_id, place, lead_id, status)
      select b.workspace_id, b.id, n, new_id(), (array['done', 'done', 'unchanged', 'failed'])[1 + n % 4]
      from (select *, row_number() over (order by created_at) as m from bulk_jobs) b cross join lateral generate_series(1, case when m < 4 then 5000 else 5 end) n`);
    await owned(`
      insert into forms (workspace_id, name, draft, published_version, published_at, is_active, created_at, updated_at, deleted_at)
      select ${place('n')}, 'Form ' || n, '{"steps": [{"id": "one", "fields": [{"id": "email", "type": "email", "label": "E-mail", "maps_to": "contact.email"}]}]}',
        3, now(), n % 7 > 0, now() - n * interval '1 minute', now() - n % 999 * interval '7 minutes', case when n % 19 = 0 then now() end
      from generate_series(1, 2000) n`);
    await owned(`
      insert into form_versions (workspace_id, form_id, number, definition, published_at)
      select workspace_id, id, n, draft, now() - (4 - n) * interval '1 day' from forms cross join generate_series(1, 3) n`);
    await owned(`
      insert into submissions (workspace_id, form_id, form_version, state, answers, address_hash, fingerprint, success, answered_at, request_id, created_at)
      select workspace_id, id, 1 + n % 3, (array['accepted', 'accepted', 'accepted', 'quarantined', 'rejected', 'partial'])[1 + n % 6], '{}', 'none', 'none', 'none', now(), 'none',
        now() - n * interval '11 minutes'
      from forms cross join generate_series(1, 20) n`);
    await owned(`
      insert into submissions (workspace_id, form_id, form_version, state, answers, address_hash, fingerprint, success, answered_at, request_id, created_at, submitted_at)
      select workspace_id, id, 1, (array['accepted', 'accepted', 'quarantined', 'partial'])[1 + n % 4], '{}', 'none', 'none', 'none', now(), 'none',
        now() - n * interval '7 minutes', now() - n * interval '8 minutes'
      from (select * from forms where workspace_id = '${ours.id}' and deleted_at is null limit 2) f cross join generate_series(1, 5000) n`);
    await owned(`
      insert into form_events (workspace_id, id, form_id, event, happened_at, created_at)
      select workspace_id, new_id(), id, (array['view', 'start', 'submit'])[1 + n % 3], now() - n * interval '5 hours', now() - n * interval '5 hours'
      from forms cross join generate_series(1, 10) n`);
    await owned(`
      insert into form_event_totals (workspace_id, form_id, day, event, shard, count)
      select workspace_id, id, current_date - n, (array['view', 'start', 'submit'])[1 + n % 3], n % 4, n from forms cross join generate_series(1, 20) n`);
    for (const table of FILLED) await owned(`alter table ${table} enable trigger user`);
    await owned(`
      insert into stage_totals (workspace_id, stage_id, currency, score, count, value_minor, entered_seconds)
      select workspace_id, stage_id, currency, score, count(*), coalesce(sum(lead_value_minor), 0), sum(extract(epoch from stage_entered_at))::bigint
      from leads where deleted_at is null and not is_archived group by 1, 2, 3, 4`);
    await owned('drop table places');
    await owned(engine === 'postgres' ? 'vacuum analyze' : 'analyze');
    // What the function itself sends, explained by the same words under the same role.
    const [{ prosrc }] = (await owned(`select prosrc from pg_proc where proname = 'search_ids'`)) as [{ prosrc: string }];
    assert.match(prosrc, /return query execute format/);
    await owned(`create function search_ids_plan(searched regclass, term text) returns setof json language plpgsql security definer set search_path = public, pg_temp as $body$
      ${prosrc.replace('return query execute format', `return query execute 'explain (format json) ' || format`)} $body$`);
    await owned('grant create on schema public to millrace_search');
    await owned('alter function search_ids_plan(regclass, text) owner to millrace_search');
  }

  /** How the database would carry out what it was asked, as the role and in the workspace that asked. */
  async function plansOf(asked: Sent[]): Promise<{ sql: string; plan: Plan }[]> {
    const plans = [];
    for (const { scope, statement } of asked) {
      if (!/^\s*(?:select|with|update|delete|insert)/i.test(statement.sql)) continue;
      const [answer] = await database.db.unit(scope, [{ ...statement, sql: `explain (format json) ${statement.sql}` }]);
      plans.push({ sql: statement.sql, plan: answer!.rows[0]['QUERY PLAN'][0].Plan as Plan });
    }
    return plans;
  }

  const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

  /** Runs a call, and refuses every plan of it that reads a whole table. */
  async function assertIndexed<T>(what: string, call: () => Promise<T>): Promise<{ result: T; nodes: Plan[] }> {
    sent = [];
    const result = await call();
    const plans = await plansOf(sent);
    assert.ok(plans.length > 0, what);
    for (const { sql, plan } of plans) {
      const whole = nodesOf(plan).filter((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== undefined);
      assert.deepEqual(
        whole.map((node) => node['Relation Name']),
        [],
        `${what} reads a whole table: ${sql}\n${JSON.stringify(plan, null, 1)}`,
      );
    }
    return { result, nodes: plans.flatMap(({ plan }) => nodesOf(plan)) };
  }

  const DEEPEST_PAGE = 400;
  const SIZE = 25;

  /** First page, a page far down, and the pages behind cursors from both. */
  async function assertListIndexed(
    listing:
      | 'contacts'
      | 'companies'
      | 'leads'
      | 'appointments'
      | 'members'
      | 'audit'
      | 'apiKeys'
      | 'savedViews'
      | 'bulkJobs'
      | 'forms',
    query: object,
  ): Promise<Plan[]> {
    const list = ours.client[listing].list as (query: object) => Promise<any>;
    const what = `${listing} ${JSON.stringify(query)}`;
    const first = await assertIndexed(what, () => list({ ...query, page_size: SIZE }));
    const { pages, next_cursor } = first.result.pagination;
    const nodes = [...first.nodes];
    const lastPage = Math.min(pages - 1, DEEPEST_PAGE);
    const deep =
      lastPage > 1
        ? await assertIndexed(`${what} page ${lastPage}`, () =>
            list({ ...query, page_size: SIZE, page: lastPage, count: 'none' }),
          )
        : undefined;
    for (const cursor of [next_cursor, deep?.result.pagination.next_cursor]) {
      if (cursor)
        nodes.push(...(await assertIndexed(`${what} behind a cursor`, () => list({ ...query, page_size: SIZE, cursor }))).nodes);
    }
    await assertIndexed(`${what} estimated`, () => list({ ...query, count: 'estimated' }));
    if (listing === 'leads' && 'sort_by' in query) {
      const { result } = await assertIndexed(`${what} marks`, () => ours.client.leads.marks(query as MarksQuery));
      const cursor = result.cursors[0];
      if (cursor) await assertIndexed(`${what} skip`, () => list({ ...query, cursor, skip: 900, page_size: SIZE }));
    }
    return nodes;
  }

  test('the workspace has rows enough for a whole table to be worth avoiding', async () => {
    const { pagination } = await ours.client.contacts.list();
    assert.ok(pagination.total! > CONTACTS / 4);
  });

  const SORTS = {
    contacts: CONTACT_SORTS,
    companies: COMPANY_SORTS,
    leads: LEAD_SORTS,
    appointments: APPOINTMENT_SORTS,
    members: ['created_at', 'name', 'email', 'role'],
    audit: ['at'],
    apiKeys: API_KEY_SORTS,
    savedViews: SAVED_VIEW_SORTS,
    bulkJobs: ['created_at'],
    forms: FORM_SORTS,
  } as const;

  for (const [listing, sorts] of Object.entries(SORTS) as [keyof typeof SORTS, readonly string[]][]) {
    for (const sort_by of sorts) {
      for (const sort_order of ['asc', 'desc']) {
        test(`${listing} by ${sort_by} ${sort_order} are read from an index, in its order`, async () => {
          const nodes = await assertListIndexed(listing, { sort_by, sort_order });
          // Members are few, and sorted by what stands with their users.
          if (listing === 'members') return;
          const large = nodes.filter((node) => node['Node Type'].endsWith('Sort') && node['Plan Rows'] > 1_000);
          assert.deepEqual(large, []);
        });
      }
    }
  }

  const FILTERS: { [Name in keyof typeof SORTS]: () => object[] } = {
    contacts: () => [
      { status: ['active'] },
      { status: ['bounced', 'unsubscribed'] },
      { type: ['lead'] },
      { type: ['partner'] },
      { priority: ['high'] },
      { company_id: newId() },
      { owner: 'me' },
      { owner: 'none' },
      { owner: ours.viewer.userId },
      { tags: ['tag 7'] },
      { tags: ['tag 7', 'tag 8', 'unknown'] },
      { is_favorite: true },
      { is_favorite: false },
      { is_archived: true },
      { created_from: '2026-01-01' },
      { created_to: '2026-01-01' },
      { created_from: '2020-01-01T00:00:00Z', created_to: '2100-01-01' },
      { search: 'person1' },
      { search: 'fi' },
      { search: 'nobody at all' },
      { search: 'mail12', status: ['active'], tags: ['tag 7'], owner: 'none' },
      ...CUSTOM_FILTERS,
    ],
    companies: () => [
      { industry: ['retail'] },
      { industry: ['legal', 'energy'] },
      { tags: ['tag 7'] },
      { employees_min: 600 },
      { employees_max: 5 },
      { employees_min: 10, employees_max: 500 },
      { search: 'company1' },
      { search: 'co' },
    ],
    leads: () => [
      ...LEAD_STATUSES.map((status) => ({ status: [status] })),
      { status: ['new', 'lost'] },
      { source_id: [ourIds.source] },
      { source_id: [newId()] },
      { score: ['hot'] },
      { score: ['cold', 'warm'] },
      { stage_id: [ourIds.stage] },
      { stage_id: [ourIds.stage, newId()], sort_by: 'score_value' },
      { pipeline_id: ourIds.pipeline },
      { pipeline_id: newId() },
      { owner_id: ours.viewer.userId },
      { owner_id: 'me' },
      { owner_id: 'none' },
      { contact_id: ourIds.contact },
      { company_id: ourIds.company },
      { form_id: ours.id },
      { tags: ['tag 7'] },
      { tags: ['tag 7', 'tag 8', 'unknown'] },
      ...['is_active', 'is_qualified', 'is_closed_won', 'is_closed_lost', 'is_archived'].flatMap((flag) => [
        { [flag]: true },
        { [flag]: false },
      ]),
      { value_min: 9_000 },
      { value_max: 10 },
      { value_min: 100, value_max: 101, sort_by: 'lead_value' },
      { score_min: 99 },
      { score_max: 1 },
      { score_min: 10, score_max: 90, sort_by: 'score_value' },
      { created_from: '2026-01-01' },
      { created_to: '2026-01-01' },
      { last_contact_from: '2026-01-01', last_contact_to: '2100-01-01' },
      { expected_close_from: '2026-06-01', expected_close_to: '2026-06-02' },
      { search: 'person1' },
      { search: 'fi' },
      { search: 'nobody at all' },
      { search: 'mail12', status: ['new'], tags: ['tag 7'], owner_id: 'none' },
      ...CUSTOM_FILTERS,
    ],
    appointments: () => [
      ...APPOINTMENT_STATUSES.map((status) => ({ status: [status], sort_by: 'appointment_date' })),
      { status: ['scheduled', 'confirmed'] },
      ...OUTCOMES.map((outcome) => ({ outcome: [outcome], sort_by: 'appointment_date' })),
      { outcome: ['sold', 'no_show'] },
      { lead_id: newId() },
      { contact_id: ourIds.contact },
      { owner_id: 'me' },
      { owner_id: 'none' },
      { owner_id: ours.viewer.userId, sort_by: 'appointment_date' },
      { from: '2026-01-01' },
      { to: '2026-01-01' },
      { from: '2026-06-01', to: '2026-06-02', sort_by: 'appointment_date' },
      { owner_id: ours.viewer.userId, status: ['scheduled'], from: '2026-01-01', to: '2027-01-01' },
    ],
    members: () => [
      { role: ['owner'] },
      { role: ['member', 'viewer'] },
      { status: ['active'] },
      { status: ['invited'] },
      { search: 'test' },
    ],
    audit: () => [
      { resource: 'contact' },
      { resource: 'company' },
      { record_id: newId() },
      { actor_id: ours.owner.userId },
      { actor_id: newId() },
      { action: 'contact.updated' },
      { from: '2026-01-01' },
      { to: '2026-01-01' },
    ],
    apiKeys: () => [
      { kind: 'publishable' },
      { state: ['active'] },
      { state: ['expired', 'revoked'] },
      { kind: 'secret', state: ['revoked'] },
    ],
    bulkJobs: () => [{ action: ['tag'] }, { action: ['move', 'assign'] }, { state: ['failed'] }, { state: ['running', 'done'] }],
    forms: () => [
      { is_active: false },
      { search: 'form 17' },
      { is_active: true, search: 'form', sort_by: 'last_submission_at' },
    ],
    savedViews: () => [
      { resource: ['deals'] },
      { resource: ['leads', 'companies'] },
      { is_shared: true },
      { is_shared: false },
      { resource: ['leads'], is_shared: false, sort_by: 'name' },
    ],
  };

  for (const listing of Object.keys(FILTERS) as (keyof typeof FILTERS)[]) {
    test(`every filter of ${listing} is answered from an index, first page, deep page, cursor and count`, async () => {
      for (const query of FILTERS[listing]()) {
        for (const sort_order of ['asc', 'desc']) await assertListIndexed(listing, { ...query, sort_order });
      }
    });
  }

  for (const listing of ['contacts', 'leads'] as const) {
    test(`${listing} by a custom field are read from the index of its values`, async () => {
      for (const name of ['size', 'region', 'code', 'visit', 'wants', 'ready']) {
        for (const sort_order of ['asc', 'desc']) {
          const nodes = await assertListIndexed(listing, { sort_by: `cf.${name}`, sort_order });
          const index = `${listing.slice(0, -1)}_values_${name === 'size' || name === 'ready' ? 'number' : 'text'}`;
          assert.ok(
            nodes.some((node) => node['Index Name'] === index),
            `${name} ${sort_order}`,
          );
          assert.ok(!nodes.some((node) => node['Node Type'] === 'Hash Join'), `${name} ${sort_order}`);
        }
      }
    });
  }

  test('figures and boards of leads with custom fields go by an index', async () => {
    const { leads } = ours.client;
    for (const query of CUSTOM_FILTERS as { cf: object }[]) {
      const { cf } = query as { cf: Record<string, string> };
      await assertIndexed('leads.stats', () => leads.stats({ cf }));
      await assertIndexed('leads.board', () => leads.board({ cf, sort_by: 'cf.size' }));
      await assertIndexed('leads.boardStage', () => leads.boardStage(ourIds.stage, { cf, sort_by: 'cf.size' }));
    }
  });

  test('changes of many leads go by an index, and so do their results and their undoing', async () => {
    const { leads, bulkJobs, pipelines } = ours.client;
    const ids = (await leads.list({ page_size: 20, count: 'none' })).data.map(({ id }) => id);
    const [, , stage] = (await pipelines.list()).data[0]!.stages;
    const changes: BulkAction[] = [
      { action: 'tag', tags: ['new'] },
      { action: 'assign', owner_id: ours.member.userId },
      { action: 'move', stage_id: stage!.id },
      { action: 'status', status: 'lost' },
      { action: 'archive' },
      { action: 'archive', is_archived: false },
      { action: 'delete' },
    ];
    // The worker itself looks for jobs across workspaces, as the system does.
    const worked = async () => {
      await server.app.worker.runDue();
      sent = sent.filter(({ scope }) => scope.role === 'app');
    };
    const asked: string[] = [];
    for (const change of changes) {
      const what = JSON.stringify(change);
      const { result } = await assertIndexed(what, () => leads.bulk({ ids, ...change }));
      asked.push(result.id);
      await assertIndexed(`${what} of a filter`, async () => {
        asked.push((await leads.bulk({ filter: { tags: ['tag 7'], search: 'person12' }, ...change })).id);
        await worked();
      });
    }
    for (const id of asked.toReversed()) {
      await assertIndexed('an undo', async () => {
        await bulkJobs.undo(id);
        await worked();
      });
      assert.equal((await bulkJobs.get(id)).undo!.failed, 0);
    }
    for (const query of [{}, { sort_order: 'desc' }, { status: ['failed'] }, { status: ['done', 'unchanged'] }] as const) {
      const { nodes } = await assertIndexed(`results ${JSON.stringify(query)}`, () =>
        bulkJobs.results(asked[1]!, query as object),
      );
      assert.ok(nodes.some((node) => node['Index Name']?.startsWith('bulk_rows')));
    }
  });

  test('single reads and writes go by an index', async () => {
    const { contacts, companies, members, workspace, auth, apiKeys, savedViews, calendarFeed } = ours.client;
    const [contact] = (await contacts.list({ page_size: 1 })).data;
    const [company] = (await companies.list({ page_size: 1 })).data;
    const [member] = (await members.list({ page_size: 1 })).data;
    await assertIndexed('contacts.get', () => contacts.get(contact!.id));
    await assertIndexed('contacts.create', () =>
      contacts.create({ email: 'plan@example.test', phone_number: '+49 30 1234567', company: 'Company 10', tags: ['new'] }),
    );
    await assertIndexed('contacts.update', () =>
      contacts.update(contact!.id, { email: 'plan2@example.test', tags: ['other'], company_id: company!.id }),
    );
    await assertIndexed('contacts.assign', () => contacts.assign(contact!.id, { user_id: ours.member.userId }));
    await assertIndexed('contacts.unassign', () => contacts.unassign(contact!.id, ours.member.userId));
    await assertIndexed('contacts.remove', () => contacts.remove(contact!.id));
    await assertIndexed('contacts.restore', () => contacts.restore(contact!.id));
    const { leads, pipelines } = ours.client;
    const lead = (await leads.list({ page_size: 1 })).data[0]!;
    const { stages } = (await pipelines.list()).data[0]!;
    const other = stages.find(({ id }) => id !== lead.stage_id)!;
    await assertIndexed('leads.get', () => leads.get(lead.id));
    await assertIndexed('leads.create', () =>
      leads.create({ contact: { email: 'plan3@example.test' }, source: 'Plan', owner_id: ours.member.userId, tags: ['new'] }),
    );
    await assertIndexed('leads.create of a contact', () => leads.create({ contact_id: contact!.id }));
    await assertIndexed('leads.update', () =>
      leads.update(lead.id, { notes: 'x', owner_id: ours.admin.userId, stage_id: other.id, contact_id: contact!.id }),
    );
    await assertIndexed('leads.setScore', () => leads.setScore(lead.id, { score_value: 50 }));
    const { appointments } = ours.client;
    const appointment_date = '2031-05-06T07:00:00Z';
    const booked = await assertIndexed('leads.addAppointment', () => leads.addAppointment(lead.id, { appointment_date }));
    await assertIndexed('leads.appointments', () => leads.appointments(lead.id));
    await assertIndexed('appointments.get', () => appointments.get(booked.result.id));
    await assertIndexed('appointments.update', () =>
      appointments.update(booked.result.id, { status: 'set', set_by: ours.member.userId, owner_id: ours.manager.userId }),
    );
    await assertIndexed('appointments.reschedule', () => appointments.reschedule(booked.result.id, { appointment_date }));
    await assertIndexed('appointments.remove', () => appointments.remove(booked.result.id));
    await assertIndexed('appointments.restore', () => appointments.restore(booked.result.id));
    await assertIndexed('appointments.availability', () =>
      appointments.availability({ member_id: ours.manager.userId, from: '2026-05-01', to: '2026-06-30' }),
    );
    await assertIndexed('leads.remove', () => leads.remove(lead.id));
    await assertIndexed('leads.restore', () => leads.restore(lead.id));
    await assertIndexed('leads.stats', () => leads.stats());
    await assertIndexed('leads.stats of some', () => leads.stats({ status: ['new'] }));
    await assertIndexed('companies.get', () => companies.get(company!.id));
    await assertIndexed('companies.create', () => companies.create({ name: 'Company plan' }));
    await assertIndexed('companies.update', () => companies.update(company!.id, { name: 'Company renamed' }));
    await assertIndexed('companies.remove', () => companies.remove(company!.id));
    await assertIndexed('companies.restore', () => companies.restore(company!.id));
    await assertIndexed('members.get', () => members.get(member!.id));
    await assertIndexed('members.invite', () => members.invite({ email: 'plan@example.test', role: 'viewer' }));
    const { data } = await members.list({ role: ['viewer'], status: ['active'] });
    await assertIndexed('members.update', () => members.update(data[0]!.id, { role: 'member' }));
    await assertIndexed('members.remove', () => members.remove(data[0]!.id, { reassign_to: ours.admin.userId }));
    await assertIndexed('workspace.get', () => workspace.get());
    await assertIndexed('workspace.update', () => workspace.update({ name: ours.name }));
    await assertIndexed('auth.me', () => auth.me());
    const view = await assertIndexed('savedViews.create', () => savedViews.create({ resource: 'leads', name: 'Plan' }));
    await assertIndexed('savedViews.get', () => savedViews.get(view.result.id));
    await assertIndexed('savedViews.update', () => savedViews.update(view.result.id, { name: 'Planned', is_shared: true }));
    await assertIndexed('savedViews.remove', () => savedViews.remove(view.result.id));
    const { forms } = ours.client;
    const [form] = (await forms.list({ page_size: 1 })).data;
    await assertIndexed('forms.get', () => forms.get(form!.id));
    await assertIndexed('forms.update', () => forms.update(form!.id, { name: 'Planned' }));
    await assertIndexed('forms.publish', () => forms.publish(form!.id));
    await assertIndexed('forms.versions', () => forms.versions(form!.id));
    await assertIndexed('forms.versions behind a cursor', async () =>
      forms.versions(form!.id, { cursor: (await forms.versions(form!.id, { page_size: 1 })).pagination.next_cursor! }),
    );
    await assertIndexed('forms.duplicate', () => forms.duplicate(form!.id, {}));
    await assertIndexed('forms.snippet', () => forms.snippet(form!.id));
    await assertIndexed('forms.preview', () => forms.preview(form!.id));
    await assertIndexed('forms.remove', () => forms.remove(form!.id));
    const feed = await assertIndexed('calendarFeed.issue', () => calendarFeed.issue());
    await assertIndexed('calendarFeed.read', () => calendarFeed.read());
    await assertIndexed('calendars.feed', () => server.fetch(feed.result.url));
    await assertIndexed('calendarFeed.revoke', () => calendarFeed.revoke());
    const made = await assertIndexed('apiKeys.create', () => apiKeys.create({ name: 'Plan', permissions: ['crm:access'] }));
    const { id, key } = made.result;
    await assertIndexed('apiKeys.update', () => apiKeys.update(id, { name: 'Planned' }));
    const rotated = await assertIndexed('apiKeys.rotate', () => apiKeys.rotate(id, { expires_in: 60 }));
    for (const secret of [key, rotated.result.key])
      await assertIndexed('a call with a key', () => server.fetch('/api/v2/workspace', { headers: bearing(secret) }));
    const token = await newEmbedToken(server, key, { permissions: ['crm:access'] });
    await assertIndexed('a call with an embed token', () => server.fetch('/api/v2/workspace', { headers: bearing(token) }));
    await assertIndexed('apiKeys.remove', () => apiKeys.remove(id));
  });

  test('what visitors send goes by the indexes of what tells them apart', async () => {
    const formId = await publish(database, ours, CONTACT_FORM);
    const [known] = await database.asOwner(
      'select email, phone_number from contacts where workspace_id = $1 and email is not null and deleted_at is null limit 1',
      [ours.id],
    );
    const read = await assertIndexed('a form', () => server.fetch(`/api/v2/public/forms/${formId}`));
    assert.ok(read.nodes.some((node) => node['Index Name'] === 'forms_id'));
    const visitors = {
      'a new visitor': { email: 'visitor@plan.test', phone: '+49 30 7654321' },
      'a known one': { email: known.email },
      'the same again': { email: known.email.toUpperCase(), phone: known.phone_number },
      'one by their number': { phone: known.phone_number },
    };
    for (const [what, answers] of Object.entries(visitors)) {
      const body = { answers: { email: 'nobody@plan.test', ...answers }, proof: await proofFor(server, formId) };
      const key = newId();
      const { result, nodes } = await assertIndexed(what, () => submit(server, formId, body, { origin: null, key }));
      assert.equal(result.status, 201, result.text);
      const read = new Set(nodes.map((node) => node['Index Name']));
      assert.ok(read.has('contacts_email_unique') && read.has('submissions_key'), `${what}: ${[...read].join(', ')}`);
      await assertIndexed(`${what}, repeated`, () => submit(server, formId, body, { origin: null, key }));
    }
    const events = [{ id: newId(), form_id: formId, event: 'view' }];
    const told = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ events }) };
    await assertIndexed('events', () => server.fetch('/api/v2/public/events', told));
  });

  test('what is read of submissions goes by an index', async () => {
    const { forms, leads, reports, submissions } = ours.client;
    const [{ form_id: id }] = (await database.asOwner(
      'select id as form_id from forms f where workspace_id = $1 and deleted_at is null and (select count(*) from submissions where form_id = f.id) > 1000 limit 1',
      [ours.id],
    )) as [{ form_id: string }];
    for (const sort_by of ['created_at', 'submitted_at'] as const)
      for (const sort_order of ['asc', 'desc'] as const) {
        const what = `submissions by ${sort_by} ${sort_order}`;
        const { result, nodes } = await assertIndexed(what, () =>
          forms.submissions(id, { sort_by, sort_order, page_size: SIZE }),
        );
        assert.deepEqual(
          nodes.filter((node) => node['Node Type'].endsWith('Sort') && node['Plan Rows'] > 1_000),
          [],
        );
        const cursor = result.pagination.next_cursor!;
        await assertIndexed(`${what} behind a cursor`, () => forms.submissions(id, { sort_by, sort_order, cursor }));
      }
    for (const query of [
      { state: ['quarantined'] },
      { state: ['accepted', 'rejected'] },
      { from: '2026-01-01' },
      { to: '2026-01-01' },
      { state: ['partial'], from: '2026-01-01', to: '2100-01-01', sort_by: 'submitted_at' },
    ] as const)
      await assertIndexed(`submissions ${JSON.stringify(query)}`, () => forms.submissions(id, query as object));
    const [waiting] = (await forms.submissions(id, { state: ['quarantined'], page_size: 1 })).data;
    await assertIndexed('submissions.get', () => submissions.get(waiting!.id));
    await assertIndexed('submissions.reject', () => submissions.reject(waiting!.id));
    await assertIndexed('submissions.release', () => submissions.release(waiting!.id));
    await assertIndexed('leads of a form', () => leads.list({ form_id: id }));
    await assertIndexed('analytics', () => forms.analytics(id));
    await assertIndexed('analytics of a time', () => forms.analytics(id, { from: '2026-01-01', to: '2026-02-01' }));
    await assertIndexed('the report of forms', () => reports.forms());
  });

  test('what becomes of a stage reads the leads of stages, not all of the workspace', async () => {
    const { pipelines } = ours.client;
    const { id, stages } = (await pipelines.list()).data[0]!;
    const [first, second] = stages;
    const calls = {
      'a new category': () => pipelines.updateStage(id, second!.id, { category: 'qualified' }),
      'a deletion': () => pipelines.removeStage(id, first!.id, { move_to: second!.id }),
    };
    const NEAR_STAGES = new Set(['leads_stage', 'leads_stage_hidden', 'leads_deleted', 'leads_pkey']);
    for (const [what, call] of Object.entries(calls)) {
      await assertIndexed(what, call as () => Promise<unknown>);
      const looks = await plansOf(sent.filter(({ statement }) => statement.sql.includes('from leads where stage_id')));
      assert.ok(looks.length > 0, what);
      const read = looks.flatMap(({ plan }) => nodesOf(plan)).map((node) => node['Index Name'] ?? '');
      const others = read.filter((name) => name.startsWith('leads_') && !NEAR_STAGES.has(name));
      assert.deepEqual(others, [], what);
    }
  });

  test('the search itself reads the index of trigrams, whatever is searched for', async () => {
    const scope: Scope = { role: 'app', workspaceId: ours.id, actorId: ours.owner.userId, requestId: 'plans' };
    for (const [table, term] of [
      ['contacts', 'person123'],
      ['contacts', 'las'],
      ['contacts', '+49 300 123'],
      ['contacts', 'nobody at all'],
      ['contacts', 'mail7 first'],
      ['leads', 'person123'],
      ['leads', 'title 17'],
      ['companies', 'company12'],
      ['companies', 'https'],
      ['companies', 'zzz'],
    ] as const) {
      const [answer] = await database.db.unit(scope, [
        { sql: `select search_ids_plan($1::regclass, $2) as plan`, parameters: [table, term] },
      ]);
      const nodes = nodesOf(answer!.rows[0].plan[0].Plan);
      assert.ok(
        nodes.some((node) => node['Index Name'] === `${table}_search`),
        `${table} ${term}: ${JSON.stringify(nodes)}`,
      );
      assert.ok(!nodes.some((node) => node['Node Type'] === 'Seq Scan'));
    }
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { APPOINTMENT_STATUSES, OUTCOMES } from '../../src/contract/appointment.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { askedFor, keptAnswers, problemsOf } from '../../src/core/form-answers.ts';
import { ruled } from '../../src/core/form-rules.ts';
import type { Db } from '../../server/db/db.ts';
import { seedWorkspace } from '../../server/seed/seed.ts';
import { demoWorkspace } from '../../demo/data/demo-workspace.ts';
import { DEMO_FORMS } from '../../demo/data/forms.ts';
import { newDatabase, type TestDatabase } from '../support/database.ts';
import { newServer, quickPasswords, type TestServer } from '../support/server.ts';

const NOW = new Date();

describe('The demo workspace', () => {
  let database: TestDatabase;
  let server: TestServer;

  before(async () => {
    database = await newDatabase();
    await seedWorkspace(database.db, quickPasswords, demoWorkspace(NOW));
    server = await newServer({ database });
  });
  after(() => database.close());

  /** The rows that break a rule; there must be none. */
  const none = async (rows: string) => assert.deepEqual(await database.asOwner(rows), []);
  const one = async (row: string) => (await database.asOwner(row))[0];

  async function owner() {
    const { access_token: token } = await server.visitor.auth.signIn({ email: 'owner@demo.test', password: 'millrace-demo' });
    return (path: string) => server.fetch(`/api/v2${path}`, { headers: { authorization: `Bearer ${token}` } });
  }

  test('has 300 contacts and 500 leads over every stage of two pipelines', async () => {
    assert.deepEqual(await one('select count(*)::integer as contacts from contacts'), { contacts: 300 });
    assert.deepEqual(await one('select count(*)::integer as leads from leads'), { leads: 500 });
    const stages = await database.asOwner(`
      select p.name as pipeline, s.name as stage, count(l.id)::integer as leads from pipelines p
      join stages s on s.pipeline_id = p.id left join leads l on l.stage_id = s.id and not l.is_archived
      group by p.name, s.name, p.is_default, s.display_order order by p.is_default desc, s.display_order`);
    assert.deepEqual(
      stages.map(({ pipeline, stage }) => `${pipeline}: ${stage}`),
      [
        'Sales: New lead',
        'Sales: Contacted',
        'Sales: Qualified',
        'Sales: Appointment set',
        'Sales: Proposal sent',
        'Sales: Won',
        'Sales: Lost',
        'Nurture: Nurture',
        'Nurture: Long-term nurture',
        'Nurture: Engaged',
      ],
    );
    assert.deepEqual(
      stages.filter(({ leads }) => leads < 4),
      [],
    );
  });

  test('has three published forms that visitors can meet, and that nothing is wrong with', async () => {
    const get = await owner();
    const { data } = (await (await get('/forms?sort_by=name&sort_order=asc')).json()) as any;
    assert.deepEqual(
      data.map(({ id, name, published_version, has_changes }: any) => [id, name, published_version, has_changes]),
      [
        [DEMO_FORMS.callback, 'Call me back', 1, false],
        [DEMO_FORMS.quote, 'Quote for a roof', 1, false],
        [DEMO_FORMS.newsletter, 'Solar letter', 1, false],
      ],
    );
    for (const { id } of data) {
      assert.deepEqual(((await (await get(`/forms/${id}`)).json()) as any).data.problems, []);
      assert.equal((await server.visitor.capture.form(id)).version, 1);
    }
    await none(`select name from forms where name = 'Solar letter' and not exists (select from stages s join pipelines p on p.id = s.pipeline_id
      where s.id = (draft #>> '{lead,stage_id}')::uuid and p.name = 'Nurture')`);
  });

  test('has what visitors sent through its forms, each as its lead has it, and some in quarantine', async () => {
    const [{ accepted, quarantined }] = await database.asOwner(`
      select count(*) filter (where state = 'accepted')::integer as accepted, count(*) filter (where state = 'quarantined')::integer as quarantined
      from submissions`);
    assert.ok(accepted >= 40 && accepted <= 90, `${accepted} were accepted`);
    assert.ok(quarantined >= 5);
    await none(`
      select s.id from submissions s left join leads l on l.id = s.lead_id left join contacts c on c.id = s.contact_id
      where s.state = 'accepted' and (l.contact_id is distinct from c.id or l.form_id is distinct from s.form_id
        or l.created_at is distinct from s.submitted_at or coalesce(s.answers ->> 'email', c.email) <> c.email
        or jsonb_array_length(s.consents) <> 1)
        or s.state = 'quarantined' and (s.lead_id is not null or s.spam_reasons = '{}')`);
    await none(
      'select id from leads l where form_id is not null and not exists (select from submissions s where s.lead_id = l.id)',
    );
    await none(`
      select s.id from submissions s where lead_id is not null and not exists (
        select from activities a where a.metadata ->> 'submission_id' = s.id::text and a.lead_id = s.lead_id)`);
    await none('select id from submissions s where submitted_at < (select published_at from forms f where f.id = s.form_id)');
    for (const { fields, answers } of await database.asOwner(`
      select v.definition -> 'steps' as fields, s.answers from submissions s join form_versions v on v.form_id = s.form_id`)) {
      assert.deepEqual(keptAnswers(fields, answers), answers);
      const asked = askedFor(fields as FormDefinition['steps'], answers).flatMap((step) => step.fields);
      assert.deepEqual(
        problemsOf(asked.map(ruled), answers, () => true),
        [],
      );
    }
  });

  test('has sixty days of visits to each form, from which rates can be told', async () => {
    const get = await owner();
    const { data } = (await (await get('/reports/forms')).json()) as any;
    for (const { name, views, starts, submissions } of data)
      assert.ok(
        views > 200 && starts > 20 && starts < views && submissions < starts,
        `${name}: ${views}, ${starts}, ${submissions}`,
      );
    const { data: quote } = (await (await get(`/forms/${DEMO_FORMS.quote}/analytics`)).json()) as any;
    assert.ok(quote.conversion > 0.01 && quote.conversion < 0.2);
    assert.ok(quote.steps.every(({ reached, left }: any) => reached > left && left > 0));
    assert.ok(quote.sources.length > 2);
    await none('select day from form_event_totals group by form_id, day having min(count) < 1');
    const [{ days }] = await database.asOwner('select count(distinct day)::integer as days from form_event_totals');
    assert.equal(days, 60);
  });

  test('is the same at every start but for its dates and how far its leads have come', () => {
    const text = (now: Date) => JSON.stringify(demoWorkspace(now));
    assert.equal(text(NOW), text(NOW));
    const [one, other] = [demoWorkspace(NOW), demoWorkspace(new Date(NOW.getTime() + 3.4 * 86_400_000))];
    const dateless = ({ leads, contacts }: typeof one) => [
      contacts.map(({ created_at: _, updated_at: _updated, type: _type, status: _status, ...rest }) => rest),
      leads.map(({ contact_email, title, source, attribution, notes, tags }) => [
        contact_email,
        title,
        source,
        attribution,
        notes,
        tags,
      ]),
    ];
    assert.deepEqual(dateless(one), dateless(other));
  });

  test('asks for a plant what its size is worth, whoever buys it', () => {
    const plants = demoWorkspace(NOW).leads.flatMap(({ title, lead_value }) => {
      const size = /(\d+) kWp/.exec(title)?.[1];
      return size && lead_value ? [{ title, price: lead_value / Number(size) }] : [];
    });
    assert.ok(plants.length > 50);
    assert.deepEqual(
      plants.filter(({ price }) => price < 750 || price > 3_000),
      [],
    );
  });

  test('has some leads in every stage, whatever the day and hour of its start', () => {
    for (let hour = 0; hour < 8 * 24; hour += 17) {
      const { leads } = demoWorkspace(new Date(Date.UTC(2026, 5, 1, hour)));
      const inStage = Object.groupBy(leads, ({ steps }) => steps.at(-1)!.stage);
      assert.deepEqual(
        [
          Object.keys(inStage).length,
          Object.entries(inStage)
            .filter(([, some]) => some!.length < 5)
            .map(([name]) => name),
        ],
        [10, []],
      );
    }
  });

  test('has no lead that is in another stage than its history says, nor with flags of another', async () => {
    await none(`
      select l.id from leads l join lateral (
        select * from lead_stage_history h where h.lead_id = l.id order by changed_at desc, id desc limit 1) h on true
      where h.to_stage_id <> l.stage_id or h.changed_at <> l.stage_entered_at`);
    await none(
      'select l.id from leads l where not exists (select from lead_stage_history h where h.lead_id = l.id and from_stage_id is null)',
    );
    await none(`
      select id from (
        select id, from_stage_id, seconds_in_stage, changed_at, lag(to_stage_id) over life as former, lag(changed_at) over life as since
        from lead_stage_history window life as (partition by lead_id order by changed_at, id)) h
      where from_stage_id is distinct from former
        or seconds_in_stage is distinct from floor(extract(epoch from changed_at - since))::bigint`);
    await none(`
      select l.id from leads l join stages s on s.id = l.stage_id
      where (l.status, l.is_active, l.is_closed_won, l.is_closed_lost) is distinct from (
        case when s.category in ('appointment', 'proposal') then 'qualified' else s.category end,
        s.category not in ('converted', 'lost'), s.category = 'converted', s.category = 'lost')
      or l.pipeline_id <> s.pipeline_id
      or not l.is_qualified and s.category in ('qualified', 'appointment', 'proposal', 'converted')`);
    await none(
      `select id from leads where score <> case when score_value >= 70 then 'hot' when score_value >= 35 then 'warm' else 'cold' end`,
    );
    await none(`
      select h.id from lead_stage_history h join stages s on s.id = h.to_stage_id where (s.category = 'lost') <> (h.reason is not null)`);
  });

  test('has a rank of its own for each lead of a stage, the latest on top', async () => {
    await none('select stage_id, position from leads group by stage_id, position having count(*) > 1');
    await none(`
      select id from (select id, stage_entered_at, lead(stage_entered_at) over (partition by stage_id order by position) as below from leads) l
      where stage_entered_at < below`);
  });

  test('agrees with what the database keeps of its leads', async () => {
    await none(`
      select l.id from leads l join lateral (
        select max(occurred_at) as activity,
          max(occurred_at) filter (where activity_type in ('call', 'email', 'sms', 'meeting')) as contact
        from activities a where a.lead_id = l.id) a on true, lateral (
        select max(appointment_date) as met from appointments p where p.lead_id = l.id and outcome in ('showed', 'sold', 'not_interested')) p
      where (l.last_activity_at, l.last_contact_at) is distinct from (a.activity, greatest(a.contact, p.met))`);
    await none(`
      select c.id from contacts c where c.score is distinct from
        (select max(score_value) from leads l where l.contact_id = c.id and l.is_active and not l.is_archived)`);
    await none(`
      select stage_id from (
        select stage_id, currency, score, count(*) as count, sum(coalesce(lead_value_minor, 0))::bigint as value from leads
        where not is_archived group by stage_id, currency, score
        except select stage_id, currency, score, count, value_minor from stage_totals) t`);
  });

  test('has about 120 appointments in every state, over the weeks before and after now, whatever the day of its start', async () => {
    for (let day = 0; day < 60; day += 7.3) {
      const now = new Date(NOW.getTime() + day * 86_400_000);
      const appointments = demoWorkspace(now).leads.flatMap((lead) => lead.appointments);
      assert.ok(appointments.length > 90 && appointments.length < 160, `${appointments.length}`);
      const ends = appointments.map(({ course }) => course.at(-1));
      assert.equal(new Set(ends.map((end) => end?.status ?? 'scheduled')).size, APPOINTMENT_STATUSES.length);
      assert.equal(new Set(ends.flatMap((end) => end?.outcome ?? [])).size, OUTCOMES.length);
      const open = ends.filter((end) => end?.status !== 'completed' && end?.status !== 'cancelled');
      assert.ok(open.length >= 10, `${open.length} are still to come`);
    }
    const [{ count }] = await database.asOwner('select count(*)::integer as count from appointments');
    assert.equal(count, demoWorkspace(NOW).leads.flatMap((lead) => lead.appointments).length);
  });

  test('has no two appointments of a member at the same time, and working hours in which a member is free', async () => {
    await none(`
      select a.id from appointments a join appointments b on b.owner_id = a.owner_id and b.id > a.id
        and b.appointment_date < a.appointment_date + a.duration_minutes * interval '1 minute'
        and a.appointment_date < b.appointment_date + b.duration_minutes * interval '1 minute'
      where a.status <> 'cancelled' and b.status <> 'cancelled'`);
    const { policies } = (await (await (await owner())('/workspace')).json()).data;
    assert.deepEqual(policies.working_hours.mon, [{ from: '08:00', to: '18:00' }]);
    assert.equal(policies.working_hours.sun, undefined);
  });

  test('has no appointment that is not where its history left it, or that its lead knows nothing of', async () => {
    await none(`
      select a.id from appointments a join lateral (
        select * from appointment_changes c where c.appointment_id = a.id order by changed_at desc, id desc limit 1) c on true
      where (c.to_status, c.to_outcome, c.to_date, c.sequence) is distinct from (a.status, a.outcome, a.appointment_date, a.sequence)`);
    await none(`
      select id from (
        select id, from_status, from_date, changed_at, lag(to_status) over life as former, lag(to_date) over life as former_date, lag(changed_at) over life as since
        from appointment_changes window life as (partition by appointment_id order by changed_at, id)) c
      where (from_status, from_date) is distinct from (former, former_date) or changed_at <= since`);
    await none(`
      select id from appointments where status in ('scheduled', 'set', 'verified', 'confirmed') and appointment_date < now()
        or status = 'completed' and completed_at < appointment_date or updated_at > now() or created_at > now()`);
    await none(`
      select a.id from appointments a where not exists (
        select from lead_stage_history h join stages s on s.id = h.to_stage_id
        where h.lead_id = a.lead_id and s.category in ('appointment', 'proposal') and h.changed_at = a.created_at)`);
    await none(`
      select a.id from appointments a where (select count(*) from activities e where e.metadata ->> 'appointment_id' = a.id::text)
        <> (select count(*) from appointment_changes c where c.appointment_id = a.id)`);
    await none(`select a.id from appointments a join leads l on l.id = a.lead_id where a.owner_id is distinct from l.owner_id`);
  });

  test('lies in the past, each step after the one before', async () => {
    await none('select id from leads where created_at > now() or updated_at > now() or stage_entered_at > now()');
    await none('select id from activities where occurred_at > now() or completed_at > now() or created_at > now()');
    await none('select l.id from leads l join contacts c on c.id = l.contact_id where l.created_at < c.created_at');
    await none(`
      select a.id from activities a join leads l on l.id = a.lead_id where a.occurred_at < l.created_at`);
    const { share } = await one(`
      select avg((extract(isodow from occurred_at) < 6 and extract(hour from occurred_at at time zone 'utc') between 7 and 16)::integer)::float8 as share
      from activities where activity_type in ('call', 'email', 'meeting', 'note')`);
    assert.ok(share > 0.95, `${share} of what people wrote is of working hours`);
  });

  test('shows what every part of the product needs', async () => {
    const counts = await one(`
      select
        (select count(*) from deals where state = 'won') as won, (select count(*) from deals where state = 'open') as open,
        (select count(*) from lead_jobs) as jobs, (select count(*) from leads where is_archived) as archived,
        (select count(*) from leads where converted_at is not null) as converted, (select count(*) from leads where owner_id is null) as unowned,
        (select count(*) from lead_tags) as tags, (select count(*) from activities where activity_type = 'task' and completed_at is null) as tasks,
        (select count(*) from leads l join stages s on s.id = l.stage_id
          where l.stage_entered_at < now() - make_interval(days => s.rot_after_days)) as rotting,
        (select count(*) from leads where attribution -> 'first' ->> 'utm_campaign' is not null) as campaigns,
        (select count(*) from leads where expected_close_date is not null and is_active) as expected`);
    assert.deepEqual(
      Object.entries(counts).filter(([, count]) => Number(count) < 5),
      [],
    );
    await none(`
      select l.id from leads l join contacts c on c.id = l.contact_id where l.converted_at is not null and (c.type <> 'client' or c.status <> 'active')`);
  });

  test('has custom fields of every type, with values on three leads in five', async () => {
    const types = await database.asOwner('select distinct field_type from custom_fields where context = $1 order by 1', ['lead']);
    assert.deepEqual(
      types.map(({ field_type }) => field_type),
      ['boolean', 'date', 'multi_select', 'number', 'select', 'text'],
    );
    const { share } = await one(`select avg((custom_fields <> '{}')::integer)::float8 as share from leads`);
    assert.ok(share > 0.5 && share < 0.7, `${share} of the leads have values`);
    await none(`
      select f.name from custom_fields f where (select count(*) from lead_values v where v.field_id = f.id)
        + (select count(*) from contact_values v where v.field_id = f.id) < 20`);
  });

  test('tells nobody of it as of news, and its changes as those of the seed', async () => {
    await none('select id from events');
    await none(`select id from audit_log where request_id <> 'seed' and action <> 'session.started'`);
  });

  test('is answered by the API as the contract has it', async () => {
    const get = await owner();
    const page = await (await get('/leads?page_size=100')).json();
    assert.equal(page.data.length, 100);
    assert.equal((await get(`/leads/${page.data[0].id}`)).status, 200);
    assert.equal((await get('/leads/board')).status, 200);
    assert.equal((await get('/activities?page_size=100')).status, 200);
    assert.equal((await get('/deals')).status, 200);
    assert.equal((await get('/jobs')).status, 200);
  });

  test('gets its forms where it was made before there were any', async () => {
    const older = await newDatabase();
    try {
      const seed = { ...demoWorkspace(NOW), contacts: [], leads: [] };
      await seedWorkspace(older.db, quickPasswords, { ...seed, forms: [], suspected: [], form_totals: [] });
      await older.asOwner("update stages set name = 'Resting' where name = 'Nurture'");
      await seedWorkspace(older.db, quickPasswords, seed);
      await seedWorkspace(older.db, quickPasswords, seed);
      const [{ forms, suspected }] = await older.asOwner(`
        select (select count(*)::integer from forms) as forms, (select count(*)::integer from submissions) as suspected`);
      assert.deepEqual([forms, suspected], [3, seed.suspected.length]);
    } finally {
      await older.close();
    }
  });

  test('is left as it is by every later start', async () => {
    const all =
      'select (select count(*) from leads) + (select count(*) from activities) + (select count(*) from audit_log) as rows';
    const before = await one(all);
    await database.asOwner(`update leads set deleted_at = now() where id in (select id from leads limit 3)`);
    await seedWorkspace(database.db, quickPasswords, demoWorkspace(new Date()));
    assert.deepEqual(await one(all), before);
  });
});

describe('A demo workspace whose making was cut short', () => {
  test('is gone on with, wherever it stopped, and nothing is made twice', async () => {
    const database = await newDatabase();
    try {
      const rows = async (table: string) => Number((await database.asOwner(`select count(*) as count from ${table}`))[0].count);
      const seed = demoWorkspace(NOW);
      const contacts = seed.contacts.slice(0, 60);
      const leads = seed.leads.filter(({ contact_email }) => contacts.some(({ email }) => email === contact_email)).slice(0, 90);
      const small = { ...seed, contacts, leads };
      for (let commits = 1; commits <= 6; commits++) {
        const cut = cutAfter(database.db, commits);
        await seedWorkspace(cut, quickPasswords, small).catch((error: Error) => assert.equal(error.message, 'cut'));
      }
      await seedWorkspace(database.db, quickPasswords, small);
      assert.deepEqual(
        [await rows('contacts'), await rows('leads'), await rows('pipelines'), await rows('workspaces')],
        [60, 90, 2, 1],
      );
      assert.deepEqual(await database.asOwner('select stage_id from leads group by stage_id, position having count(*) > 1'), []);
      assert.deepEqual(
        await database.asOwner('select title from leads group by title, created_at, contact_id having count(*) > 1'),
        [],
      );
    } finally {
      await database.close();
    }
  });
});

/** The same database, whose process dies before the transaction of that number commits. */
function cutAfter(db: Db, commits: number): Db {
  let left = commits;
  return {
    engine: db.engine,
    unit: (...given) => db.unit(...given),
    close: () => db.close(),
    transaction: (scope, work) =>
      db.transaction(scope, async (run, leave) => {
        const result = await work(run, leave);
        left -= 1;
        if (left < 0) throw new Error('cut');
        return result;
      }),
  };
}

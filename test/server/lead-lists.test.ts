import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { LEAD_SORTS, LEAD_STATUSES, type LeadFilters } from '../../src/contract/lead.ts';
import { walkOf, writeCursor } from '../../server/db/cursor.ts';
import { newId } from '../../server/ids.ts';
import { keyed } from '../support/embedded.ts';
import { seededRandom } from '../support/random.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

type Row = Record<string, any>;
type Query = Record<string, unknown>;

const LEADS = 120;
/** Triggers work in the workspace that the transaction has entered. */
const ENTERED = (id: string) => `(select set_config('millrace.workspace', ${id}::uuid::text, true)) entered`;

let server: TestServer;
let ours: TestWorkspace;
/** What is in the database, read past the lists. */
let rows: Row[];

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
  const owned = server.database.asOwner;
  const companies = await Promise.all(['Engines', 'Looms'].map((name) => ours.client.companies.create({ name })));
  const contacts: string[] = [];
  for (const [index, name] of ['Ada Ångström', 'ada angstrom', 'Zoë', 'Émile', 'Ömer', undefined].entries()) {
    const contact = await ours.client.contacts.create({
      ...(name !== undefined && { name }),
      email: `person${index}@example.test`,
      ...(index < 2 && { company_id: companies[index]!.id }),
    });
    contacts.push(contact.id);
  }
  const { data: pipelines } = await ours.client.pipelines.list();
  const second = await ours.client.pipelines.create({ name: 'Second', stages: [{ name: 'Start', category: 'new' }] });
  const sources = (await ours.client.leadSources.list()).data.slice(0, 3).map(({ id }) => id);
  const random = seededRandom(7);
  const some = <Value>(value: Value, odds = 3) => (random.below(odds) > 0 ? value : null);
  const stages = [...pipelines[0]!.stages, ...second.stages];
  const given = Array.from({ length: LEADS }, (_, index) => {
    const stage = random.oneOf(stages);
    const status =
      ({ appointment: 'qualified', proposal: 'qualified' } as Record<string, string>)[stage.category] ?? stage.category;
    return {
      contact_id: random.oneOf(contacts),
      title: random.oneOf(['Roof', 'roof', 'Öfen', 'Ofen', 'Zaun', `Title ${index}`]),
      pipeline_id: stage.pipeline_id,
      stage_id: stage.id,
      status,
      source_id: some(random.oneOf(sources)),
      score: random.oneOf(['cold', 'warm', 'hot']),
      score_value: random.below(8) * 10,
      lead_value_minor: some(random.below(5) * 1_000 + random.below(2) * 50),
      tags: random.below(3) === 0 ? [random.oneOf(['VIP', 'vip', 'Größe'])] : [],
      owner_id: some(random.oneOf([ours.member.userId, ours.manager.userId])),
      expected_close_date: some(`2026-0${1 + random.below(3)}-0${1 + random.below(4)}`),
      is_active: !['converted', 'lost'].includes(status),
      is_qualified: random.below(2) === 0,
      is_closed_won: status === 'converted',
      is_closed_lost: status === 'lost',
      last_activity_at: some(`2026-03-0${1 + random.below(5)}T12:00:00Z`),
      last_contact_at: some(`2026-02-0${1 + random.below(5)}T23:30:00Z`),
      stage_entered_at: `2026-01-0${1 + random.below(5)}T00:00:00.00${random.below(3)}Z`,
      created_at: `2026-01-${10 + random.below(5)}T23:30:00Z`,
      updated_at: `2026-04-0${1 + random.below(5)}T00:00:00Z`,
      is_archived: random.below(12) === 0,
      form_id: random.below(10) === 0 ? '01980000-0000-7000-8000-000000000001' : null,
      position: `a${index % 10}`,
      currency: 'EUR',
    };
  });
  const columns = Object.keys(given[0]!).join(', ');
  await owned(
    `insert into leads (workspace_id, ${columns}) select '${ours.id}', ${columns} from json_populate_recordset(null::leads, $1::json), ${ENTERED('$2')}`,
    [JSON.stringify(given), ours.id],
  );
  const gone = await ours.client.leads.create({ contact_id: contacts[0]!, tags: ['VIP'] });
  await ours.client.leads.remove(gone.id);
  rows = await owned(
    `select *, lead_value_minor::float8 as minor, expected_close_date::text as closes from leads where workspace_id = $1 and deleted_at is null`,
    [ours.id],
  );
});

const list = (query: Query = {}) => ours.client.leads.list(query as any);
const idsOf = (data: readonly Row[]) => data.map(({ id }) => id);
const present = () => rows.filter(({ is_archived }) => !is_archived);

const COLUMNS: Record<string, string> = { name: 'contact_name', lead_value: 'minor', expected_close_date: 'closes' };
const collator = new Intl.Collator('und');

function compare(one: unknown, other: unknown): number {
  if (typeof one === 'string' && typeof other === 'string')
    return collator.compare(one, other) || Buffer.compare(Buffer.from(one), Buffer.from(other));
  return Number(one) - Number(other);
}

/** The ids of rows in the order that a list promises: nulls last in both directions, ties by id. */
function sorted(given: Row[], sort: string, order: string): string[] {
  const column = COLUMNS[sort] ?? sort;
  const sign = order === 'asc' ? 1 : -1;
  return idsOf(
    given.toSorted((one, other) => {
      const [left, right] = [one[column], other[column]];
      if ((left === null) !== (right === null)) return left === null ? 1 : -1;
      return sign * ((left === null ? 0 : compare(left, right)) || (one['id'] < other['id'] ? -1 : 1));
    }),
  );
}

async function byCursor(query: Query): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const { data, pagination } = await list({ ...query, ...(cursor !== undefined && { cursor }) });
    ids.push(...idsOf(data));
    if (pagination.next_cursor === null) return ids;
    cursor = pagination.next_cursor;
  }
}

async function byPages(query: Query): Promise<string[]> {
  const ids: string[] = [];
  for (let page = 1; ; page++) {
    const { data, pagination } = await list({ ...query, page });
    ids.push(...idsOf(data));
    if (page >= pagination.pages!) return ids;
  }
}

for (const sort_by of LEAD_SORTS) {
  for (const sort_order of ['asc', 'desc'] as const) {
    test(`leads by ${sort_by} ${sort_order} have every row once and in order, by pages, by cursor and from every mark`, async () => {
      const query = { sort_by, sort_order };
      const all = sorted(present(), sort_by, sort_order);
      assert.ok(all.length > 100);
      assert.deepEqual(await byPages({ ...query, page_size: 37 }), all);
      assert.deepEqual(await byCursor({ ...query, page_size: 7 }), all);

      const { cursors, total, every } = await ours.client.leads.marks({ ...query, every: 100 });
      assert.deepEqual([total, every, cursors.length], [all.length, 100, 1]);
      for (const skip of [0, 1, all.length - 101, all.length - 100, 5_000]) {
        const { data, pagination } = await list({ ...query, cursor: cursors[0], skip, page_size: 3 });
        assert.deepEqual(idsOf(data), all.slice(100 + skip, 103 + skip));
        assert.equal(pagination.next_cursor === null, 103 + skip >= all.length);
      }
      // From the top, over the border between rows with a value and those without.
      const first = await list({ ...query, page_size: 1 });
      for (let skip = 0; skip < all.length; skip += 9) {
        const { data, pagination } = await list({ ...query, cursor: first.pagination.next_cursor, skip, page_size: 4 });
        assert.deepEqual(idsOf(data), all.slice(1 + skip, 5 + skip), `skip ${skip}`);
        if (pagination.next_cursor === null) continue;
        const next = await list({ ...query, cursor: pagination.next_cursor, page_size: 2 });
        assert.deepEqual(idsOf(next.data), all.slice(5 + skip, 7 + skip), `after skip ${skip}`);
      }
    });
  }
}

test('leads are listed by their latest activity, the latest first, unless sorted otherwise', async () => {
  assert.deepEqual(idsOf((await list()).data), sorted(present(), 'last_activity_at', 'desc').slice(0, 50));
});

describe('a cursor of leads', () => {
  test('binds sort, order and filters, and neither page size nor skip', async () => {
    const query = { sort_by: 'lead_value', status: ['new', 'lost'], page_size: 3 };
    const cursor = (await list(query)).pagination.next_cursor!;
    for (const other of [
      { sort_by: 'title' },
      { sort_order: 'asc' },
      { status: ['new'] },
      { search: 'roof' },
      { is_archived: false },
    ])
      await assert.rejects(
        list({ ...query, ...other, cursor }),
        { code: 'VALIDATION_ERROR', message: /not a cursor of this list/ },
        JSON.stringify(other),
      );
    for (const same of [{}, { page_size: 9 }, { skip: 2 }, { count: 'exact' }]) await list({ ...query, ...same, cursor });
  });

  test('holds only what its column can hold', async () => {
    const forged = (sort_by: string, value: string) =>
      list({ sort_by, cursor: writeCursor(walkOf(sort_by, 'desc', {}), { value, id: newId() }) });
    for (const [sort, good, bad] of [
      ['lead_value', '9223372036854775807', '9223372036854775808'],
      ['score_value', '32767', '32768'],
      ['expected_close_date', '2026-02-28', '2026-02-30'],
      ['created_at', '2026-02-28T00:00:00.000Z', '2026-02-28'],
    ] as const) {
      await forged(sort, good);
      await assert.rejects(forged(sort, bad), { code: 'VALIDATION_ERROR', message: /not a cursor/ }, bad);
    }
  });

  test('is what skip goes from', async () => {
    await assert.rejects(list({ skip: 5 }), { code: 'VALIDATION_ERROR', details: { cursor: 'Cursor is required.' } });
    await assert.rejects(list({ skip: 5, page: 2 }), { code: 'VALIDATION_ERROR' });
  });
});

test('marks stand at every Nth row of the list with the same filters', async () => {
  const workspace = await server.newWorkspace();
  const contact = await workspace.client.contacts.create({ name: 'Ada' });
  const { id, stages } = (await workspace.client.pipelines.list()).data[0]!;
  await server.database.asOwner(
    `insert into leads (workspace_id, contact_id, title, pipeline_id, stage_id, status, currency, position, lead_value_minor)
      select $1, $2, 'Row ' || n, $3, $4, 'new', 'EUR', 'a', case when n % 3 = 0 then n end from generate_series(1, 1000) n, ${ENTERED('$1')}`,
    [workspace.id, contact.id, id, stages[0]!.id],
  );
  const { leads } = workspace.client;
  const query = { sort_by: 'lead_value', value_min: 0 } as const;
  const { total, cursors } = await leads.marks({ ...query, every: 100 });
  assert.deepEqual([total, cursors.length], [333, 3]);
  const values = Array.from({ length: 333 }, (_, index) => (999 - index * 3) / 100);
  for (const [index, cursor] of cursors.entries()) {
    const { data, filters } = await leads.list({ ...query, cursor, skip: 7, page_size: 2 });
    assert.deepEqual(
      data.map(({ lead_value }) => lead_value),
      values.slice((index + 1) * 100 + 7, (index + 1) * 100 + 9),
    );
    assert.deepEqual(filters, { value_min: 0 });
  }
  assert.deepEqual(await leads.marks(), { every: 1_000, total: 1_000, cursors: [(await leads.marks()).cursors[0]] });
});

describe('a filter of leads', () => {
  const FORM = '01980000-0000-7000-8000-000000000001';
  const has = (row: Row, ...tags: string[]) => row['tags'].some((tag: string) => tags.includes(tag.toLowerCase()));
  const time = (value: Date | null) => (value === null ? Number.NaN : value.getTime());
  const day = (text: string) => Date.parse(`${text}T00:00:00+01:00`);

  const CASES: () => [Query, (row: Row) => boolean][] = () => {
    const { contact_id, company_id, source_id, stage_id, pipeline_id } = rows.find((row) => row.company_id && row.source_id)!;
    const stages = [stage_id, rows.find((row) => row.stage_id !== stage_id)!.stage_id];
    return [
      ...LEAD_STATUSES.map((status): [Query, (row: Row) => boolean] => [{ status: [status] }, (row) => row.status === status]),
      [{ status: ['new', 'lost'] }, ({ status }) => status === 'new' || status === 'lost'],
      [{ source_id: [source_id] }, (row) => row.source_id === source_id],
      [{ score: ['hot', 'cold'] }, ({ score }) => score !== 'warm'],
      [{ stage_id: stages }, (row) => stages.includes(row.stage_id)],
      [{ pipeline_id }, (row) => row.pipeline_id === pipeline_id],
      [{ owner_id: ours.member.userId }, ({ owner_id }) => owner_id === ours.member.userId],
      [{ owner_id: 'none' }, ({ owner_id }) => owner_id === null],
      [{ owner_id: 'me' }, () => false],
      [{ contact_id }, (row) => row.contact_id === contact_id],
      [{ company_id }, (row) => row.company_id === company_id],
      [{ form_id: FORM }, ({ form_id }) => form_id === FORM],
      [{ tags: ['vip'] }, (row) => has(row, 'vip')],
      [{ tags: ['GRÖSSE', 'größe', 'none'] }, (row) => has(row, 'größe')],
      ...(['is_active', 'is_qualified', 'is_closed_won', 'is_closed_lost'] as const).flatMap(
        (flag): [Query, (row: Row) => boolean][] => [
          [{ [flag]: true }, (row) => row[flag]],
          [{ [flag]: false }, (row) => !row[flag]],
        ],
      ),
      [{ value_min: 0 }, ({ minor }) => minor !== null],
      [{ value_min: 10.5, value_max: 20 }, ({ minor }) => minor !== null && minor >= 1_050 && minor <= 2_000],
      [{ score_min: 30 }, ({ score_value }) => score_value >= 30],
      [{ score_min: 20, score_max: 40 }, ({ score_value }) => score_value >= 20 && score_value <= 40],
      // The workspace is an hour ahead: 23:30 UTC is the day after.
      [
        { created_from: '2026-01-12', created_to: '2026-01-13' },
        ({ created_at }) => time(created_at) >= day('2026-01-12') && time(created_at) < day('2026-01-14'),
      ],
      [
        { created_from: '2026-01-12T23:30:00Z', created_to: '2026-01-12T23:30:00Z' },
        ({ created_at }) => time(created_at) === Date.parse('2026-01-12T23:30:00Z'),
      ],
      [{ last_contact_from: '2026-02-03' }, ({ last_contact_at }) => time(last_contact_at) >= day('2026-02-03')],
      [{ last_contact_to: '2026-02-03' }, ({ last_contact_at }) => time(last_contact_at) < day('2026-02-04')],
      [
        { expected_close_from: '2026-02-02', expected_close_to: '2026-03-01' },
        ({ closes }) => closes >= '2026-02-02' && closes <= '2026-03-01',
      ],
      [{ search: 'ANGSTROM' }, ({ contact_name }) => /angstrom|ångström/i.test(contact_name ?? '')],
      [{ search: 'öfen' }, ({ title }) => /ofen|öfen/i.test(title)],
      [{ search: 'looms' }, ({ company }) => company === 'Looms'],
      [{ search: 'person3@example' }, ({ contact_email }) => contact_email === 'person3@example.test'],
    ];
  };

  test('leaves exactly the rows that it says, in lists, counts, marks and figures alike', async () => {
    for (const [query, keeps] of CASES()) {
      const what = JSON.stringify(query);
      const expected = sorted(present().filter(keeps), 'title', 'asc');
      const { data, pagination, filters } = await list({ ...query, sort_by: 'title', sort_order: 'asc', page_size: 100 });
      assert.deepEqual(idsOf(data), expected.slice(0, 100), what);
      assert.equal(pagination.total, expected.length, what);
      assert.deepEqual(filters, query);
      assert.equal((await ours.client.leads.marks(query as any)).total, expected.length, what);
      assert.deepEqual(await ours.client.leads.stats(query as LeadFilters), figuresOf(present().filter(keeps)), what);
    }
    assert.deepEqual(
      sorted(
        rows.filter(({ is_archived }) => is_archived),
        'title',
        'asc',
      ),
      idsOf((await list({ is_archived: true, sort_by: 'title', sort_order: 'asc' })).data),
    );
  });

  test('goes with others, and with an order', async () => {
    const query = { status: ['new', 'qualified'], owner_id: 'none', score_min: 10 };
    const keeps = ({ status, owner_id, score_value }: Row) =>
      ['new', 'qualified'].includes(status) && owner_id === null && score_value >= 10;
    const expected = sorted(present().filter(keeps), 'expected_close_date', 'desc');
    assert.ok(expected.length > 4);
    assert.deepEqual(await byCursor({ ...query, sort_by: 'expected_close_date', page_size: 2 }), expected);
  });

  test('`me` is the person who asks, and nobody for a key', async () => {
    const mine = await ours.member.client.leads.list({ owner_id: 'me' });
    assert.equal(mine.pagination.total, present().filter(({ owner_id }) => owner_id === ours.member.userId).length);
    const key = await keyed(server, ours, ['crm:leads:view']);
    assert.deepEqual((await key.leads.list({ owner_id: 'me' })).data, []);
  });

  test('that is none leaves the figures that are kept, which are the same as counted', async () => {
    const kept = await ours.client.leads.stats();
    assert.deepEqual(kept, figuresOf(present()));
    assert.deepEqual(await ours.client.leads.stats({ score_min: 0 }), kept);
    assert.equal((await list()).pagination.total, kept.total);
  });

  const figuresOf = (given: Row[]) => {
    const count = (keeps: (row: Row) => boolean) => given.filter(keeps).length;
    return {
      total: given.length,
      new: count(({ status }) => status === 'new'),
      qualified: count(({ status }) => status === 'qualified'),
      hot: count(({ score }) => score === 'hot'),
      warm: count(({ score }) => score === 'warm'),
      cold: count(({ score }) => score === 'cold'),
    };
  };
});

test('the total of all leads is exact beyond the row where counting ends', async () => {
  const large = await server.newWorkspace();
  const contact = await large.client.contacts.create({ name: 'Ada' });
  const stage = (await large.client.pipelines.list()).data[0]!.stages[0]!;
  await server.database.asOwner(
    `insert into leads (workspace_id, contact_id, title, pipeline_id, stage_id, status, currency, position)
      select $1::uuid, $2::uuid, 'Row', $3, $4, 'new', 'EUR', 'a' from ${ENTERED('$1')}`,
    [large.id, contact.id, stage.pipeline_id, stage.id],
  );
  await server.database.asOwner('update stage_totals set count = 123456 where workspace_id = $1', [large.id]);
  const { pagination } = await large.client.leads.list();
  assert.partialDeepStrictEqual(pagination, { total: 123_456, total_is_estimate: false });
});

describe('a search that is ordered by the latest activity', () => {
  const YEARS = 30;
  let workspace: TestWorkspace;

  before(async () => {
    workspace = await server.newWorkspace();
    const contact = await workspace.client.contacts.create({ name: 'Nobody' });
    const words = ['needle', 'needle', 'haystack'];
    for (let number = 0; number < 60; number++) {
      const { id } = await workspace.client.leads.create({ contact_id: contact.id, title: `${words[number % 3]} ${number}` });
      const days = number % 10 === 0 ? null : (number * 37 * YEARS) % (365 * YEARS);
      await server.database.asOwner(
        `update leads l set last_activity_at = now() - $2 * interval '1 day', is_archived = $3
          from ${ENTERED('$4')} where l.id = $1`,
        [id, days, number === 1, workspace.id],
      );
    }
  });

  test('finds the same in the same order as the whole of the leads, page by page and from a skip', async () => {
    const expected = await server.database.asOwner(
      `select id from leads where workspace_id = $1 and title like 'needle%' and not is_archived order by last_activity_at desc nulls last, id desc`,
      [workspace.id],
    );
    const ids = expected.map(({ id }) => id);
    assert.equal(ids.length, 39);
    for (const page_size of [1, 4, 7, 38, 39, 100]) {
      const found: string[] = [];
      for await (const { id } of workspace.client.leads.all({ search: 'needle', page_size })) found.push(id);
      assert.deepEqual(found, ids, `${page_size} a page`);
    }
    const second = await workspace.client.leads.list({ search: 'needle', page: 3, page_size: 10 });
    assert.deepEqual(
      second.data.map(({ id }) => id),
      ids.slice(20, 30),
    );
    assert.equal(second.pagination.total, 39);
    const { pagination } = await workspace.client.leads.list({ search: 'needle', page_size: 5 });
    const skipped = await workspace.client.leads.list({
      search: 'needle',
      page_size: 5,
      cursor: pagination.next_cursor!,
      skip: 20,
    });
    assert.deepEqual(
      skipped.data.map(({ id }) => id),
      ids.slice(25, 30),
    );
  });

  test('finds nothing where there is nothing, and nothing of another workspace', async () => {
    assert.deepEqual((await workspace.client.leads.list({ search: 'thread' })).data, []);
    assert.deepEqual((await ours.client.leads.list({ search: 'needle' })).data, []);
    assert.deepEqual((await workspace.client.leads.list({ search: ' ,' })).data, []);
  });
});

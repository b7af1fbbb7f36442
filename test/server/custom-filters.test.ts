import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { NewCustomField } from '../../src/contract/custom-field.ts';
import { writeCursor, walkOf } from '../../server/db/cursor.ts';
import { newId } from '../../server/ids.ts';
import { bearing } from '../support/calls.ts';
import { embedded } from '../support/embedded.ts';
import { seededRandom } from '../support/random.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

type Row = Record<string, any>;
type Query = Record<string, any>;
type Keeps = (values: Row) => boolean;

const LEADS = 130;
const options = (...values: string[]) => ({ options: values.map((value) => ({ value })) });
const LONG = 'long '.repeat(60);

const NAMES = ['Ada', 'Bob', 'Cyn', 'Dov', 'Eve', 'Fay', 'Gus'];
const FIELDS: Omit<NewCustomField, 'context' | 'label'>[] = [
  { name: 'size', field_type: 'number' },
  { name: 'level', field_type: 'number' },
  { name: 'region', field_type: 'select', configuration: options('north', 'south', 'Östlich', 'islands') },
  { name: 'code', field_type: 'text' },
  { name: 'visit', field_type: 'date' },
  { name: 'wants', field_type: 'multi_select', configuration: options('roof', 'pump', 'box', 'audit') },
  { name: 'ready', field_type: 'boolean' },
  { name: 'past', field_type: 'number' },
];

let server: TestServer;
let ours: TestWorkspace;
let stageId: string;
/** What is in the database, read past the lists. */
let rows: Row[];

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
  for (const field of FIELDS) {
    await ours.client.customFields.create({ ...field, label: field.name, context: 'lead' });
    await ours.client.customFields.create({ ...field, label: field.name, context: 'contact' });
  }
  const random = seededRandom(11);
  const some = <Value>(value: Value, odds: number) => (random.below(odds) > 0 ? value : undefined);
  const values = () => ({
    size: some(random.oneOf([-1e21, -3.5, 0, 0.1, 1e-7, 2, 2, 20, 300, 1e21, random.below(100) / 8]), 4),
    level: random.below(6),
    region: some(random.oneOf(['north', 'north', 'north', 'south', 'Östlich']), 8),
    code: some(random.oneOf(['a', 'A', 'Ä', 'b', `${LONG}1`, `${LONG}2`, `C-${random.below(20)}`]), 3),
    visit: some(`2026-0${1 + random.below(3)}-0${1 + random.below(4)}`, 3),
    wants: ['roof', 'pump', 'box', 'audit'].filter(() => random.below(3) === 0).sort(() => random.below(3) - 1),
    ready: some(random.below(2) === 0, 3),
    past: random.below(3),
  });
  const stages = (await ours.client.pipelines.list()).data[0]!.stages;
  stageId = stages[0]!.id;
  const contacts: string[] = [];
  for (let index = 0; index < 40; index++) {
    const custom_fields = values();
    const contact = await ours.client.contacts.create({
      name: NAMES[index % NAMES.length]!,
      custom_fields,
      is_archived: index % 9 === 0,
    });
    contacts.push(contact.id);
  }
  for (let index = 0; index < LEADS; index++) {
    const custom_fields = { ...values(), ...(index % 40 === 0 && { region: 'islands' }) };
    await ours.client.leads.create({
      contact_id: random.oneOf(contacts),
      title: `Lead ${index}`,
      stage_id: random.oneOf(stages.slice(0, 3)).id,
      custom_fields,
      is_archived: random.below(10) === 0,
      ...(random.below(3) === 0 && { owner_id: ours.member.userId }),
    });
  }
  const gone = await ours.client.leads.create({
    contact_id: contacts[0]!,
    custom_fields: { size: 2, level: 1, region: 'north' },
  });
  await ours.client.leads.remove(gone.id);
  const { data } = await ours.client.customFields.list({ context: 'lead' });
  await ours.client.customFields.update(data.find(({ name }) => name === 'past')!.id, { is_active: false });
  rows = await server.database.asOwner('select * from leads where workspace_id = $1 and deleted_at is null', [ours.id]);
});

const list = (query: Query = {}) => ours.client.leads.list(query as any);
const idsOf = (data: readonly Row[]): string[] => data.map(({ id }) => id);
const present = () => rows.filter(({ is_archived }) => !is_archived);
const having = (keeps: Keeps, among = present()) => among.filter(({ custom_fields }) => keeps(custom_fields));

const collator = new Intl.Collator('und');

/** What a field's values are sorted by: of several choices the first, of a text its beginning. */
function keyOf(row: Row, name: string): string | number | null {
  const value = row['custom_fields'][name] ?? null;
  if (Array.isArray(value)) return value[0] ?? null;
  return typeof value === 'string' ? value.slice(0, 200) : value === null ? null : Number(value);
}

function compare(one: string | number, other: string | number): number {
  if (typeof one === 'string' && typeof other === 'string')
    return collator.compare(one, other) || Buffer.compare(Buffer.from(one), Buffer.from(other));
  return Number(one) - Number(other);
}

/** The ids of rows in the order that a list promises: without a value last in both directions, ties by id. */
function sorted(given: Row[], name: string, order: string): string[] {
  const sign = order === 'asc' ? 1 : -1;
  return idsOf(
    given.toSorted((one, other) => {
      const [left, right] = [keyOf(one, name), keyOf(other, name)];
      if ((left === null) !== (right === null)) return left === null ? 1 : -1;
      return sign * ((left === null ? 0 : compare(left, right!)) || (one['id'] < other['id'] ? -1 : 1));
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

/** Every kind of filter, with what it keeps. */
const CASES: [Row, Keeps][] = [
  [{ size: 2 }, ({ size }) => size === 2],
  [{ size: -1e21 }, ({ size }) => size === -1e21],
  [{ 'size.gte': 0.1 }, ({ size }) => size >= 0.1],
  [{ 'size.lte': 1e-7 }, ({ size }) => size <= 1e-7],
  [{ 'size.gte': 1, 'size.lte': 20 }, ({ size }) => size >= 1 && size <= 20],
  [{ 'size.in': [0, 300, 5] }, ({ size }) => [0, 300, 5].includes(size)],
  [{ 'level.gte': 0 }, () => true],
  [{ 'level.gte': 9 }, () => false],
  [{ region: 'north' }, ({ region }) => region === 'north'],
  [{ region: 'islands' }, ({ region }) => region === 'islands'],
  [{ 'region.in': ['south', 'Östlich'] }, ({ region }) => region === 'south' || region === 'Östlich'],
  [{ code: 'a' }, ({ code }) => code === 'a'],
  [{ code: `${LONG}1` }, ({ code }) => code === `${LONG}1`],
  [{ 'code.in': [`${LONG}2`, 'Ä'] }, ({ code }) => code === `${LONG}2` || code === 'Ä'],
  [{ code: LONG.trim() }, () => false],
  [{ visit: '2026-02-02' }, ({ visit }) => visit === '2026-02-02'],
  [{ 'visit.gte': '2026-02-02', 'visit.lte': '2026-03-01' }, ({ visit }) => visit >= '2026-02-02' && visit <= '2026-03-01'],
  [{ 'visit.in': ['2026-01-01'] }, ({ visit }) => visit === '2026-01-01'],
  [{ ready: true }, ({ ready }) => ready === true],
  [{ ready: false }, ({ ready }) => ready === false],
  [{ 'ready.in': [true, false] }, ({ ready }) => ready !== undefined],
  [{ wants: 'roof' }, ({ wants = [] }) => wants.includes('roof')],
  [{ 'wants.in': ['roof', 'pump'] }, ({ wants = [] }) => wants.includes('roof') || wants.includes('pump')],
  [
    { wants: 'roof', 'wants.in': ['pump', 'box'] },
    ({ wants = [] }) => wants.includes('roof') && (wants.includes('pump') || wants.includes('box')),
  ],
  [{ region: 'north', 'level.gte': 3 }, ({ region, level }) => region === 'north' && level >= 3],
  [
    { region: 'north', 'wants.in': ['audit', 'box'], 'size.lte': 20 },
    ({ region, wants = [], size }) => region === 'north' && (wants.includes('audit') || wants.includes('box')) && size <= 20,
  ],
];

describe('a filter by a custom field', () => {
  test('leaves exactly the leads that it says, in lists, counts, marks, figures and on boards alike', async () => {
    for (const [cf, keeps] of CASES) {
      const what = JSON.stringify(cf).slice(0, 60);
      const kept = having(keeps);
      const expected = sorted(kept, 'level', 'asc');
      const query = { cf, sort_by: 'cf.level', sort_order: 'asc' };
      const { data, pagination, filters } = await list({ ...query, page_size: 100 });
      assert.deepEqual(idsOf(data), expected.slice(0, 100), what);
      assert.equal(pagination.total, expected.length, what);
      assert.deepEqual(filters, { cf }, what);
      // Of few rows to a page, many matches are looked for along the list, and of many gathered.
      assert.deepEqual(await byCursor({ ...query, page_size: 1 + (expected.length > 20 ? 16 : 0) }), expected, what);
      assert.deepEqual(idsOf((await list({ cf, sort_by: 'title', page_size: 1 })).data), idsOf(byTitle(kept)).slice(0, 1), what);
      assert.deepEqual(await byPages({ cf, sort_by: 'title', page_size: 40 }), idsOf(byTitle(kept)), what);
      assert.equal((await ours.client.leads.marks({ cf })).total, expected.length, what);
      const { total, cold } = await ours.client.leads.stats({ cf });
      assert.deepEqual([total, cold], [expected.length, expected.length], what);
      const { stages } = await ours.client.leads.board({ cf, page_size: 100, sort_by: 'cf.level', sort_order: 'asc' });
      for (const { stage, count, cards } of stages) {
        const ofStage = kept.filter(({ stage_id }) => stage_id === stage.id);
        assert.deepEqual([idsOf(cards), count], [sorted(ofStage, 'level', 'asc'), ofStage.length], what);
      }
    }
  });

  test('goes with other filters, whichever they are', async () => {
    for (const [cf, keeps] of CASES) {
      const query = { cf, stage_id: [stageId], score_min: 0 };
      const expected = having(
        keeps,
        present().filter(({ stage_id }) => stage_id === stageId),
      );
      const { data, pagination } = await list({ ...query, sort_by: 'title', page_size: 2 });
      assert.deepEqual([idsOf(data), pagination.total], [idsOf(byTitle(expected)).slice(0, 2), expected.length]);
      assert.deepEqual((await byCursor({ ...query, page_size: 50 })).sort(), idsOf(expected).sort(), JSON.stringify(cf));
    }
    const searched = await list({ cf: { 'level.gte': 0 }, search: 'Dov', page_size: 100 });
    assert.deepEqual(idsOf(searched.data).sort(), idsOf(present().filter((row) => row.contact_name === 'Dov')).sort());
  });

  test('finds archived leads where those are asked for', async () => {
    const archived = rows.filter(({ is_archived }) => is_archived);
    for (const [cf, keeps] of CASES) {
      const { data, pagination } = await list({ cf, is_archived: true, sort_by: 'cf.size', page_size: 100 });
      const expected = sorted(having(keeps, archived), 'size', 'desc');
      assert.deepEqual([idsOf(data), pagination.total], [expected, expected.length]);
    }
  });

  test('is read from text as from JSON: by each name, repeated for several values', async () => {
    const read = async (address: string) => {
      const response = await server.fetch(`/api/v2/leads?${address}`, { headers: bearing(ours.owner.token) });
      return (await response.json()) as any;
    };
    for (const [address, cf] of [
      ['cf.size.gte=0.10&cf.size.lte=2e1', { 'size.gte': 0.1, 'size.lte': 20 }],
      ['cf.region.in=north&cf.region.in=south', { 'region.in': ['north', 'south'] }],
      ['cf.region.in[]=north', { 'region.in': ['north'] }],
      ['cf.region.in=north', { 'region.in': ['north'] }],
      ['cf.ready=true&cf.code=%20a%20', { code: 'a', ready: true }],
    ] as const) {
      const { filters, pagination } = await read(address);
      assert.deepEqual(filters, { cf }, address);
      assert.equal(pagination.total, (await list({ cf })).pagination.total, address);
    }
  });

  test('is refused where there is no such field, no such operator and no such value', async () => {
    const refusal = async (query: Query) => {
      try {
        await list(query);
      } catch (error: any) {
        return error.issues.map(({ path, code }: Row) => `${path} ${code}`);
      }
      return [];
    };
    for (const [cf, ...issues] of [
      [{ nothing: 1 }, 'cf.nothing unknown'],
      [{ past: 1 }, 'cf.past unknown'],
      [{ 'size.gt': 1 }, 'cf.size.gt unknown'],
      [{ Size: 1 }, 'cf.Size unknown'],
      [{ __proto: 1 }, 'cf.__proto unknown'],
      [{ 'size.in.in': 1 }, 'cf.size.in.in unknown'],
      [{ 'region.gte': 'north' }, 'cf.region.gte only_for'],
      [{ 'code.lte': 'a' }, 'cf.code.lte only_for'],
      [{ 'ready.gte': true }, 'cf.ready.gte only_for'],
      [{ 'wants.lte': 'roof' }, 'cf.wants.lte only_for'],
      [{ size: 'two' }, 'cf.size wrong_type'],
      [{ size: '' }, 'cf.size wrong_type'],
      [{ size: '1e999' }, 'cf.size wrong_type'],
      [{ size: [1, 2] }, 'cf.size wrong_type'],
      [{ 'size.in': [1, 'x'] }, 'cf.size.in wrong_type'],
      [{ region: 'moon' }, 'cf.region not_option'],
      [{ 'wants.in': ['roof', 'moon'] }, 'cf.wants.in not_option'],
      [{ visit: '2026-02-30' }, 'cf.visit not_date'],
      [{ 'visit.gte': '2026-02-01T00:00:00Z' }, 'cf.visit.gte not_date'],
      [{ ready: 'yes' }, 'cf.ready wrong_type'],
      [{ code: ' ' }, 'cf.code required'],
      [{ 'size.in': Array(101).fill(1) }, 'cf.size.in too_many'],
      [{ nothing: 1, size: 'two' }, 'cf.nothing unknown', 'cf.size wrong_type'],
    ] as [Row, ...string[]][]) {
      assert.deepEqual(await refusal({ cf }), issues, JSON.stringify(cf));
    }
    assert.deepEqual(await refusal({ sort_by: 'cf.nothing' }), ['sort_by unknown']);
    assert.deepEqual(await refusal({ sort_by: 'cf.past' }), ['sort_by unknown']);
    assert.deepEqual(await refusal({ sort_by: 'cf.Size' }), ['sort_by not_option']);
    assert.deepEqual(await refusal({ cf: '1' }), ['cf wrong_type']);
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`field_${index}`, 1]));
    assert.deepEqual(await refusal({ cf: many }), ['cf too_many']);
    const { leads, contacts } = ours.client;
    const cf = { nothing: 1 };
    for (const call of [
      () => leads.marks({ cf }),
      () => leads.stats({ cf }),
      () => leads.board({ cf }),
      () => leads.boardStage(stageId, { cf }),
      () => contacts.list({ cf }),
    ])
      await assert.rejects(call, { code: 'VALIDATION_ERROR', message: 'There is no field called cf.nothing.' });
  });

  test('is unknown to lists of records that have no custom fields, by the name that was sent', async () => {
    await assert.rejects(ours.client.companies.list({ cf: { size: 1 } } as any), {
      details: { 'cf.size': 'There is no field called cf.size.' },
    });
    await assert.rejects(ours.client.companies.list({ sort_by: 'cf.size' } as any), { code: 'VALIDATION_ERROR' });
  });

  const byTitle = (given: Row[]) => given.toSorted((one, other) => collator.compare(other['title'], one['title']));
});

describe('the order by a custom field', () => {
  const SORTED = FIELDS.map(({ name }) => name).filter((name) => name !== 'past');

  for (const name of SORTED) {
    for (const sort_order of ['asc', 'desc'] as const) {
      test(`${name} ${sort_order} has every lead once, those without a value last, by pages, by cursor and from every mark`, async () => {
        const query = { sort_by: `cf.${name}`, sort_order } as const;
        const all = sorted(present(), name, sort_order);
        assert.ok(all.length > 100);
        assert.deepEqual(await byPages({ ...query, page_size: 37 }), all);
        assert.deepEqual(await byCursor({ ...query, page_size: 7 }), all);

        const { cursors, total, every } = await ours.client.leads.marks({ ...query, every: 100 });
        assert.deepEqual([total, every, cursors.length], [all.length, 100, 1]);
        const first = (await list({ ...query, page_size: 1 })).pagination.next_cursor!;
        const from = { [first]: 1, [cursors[0]!]: 100 };
        for (const [cursor, passed] of Object.entries(from)) {
          for (let skip = 0; skip < all.length; skip += 13) {
            const { data, pagination } = await list({ ...query, cursor, skip, page_size: 4 });
            const at = passed + skip;
            assert.deepEqual(idsOf(data), all.slice(at, at + 4), `skip ${skip}`);
            assert.equal(pagination.next_cursor === null, at + 4 >= all.length);
            if (pagination.next_cursor === null) break;
            const next = await list({ ...query, cursor: pagination.next_cursor, page_size: 2 });
            assert.deepEqual(idsOf(next.data), all.slice(at + 4, at + 6), `after skip ${skip}`);
          }
        }
      });

      test(`${name} ${sort_order} goes with filters, of the same field and of others`, async () => {
        const isOwn = (cf: Row) => Object.keys(cf).some((key) => key.split('.')[0] === name);
        for (const [cf, keeps] of CASES.filter(([cf], index) => isOwn(cf) || index % SORTED.length === SORTED.indexOf(name))) {
          const expected = sorted(having(keeps), name, sort_order);
          const query = { cf, sort_by: `cf.${name}`, sort_order };
          const { data, pagination } = await list({ ...query, page_size: 3 });
          assert.deepEqual([idsOf(data), pagination.total], [expected.slice(0, 3), expected.length], JSON.stringify(cf));
          if (expected.length > 5)
            assert.deepEqual(
              idsOf((await list({ ...query, page_size: 3, cursor: pagination.next_cursor, skip: expected.length - 5 })).data),
              expected.slice(expected.length - 2),
            );
        }
      });
    }
  }

  test('stands on boards as in lists, and a cursor of the board goes on where its cards end', async () => {
    for (const sort_order of ['asc', 'desc'] as const) {
      for (const cf of [undefined, { 'level.gte': 1 }, { region: 'north' }]) {
        const query = { sort_by: 'cf.size', sort_order, cf, page_size: 5 } as const;
        const { stages } = await ours.client.leads.board(query);
        for (const { stage, cards, next_cursor } of stages) {
          const expected = having(
            (values) => !cf || ('region' in cf ? values['region'] === 'north' : values['level'] >= 1),
            present().filter(({ stage_id }) => stage_id === stage.id),
          );
          const all = sorted(expected, 'size', sort_order);
          const found = idsOf(cards);
          for (let cursor = next_cursor; cursor !== null;) {
            const { data, pagination } = await ours.client.leads.boardStage(stage.id, { ...query, cursor });
            found.push(...idsOf(data));
            cursor = pagination.next_cursor;
          }
          assert.deepEqual(found, all, `${stage.name} ${sort_order} ${JSON.stringify(cf)}`);
          assert.equal((await ours.client.leads.boardStage(stage.id, query)).pagination.total, all.length);
        }
      }
    }
  });

  test('binds its cursors to field, direction and filters, and to what the field can hold', async () => {
    const query = { sort_by: 'cf.size', cf: { 'level.gte': 1, region: 'north' }, page_size: 2 };
    const cursor = (await list(query)).pagination.next_cursor!;
    for (const other of [
      { sort_by: 'cf.level' },
      { sort_order: 'asc' },
      { cf: { region: 'north' } },
      { cf: undefined },
      { status: ['new'] },
    ])
      await assert.rejects(list({ ...query, ...other, cursor }), {
        code: 'VALIDATION_ERROR',
        message: /not a cursor of this list/,
      });
    for (const same of [{ cf: { region: 'north', 'level.gte': 1 } }, { page_size: 5 }, { skip: 1 }])
      await list({ ...query, ...same, cursor });

    const forged = (sort_by: string, value: string) =>
      list({ sort_by, cursor: writeCursor(walkOf(sort_by, 'desc', {}), { value, id: newId() }) });
    for (const good of ['1.5', '-1e+21', '1e-07', '0']) await forged('cf.size', good);
    for (const bad of ['NaN', 'Infinity', '1e999', '', 'x', ' 1', '0x10'])
      await assert.rejects(forged('cf.size', bad), { message: /not a cursor/ }, bad);
    await forged('cf.code', 'whatever');
  });
});

describe('contacts', () => {
  test('are filtered and sorted by their own fields', async () => {
    const contacts = await server.database.asOwner(
      'select * from contacts where workspace_id = $1 and deleted_at is null and not is_archived',
      [ours.id],
    );
    for (const [cf, keeps] of CASES) {
      for (const sort_order of ['asc', 'desc'] as const) {
        const query = { cf, sort_by: 'cf.size', sort_order } as const;
        const expected = sorted(having(keeps, contacts), 'size', sort_order);
        const found: string[] = [];
        for await (const { id } of ours.client.contacts.all({ ...query, page_size: 3 })) found.push(id);
        assert.deepEqual(found, expected, JSON.stringify(cf));
        const { pagination } = await ours.client.contacts.list({ ...query, type: ['lead'], owner: 'none' });
        assert.equal(pagination.total, expected.length);
        const deep = await ours.client.contacts.list({ ...query, page: 100, page_size: 100 });
        assert.deepEqual([deep.data, deep.pagination.total], [[], expected.length]);
      }
    }
    await ours.client.contacts.list({ cf: { past: 1 } });
  });
});

describe('what stands with a value', () => {
  /** Leads whose rows of values say otherwise than the leads whether lists show them. */
  const outOfStep = () =>
    server.database.asOwner(`
      select l.id from leads l join lead_values v on v.workspace_id = l.workspace_id and v.lead_id = l.id
      where v.is_listed <> (l.deleted_at is null and not l.is_archived)
      union all
      select c.id from contacts c join contact_values v on v.workspace_id = c.workspace_id and v.contact_id = c.id
      where v.is_listed <> (c.deleted_at is null and not c.is_archived)`);

  test('follows the record into the archive, into deletion and back', async () => {
    const { leads, contacts } = ours.client;
    const person = await contacts.create({ name: 'Walker', custom_fields: { size: 7_000 } });
    const lead = await leads.create({ contact_id: person.id, custom_fields: { size: 7_000, wants: ['roof', 'box'] } });
    const totals = async () =>
      Promise.all(
        [false, true].flatMap((is_archived) => [
          leads.list({ cf: { size: 7_000 }, is_archived }).then(({ pagination }) => pagination.total),
          contacts.list({ cf: { size: 7_000 }, is_archived }).then(({ pagination }) => pagination.total),
        ]),
      );
    const steps: [() => Promise<unknown>, number[]][] = [
      [async () => {}, [1, 1, 0, 0]],
      [() => leads.update(lead.id, { is_archived: true }), [0, 1, 1, 0]],
      [() => leads.update(lead.id, { custom_fields: { wants: ['pump'] } }), [0, 1, 1, 0]],
      [() => contacts.update(person.id, { is_archived: true, custom_fields: { level: 3 } }), [0, 0, 1, 1]],
      [() => leads.update(lead.id, { is_archived: false, custom_fields: { level: 2 } }), [1, 0, 0, 1]],
      [() => leads.remove(lead.id), [0, 0, 0, 1]],
      [() => leads.restore(lead.id), [1, 0, 0, 1]],
      [() => contacts.update(person.id, { is_archived: false }), [1, 1, 0, 0]],
      [() => contacts.remove(person.id), [0, 0, 0, 0]],
      [() => contacts.restore(person.id), [1, 1, 0, 0]],
    ];
    for (const [step, expected] of steps) {
      await step();
      assert.deepEqual(await totals(), expected, String(step));
      assert.deepEqual(await outOfStep(), [], String(step));
    }
    await contacts.remove(person.id);
  });

  test('is seen by whoever sees the record alone', async () => {
    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    const mine = present().filter(({ owner_id }) => owner_id === ours.member.userId);
    for (const [cf, keeps] of CASES) {
      const expected = sorted(having(keeps, mine), 'visit', 'desc');
      for (const page_size of [2, 100]) {
        const { data, pagination } = await scoped.leads.list({ cf, sort_by: 'cf.visit', page_size });
        assert.deepEqual([idsOf(data), pagination.total], [expected.slice(0, page_size), expected.length], JSON.stringify(cf));
      }
      assert.equal((await scoped.leads.stats({ cf })).total, expected.length);
    }
    assert.deepEqual(idsOf((await scoped.leads.list({ sort_by: 'cf.size', page_size: 100 })).data), sorted(mine, 'size', 'desc'));
    const people = new Set(rows.filter(({ owner_id }) => owner_id === ours.member.userId).map(({ contact_id }) => contact_id));
    for await (const { id } of scoped.contacts.all({ cf: { 'level.gte': 0 } })) assert.ok(people.has(id));
  });

  test('is not seen from another workspace with a field of the same name', async () => {
    const theirs = await server.newWorkspace();
    const unknown = { message: 'There is no field called cf.size.' };
    await assert.rejects(theirs.client.leads.list({ cf: { size: 2 } }), unknown);
    await assert.rejects(theirs.client.leads.list({ sort_by: 'cf.size' }), unknown);
    await theirs.client.customFields.create({ context: 'lead', name: 'size', label: 'Size', field_type: 'number' });
    assert.deepEqual((await theirs.client.leads.list({ cf: { 'size.gte': -1e300 } })).data, []);
    assert.deepEqual((await theirs.client.leads.list({ sort_by: 'cf.size' })).data, []);
  });

  test('is filtered and sorted by once a retired field is back', async () => {
    const field = (await ours.client.customFields.list({ context: 'lead', is_active: false })).data[0]!;
    await ours.client.customFields.update(field.id, { is_active: true });
    const { pagination } = await list({ cf: { past: 1 }, sort_by: 'cf.past' });
    assert.equal(pagination.total, having(({ past }) => past === 1).length);
    await ours.client.customFields.update(field.id, { is_active: false });
    await assert.rejects(list({ cf: { past: 1 } }), { message: 'There is no field called cf.past.' });
  });
});

test('more leads than are counted are estimated, with another filter and without', { timeout: 120_000 }, async () => {
  const large = await server.newWorkspace();
  const contact = await large.client.contacts.create({ name: 'Ada' });
  const stage = (await large.client.pipelines.list()).data[0]!.stages[0]!;
  const define = (name: string, field_type: 'number' | 'multi_select', configuration = {}) =>
    large.client.customFields.create({ context: 'lead', name, label: name, field_type, configuration });
  const half = await define('half', 'number');
  const wants = await define('wants', 'multi_select', options('roof', 'pump'));
  const owned = server.database.asOwner;
  // Past the triggers, which take their time for each row.
  for (const table of ['leads', 'lead_values']) await owned(`alter table ${table} disable trigger user`);
  await owned(
    `insert into leads (workspace_id, contact_id, title, pipeline_id, stage_id, status, currency, position, score_value, custom_fields)
      select $1, $2, 'Row', $3, $4, 'new', 'EUR', 'a', n % 2, jsonb_build_object('half', n % 2, 'wants', array['roof', 'pump']) from generate_series(1, 21000) n`,
    [large.id, contact.id, stage.pipeline_id, stage.id],
  );
  await owned(
    `insert into lead_values (workspace_id, field_id, lead_id, ordinal, number_key, text_key)
      select workspace_id, $2::uuid, id, 0, score_value, null from leads where workspace_id = $1
      union all
      select workspace_id, $3::uuid, id, ordinal, null, key from leads, (values (0, 'roof'), (1, 'pump')) several (ordinal, key) where workspace_id = $1`,
    [large.id, half.id, wants.id],
  );
  for (const table of ['leads', 'lead_values']) await owned(`alter table ${table} enable trigger user`);
  // As the database does by itself some time after so many new rows.
  await owned('analyze leads, lead_values');
  const { leads } = large.client;
  const total = async (query: Query) => (await leads.list({ page_size: 1, ...query })).pagination;
  for (const query of [{ cf: { half: 1 } }, { cf: { half: 1 }, score_min: 1 }, { cf: { 'wants.in': ['roof', 'pump'] } }]) {
    const { total: known, total_is_estimate } = await total(query);
    assert.ok(known! > 10_000 && total_is_estimate, JSON.stringify(query));
  }
  assert.equal((await total({ cf: { half: 1 }, score_max: 0 })).total, 0);
  assert.deepEqual((await total({ cf: { half: 1, 'wants.in': ['roof', 'pump'] } })).total_is_estimate, true);
  assert.equal((await leads.stats({ cf: { half: 1, 'wants.in': ['roof', 'pump'] } })).total, 10_500);
  const { cursors, total: marked } = await leads.marks({ cf: { half: 0 }, sort_by: 'cf.half', every: 10_000 });
  assert.deepEqual([marked, cursors.length], [10_500, 1]);
  const { data } = await leads.list({ cf: { half: 0 }, sort_by: 'cf.half', cursor: cursors[0]!, skip: 490, page_size: 100 });
  assert.equal(data.length, 10);
  const last = await leads.list({ cf: { 'wants.in': ['roof', 'pump'] }, sort_by: 'score_value', page: 100, page_size: 100 });
  assert.equal(last.data.length, 100);
});

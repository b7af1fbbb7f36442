import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { COMPANY_SORTS, INDUSTRIES } from '../../src/contract/company.ts';
import { CONTACT_SORTS, CONTACT_STATUSES, CONTACT_TYPES, PRIORITIES } from '../../src/contract/contact.ts';
import { ROLES } from '../../src/contract/permissions.ts';
import { newId } from '../../server/ids.ts';
import { seededRandom } from '../support/random.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

const FIRST = [
  'Ångström',
  'angstrom',
  'Zoë',
  'zoe',
  'Zoe',
  'ZOE',
  'Émile',
  'emile',
  'Ömer',
  'omer',
  'van',
  'Van',
  "O'Neil",
  'Łukasz',
  'Lukas',
  'Đorđe',
  'Иван',
  'Ярослав',
  '李',
  '10',
  '9',
  '_under',
  '-dash',
  undefined,
];
const LAST = [
  'Straße',
  'Strasse',
  'STRASSE',
  'Ñandú',
  'Nandu',
  'der Berg',
  'de-la-Cruz',
  'Müller',
  'Mueller',
  'Muller',
  undefined,
];
const TAGS = ['VIP', 'vip', 'Größe', 'roof survey', 'a,b', 'few'];

type Row = Record<string, any>;
type Listing = 'contacts' | 'companies' | 'members' | 'audit';
type Order = 'asc' | 'desc';

let server: TestServer;
let ours: TestWorkspace;
/** What is in the database, read past the lists. */
const rows = {} as Record<Listing, Row[]>;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
  const random = seededRandom(4);
  const companies: string[] = [];
  for (let index = 0; index < 45; index++) {
    const company = await ours.client.companies.create({
      name: `${random.oneOf(FIRST) ?? 'Firm'} ${random.oneOf(LAST) ?? 'AG'} ${index}`,
      ...(index % 4 > 0 && { industry: random.oneOf(INDUSTRIES.slice(0, 4)), employees: random.below(6) * 10 }),
      tags: index % 3 === 0 ? [random.oneOf(TAGS)] : [],
    });
    companies.push(company.id);
  }
  for (let index = 0; index < 150; index++) {
    const contact = await ours.client.contacts.create({
      ...(index % 10 === 9 ? {} : { firstname: random.oneOf(FIRST), lastname: random.oneOf(LAST) }),
      ...(index % 5 > 0 && {
        email: `${random
          .oneOf(['a', 'B', 'é', 'z.'])
          .normalize('NFD')
          .replace(/[^\w.]/g, '')}${index}@${random.oneOf(['Example.test', 'example.test', 'sub.example.test'])}`,
      }),
      phone_number: `+4930555${String(10_000 + index)}`,
      ...(index % 3 > 0 && { company_id: random.oneOf(companies.slice(0, 12)) }),
      status: random.oneOf(CONTACT_STATUSES),
      type: random.oneOf(CONTACT_TYPES),
      ...(index % 4 > 0 && { priority: random.oneOf(PRIORITIES) }),
      is_favorite: index % 6 === 0,
      is_archived: index % 11 === 0,
      tags: [...(index % 6 === 1 ? ['few'] : []), ...(random.below(3) === 0 ? [random.oneOf(TAGS)] : [])],
    });
    for (const role of ROLES)
      if (random.below(8) === 0) await ours.client.contacts.assign(contact.id, { user_id: ours[role].userId });
  }
  for (let index = 0; index < 20; index++)
    await ours.client.members.invite({
      email: `${random.oneOf(['Ada', 'bob', 'Zed'])}.${index}@example.test`,
      role: random.oneOf(['admin', 'manager', 'viewer'] as const),
    });
  // Times and scores that repeat, and some that are missing.
  const owned = server.database.asOwner;
  for (const table of ['contacts', 'companies', 'members']) {
    await owned(
      `update ${table} set created_at = timestamptz '2026-01-31 23:30Z' + (ascii(right(id::text, 1)) % 7) * interval '1 hour',
      updated_at = timestamptz '2026-03-01Z' + (ascii(left(right(id::text, 2), 1)) % 5) * interval '1 millisecond' where workspace_id = $1`,
      [ours.id],
    );
  }
  await owned(`update contacts set score = ascii(right(id::text, 1)) % 10 where workspace_id = $1 and right(id::text, 1) > '5'`, [
    ours.id,
  ]);
  await owned(`delete from contacts where id in (select id from contacts where workspace_id = $1 order by id limit 1)`, [
    ours.id,
  ]);
  const gone = await ours.client.contacts.create({ firstname: 'Deleted', tags: ['few'] });
  await ours.client.contacts.remove(gone.id);

  rows.contacts = await owned(
    `
    select c.*, array(select user_id from contact_assignments a where a.contact_id = c.id)::text[] as owners from contacts c where workspace_id = $1 and deleted_at is null`,
    [ours.id],
  );
  rows.companies = await owned('select * from companies where workspace_id = $1 and deleted_at is null', [ours.id]);
  rows.members = (
    await owned(
      'select m.*, u.name, coalesce(u.email, m.email) as email from members m left join users u on u.id = m.user_id where workspace_id = $1',
      [ours.id],
    )
  ).map((row) => ({
    ...row,
    role_rank: [...ROLES].reverse().indexOf(row.role),
  }));
  rows.audit = await owned('select * from audit_log where workspace_id = $1', [ours.id]);
});

const collator = new Intl.Collator('und');

/** Text as dictionaries have it, where that leaves two alike by their bytes; moments and numbers by their size. */
function compare(one: unknown, other: unknown): number {
  if (typeof one === 'string' && typeof other === 'string')
    return collator.compare(one, other) || Buffer.compare(Buffer.from(one), Buffer.from(other));
  return Number(one) - Number(other);
}

/** The ids of rows in the order that a list promises: nulls last in both directions, ties by id. */
function sorted(given: Row[], column: string, order: Order): string[] {
  const sign = order === 'asc' ? 1 : -1;
  return given
    .toSorted((one, other) => {
      const [left, right] = [one[column], other[column]];
      if ((left === null) !== (right === null)) return left === null ? 1 : -1;
      return sign * ((left === null ? 0 : compare(left, right)) || (one['id'] < other['id'] ? -1 : 1));
    })
    .map(({ id }) => id);
}

const pageOf = (listing: Listing, query: object, workspace = ours) =>
  (workspace.client[listing].list as (query: object) => Promise<any>)(query);
const idsOf = (data: Row[]): string[] => data.map(({ id }) => id);

async function byPages(listing: Listing, query: object): Promise<string[]> {
  const ids: string[] = [];
  for (let page = 1; ; page++) {
    const { data, pagination } = await pageOf(listing, { ...query, page });
    ids.push(...idsOf(data));
    assert.equal(pagination.page, page);
    assert.equal(pagination.next_cursor === null, page >= pagination.pages);
    if (page >= pagination.pages) return ids;
  }
}

async function byCursor(listing: Listing, query: object, between = async () => {}): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const { data, pagination } = await pageOf(listing, { ...query, ...(cursor !== undefined && { cursor }) });
    ids.push(...idsOf(data));
    if (pagination.next_cursor === null) return ids;
    cursor = pagination.next_cursor;
    await between();
  }
}

const SORTS: Record<Listing, Record<string, string>> = {
  contacts: Object.fromEntries(CONTACT_SORTS.map((sort) => [sort, sort])),
  companies: Object.fromEntries(COMPANY_SORTS.map((sort) => [sort, sort])),
  members: { created_at: 'created_at', name: 'name', email: 'email', role: 'role_rank' },
  audit: { at: 'at' },
};

/** A part of each list that is small enough to be walked row by row. */
const FEW: Record<Listing, { query: object; has: (row: Row) => boolean }> = {
  contacts: { query: { tags: ['few'] }, has: ({ tags, is_archived }) => tags.includes('few') && !is_archived },
  companies: {
    query: { tags: ['few', 'vip'] },
    has: ({ tags }) => tags.some((tag: string) => ['few', 'vip'].includes(tag.toLowerCase())),
  },
  members: { query: { role: ['admin', 'viewer'] }, has: ({ role }) => role === 'admin' || role === 'viewer' },
  audit: { query: { resource: 'member' }, has: ({ resource }) => resource === 'member' },
};

describe('a list', () => {
  for (const listing of Object.keys(SORTS) as Listing[]) {
    for (const [sort, column] of Object.entries(SORTS[listing])) {
      for (const order of ['asc', 'desc'] as const) {
        test(`of ${listing} sorted by ${sort} ${order} has every row once and in order, by pages and by cursor alike`, async () => {
          const all = sorted(
            rows[listing].filter(({ is_archived }) => !is_archived),
            column,
            order,
          );
          const query = { sort_by: sort, sort_order: order };
          assert.deepEqual(await byPages(listing, { ...query, page_size: 37 }), all);
          assert.deepEqual(await byCursor(listing, { ...query, page_size: 7 }), all);

          const few = sorted(rows[listing].filter(FEW[listing].has), column, order);
          assert.ok(few.length > 4);
          for (let page_size = 1; page_size <= 6; page_size++) {
            assert.deepEqual(await byPages(listing, { ...query, ...FEW[listing].query, page_size }), few);
            assert.deepEqual(await byCursor(listing, { ...query, ...FEW[listing].query, page_size }), few);
          }
        });
      }
    }
  }

  test('is sorted as the contract says when nothing is asked for', async () => {
    const defaults = { contacts: 'updated_at', companies: 'created_at', members: 'created_at', audit: 'at' };
    for (const [listing, sort] of Object.entries(defaults) as [Listing, string][]) {
      const { data, pagination } = await pageOf(listing, {});
      assert.equal(pagination.page_size, 50);
      assert.deepEqual(
        idsOf(data),
        sorted(
          rows[listing].filter(({ is_archived }) => !is_archived),
          sort,
          'desc',
        ).slice(0, 50),
        listing,
      );
    }
  });

  test('walked by cursor has every row once although others come and go meanwhile', async () => {
    const theirs = await server.newWorkspace();
    const made: string[] = [];
    for (let index = 0; index < 30; index++)
      made.push((await theirs.client.contacts.create({ firstname: `Name ${String(index).padStart(2, '0')}` })).id);
    for (const [sort_by, sort_order, expected] of [
      ['created_at', 'desc', made.toReversed()],
      ['created_at', 'asc', made],
      ['name', 'asc', made],
      ['name', 'desc', made.toReversed()],
    ] as const) {
      let turn = 0;
      const walked = await byCursorOf(theirs, { sort_by, sort_order, page_size: 4 }, async () => {
        if (turn++ > 6) return;
        await theirs.client.contacts.create({ firstname: 'Aaa first' });
        const last = await theirs.client.contacts.create({ firstname: 'Zzz last' });
        await theirs.client.contacts.remove(last.id);
      });
      assert.equal(new Set(walked).size, walked.length);
      assert.deepEqual(
        walked.filter((id) => made.includes(id)),
        expected,
        `${sort_by} ${sort_order}`,
      );
    }
  });

  async function byCursorOf(workspace: TestWorkspace, query: object, between: () => Promise<void>) {
    const ids: string[] = [];
    for (let cursor: string | undefined; ;) {
      const { data, pagination } = await pageOf('contacts', { ...query, ...(cursor !== undefined && { cursor }) }, workspace);
      ids.push(...idsOf(data));
      if (pagination.next_cursor === null) return ids;
      cursor = pagination.next_cursor as string;
      await between();
    }
  }
});

describe('the count of a list', () => {
  test('is exact unless asked otherwise, and stands on the first page of a walk', async () => {
    const total = rows.contacts.filter(({ is_archived }) => !is_archived).length;
    const { pagination } = await pageOf('contacts', { page_size: 7 });
    assert.deepEqual(
      { ...pagination, next_cursor: '' },
      { total, total_is_estimate: false, page: 1, page_size: 7, pages: Math.ceil(total / 7), next_cursor: '' },
    );

    const next = await pageOf('contacts', { page_size: 7, cursor: pagination.next_cursor });
    assert.deepEqual(
      { ...next.pagination, next_cursor: '' },
      { total: null, total_is_estimate: false, page: null, page_size: 7, pages: null, next_cursor: '' },
    );
    const counted = await pageOf('contacts', { page_size: 7, cursor: pagination.next_cursor, count: 'exact' });
    assert.equal(counted.pagination.total, total);
  });

  test('is left out when it is not wanted', async () => {
    const { pagination } = await pageOf('contacts', { count: 'none', page: 2 });
    assert.partialDeepStrictEqual(pagination, { total: null, pages: null, page: 2, total_is_estimate: false });
  });

  test('may be estimated, and says so', async () => {
    const { pagination } = await pageOf('contacts', { count: 'estimated' });
    assert.equal(pagination.total_is_estimate, true);
    assert.ok(Number.isInteger(pagination.total) && pagination.total >= 0);
  });

  test('is exact to 10,000 rows and estimated beyond, where pages end as well', async () => {
    const large = await server.newWorkspace();
    const fill = (from: number, to: number) =>
      server.database.asOwner(
        `insert into contacts (workspace_id, firstname) select $1, 'Row ' || n from generate_series($2::integer, $3::integer) n`,
        [large.id, from, to],
      );
    await fill(1, 10_000);
    const exact = await pageOf('contacts', { page: 100, page_size: 100 }, large);
    assert.partialDeepStrictEqual(exact.pagination, { total: 10_000, total_is_estimate: false, pages: 100, next_cursor: null });
    assert.equal(exact.data.length, 100);

    await fill(10_001, 10_050);
    await server.database.asOwner('analyze contacts');
    const { data, pagination } = await pageOf('contacts', { page: 100, page_size: 100 }, large);
    assert.equal(data.length, 100);
    assert.equal(pagination.total_is_estimate, true);
    assert.ok(pagination.total > 10_000);
    const beyond = await pageOf('contacts', { cursor: pagination.next_cursor, page_size: 100 }, large);
    assert.equal(beyond.data.length, 50);

    for (const query of [{ page: 101, page_size: 100 }, { page: 201 }, { page: 10_000, page_size: 2 }]) {
      await assert.rejects(pageOf('contacts', query, large), {
        code: 'VALIDATION_ERROR',
        message: 'Pages reach to row 10000: go on with cursor, from the next_cursor of an earlier page.',
      });
    }
    await assert.rejects(pageOf('contacts', { page: 10_001, page_size: 1 }, large), { code: 'VALIDATION_ERROR' });
  });
});

describe('a cursor', () => {
  const refused = (query: object) =>
    assert.rejects(pageOf('contacts', query), {
      code: 'VALIDATION_ERROR',
      details: { cursor: 'Cursor is not a cursor of this list with these filters and this order: start again without it.' },
    });
  const cursorOf = async (query: object) =>
    (await pageOf('contacts', { ...query, page_size: 3 })).pagination.next_cursor as string;

  test('belongs to its sort, order and filters', async () => {
    const cursor = await cursorOf({ sort_by: 'name', sort_order: 'asc', status: ['active', 'bounced'] });
    await pageOf('contacts', { sort_by: 'name', sort_order: 'asc', status: ['active', 'bounced'], page_size: 5, cursor });
    await refused({ sort_by: 'email', sort_order: 'asc', status: ['active', 'bounced'], cursor });
    await refused({ sort_by: 'name', sort_order: 'desc', status: ['active', 'bounced'], cursor });
    await refused({ sort_by: 'name', sort_order: 'asc', status: ['active'], cursor });
    await refused({ sort_by: 'name', sort_order: 'asc', cursor });
    await refused({ sort_by: 'name', sort_order: 'asc', status: ['active', 'bounced'], type: ['lead'], cursor });
  });

  test('goes on from the largest figure there is', async () => {
    const { companies } = (await server.newWorkspace()).client;
    for (const name of ['a', 'b', 'c']) await companies.create({ name, employees: 2_147_483_647 });
    const walked: string[] = [];
    for await (const { name } of companies.all({ sort_by: 'employees', page_size: 1 })) walked.push(name);
    assert.deepEqual(walked, ['c', 'b', 'a']);
  });

  test('that is garbage is refused', async () => {
    for (const cursor of [
      '',
      'x',
      'null',
      'W10',
      '%00',
      'é',
      btoa('{}'),
      btoa('[]'),
      btoa('["","",""]'),
      btoa('[null,null,null]'),
      'A'.repeat(2_000),
    ])
      await refused({ cursor });
  });

  test('that was changed anywhere is refused', async () => {
    for (const sort_by of CONTACT_SORTS) {
      const cursor = await cursorOf({ sort_by });
      for (let index = 0; index < cursor.length; index++) {
        const other = cursor[index] === 'A' ? 'z' : 'A';
        const changed = cursor.slice(0, index) + other + cursor.slice(index + 1);
        // The last letter may hold bits that mean nothing.
        if (atob(plain(changed)) !== atob(plain(cursor))) await refused({ sort_by, cursor: changed });
      }
      await refused({ sort_by, cursor: cursor.slice(0, -4) });
    }
  });

  const plain = (text: string) => text.replaceAll('-', '+').replaceAll('_', '/');

  test('is taken back whatever text it stands behind', async () => {
    const theirs = await server.newWorkspace();
    const names = ['"', '\\', '字', '😀'].map((sign) => sign.repeat(255 / sign.length));
    for (const name of names) await theirs.client.contacts.create({ firstname: name, lastname: name });
    const walked: (string | null)[] = [];
    for await (const { firstname } of theirs.client.contacts.all({ sort_by: 'name', page_size: 1 })) walked.push(firstname);
    assert.deepEqual(walked.sort(), names.sort());
  });

  test('does not go with a page', async () => {
    const cursor = await cursorOf({});
    await assert.rejects(pageOf('contacts', { cursor, page: 2 }), { details: { page: 'Send only one of page and cursor.' } });
  });
});

describe('the filters', () => {
  const lower = (text: string) => text.toLowerCase();
  const hasTag =
    (...tags: string[]) =>
    (row: Row) =>
      row['tags'].some((tag: string) => tags.map(lower).includes(lower(tag)));

  test('that do not exist are refused by name', async () => {
    const refusal = { code: 'VALIDATION_ERROR', details: { statuss: 'There is no field called statuss.' } };
    await assert.rejects(pageOf('contacts', { statuss: 'bounced' }), refusal);
  });

  type Filter = [query: Record<string, unknown>, has: (row: Row) => boolean];
  const filters = (): Record<Listing, Filter[]> => {
    const companyId = rows.contacts.find(({ company_id }) => company_id !== null)!['company_id'];
    const record = rows.contacts[0]!['id'];
    return {
      contacts: [
        ...CONTACT_STATUSES.map((status): Filter => [{ status: [status] }, (row) => row['status'] === status]),
        [{ status: ['active', 'bounced'] }, ({ status }) => status !== 'unsubscribed'],
        ...CONTACT_TYPES.map((type): Filter => [{ type: [type] }, (row) => row['type'] === type]),
        ...PRIORITIES.map((priority): Filter => [{ priority: [priority] }, (row) => row['priority'] === priority]),
        [{ priority: ['low', 'high'] }, ({ priority }) => priority === 'low' || priority === 'high'],
        [{ company_id: companyId }, ({ company_id }) => company_id === companyId],
        [{ company_id: newId() }, () => false],
        [{ owner: 'me' }, ({ owners }) => owners.includes(ours.owner.userId)],
        [{ owner: ours.viewer.userId }, ({ owners }) => owners.includes(ours.viewer.userId)],
        [{ owner: 'none' }, ({ owners }) => owners.length === 0],
        [{ owner: newId() }, () => false],
        [{ tags: ['VIP'] }, hasTag('vip')],
        [{ tags: ['GRÖSSE', 'größe'] }, hasTag('größe', 'grösse')],
        [{ tags: ['a,b', 'roof survey'] }, hasTag('a,b', 'roof survey')],
        [{ tags: ['%'] }, () => false],
        [{ is_favorite: true }, ({ is_favorite }) => is_favorite],
        [{ is_favorite: false }, ({ is_favorite }) => !is_favorite],
        [{ created_from: '2026-02-01T02:30:00Z' }, ({ created_at }) => created_at >= new Date('2026-02-01T02:30:00Z')],
        [{ created_to: '2026-02-01T03:30:00+01:00' }, ({ created_at }) => created_at <= new Date('2026-02-01T02:30:00Z')],
      ],
      companies: [
        ...INDUSTRIES.slice(0, 4).map((industry): Filter => [{ industry: [industry] }, (row) => row['industry'] === industry]),
        [{ industry: ['agriculture', 'automotive'] }, ({ industry }) => industry === 'agriculture' || industry === 'automotive'],
        [{ tags: ['vip', 'few'] }, hasTag('vip', 'few')],
        [{ employees_min: 20 }, ({ employees }) => employees !== null && employees >= 20],
        [{ employees_max: 20 }, ({ employees }) => employees !== null && employees <= 20],
        [{ employees_min: 10, employees_max: 30 }, ({ employees }) => employees !== null && employees >= 10 && employees <= 30],
        [{ employees_min: 0 }, ({ employees }) => employees !== null],
      ],
      members: [
        ...ROLES.map((role): Filter => [{ role: [role] }, (row) => row['role'] === role]),
        [{ role: ['owner', 'viewer'] }, ({ role }) => role === 'owner' || role === 'viewer'],
        [{ status: ['invited'] }, ({ status }) => status === 'invited'],
        [{ status: ['active'] }, ({ status }) => status === 'active'],
        [{ search: 'ADA' }, ({ email, name }) => lower(`${name ?? ''} ${email}`).includes('ada')],
        [
          { search: 'test own' },
          ({ email, name }) => ['test', 'own'].every((word) => lower(`${name ?? ''} ${email}`).includes(word)),
        ],
      ],
      audit: [
        [{ resource: 'contact' }, ({ resource }) => resource === 'contact'],
        [{ resource: 'nothing' }, () => false],
        [{ record_id: record }, ({ record_id }) => record_id === record],
        [{ actor_id: ours.owner.userId }, ({ actor_id }) => actor_id === ours.owner.userId],
        [{ action: 'contact.assigned' }, ({ action }) => action === 'contact.assigned'],
        [{ from: rows.audit[20]!['at'].toISOString() }, ({ at }) => at >= rows.audit[20]!['at']],
        [{ to: rows.audit[20]!['at'].toISOString() }, ({ at }) => at <= rows.audit[20]!['at']],
      ],
    };
  };

  async function found(listing: Listing, query: object) {
    const ids: string[] = [];
    for (let cursor: string | undefined; ;) {
      const { data, pagination } = await pageOf(listing, {
        ...query,
        page_size: 100,
        count: 'exact',
        ...(cursor !== undefined && { cursor }),
      });
      ids.push(...idsOf(data));
      if (pagination.next_cursor === null) return { ids: ids.sort(), total: pagination.total };
      cursor = pagination.next_cursor as string;
    }
  }

  for (const listing of ['contacts', 'companies', 'members', 'audit'] as const) {
    test(`of ${listing} find what they say, alone and together, and count it`, async () => {
      const random = seededRandom(11);
      const known = filters()[listing];
      const combined = Array.from({ length: 40 }, (): Filter => {
        const [one, other] = [random.oneOf(known), random.oneOf(known)];
        const query = { ...one[0], ...other[0] };
        const both = Object.keys(one[0]).some((name) => name in other[0]);
        return both ? other : [query, (row) => one[1](row) && other[1](row)];
      });
      for (const [query, has] of [...known, ...combined]) {
        const expected = idsOf(rows[listing].filter((row) => !row['is_archived'] && has(row))).sort();
        const { ids, total } = await found(listing, query);
        assert.deepEqual(ids, expected, JSON.stringify(query));
        assert.equal(total, expected.length, JSON.stringify(query));
      }
    });
  }

  test('leave archived records out unless they are asked for', async () => {
    const archived = idsOf(rows.contacts.filter(({ is_archived }) => is_archived)).sort();
    assert.ok(archived.length > 3);
    assert.deepEqual((await found('contacts', { is_archived: true })).ids, archived);
    const others = idsOf(rows.contacts.filter(({ is_archived }) => !is_archived)).sort();
    assert.deepEqual((await found('contacts', {})).ids, others);
    assert.deepEqual((await found('contacts', { is_archived: false })).ids, others);
  });

  test('are told back as they were understood', async () => {
    const filters = async (search: string) => {
      const response = await server.fetch(`/api/v2/contacts?${search}`, {
        headers: { Authorization: `Bearer ${ours.owner.token}` },
      });
      return ((await response.json()) as any).filters;
    };
    assert.deepEqual(await filters('page=1&sort_by=name&count=none'), {});
    assert.deepEqual(await filters('status=active'), { status: ['active'] });
    assert.deepEqual(await filters('status[]=active&status[]=bounced&is_favorite=true&search=%20x%20'), {
      status: ['active', 'bounced'],
      is_favorite: true,
      search: 'x',
    });
    assert.deepEqual(await filters('owner=me&created_from=2026-01-01'), { owner: 'me', created_from: '2026-01-01' });
  });

  test('that do not exist or hold no right value are refused by their names', async () => {
    for (const [query, field] of [
      [{ status: ['gone'] }, 'status'],
      [{ is_favorite: 'perhaps' }, 'is_favorite'],
      [{ company_id: 'x' }, 'company_id'],
      [{ created_from: '2026-02-30' }, 'created_from'],
      [{ created_to: 'yesterday' }, 'created_to'],
      [{ page: 0 }, 'page'],
      [{ page_size: 101 }, 'page_size'],
      [{ page_size: 0 }, 'page_size'],
      [{ count: 'all' }, 'count'],
      [{ sort_by: 'notes' }, 'sort_by'],
      [{ sort_order: 'up' }, 'sort_order'],
      [{ stauts: ['active'] }, 'stauts'],
    ] as const) {
      await assert.rejects(pageOf('contacts', query), (error: any) => {
        assert.equal(error.code, 'VALIDATION_ERROR');
        assert.deepEqual(Object.keys(error.details), [field]);
        return true;
      });
    }
  });
});

describe('bounds of time', () => {
  const ZONES = ['Europe/Berlin', 'America/New_York', 'Africa/Cairo', 'Pacific/Kiritimati', 'UTC'];
  /** Days on which these clocks change, and days around the ends of months and years. */
  const DAYS = ['2025-10-26', '2025-12-31', '2026-03-08', '2026-03-29', '2026-04-24', '2026-10-30', '2026-11-01'];
  const MINUTE = 60_000;

  test('are inclusive, and a day is one of the workspace from its midnight to the next, also where the clock changes', async () => {
    const workspace = await server.newWorkspace();
    const moments = DAYS.flatMap((day) =>
      Array.from({ length: 2 * 52 }, (_, half) => Date.parse(`${day}T00:00Z`) - 14 * 60 * MINUTE + half * 30 * MINUTE),
    ).flatMap((moment) => [moment - 1, moment]);
    const made = await server.database.asOwner(
      `insert into contacts (workspace_id, firstname, created_at) select $1, 'At', t::timestamptz from unnest($2::text[]) t returning id, created_at`,
      [workspace.id, moments.map((moment) => new Date(moment).toISOString())],
    );
    for (const timezone of ZONES) {
      await workspace.client.workspace.update({ timezone });
      const format = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' });
      const dayOf = new Map(made.map(({ id, created_at }) => [id, format.format(created_at)]));
      for (const day of DAYS) {
        for (const [query, has] of [
          [{ created_from: day, created_to: day }, (at: string) => at === day],
          [{ created_from: day }, (at: string) => at >= day],
          [{ created_to: day }, (at: string) => at <= day],
        ] as const) {
          const expected = idsOf(made.filter(({ id }) => has(dayOf.get(id)!))).sort();
          const ids: string[] = [];
          for await (const { id } of workspace.client.contacts.all({ ...query, page_size: 100, sort_by: 'created_at' }))
            ids.push(id);
          assert.deepEqual(ids.sort(), expected, `${timezone} ${JSON.stringify(query)}`);
        }
      }
    }
    const { id, created_at } = made[50];
    const exactly = await workspace.client.contacts.list({
      created_from: created_at.toISOString(),
      created_to: created_at.toISOString(),
    });
    assert.ok(exactly.data.some((row) => row.id === id));
  });
});

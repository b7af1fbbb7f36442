import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { embedded } from '../support/embedded.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;

before(async () => {
  server = await newServer();
});

/** A workspace of its own, with what a test of tags says often. */
async function newPlace() {
  const at: TestWorkspace = await server.newWorkspace();
  const { client } = at;
  const contact = (tags: string[]) => client.contacts.create({ email: `${newId()}@example.test`, tags });
  const company = (tags: string[]) => client.companies.create({ name: `Company ${newId()}`, tags });
  const lead = async (tags: string[], given: object = {}) =>
    client.leads.create({ contact_id: (await contact([])).id, tags, ...given });
  const list = async (query: object = {}) =>
    (await client.tags.list(query)).data.map(({ tag, leads, contacts, companies, total }) =>
      [tag, leads, contacts, companies, total].join(' '),
    );
  const eventsOf = (id: string) =>
    server.database.asOwner('select name, data, seen_by from events where record_id = $1 order by seq', [id]);
  return { at, client, contact, company, lead, list, eventsOf };
}

describe('the list of tags', () => {
  test('counts the records of each, the most used first, spelled as on most of them', async () => {
    const { contact, company, lead, list } = await newPlace();
    await contact(['VIP', 'solar']);
    await contact(['vip']);
    await company(['vip']);
    await lead(['Vip', 'roof'], { is_archived: true });
    assert.deepEqual((await list({ sort_by: 'tag', sort_order: 'asc' })).toSorted(), [
      'roof 1 0 0 1',
      'solar 0 1 0 1',
      'vip 1 2 1 4',
    ]);
    assert.equal((await list())[0], 'vip 1 2 1 4');
  });

  test('leaves out what is on deleted records alone', async () => {
    const { client, contact, company, lead, list } = await newPlace();
    const [one, other, third] = [await contact(['a', 'gone']), await company(['gone']), await lead(['gone'])];
    await contact(['a']);
    await client.contacts.remove(one.id);
    await client.companies.remove(other.id);
    await client.leads.remove(third.id);
    assert.deepEqual(await list(), ['a 0 1 0 1']);
  });

  test('is sorted, searched and walked', async () => {
    const { client, contact, list } = await newPlace();
    await contact(['ähre', 'Zaun', 'beta 50%']);
    await contact(['Zaun', 'Alpha']);
    const names = async (query: object) => (await client.tags.list(query)).data.map(({ tag }) => tag);
    assert.deepEqual(await names({ sort_by: 'tag', sort_order: 'asc' }), ['ähre', 'Alpha', 'beta 50%', 'Zaun']);
    assert.deepEqual(await names({ search: 'HR' }), ['ähre']);
    assert.deepEqual(await names({ search: '0%' }), ['beta 50%'], 'a sign of patterns is a sign like any other');
    assert.deepEqual(await list({ search: 'nothing' }), []);
    for (const sort of [{}, { sort_by: 'tag' }, { sort_by: 'tag', sort_order: 'asc' }, { sort_order: 'asc' }] as object[]) {
      const walked: string[] = [];
      let cursor: string | null = null;
      do {
        const page: any = await client.tags.list({ ...sort, page_size: 1, ...(cursor !== null && { cursor }) });
        walked.push(...page.data.map(({ tag }: any) => tag));
        cursor = page.pagination.next_cursor;
      } while (cursor !== null);
      assert.deepEqual(walked, await names(sort), JSON.stringify(sort));
    }
    assert.equal((await client.tags.list({ search: 'a' })).pagination.total, 4);
  });

  test('is the own one of each workspace, and under an owner scope of what is in it', async () => {
    const { at, client, contact, company, lead, list } = await newPlace();
    await contact(['seen nowhere']);
    await company(['seen nowhere']);
    await lead(['other'], { owner_id: at.manager.userId });
    const mine = await lead(['mine'], { owner_id: at.member.userId });
    await client.contacts.update(mine.contact_id, { tags: ['person'] });
    assert.equal((await list()).length, 4);
    const scoped = await embedded(server, at, { owner_scope: at.member.userId, permissions: ['crm:leads:view'] });
    assert.deepEqual((await scoped.tags.list({ sort_by: 'tag', sort_order: 'asc' })).data, [
      { tag: 'mine', leads: 1, contacts: 0, companies: 0, total: 1 },
      { tag: 'person', leads: 0, contacts: 1, companies: 0, total: 1 },
    ]);
    assert.deepEqual(await (await newPlace()).list(), []);
  });
});

describe('a tag that is renamed', () => {
  test('is the other on every record, with version, audit and event, where it stood', async () => {
    const { at, client, contact, company, lead, list, eventsOf } = await newPlace();
    const [one, other] = [await contact(['first', 'Old', 'last']), await contact(['else'])];
    const firm = await company(['OLD']);
    const deal = await lead(['old'], { owner_id: at.member.userId });
    const changed = await at.admin.client.tags.rename({ from: 'oLd', to: 'New' });
    assert.deepEqual(changed, { tag: 'New', leads: 1, contacts: 1, companies: 1 });
    assert.deepEqual((await list()).toSorted(), ['New 1 1 1 3', 'else 0 1 0 1', 'first 0 1 0 1', 'last 0 1 0 1'].toSorted());
    assert.partialDeepStrictEqual(await client.contacts.get(one.id), {
      tags: ['first', 'New', 'last'],
      version: 2,
      updated_by: at.admin.userId,
    });
    assert.deepEqual(await client.contacts.get(other.id), other);
    assert.partialDeepStrictEqual(await client.companies.get(firm.id), { tags: ['New'], version: 2 });
    assert.partialDeepStrictEqual(await client.leads.get(deal.id), { tags: ['New'], version: deal.version + 1 });
    for (const [id, name] of [
      [one.id, 'contact.updated'],
      [firm.id, 'company.updated'],
      [deal.id, 'lead.updated'],
    ] as const) {
      const told = (await eventsOf(id)).at(-1);
      assert.partialDeepStrictEqual(told, { name, data: { id } });
      assert.ok(told.data.tags.includes('New'));
      const { data } = await client.audit.list({ record_id: id });
      assert.partialDeepStrictEqual(data[0], { action: name, actor_id: at.admin.userId });
      assert.deepEqual(Object.keys(data[0]!.after!), ['tags']);
    }
    assert.deepEqual((await eventsOf(deal.id)).at(-1).seen_by, [at.member.userId]);
    assert.deepEqual(
      (await client.contacts.list({ tags: ['new'] })).data.map(({ id }) => id),
      [one.id],
    );
    assert.equal((await client.contacts.list({ tags: ['old'] })).pagination.total, 0);
  });

  test('may change its case alone, which touches only records that spell it otherwise', async () => {
    const { client, contact, list } = await newPlace();
    const [as, otherwise] = [await contact(['Solar']), await contact(['solar'])];
    assert.deepEqual(await client.tags.rename({ from: 'SOLAR', to: 'Solar' }), {
      tag: 'Solar',
      leads: 0,
      contacts: 1,
      companies: 0,
    });
    assert.deepEqual(await client.contacts.get(as.id), as);
    assert.partialDeepStrictEqual(await client.contacts.get(otherwise.id), { tags: ['Solar'], version: 2 });
    assert.deepEqual(await list(), ['Solar 0 2 0 2']);
  });

  test('must be in use, and its new name must not', async () => {
    const { client, contact } = await newPlace();
    const { id } = await contact(['one', 'two']);
    const gone = await contact(['gone']);
    await client.contacts.remove(gone.id);
    const unknown = { code: 'NOT_FOUND', message: 'That tag does not exist.' };
    await assert.rejects(client.tags.rename({ from: 'three', to: 'four' }), unknown);
    await assert.rejects(client.tags.rename({ from: 'three', to: 'two' }), unknown);
    await assert.rejects(client.tags.rename({ from: 'gone', to: 'back' }), unknown);
    await assert.rejects(client.tags.rename({ from: 'one', to: 'TWO' }), {
      code: 'DUPLICATE',
      details: { to: 'To is already taken.' },
    });
    assert.deepEqual((await client.contacts.get(id)).tags, ['one', 'two']);
    assert.equal((await client.tags.rename({ from: 'one', to: 'gone' })).contacts, 1);
  });

  test('is renamed on deleted records too, which come back with it', async () => {
    const { client, contact } = await newPlace();
    const [here, gone] = [await contact(['old']), await contact(['old', 'kept'])];
    await client.contacts.remove(gone.id);
    assert.equal((await client.tags.rename({ from: 'old', to: 'new' })).contacts, 1);
    assert.deepEqual((await client.contacts.get(here.id)).tags, ['new']);
    assert.partialDeepStrictEqual(await client.contacts.restore(gone.id), { tags: ['new', 'kept'], version: 3 });
  });

  test('is so on any number of records, beyond five hundred by a job', async () => {
    const { at, client, list } = await newPlace();
    await server.database.asOwner(
      `insert into contacts (workspace_id, firstname, tags) select $1, 'Many', array['old', 'n' || n % 3] from generate_series(1, 1200) n`,
      [at.id],
    );
    assert.deepEqual(await client.tags.rename({ from: 'old', to: 'new' }), {
      tag: 'new',
      leads: 0,
      contacts: 1_200,
      companies: 0,
    });
    assert.deepEqual((await list()).slice(0, 2), ['old 0 700 0 700', 'new 0 500 0 500']);
    await server.app.worker.runDue();
    assert.equal((await list())[0], 'new 0 1200 0 1200');
    assert.equal((await list({ search: 'old' })).length, 0);
  });
});

describe('tags that are merged', () => {
  test('are one, new or not, and a record that has several ends with one', async () => {
    const { client, contact, company, lead, list } = await newPlace();
    const both = await contact(['b', 'x', 'A', 'c']);
    const has = await contact(['x', 'C']);
    const firm = await company(['a']);
    const deal = await lead(['b', 'a']);
    assert.deepEqual(await client.tags.merge({ tags: ['a', 'B', 'unused'], into: 'c' }), {
      tag: 'c',
      leads: 1,
      contacts: 1,
      companies: 1,
    });
    assert.deepEqual((await client.contacts.get(both.id)).tags, ['c', 'x']);
    assert.deepEqual(await client.contacts.get(has.id), has, 'what is not merged stays as it is spelled');
    assert.deepEqual((await client.companies.get(firm.id)).tags, ['c']);
    assert.deepEqual((await client.leads.get(deal.id)).tags, ['c']);
    assert.deepEqual((await list()).toSorted(), ['c 1 2 1 4', 'x 0 2 0 2']);

    assert.deepEqual(await client.tags.merge({ tags: ['c', 'x'], into: 'All' }), {
      tag: 'All',
      leads: 1,
      contacts: 2,
      companies: 1,
    });
    assert.deepEqual(await list(), ['All 1 2 1 4']);
    assert.deepEqual((await client.contacts.get(both.id)).tags, ['All']);
    assert.deepEqual(await client.tags.merge({ tags: ['all'], into: 'ALL' }), {
      tag: 'ALL',
      leads: 1,
      contacts: 2,
      companies: 1,
    });
  });

  test('must be in use, one of them at least', async () => {
    const { client, contact } = await newPlace();
    await contact(['into']);
    await assert.rejects(client.tags.merge({ tags: ['no', 'none'], into: 'into' }), { code: 'NOT_FOUND' });
    for (const wrong of [
      { tags: [], into: 'x' },
      { tags: ['a'] },
      { tags: [''], into: 'x' },
      { tags: ['a'], into: 'x'.repeat(51) },
    ]) {
      await assert.rejects(client.tags.merge(wrong as any), { code: 'VALIDATION_ERROR' }, JSON.stringify(wrong));
    }
  });
});

test('tags are seen by every member, and managed with workspace:pipelines', async () => {
  const { at, contact } = await newPlace();
  await contact(['a']);
  assert.equal((await at.viewer.client.tags.list()).data[0]!.tag, 'a');
  const { tags } = at.manager.client;
  for (const call of [() => tags.rename({ from: 'a', to: 'b' }), () => tags.merge({ tags: ['a'], into: 'b' })]) {
    await assert.rejects(call, { code: 'FORBIDDEN', message: /workspace:pipelines/ });
  }
});

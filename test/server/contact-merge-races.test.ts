import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

const ROUNDS = 8;

describe('while two contacts are merged', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  const made = (firstname: string) => ours.client.contacts.create({ firstname });
  const owned = (sql: string, ...parameters: unknown[]) => server.database.asOwner(sql, parameters);
  const isThere = async (id: string) => (await owned('select from contacts where id = $1 and deleted_at is null', id)).length > 0;

  /** Nothing hangs on a contact that is gone, unless it is gone itself. */
  async function assertNoOrphans() {
    for (const table of ['leads', 'activities', 'deals'])
      assert.deepEqual(
        await owned(`select t.id from ${table} t join contacts c on c.id = t.contact_id where c.merged_into is not null`),
        [],
        table,
      );
  }

  test('leads that are created or given to either are lost by neither', async () => {
    const elsewhere = await made('Elsewhere');
    for (let round = 0; round < ROUNDS; round++) {
      const [survivor, other] = [await made('Survivor'), await made('Other')];
      const moving = await ours.client.leads.create({ contact_id: elsewhere.id, title: 'Moving' });
      const held = await ours.client.leads.create({ contact_id: other.id, title: 'Held' });
      const creations = Array.from({ length: 4 }, () => ours.client.leads.create({ contact_id: other.id, title: 'New' }));
      const [merge, move, deal, note, ...leads] = await Promise.allSettled([
        ours.client.contacts.merge(survivor.id, { contact_id: other.id }),
        ours.client.leads.update(moving.id, { contact_id: other.id }),
        ours.client.leads.addDeal(held.id, {}),
        ours.client.contacts.addActivity(other.id, { activity_type: 'note', subject: 'Called' }),
        ...creations,
      ]);
      assert.equal(merge!.status, 'fulfilled');
      assert.equal(deal!.status, 'fulfilled');
      const came = leads.filter(({ status }) => status === 'fulfilled').length;
      for (const refused of [move!, note!, ...leads])
        if (refused.status === 'rejected') assert.match(refused.reason.code, /VALIDATION_ERROR|NOT_FOUND/);
      const [{ count }] = await owned('select count(*)::integer as count from leads where contact_id = $1', survivor.id);
      assert.equal(count, 1 + came + (move!.status === 'fulfilled' ? 1 : 0));
      await assertNoOrphans();
    }
  });

  test('the other way round as well, one of them is left', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [one, two] = [await made('One'), await made('Two')];
      const leads = await Promise.all([one, two].map(({ id }) => ours.client.leads.create({ contact_id: id })));
      const ended = await Promise.allSettled([
        ours.client.contacts.merge(one.id, { contact_id: two.id }),
        ours.client.contacts.merge(two.id, { contact_id: one.id }),
        ours.client.contacts.merge(one.id, { contact_id: two.id }),
      ]);
      assert.equal(ended.filter(({ status }) => status === 'fulfilled').length, 1);
      for (const refused of ended) if (refused.status === 'rejected') assert.equal(refused.reason.code, 'CONFLICT');
      const left = (await isThere(one.id)) ? one : two;
      for (const { id } of leads) assert.equal((await ours.client.leads.get(id)).contact_id, left.id);
      await assertNoOrphans();
    }
  });

  test('a change of either is made before or not at all', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [survivor, other] = [await made('Survivor'), await made('Other')];
      const [merge, first, second] = await Promise.allSettled([
        ours.client.contacts.merge(survivor.id, { contact_id: other.id }),
        ours.client.contacts.update(other.id, { city: 'Bonn' }),
        ours.client.contacts.update(survivor.id, { country: 'DE' }),
      ]);
      assert.equal(merge!.status, 'fulfilled');
      assert.equal(second!.status, 'fulfilled');
      const { city, country } = await ours.client.contacts.get(survivor.id);
      assert.equal(country, 'DE');
      assert.equal(city, first!.status === 'fulfilled' ? 'Bonn' : null);
      if (first!.status === 'rejected')
        assert.deepEqual([first!.reason.code, first!.reason.existingId], ['CONFLICT', survivor.id]);
    }
  });

  test('into three in a circle, nobody is lost', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const ring = [await made('A'), await made('B'), await made('C')];
      const leads = await Promise.all(ring.map(({ id }) => ours.client.leads.create({ contact_id: id })));
      await Promise.allSettled(
        ring.map(({ id }, index) => ours.client.contacts.merge(id, { contact_id: ring[(index + 1) % 3]!.id })),
      );
      const left = (await Promise.all(ring.map(({ id }) => isThere(id)))).filter((there) => there).length;
      assert.ok(left >= 1);
      for (const { id } of leads) assert.ok(await isThere((await ours.client.leads.get(id)).contact_id));
      await assertNoOrphans();
    }
  });

  test('an undo and another merge leave one or the other', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [survivor, other, third] = [await made('Survivor'), await made('Other'), await made('Third')];
      const lead = await ours.client.leads.create({ contact_id: other.id });
      const { merge } = await ours.client.contacts.merge(survivor.id, { contact_id: other.id });
      const ended = await Promise.allSettled([
        ours.client.contacts.undoMerge(survivor.id, merge.id!),
        ours.client.contacts.undoMerge(survivor.id, merge.id!),
        ours.client.contacts.merge(third.id, { contact_id: survivor.id }),
      ]);
      const undone = ended.slice(0, 2).filter(({ status }) => status === 'fulfilled').length;
      assert.ok(undone <= 1);
      assert.equal(ended[2]!.status, 'fulfilled');
      assert.equal((await ours.client.leads.get(lead.id)).contact_id, undone ? other.id : third.id);
      await assertNoOrphans();
    }
  });
});

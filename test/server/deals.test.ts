import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '../../server/ids.ts';
import { embedded, keyed } from '../support/embedded.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

const newLead = (given: object = {}, at = ours) =>
  at.client.leads.create({ contact: { email: `${newId()}@example.test` }, title: 'Roof', ...given });
const ids = (records: { id: string }[]) => records.map(({ id }) => id);
const eventsOf = (recordId: string) =>
  server.database.asOwner('select name, data, seen_by from events where record_id = $1 order by seq', [recordId]);

describe('deals', () => {
  test('take from their lead what is not said', async () => {
    const lead = await newLead({ lead_value: 1234.56, currency: 'CHF', owner_id: ours.member.userId });
    const made = await ours.client.leads.addDeal(lead.id, {});
    assert.deepEqual(await ours.client.deals.get(made.id), made);
    assert.partialDeepStrictEqual(made, {
      lead_id: lead.id,
      contact_id: lead.contact_id,
      title: 'Roof',
      value: 1234.56,
      currency: 'CHF',
      state: 'open',
      owner_id: ours.member.userId,
      owner: { id: ours.member.userId, name: 'Test member' },
      closed_at: null,
      version: 1,
      created_by: ours.owner.userId,
    });
    const said = { title: 'Half of it', value: null, currency: 'USD', owner_id: null } as const;
    assert.partialDeepStrictEqual(await ours.client.deals.create({ lead_id: lead.id, ...said }), { ...said, owner: null });
  });

  test('keep money to the cent', async () => {
    const lead = await newLead();
    for (const value of [0, 0.01, 0.29, 19.99, 1.1, 9_999_999_999.99])
      assert.equal((await ours.client.leads.addDeal(lead.id, { value })).value, value);
    for (const value of [-0.01, 0.001, 10_000_000_000])
      await assert.rejects(ours.client.leads.addDeal(lead.id, { value }), { code: 'VALIDATION_ERROR' }, String(value));
  });

  test('are closed when won or lost, and open again', async () => {
    const lead = await newLead();
    const deal = await ours.client.leads.addDeal(lead.id, { value: 5 });
    const won = await ours.client.deals.update(deal.id, { state: 'won' });
    assert.ok(won.closed_at! >= deal.created_at);
    assert.deepEqual(await ours.client.deals.update(deal.id, { state: 'won', value: 5 }), won, 'no change');
    server.later(60_000);
    const lost = await ours.client.deals.update(deal.id, { state: 'lost' });
    assert.ok(lost.closed_at! > won.closed_at!);
    assert.equal((await ours.client.deals.update(deal.id, { title: 'Renamed' })).closed_at, lost.closed_at);
    assert.partialDeepStrictEqual(await ours.client.deals.update(deal.id, { state: 'open' }), { closed_at: null, version: 5 });
    assert.notEqual((await ours.client.leads.addDeal(lead.id, { state: 'lost' })).closed_at, null);
  });

  test('are listed, filtered and sorted', async () => {
    const at = await server.newWorkspace();
    const [lead, other] = [await newLead({}, at), await newLead({ owner_id: at.member.userId }, at)];
    const cheap = await at.client.leads.addDeal(lead.id, { title: 'B', value: 1 });
    const dear = await at.client.leads.addDeal(lead.id, { title: 'A', value: 100, state: 'won' });
    const none = await at.client.leads.addDeal(other.id, { title: 'C', value: null, state: 'lost' });
    const found = async (query: object) => ids((await at.client.deals.list(query)).data);
    assert.deepEqual(await found({}), ids([none, dear, cheap]));
    assert.deepEqual(await found({ lead_id: lead.id }), ids([dear, cheap]));
    assert.deepEqual(await found({ contact_id: other.contact_id }), ids([none]));
    assert.deepEqual(await found({ state: ['won', 'lost'] }), ids([none, dear]));
    assert.deepEqual(await found({ owner_id: 'none' }), ids([dear, cheap]));
    assert.deepEqual(await found({ owner_id: at.member.userId }), ids([none]));
    assert.deepEqual(ids((await at.member.client.deals.list({ owner_id: 'me' })).data), [none.id]);
    assert.deepEqual(await found({ sort_by: 'value' }), ids([dear, cheap, none]));
    assert.deepEqual(await found({ sort_by: 'value', sort_order: 'asc' }), ids([cheap, dear, none]));
    assert.deepEqual(await found({ sort_by: 'title', sort_order: 'asc' }), ids([dear, cheap, none]));
    const pages: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await at.client.deals.list({ sort_by: 'value', page_size: 1, ...(cursor && { cursor }) });
      pages.push(...ids(page.data));
      cursor = page.pagination.next_cursor;
    }
    assert.deepEqual(pages, ids([dear, cheap, none]));
    assert.deepEqual(ids((await at.client.leads.deals(lead.id, { state: ['open'] })).data), [cheap.id]);
    assert.deepEqual((await at.client.leads.deals(other.id, { state: ['open'] })).data, []);
    assert.deepEqual(ids((await at.client.leads.get(lead.id)).deals), [dear.id, cheap.id]);
  });

  test('stay inside their workspace', async () => {
    const theirs = await server.newWorkspace();
    const [lead, foreign] = [await newLead(), await newLead({}, theirs)];
    const deal = await ours.client.leads.addDeal(lead.id, {});
    for (const id of [lead.id, newId()]) {
      await assert.rejects(theirs.client.leads.deals(id), { code: 'NOT_FOUND', message: 'That lead does not exist.' });
      await assert.rejects(theirs.client.leads.addDeal(id, {}), { code: 'NOT_FOUND' });
      await assert.rejects(theirs.client.deals.create({ lead_id: id }), {
        details: { lead_id: 'Lead id names a record that does not exist.' },
      });
    }
    await assert.rejects(theirs.client.deals.get(deal.id), { code: 'NOT_FOUND' });
    await assert.rejects(theirs.client.deals.update(deal.id, { title: 'x' }), { code: 'NOT_FOUND' });
    await assert.rejects(theirs.client.deals.remove(deal.id), { code: 'NOT_FOUND' });
    assert.deepEqual((await theirs.client.leads.deals(foreign.id)).data, []);
  });

  test('have an owner who is a member, named by those who may assign leads', async () => {
    const lead = await newLead();
    const stranger = (await server.newWorkspace()).member.userId;
    const unknown = { details: { owner_id: 'Owner id names a record that does not exist.' } };
    await assert.rejects(ours.client.leads.addDeal(lead.id, { owner_id: stranger }), unknown);
    const deal = await ours.client.leads.addDeal(lead.id, { owner_id: ours.viewer.userId });
    await assert.rejects(ours.client.deals.update(deal.id, { owner_id: stranger }), unknown);
    await assert.rejects(ours.member.client.deals.update(deal.id, { owner_id: ours.manager.userId }), { code: 'FORBIDDEN' });
    assert.equal((await ours.member.client.deals.update(deal.id, { owner_id: ours.member.userId })).owner_id, ours.member.userId);
    const key = await keyed(server, ours, ['crm:leads:view', 'crm:leads:edit']);
    await assert.rejects(key.deals.update(deal.id, { owner_id: ours.viewer.userId }), {
      code: 'FORBIDDEN',
      message: 'Naming another owner needs the permission crm:leads:assign.',
    });
    assert.equal((await key.deals.update(deal.id, { title: 'By a key' })).owner_id, ours.member.userId);
  });

  test('are changed by a member only where the lead is theirs or nobodyʼs', async () => {
    const [mine, nobodys, other] = [
      await newLead({ owner_id: ours.member.userId }),
      await newLead({ owner_id: null }),
      await newLead({ owner_id: ours.manager.userId }),
    ];
    for (const lead of [mine, nobodys]) {
      const deal = await ours.member.client.leads.addDeal(lead.id, {});
      assert.equal((await ours.member.client.deals.update(deal.id, { value: 3 })).value, 3);
    }
    const deal = await ours.client.leads.addDeal(other.id, {});
    const refused = { code: 'FORBIDDEN', message: /^This lead belongs to somebody else: / };
    assert.equal((await ours.member.client.deals.get(deal.id)).id, deal.id);
    await assert.rejects(ours.member.client.deals.update(deal.id, { value: 3 }), refused);
    await assert.rejects(ours.member.client.leads.addDeal(other.id, {}), refused);
    await assert.rejects(ours.member.client.deals.create({ lead_id: other.id }), refused);
    await assert.rejects(ours.member.client.deals.remove(deal.id), { code: 'FORBIDDEN' });
    assert.equal((await ours.manager.client.deals.update(deal.id, { value: 3 })).value, 3);
  });

  test('are deleted for good', async () => {
    const lead = await newLead();
    const deal = await ours.client.leads.addDeal(lead.id, {});
    await assert.rejects(ours.client.deals.remove(deal.id, { ifMatch: 9 }), { code: 'VERSION_MISMATCH' });
    await ours.client.deals.remove(deal.id);
    await assert.rejects(ours.client.deals.get(deal.id), { code: 'NOT_FOUND' });
    await assert.rejects(ours.client.deals.remove(deal.id), { code: 'NOT_FOUND' });
    const { data } = await ours.client.audit.list({ record_id: deal.id });
    assert.deepEqual(
      data.map(({ action }) => action),
      ['deal.deleted', 'deal.created'],
    );
  });

  test('are gone while their lead is deleted, and back with it', async () => {
    const lead = await newLead();
    const deal = await ours.client.leads.addDeal(lead.id, { value: 7 });
    for (const [remove, restore] of [
      [() => ours.client.leads.remove(lead.id), () => ours.client.leads.restore(lead.id)],
      [() => ours.client.contacts.remove(lead.contact_id), () => ours.client.contacts.restore(lead.contact_id)],
    ] as const) {
      await remove();
      await assert.rejects(ours.client.deals.get(deal.id), { code: 'NOT_FOUND' });
      await assert.rejects(ours.client.deals.update(deal.id, { value: 8 }), { code: 'NOT_FOUND' });
      await assert.rejects(ours.client.deals.remove(deal.id), { code: 'NOT_FOUND' });
      await assert.rejects(ours.client.leads.deals(lead.id), { code: 'NOT_FOUND' });
      assert.deepEqual((await ours.client.deals.list({ lead_id: lead.id })).data, []);
      await restore();
      assert.deepEqual(await ours.client.deals.get(deal.id), deal);
    }
  });

  test('follow their lead to another contact', async () => {
    const [lead, { contact_id }] = [await newLead(), await newLead()];
    const deal = await ours.client.leads.addDeal(lead.id, {});
    await ours.client.leads.update(lead.id, { contact_id });
    assert.equal((await ours.client.deals.get(deal.id)).contact_id, contact_id);
  });

  test('are told when they are made and changed, to whoever has the lead in their scope', async () => {
    const lead = await newLead({ owner_id: ours.member.userId });
    const deal = await ours.client.leads.addDeal(lead.id, { owner_id: null });
    await ours.client.deals.update(deal.id, { title: deal.title });
    const changed = await ours.client.deals.update(deal.id, { value: 12.5 });
    const seen_by = [ours.member.userId];
    assert.deepEqual(await eventsOf(deal.id), [
      { name: 'deal.created', data: deal, seen_by },
      { name: 'deal.updated', data: changed, seen_by },
    ]);
  });

  test('of other ownersʼ leads are out of the sight of a token with an owner scope', async () => {
    const [mine, other] = [await newLead({ owner_id: ours.member.userId }), await newLead({ owner_id: ours.manager.userId })];
    const seen = await ours.client.leads.addDeal(mine.id, { owner_id: ours.manager.userId });
    const unseen = await ours.client.leads.addDeal(other.id, { owner_id: ours.member.userId });
    const scoped = await embedded(server, ours, { owner_scope: ours.member.userId });
    const listed = ids((await scoped.deals.list()).data);
    assert.ok(listed.includes(seen.id) && !listed.includes(unseen.id));
    await assert.rejects(scoped.deals.get(unseen.id), { code: 'NOT_FOUND' });
    await assert.rejects(scoped.deals.update(unseen.id, { value: 1 }), { code: 'NOT_FOUND' });
    await assert.rejects(scoped.leads.addDeal(other.id, {}), { code: 'NOT_FOUND' });
    assert.equal((await scoped.deals.update(seen.id, { value: 1 })).value, 1);
  });
});

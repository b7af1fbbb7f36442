import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { bearing, json } from '../support/calls.ts';
import { EMBEDDABLE, newEmbedToken, newKey } from '../support/keys.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;
let key: string;
let token: string;
/** What the scope's owner has, what another has, and what nobody has. */
const leads = { own: '', others: '', nobodys: '' };
const contacts = { own: '', others: '', nobodys: '' };

const CRM = EMBEDDABLE.filter((one) => one.startsWith('crm:'));

async function call(path: string, { method = 'GET', body }: { method?: string; body?: unknown } = {}, by = token) {
  const response = await server.fetch(
    `/api/v2${path}`,
    body === undefined ? { method, headers: bearing(by) } : json(method, body, bearing(by)),
  );
  const text = await response.text();
  return { status: response.status, ...(text === '' ? {} : JSON.parse(text)) };
}

const idsOf = ({ data }: any): string[] => data.map(({ id }: any) => id).sort();

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
  ({ key } = await newKey(ours));
  for (const [whose, owner_id] of [
    ['own', ours.member.userId],
    ['others', ours.manager.userId],
    ['nobodys', null],
  ] as const) {
    const contact = await ours.client.contacts.create({ email: `${whose}@example.test`, firstname: 'Scoped' });
    const lead = await ours.client.leads.create({ contact_id: contact.id, title: `Scoped ${whose}`, owner_id });
    await ours.client.leads.addActivity(lead.id, { activity_type: 'note', subject: `Scoped ${whose}` });
    await ours.client.leads.addDeal(lead.id, { title: `Scoped ${whose}` });
    contacts[whose] = contact.id;
    leads[whose] = lead.id;
  }
  token = await newEmbedToken(server, key, { permissions: CRM, owner_scope: ours.member.userId });
});

describe('a token with an owner scope', () => {
  test('sees the leads of that owner, and the contacts behind them, and no other', async () => {
    assert.deepEqual(idsOf(await call('/leads')), [leads.own]);
    assert.deepEqual(idsOf(await call('/leads?search=scoped')), [leads.own]);
    assert.deepEqual(idsOf(await call(`/leads?owner_id=${ours.manager.userId}`)), []);
    assert.deepEqual(idsOf(await call('/contacts')), [contacts.own]);
    assert.deepEqual(idsOf(await call('/contacts?search=scoped')), [contacts.own]);
    assert.equal((await call('/leads')).pagination.total, 1);
    const names = (answer: any) => answer.data.map(({ subject, title }: any) => subject ?? title);
    assert.ok(!names(await call('/activities')).some((name: string) => /others|nobodys/.test(name)));
    assert.deepEqual(names(await call('/deals')), ['Scoped own']);
    assert.equal((await call('/leads', {}, key)).pagination.total, 3, 'the key itself sees them all');
  });

  test('finds none of the others by their ids, and changes nothing of them', async () => {
    for (const whose of ['others', 'nobodys'] as const) {
      const lead = leads[whose];
      const calls: [path: string, options?: { method: string; body?: unknown }][] = [
        [`/leads/${lead}`],
        [`/leads/${lead}`, { method: 'PATCH', body: { title: 'Taken' } }],
        [`/leads/${lead}`, { method: 'DELETE' }],
        [`/leads/${lead}/activities`],
        [`/leads/${lead}/activities`, { method: 'POST', body: { activity_type: 'note', subject: 'Heard' } }],
        [`/leads/${lead}/deals`],
        [`/leads/${lead}/stage-history`],
        [`/contacts/${contacts[whose]}`],
        [`/contacts/${contacts[whose]}`, { method: 'PATCH', body: { firstname: 'Taken' } }],
        [`/contacts/${contacts[whose]}/activities`],
      ];
      for (const [path, options] of calls)
        assert.equal(
          (await call(path, options)).status,
          404,
          `${options?.method ?? 'GET'} ${path.replace(/[\da-f-]{36}/, whose)}`,
        );
      assert.equal((await ours.client.leads.get(lead)).title, `Scoped ${whose}`);
    }
    assert.equal((await call(`/leads/${leads.own}`)).status, 200);
  });

  test('deletes no contact that others have leads of, for those would go with it', async () => {
    const contact = await ours.client.contacts.create({ firstname: 'Shared' });
    const own = await ours.client.leads.create({ contact_id: contact.id, owner_id: ours.member.userId });
    for (const owner_id of [ours.manager.userId, null]) {
      const lead = await ours.client.leads.create({ contact_id: contact.id, owner_id });
      const answer = await call(`/contacts/${contact.id}`, { method: 'DELETE' });
      assert.deepEqual([answer.status, answer.code], [403, 'FORBIDDEN']);
      assert.equal((await ours.client.leads.get(lead.id)).version, lead.version);
      await ours.client.leads.remove(lead.id);
    }
    assert.equal((await call(`/contacts/${contact.id}`, { method: 'DELETE' })).status, 204);
    await assert.rejects(ours.client.leads.get(own.id), { status: 404 });
  });

  test('counts nobody else in totals', async () => {
    assert.equal((await call('/leads/stats')).data.total, 1);
    const board = (await call('/leads/board')).data;
    const cards = JSON.stringify(board);
    assert.ok(cards.includes(leads.own) && !cards.includes(leads.others) && !cards.includes(leads.nobodys));
  });

  test('of a member is theirs by name and the scope’s by sight', async () => {
    const viewer = (await ours.client.members.list()).data.find(({ role }) => role === 'viewer')!;
    const shared = await newEmbedToken(server, key, {
      permissions: CRM,
      owner_scope: ours.manager.userId,
      member_id: viewer.id,
    });
    assert.deepEqual(idsOf(await call('/leads', {}, shared)), [leads.others]);
    assert.equal((await call(`/leads/${leads.others}`, { method: 'PATCH', body: { title: 'No' } }, shared)).status, 403);
  });
});

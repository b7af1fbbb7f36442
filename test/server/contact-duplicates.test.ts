import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import type { NewContact } from '../../src/contract/contact.ts';
import type { DuplicateQuery } from '../../src/contract/duplicate.ts';
import { likenessOf, type Compared } from '../../server/contacts/contact-likeness.ts';
import { bearing } from '../support/calls.ts';
import { newEmbedToken, newKey } from '../support/keys.ts';
import { migrateAnew } from '../support/database.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

describe('two contacts', () => {
  const compared = (given: Partial<Compared>): Compared => ({
    email: null,
    phone_number: null,
    name: null,
    company: null,
    ...given,
  });
  const alike = (one: Partial<Compared>, other: Partial<Compared>) => {
    const [forth, back] = [likenessOf(compared(one), compared(other)), likenessOf(compared(other), compared(one))];
    assert.deepEqual(forth, back, 'whichever is looked at first');
    return forth.score;
  };

  test('with one mailbox are one person, however it is spelled', () => {
    for (const [one, other] of [
      ['anna@example.test', 'Anna+shop@Example.test'],
      ['anna.schmidt@gmail.com', 'annaschmidt+x@googlemail.com'],
    ])
      assert.equal(alike({ email: one! }, { email: other! }), 95, `${one} ${other}`);
    for (const [one, other] of [
      ['anna.schmidt@example.test', 'annaschmidt@example.test'],
      ['anna@example.test', 'anna@example.org'],
    ])
      assert.equal(alike({ email: one! }, { email: other! }), 0, `${one} ${other}`);
  });

  test('with one number are likely one person, less so at another extension, and not at two', () => {
    const score = (one: string, other: string) => alike({ phone_number: one }, { phone_number: other });
    assert.equal(score('+49301234567', '0049 (0)30 / 123 45 67'), 90);
    assert.equal(score('+49301234567', '030 1234567'), 90);
    assert.equal(score('+12025550123', '555-0123'), 60);
    assert.equal(score('+49301234567 ext. 12', '+49301234567'), 60);
    assert.equal(score('+49301234567 ext. 12', '030 1234567 x12'), 90);
    assert.equal(score('+49301234567 ext. 12', '+49301234567 ext. 13'), 0);
    assert.equal(score('+49301234567', '+49301234568'), 0);
  });

  test('with a like name at a like company may be one person', () => {
    const score = (name: string, company: string | null, otherName: string, otherCompany: string | null) =>
      alike({ name, company }, { name: otherName, company: otherCompany });
    assert.equal(score('anna schmidt', 'acme', 'schmidt anna', 'acme gmbh'), 80);
    assert.equal(score('dr anna schmidt', 'acme ltd', 'anna schmidt', 'acme'), 80);
    assert.ok(score('anna schmidt', 'acme', 'ana schmitt', 'acme') >= 60);
    assert.ok(score('hans peter meier', 'acme', 'hanspeter meier', 'acme') >= 60);
    assert.ok(score('j smith', 'acme', 'john smith', 'acme') >= 60);
    assert.ok(score('anna schmidt', 'acme', 'anna maria schmidt', 'acme europe') >= 60);
    assert.equal(score('anna schmidt', 'acme', 'anna schmidt', 'globex'), 0);
    assert.equal(score('anna schmidt', 'acme', 'peter schmidt', 'acme'), 0);
    assert.equal(score('anna', 'acme', 'anna schmidt', 'acme'), 0);
    assert.equal(score('anna schmidt', 'acme', 'anna schmidt', null), 45);
    assert.equal(score('anna', null, 'anna', null), 0);
    const long = (end: string) => `anna ${'x'.repeat(60)}${end}`;
    assert.equal(score(long('yyyyyyyyyy'), 'acme', long('zzzzzzzzzz'), 'acme'), 80, 'the first sixty letters tell');
  });

  test('are the surer one person the more says so', () => {
    const { score, reasons } = likenessOf(
      compared({ email: 'anna@example.test', name: 'anna schmidt', company: 'acme' }),
      compared({ email: 'anna+x@example.test', name: 'anna schmidt', company: 'acme' }),
    );
    assert.deepEqual(
      [score, reasons],
      [
        99,
        [
          { code: 'email', score: 95 },
          { code: 'name_company', score: 80 },
        ],
      ],
    );
  });
});

describe('duplicates', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
  });

  beforeEach(async () => {
    ours = await server.newWorkspace();
  });

  const made = (contact: NewContact) => ours.client.contacts.create(contact);
  const pairsOf = async (query: DuplicateQuery = {}, client = ours.client) =>
    (await client.contacts.duplicates(query)).data.map(({ score, reasons, contact, other }) => [
      score,
      reasons.map(({ code }) => code).join(),
      contact.name ?? contact.email,
      other.name ?? other.email,
    ]);

  test('are found by mailbox, number, and name with company, the surest first', async () => {
    await made({ name: 'Zoë Müller', company: 'Acme GmbH', email: 'zoe.mueller@gmail.com' });
    await made({ name: 'Mueller Zoe', company: 'Acme' });
    await made({ name: 'Other', email: 'zoemueller+news@googlemail.com' });
    await made({ name: 'Peter Pan', phone_number: '+49 30 1234567' });
    await made({ name: 'P. Pan', phone_number: '+49 30 1234567 ext. 5' });
    await made({ name: 'Peter Pan', company: 'Neverland' });
    assert.deepEqual(await pairsOf(), [
      [95, 'email', 'Zoë Müller', 'Other'],
      [74, 'name_company', 'Zoë Müller', 'Mueller Zoe'],
      [60, 'phone', 'Peter Pan', 'P. Pan'],
    ]);
    assert.deepEqual(await pairsOf({ min_score: 80 }), [[95, 'email', 'Zoë Müller', 'Other']]);
    assert.deepEqual((await pairsOf({ min_score: 1 })).slice(3), [[45, 'name_company', 'Peter Pan', 'Peter Pan']]);
  });

  test('of one contact are those with it alone', async () => {
    const anna = await made({ name: 'Anna Schmidt', email: 'anna@example.test' });
    const again = await made({ name: 'Anna S', email: 'anna+1@example.test' });
    await made({ name: 'Peter', email: 'peter@example.test' });
    await made({ name: 'Pete', email: 'peter+1@example.test' });
    assert.equal((await pairsOf()).length, 2);
    for (const { id } of [anna, again])
      assert.deepEqual(await pairsOf({ contact_id: id }), [[95, 'email', 'Anna Schmidt', 'Anna S']]);
  });

  test('follow what becomes of the contacts', async () => {
    const anna = await made({ name: 'Anna', email: 'anna@example.test' });
    const again = await made({ name: 'Anna Again', email: 'other@example.test' });
    assert.deepEqual(await pairsOf(), []);
    await ours.client.contacts.update(again.id, { email: 'anna+1@example.test' });
    assert.equal((await pairsOf()).length, 1);
    await ours.client.contacts.update(again.id, { is_archived: true });
    assert.equal((await pairsOf()).length, 1, 'an archived contact is there');
    await ours.client.contacts.remove(again.id);
    assert.deepEqual(await pairsOf(), []);
    await ours.client.contacts.restore(again.id);
    assert.equal((await pairsOf()).length, 1);
    const { merge } = await ours.client.contacts.merge(anna.id, { contact_id: again.id });
    assert.deepEqual(await pairsOf(), []);
    await ours.client.contacts.undoMerge(anna.id, merge.id!);
    assert.equal((await pairsOf()).length, 1);
  });

  test('follow the name of the company', async () => {
    const { id } = await ours.client.companies.create({ name: 'Globex' });
    await made({ name: 'Anna Schmidt', company: 'Acme' });
    await made({ name: 'Anna Schmidt', company_id: id });
    assert.deepEqual(await pairsOf(), []);
    await ours.client.companies.update(id, { name: 'ACME Ltd.' });
    assert.equal((await pairsOf()).length, 1);
  });

  test('are walked by page and by cursor', async () => {
    for (let index = 0; index < 7; index++) {
      await made({ firstname: `Person ${index}`, email: `person${index}@example.test` });
      await made({
        firstname: `Again ${index}`,
        email: `person${index}+${index}@example.test`,
        ...(index % 2 && { phone_number: `+49 30 12345${index}0` }),
      });
    }
    const all = await pairsOf();
    assert.equal(all.length, 7);
    const names = (page: Awaited<ReturnType<typeof ours.client.contacts.duplicates>>) =>
      page.data.map(({ contact }) => contact.name);
    const first = await ours.client.contacts.duplicates({ page_size: 3 });
    assert.partialDeepStrictEqual(first.pagination, { total: 7, page: 1, pages: 3, total_is_estimate: false });
    const walked = names(first);
    for (let cursor = first.pagination.next_cursor; cursor !== null;) {
      const page = await ours.client.contacts.duplicates({ page_size: 3, cursor });
      walked.push(...names(page));
      cursor = page.pagination.next_cursor;
    }
    assert.deepEqual(
      walked,
      all.map(([, , name]) => name),
    );
    assert.deepEqual(names(await ours.client.contacts.duplicates({ page_size: 3, page: 3 })), walked.slice(6));
    const { next_cursor } = first.pagination;
    await assert.rejects(ours.client.contacts.duplicates({ cursor: next_cursor!, min_score: 90 }), { code: 'VALIDATION_ERROR' });
    await assert.rejects(ours.client.contacts.duplicates({ cursor: next_cursor!, page: 2 }), { code: 'VALIDATION_ERROR' });
  });

  test('are found among contacts that are older than what they are found by', async () => {
    await made({ firstname: 'Anna', email: 'anna@example.test' });
    await made({ firstname: 'Again', email: 'anna+2@example.test' });
    const { id } = await made({ firstname: 'Gone', email: 'anna+3@example.test' });
    await ours.client.contacts.remove(id);
    const keys = () => server.database.asOwner('select * from contact_keys order by contact_id, kind, key');
    const kept = await keys();
    await server.database.asOwner('delete from contact_keys');
    await server.database.asOwner("delete from migrations where name = '0014-contact-keys.sql'");
    await migrateAnew(server.database);
    assert.equal((await pairsOf()).length, 1);
    assert.deepEqual(await keys(), kept);
  });

  test('are not made of what very many have in common', async () => {
    await server.database.asOwner(
      `insert into contacts (workspace_id, firstname, lastname) select $1, 'Test', 'User' from generate_series(1, 31)`,
      [ours.id],
    );
    assert.deepEqual(await pairsOf({ min_score: 1 }), []);
  });

  test('are of the workspace, and of a scope both contacts', async () => {
    const theirs = await server.newWorkspace();
    await theirs.client.contacts.create({ firstname: 'Anna', email: 'anna@example.test' });
    const anna = await made({ firstname: 'Anna', email: 'anna+1@example.test' });
    assert.deepEqual(await pairsOf(), []);
    const again = await made({ firstname: 'Again', email: 'anna+2@example.test' });
    const { key } = await newKey(ours);
    const token = await newEmbedToken(server, key, { permissions: ['crm:contacts:view'], owner_scope: ours.member.userId });
    const count = async () => {
      const response = await server.fetch('/api/v2/contacts/duplicates', { headers: bearing(token) });
      return ((await response.json()) as any).data.length;
    };
    await ours.client.contacts.assign(anna.id, { user_id: ours.member.userId });
    assert.equal(await count(), 0);
    await ours.client.contacts.assign(again.id, { user_id: ours.member.userId });
    assert.equal(await count(), 1);
  });
});

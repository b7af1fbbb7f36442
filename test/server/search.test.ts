import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

describe('search', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
    const { contacts, companies } = ours.client;
    await contacts.create({
      firstname: 'Zoë',
      lastname: 'Größmann',
      email: 'zoe.g+news@mail.example.test',
      phone_number: '030 1234567',
      company: 'Straßenbau Éclair',
    });
    await contacts.create({
      firstname: 'Anna',
      lastname: 'Santander',
      email: 'anna@example.test',
      phone_number: '+1 212 555 0199',
    });
    await contacts.create({ firstname: 'Jo', lastname: 'An', email: 'j_o@example.test' });
    await contacts.create({ firstname: 'p%q', lastname: '100%', email: 'percent@example.test' });
    await contacts.create({ firstname: 'Back\\slash', lastname: "O'Neil" });
    await contacts.create({ firstname: 'Łukasz', lastname: 'Đorđević' });
    await contacts.create({ firstname: 'Иван', lastname: 'Петров', company: '東京電力' });
    await contacts.create({ lastname: 'Pinheiro-Ávila', phone_number: '12345' });
    await companies.create({ name: 'Solar & Söhne', website: 'https://www.solar-soehne.example/kontakt' });
  });

  /** The last names of who is found, in their order. */
  async function found(search: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { lastname, firstname } of ours.client.contacts.all({ search, sort_by: 'name', sort_order: 'asc' }))
      names.push(lastname ?? firstname ?? '');
    return names;
  }

  const finds = (sentence: string, cases: Record<string, string[]>) =>
    test(sentence, async () => {
      for (const [term, names] of Object.entries(cases))
        assert.deepEqual((await found(term)).sort(), names.sort(), `searched for ${term}`);
    });

  finds('takes letters for equal whatever their case and accents', {
    zoe: ['Größmann'],
    ZOË: ['Größmann'],
    grossmann: ['Größmann'],
    GRÖSSMANN: ['Größmann'],
    größ: ['Größmann'],
    GROẞ: ['Größmann'],
    lukasz: ['Đorđević'],
    dordevic: ['Đorđević'],
    avila: ['Pinheiro-Ávila'],
    eclair: ['Größmann'],
    'e\u0301clair': ['Größmann'],
    ИВАН: ['Петров'],
    петр: ['Петров'],
  });

  finds('finds substrings of three letters and more, anywhere in a word', {
    ander: ['Santander'],
    ssm: ['Größmann'],
    tan: ['Santander'],
    電力: [],
    東京電: ['Петров'],
    neil: ["O'Neil"],
  });

  finds('finds only the beginnings of words by fewer letters', {
    an: ['Santander', 'An'],
    AN: ['Santander', 'An'],
    sa: ['Santander'],
    nt: [],
    de: [],
    ne: ["O'Neil", 'Größmann'],
    av: ['Pinheiro-Ávila'],
    j: ['An'],
    東京: ['Петров'],
    ex: ['Größmann', 'Santander', 'An', '100%'],
  });

  finds('wants every word, in any order', {
    'anna santander': ['Santander'],
    'santander  anna': ['Santander'],
    'anna größmann': [],
    'zoe éclair strassen': ['Größmann'],
    'an jo': ['An'],
  });

  finds('finds by parts of an e-mail address', {
    'anna@': ['Santander'],
    'zoe.g+news': ['Größmann'],
    '@mail.ex': ['Größmann'],
    news: ['Größmann'],
    'ANNA@EXAMPLE.TEST': ['Santander'],
  });

  finds('finds a phone number however it is typed', {
    '030 1234567': ['Größmann'],
    '0301234567': ['Größmann'],
    '030/123 45-67': ['Größmann'],
    '(030) 1234567': ['Größmann'],
    '+49 30 1234567': ['Größmann'],
    '+49 (0)30 1234567': ['Größmann'],
    '+49 (30) 1234567': ['Größmann'],
    '0049301234567': ['Größmann'],
    '4930123': ['Größmann'],
    '34567': ['Größmann'],
    '212-555-0199': ['Santander'],
    '+1 (212) 555-0199': ['Santander'],
    '5550199': ['Santander'],
    '12345': ['Größmann', 'Pinheiro-Ávila'],
    '9999': [],
  });

  finds('takes signs that mean something to a database as they stand', {
    '100%': ['100%'],
    '%': [],
    '%%%': [],
    'p%q': ['100%'],
    'a%a': [],
    j_o: ['An'],
    _: [],
    ___: [],
    z_e: [],
    '\\': [],
    'back\\slash': ["O'Neil"],
    '\\\\\\': [],
    "o'neil": ["O'Neil"],
    "'; drop table contacts; --": [],
    "''": [],
    $1: [],
  });

  finds('for nothing but space is no search', {
    '   ': ['Größmann', 'Santander', 'An', '100%', "O'Neil", 'Đorđević', 'Петров', 'Pinheiro-Ávila'],
  });

  test('finds a contact by the present name of its company', async () => {
    const made = await ours.client.contacts.create({ firstname: 'Follower', company: 'Oldname Works' });
    assert.deepEqual(await found('oldname'), ['Follower']);
    await ours.client.companies.update(made.company_id!, { name: 'Newname Works' });
    assert.deepEqual(await found('oldname'), []);
    assert.deepEqual(await found('newname'), ['Follower']);
    await ours.client.companies.remove(made.company_id!);
    assert.deepEqual(await found('newname'), []);
    await ours.client.companies.restore(made.company_id!);
    assert.deepEqual(await found('newname'), ['Follower']);
  });

  test('finds what a change brought and forgets what it took', async () => {
    const made = await ours.client.contacts.create({
      firstname: 'Before',
      email: 'before@changes.test',
      phone_number: '+4930777111',
    });
    await ours.client.contacts.update(made.id, { firstname: 'After', email: null, phone_number: '+4930777222' });
    assert.deepEqual(
      [await found('before'), await found('777111'), await found('after'), await found('777222')],
      [[], [], ['After'], ['After']],
    );
    await ours.client.contacts.remove(made.id);
    assert.deepEqual(await found('after'), []);
  });

  test('finds nothing by signs that fold to nothing', async () => {
    for (const sign of ['\u0301', '\u0085', '\u034f', '\u0301\u0308'])
      assert.deepEqual(await found(sign), [], JSON.stringify(sign));
  });

  test('looks for digits as they stand as well as for the number they may be', async () => {
    await ours.client.companies.create({ name: '24/7 Service' });
    const { data } = await ours.client.companies.list({ search: '24/7' });
    assert.deepEqual(
      data.map(({ name }) => name),
      ['24/7 Service'],
    );
    assert.deepEqual(await found('000'), []);
  });

  test('wants every word found, however many they are', async () => {
    const words = 'zoe grossmann example mail test news strassenbau eclair';
    assert.equal((await found(words)).length, 1);
    assert.deepEqual(await found(`${words} nowhere`), []);
  });

  test('goes together with filters and sorts', async () => {
    const list = await ours.client.contacts.list({ search: 'example', type: ['lead'], sort_by: 'email', sort_order: 'asc' });
    assert.deepEqual(
      list.data.map(({ email }) => email),
      ['anna@example.test', 'j_o@example.test', 'percent@example.test', 'zoe.g+news@mail.example.test'],
    );
    assert.equal(list.pagination.total, 4);
    assert.equal((await ours.client.contacts.list({ search: 'example', type: ['client'] })).pagination.total, 0);
  });

  test('finds companies by name and website', async () => {
    const names = async (search: string) => (await ours.client.companies.list({ search })).data.map(({ name }) => name);
    for (const term of ['solar', 'SOHNE', 'söhne', 'soehne.example', 'kontakt', 'so', 'solar &', 'www'])
      assert.deepEqual(await names(term), ['Solar & Söhne'], term);
    for (const term of ['hne x', 'ol', 'zzz']) assert.deepEqual(await names(term), [], term);
  });

  test('finds nothing of another workspace', async () => {
    const theirs = await server.newWorkspace();
    assert.equal((await theirs.client.contacts.list({ search: 'anna' })).pagination.total, 0);
    assert.equal((await theirs.client.companies.list({ search: 'solar' })).pagination.total, 0);
  });
});

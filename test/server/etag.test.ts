import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { bearing, json } from '../support/calls.ts';
import { newServer, type TestServer, type TestWorkspace } from '../support/server.ts';

let server: TestServer;
let ours: TestWorkspace;

before(async () => {
  server = await newServer();
  ours = await server.newWorkspace();
});

const read = (path: string, headers: Record<string, string> = {}) =>
  server.fetch(`/api/v2${path}`, { headers: { ...bearing(ours.owner.token), ...headers } });
const change = (path: string, body: object, headers: Record<string, string> = {}, token = ours.owner.token) =>
  server.fetch(`/api/v2${path}`, json('PATCH', body, { ...bearing(token), ...headers }));
const etagOf = (response: Response) => response.headers.get('ETag')!;
const newContact = () => ours.client.contacts.create({ firstname: 'Ada' });

describe('an answer', () => {
  test('that is known already is not sent again', async () => {
    const { id } = await newContact();
    for (const path of [`/contacts/${id}`, '/contacts', '/workspace', '/members', '/auth/me', '/companies', '/audit-log']) {
      const first = await read(path);
      assert.equal(first.status, 200, path);
      assert.equal(first.headers.get('Cache-Control'), 'private, no-cache', path);
      const again = await read(path, { 'If-None-Match': etagOf(first) });
      assert.equal(again.status, 304, path);
      assert.equal(await again.text(), '', path);
      assert.equal(etagOf(again), etagOf(first), path);
      assert.equal(again.headers.get('Cache-Control'), 'private, no-cache', path);
    }
  });

  test('is recognised among several, weak or strong, and by a star', async () => {
    const { id } = await newContact();
    const etag = etagOf(await read(`/contacts/${id}`));
    for (const known of [`"x", ${etag}`, `W/${etag}`, `"x",W/${etag} , "y"`, '*']) {
      assert.equal((await read(`/contacts/${id}`, { 'If-None-Match': known })).status, 304, known);
    }
    for (const unknown of ['"x"', etag.replaceAll('"', ''), `${etag.slice(0, -2)}"`, '', '"1"']) {
      assert.equal((await read(`/contacts/${id}`, { 'If-None-Match': unknown })).status, 200, unknown);
    }
  });

  test('has another ETag once anything in it is other, also what changes without the version', async () => {
    const company = await ours.client.companies.create({ name: 'Before' });
    const { id } = await ours.client.contacts.create({ firstname: 'Ada', company_id: company.id });
    const seen = new Set<string>();
    const look = async () => {
      const response = await read(`/contacts/${id}`);
      const { data } = (await response.json()) as any;
      assert.ok(etagOf(response).startsWith(`"${data.version}-`), 'it begins with the version, which If-Match compares');
      assert.ok(!seen.has(etagOf(response)));
      seen.add(etagOf(response));
      return data.version;
    };
    assert.equal(await look(), 1);
    await ours.client.contacts.assign(id, { user_id: ours.member.userId });
    assert.equal(await look(), 1, 'an assignment stands in the answer, not in the version');
    await ours.client.companies.update(company.id, { name: 'After' });
    assert.equal(await look(), 1);
    await ours.client.contacts.update(id, { notes: 'x' });
    assert.equal(await look(), 2);

    const before = etagOf(await read(`/companies/${company.id}`));
    await ours.client.contacts.create({ firstname: 'B', company_id: company.id });
    const after = await read(`/companies/${company.id}`, { 'If-None-Match': before });
    assert.equal(after.status, 200, 'the number of its contacts is part of it');
  });

  test('of a list has another ETag once a row, the total or the place is other', async () => {
    const list = async (query = '') => etagOf(await read(`/contacts${query}`));
    const { id } = await newContact();
    const etags = [await list(), await list('?page_size=1'), await list('?page_size=1&page=2')];
    await ours.client.contacts.update(id, { notes: 'y' });
    etags.push(await list());
    await newContact();
    etags.push(await list(), await list('?page_size=1'));
    assert.equal(new Set(etags).size, etags.length);
  });

  test('to a change carries the ETag that reading gives', async () => {
    const made = await server.fetch('/api/v2/contacts', json('POST', { firstname: 'Ada' }, bearing(ours.owner.token)));
    const { data } = (await made.json()) as any;
    assert.equal(etagOf(made), etagOf(await read(`/contacts/${data.id}`)));
    const changed = await change(`/contacts/${data.id}`, { notes: 'z' });
    assert.equal(etagOf(changed), etagOf(await read(`/contacts/${data.id}`)));
    assert.notEqual(etagOf(changed), etagOf(made));
  });

  test('that refuses carries none', async () => {
    const refused = await read('/contacts/unknown', { 'If-None-Match': '*' });
    assert.equal(refused.status, 404);
    assert.equal(refused.headers.get('ETag'), null);
  });
});

describe('If-Match', () => {
  test('lets a change through from the version that the record has, in any of its forms', async () => {
    const { id } = await newContact();
    const forms = [
      (version: number) => `"${version}"`,
      (version: number) => `${version}`,
      (version: number) => `W/"${version}"`,
      () => '*',
    ];
    for (const [index, form] of forms.entries()) {
      const response = await change(`/contacts/${id}`, { notes: `${index}` }, { 'If-Match': form(index + 1) });
      assert.equal(response.status, 200, form(index + 1));
    }
    const whole = etagOf(await read(`/contacts/${id}`));
    await ours.client.contacts.assign(id, { user_id: ours.member.userId });
    assert.equal(
      (await change(`/contacts/${id}`, { notes: 'whole' }, { 'If-Match': whole })).status,
      200,
      'of an ETag the version counts alone',
    );
  });

  test('answers 412 with the record as it is now, and changes nothing', async () => {
    const { id } = await newContact();
    await ours.client.contacts.update(id, { notes: 'current' });
    for (const wrong of [
      '"1"',
      '"3"',
      '"1-abc"',
      '"abc"',
      '"',
      '',
      '""',
      '"2x"',
      '"-2"',
      '"02.0"',
      '"99999999999999999999"',
      '2 ; drop',
    ]) {
      const response = await change(`/contacts/${id}`, { notes: 'stale' }, { 'If-Match': wrong });
      assert.equal(response.status, 412, wrong);
      const body = (await response.json()) as any;
      assert.equal(body.code, 'VERSION_MISMATCH');
      assert.deepEqual(body.current, await ours.client.contacts.get(id), wrong);
    }
    assert.partialDeepStrictEqual(await ours.client.contacts.get(id), { notes: 'current', version: 2 });
  });

  test('counts for every kind of record and every change of it', async () => {
    const company = await ours.client.companies.create({ name: 'Versioned' });
    const contact = await newContact();
    const [member] = (await ours.client.members.list({ role: ['viewer'] })).data;
    const stale = { 'If-Match': '"77"', ...bearing(ours.owner.token) };
    for (const [method, path, body] of [
      ['PATCH', `/companies/${company.id}`, { city: 'X' }],
      ['PUT', `/companies/${company.id}`, { city: 'X' }],
      ['DELETE', `/companies/${company.id}`, undefined],
      ['DELETE', `/contacts/${contact.id}`, undefined],
      ['POST', `/contacts/${contact.id}/assignments`, { user_id: ours.member.userId }],
      ['PATCH', `/members/${member!.id}`, { role: 'member' }],
      ['DELETE', `/members/${member!.id}`, undefined],
      ['PATCH', '/workspace', { locale: 'fr' }],
    ] as const) {
      const response = await server.fetch(`/api/v2${path}`, body ? json(method, body, stale) : { method, headers: stale });
      assert.equal(response.status, 412, `${method} ${path}`);
      assert.equal(typeof ((await response.json()) as any).current.version, 'number', `${method} ${path}`);
    }
    assert.equal((await ours.client.companies.get(company.id)).version, 1);
    assert.deepEqual((await ours.client.contacts.get(contact.id)).assignments, []);
    assert.equal((await ours.client.members.get(member!.id)).role, 'viewer');
  });

  test('lets one of a hundred at once through, and tells the others', async () => {
    const { id } = await newContact();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => change(`/contacts/${id}`, { notes: `by ${index}` }, { 'If-Match': '"1"' })),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ status }) => status === 412).length, 99);
    const winner = answers.findIndex(({ status }) => status === 200);
    assert.partialDeepStrictEqual(await ours.client.contacts.get(id), { notes: `by ${winner}`, version: 2 });
  });

  test('is needed where the workspace demands it', async () => {
    const at = await server.newWorkspace();
    const [contact, company] = [
      await at.client.contacts.create({ firstname: 'A' }),
      await at.client.companies.create({ name: 'A' }),
    ];
    await at.client.workspace.update({ policies: { require_if_match: true } });
    const headers = bearing(at.owner.token);
    for (const [method, path, body] of [
      ['PATCH', `/contacts/${contact.id}`, { notes: 'x' }],
      ['DELETE', `/contacts/${contact.id}`, undefined],
      ['PUT', `/companies/${company.id}`, { city: 'X' }],
      ['PATCH', '/workspace', { locale: 'fr' }],
    ] as const) {
      const response = await server.fetch(`/api/v2${path}`, body ? json(method, body, headers) : { method, headers });
      assert.equal(response.status, 428, `${method} ${path}`);
      const { code, error } = (await response.json()) as any;
      assert.equal(code, 'VERSION_REQUIRED');
      assert.match(error, /If-Match/);
    }
    assert.equal((await at.client.contacts.get(contact.id)).notes, null);

    assert.equal((await at.client.contacts.update(contact.id, { notes: 'x' }, { ifMatch: 1 })).version, 2);
    assert.equal((await at.client.contacts.create({ firstname: 'B' })).version, 1, 'what is new has no version to name');
    assert.equal((await change(`/companies/${company.id}`, { city: 'X' }, { 'If-Match': '*' }, at.owner.token)).status, 200);
    await at.client.workspace.update({ policies: { require_if_match: false } }, { ifMatch: 2 });
    assert.equal((await at.client.contacts.update(contact.id, { notes: 'y' })).version, 3);
  });
});

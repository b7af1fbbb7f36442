import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { bearing, json } from '../support/calls.ts';
import { newServer, PASSWORD, type TestMember, type TestServer, type TestWorkspace } from '../support/server.ts';

describe('a POST with an Idempotency-Key', () => {
  let server: TestServer;
  let ours: TestWorkspace;

  before(async () => {
    server = await newServer();
    ours = await server.newWorkspace();
  });

  const post = (
    key: string,
    body: object,
    { by = ours.owner, path = '/contacts', on = server }: { by?: TestMember; path?: string; on?: TestServer } = {},
  ) => on.fetch(`/api/v2${path}`, json('POST', body, { ...bearing(by.token), 'Idempotency-Key': key }));
  const codeOf = async (response: Response) => ((await response.json()) as any).code;
  const named = async (firstname: string) => (await ours.client.contacts.list({ search: firstname })).pagination.total;
  const newName = () => `N${randomUUID().replaceAll('-', '')}`;
  const replayed = ({ headers }: Response) => headers.get('Idempotent-Replayed');

  test('is answered a second time as it was the first, byte for byte, and does nothing more', async () => {
    const key = randomUUID();
    const body = { firstname: newName(), notes: 'Größe 🌞' };
    const first = await post(key, body);
    assert.equal(first.status, 201);
    assert.equal(replayed(first), null);
    const text = await first.text();
    await ours.client.contacts.update(JSON.parse(text).data.id, { notes: 'changed since' });

    server.later(60_000);
    const again = await post(key, body);
    assert.equal(again.status, 201);
    assert.equal(replayed(again), 'true');
    assert.equal(await again.text(), text);
    assert.equal(again.headers.get('ETag'), first.headers.get('ETag'));
    assert.equal(again.headers.get('Content-Type'), first.headers.get('Content-Type'));
    assert.equal(await named(body.firstname), 1);
  });

  test('is answered alike by another process', async () => {
    const elsewhere = await newServer({ database: server.database });
    const key = randomUUID();
    const body = { firstname: newName() };
    const text = await (await post(key, body)).text();
    const again = await post(key, body, { on: elsewhere });
    assert.equal(await again.text(), text);
    assert.equal(replayed(again), 'true');
  });

  test('is refused where the key was used for another call', async () => {
    const key = randomUUID();
    const firstname = newName();
    await post(key, { firstname });
    const company = await ours.client.companies.create({ name: newName() });
    await ours.client.companies.remove(company.id);
    for (const other of [
      post(key, { firstname, notes: 'more' }),
      post(key, { firstname }, { path: '/contacts?x=1' }),
      post(key, { name: firstname }, { path: '/companies' }),
      post(key, {}, { path: `/companies/${company.id}/restore` }),
    ]) {
      const response = await other;
      assert.equal(response.status, 422);
      assert.equal(await codeOf(response), 'IDEMPOTENCY_MISMATCH');
    }
    assert.equal(await named(firstname), 1);
    assert.equal((await ours.client.companies.list({ search: firstname })).pagination.total, 0);
    await assert.rejects(ours.client.companies.get(company.id), { code: 'NOT_FOUND' });
  });

  test("leaves the same key free for another member, and for another workspace's", async () => {
    const theirs = await server.newWorkspace();
    const key = randomUUID();
    const body = { firstname: newName() };
    const answers = [
      await post(key, body),
      await post(key, body, { by: ours.admin }),
      await post(key, body, { by: theirs.owner }),
    ];
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as any).data.id));
    assert.equal(new Set(ids).size, 3);
    assert.deepEqual(answers.map(replayed), [null, null, null]);
    assert.equal(await named(body.firstname), 2);
  });

  test('leaves the same key free for the same person in another workspace', async () => {
    const theirs = await server.newWorkspace();
    await theirs.client.members.invite({ email: ours.member.email, role: 'member' });
    await server.app.worker.runDue();
    const token = /invitation\/(\S+)/.exec(server.mails.at(-1)!.text)![1]!;
    const there = await server.visitor.members.acceptInvitation(token, { password: PASSWORD });
    const key = randomUUID();
    const body = { firstname: newName() };
    const first = await post(key, body, { by: ours.member });
    const second = await post(key, body, { by: { ...ours.member, token: there.access_token } });
    assert.equal(second.status, 201);
    assert.equal(replayed(second), null);
    assert.notEqual(((await first.json()) as any).data.id, ((await second.json()) as any).data.id);
  });

  test('has one effect and one answer, also when twenty come at once', async () => {
    const key = randomUUID();
    const body = { firstname: newName(), company: newName() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(key, body)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    assert.equal(new Set(await Promise.all(answers.map((answer) => answer.text()))).size, 1);
    assert.equal(answers.filter((answer) => replayed(answer) === null).length, 1);
    assert.equal(await named(body.firstname), 1);
  });

  test('is remembered for twenty-four hours', async () => {
    const key = randomUUID();
    const body = { firstname: newName() };
    const age = (interval: string) =>
      server.database.asOwner(`update idempotency_keys set created_at = created_at - interval '${interval}' where key = $1`, [
        key,
      ]);
    await post(key, body);
    await age('23 hours 59 minutes');
    assert.equal(replayed(await post(key, body)), 'true');
    assert.equal(await named(body.firstname), 1);
    await age('1 minute');
    const anew = await post(key, { ...body, notes: 'another call by now' });
    assert.equal(anew.status, 201);
    assert.equal(replayed(anew), null);
    assert.equal(await named(body.firstname), 2);
    assert.equal(
      replayed(await post(key, { ...body, notes: 'another call by now' })),
      'true',
      'from then on it is remembered anew',
    );
  });

  test('that failed is not remembered, and may be tried again with the same key', async () => {
    const key = randomUUID();
    const email = `${newName()}@example.test`;
    const inTheWay = await ours.client.contacts.create({ email });
    assert.equal((await post(key, { email })).status, 409);
    assert.equal((await post(key, { email: 'nonsense' })).status, 400);
    assert.equal((await post(key, { email }, { by: ours.viewer })).status, 403);
    const kept = await server.database.asOwner('select key from idempotency_keys where key = $1', [key]);
    assert.deepEqual(kept, []);

    await ours.client.contacts.remove(inTheWay.id);
    const made = await post(key, { email });
    assert.equal(made.status, 201);
    assert.equal(replayed(made), null);
  });

  test('is answered only as long as the caller may make the call', async () => {
    const at = await server.newWorkspace();
    const key = randomUUID();
    const body = { firstname: newName() };
    assert.equal((await post(key, body, { by: at.member })).status, 201);
    const { id } = (await at.client.members.list({ role: ['member'] })).data[0]!;
    await at.client.members.update(id, { role: 'viewer' });
    assert.equal((await post(key, body, { by: at.member })).status, 403);
  });

  test('counts for every POST that has an effect of its own', async () => {
    const contact = await ours.client.contacts.create({ firstname: newName() });
    await ours.client.contacts.remove(contact.id);
    for (const [path, body] of [
      [`/contacts/${contact.id}/restore`, {}],
      [`/contacts/${contact.id}/assignments`, { user_id: ours.member.userId }],
      ['/companies', { name: newName() }],
      ['/workspace/transfer', { user_id: ours.owner.userId }],
    ] as const) {
      const key = randomUUID();
      const first = await post(key, body, { path });
      assert.ok(first.ok, path);
      const again = await post(key, body, { path });
      assert.equal(replayed(again), 'true', path);
      assert.equal(await again.text(), await first.text(), path);
    }
  });

  test('whose answer holds a secret is not stored: the repeat is a conflict', async () => {
    const open = await newServer({ database: server.database, signUp: 'open' });
    const key = randomUUID();
    const person = { name: 'Once', email: `${newName()}@example.test`, password: 'a long password', workspace: 'Once' };
    const signUp = () => open.fetch('/api/v2/auth/sign-up', json('POST', person, { 'Idempotency-Key': key }));
    assert.equal((await signUp()).status, 201);
    assert.equal((await signUp()).status, 409);

    const email = `${newName()}@example.test`;
    await ours.client.members.invite({ email, role: 'viewer' });
    await server.app.worker.runDue();
    const token = /invitation\/(\S+)/.exec(server.mails.at(-1)!.text)![1]!;
    const accept = () =>
      server.fetch(
        `/api/v2/invitations/${token}/accept`,
        json('POST', { name: 'Once', password: 'a long password' }, { 'Idempotency-Key': key }),
      );
    const session = ((await (await accept()).json()) as any).data;
    assert.equal((await accept()).status, 409);
    const stored = JSON.stringify(await server.database.asOwner('select * from idempotency_keys'));
    assert.ok(!stored.includes(session.access_token) && !stored.includes(session.refresh_token));
  });

  test('needs a key of visible ASCII characters, at most 255', async () => {
    const body = { firstname: newName() };
    for (const wrong of ['', 'a key', 'clé', 'x'.repeat(256)]) {
      const response = await post(wrong, body);
      assert.equal(response.status, 400, wrong);
      assert.equal(await codeOf(response), 'VALIDATION_ERROR', wrong);
    }
    assert.equal(await named(body.firstname), 0);
    for (const right of ['x'.repeat(255), '~!@#$%^&*()_+"\'\\'])
      assert.equal((await post(right, { firstname: newName() })).status, 201, right);
  });

  test('and one without are two calls', async () => {
    const body = { firstname: newName() };
    const once = () => server.fetch('/api/v2/contacts', json('POST', body, bearing(ours.owner.token)));
    await Promise.all([once(), once(), post(randomUUID(), body)]);
    assert.equal(await named(body.firstname), 3);
  });
});

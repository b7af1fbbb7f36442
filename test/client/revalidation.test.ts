import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clientOver } from '../../src/client/client.ts';
import { ConnectionError, createClient } from '../../src/client/index.ts';
import { createTransport } from '../../src/client/transport.ts';
import { data, page, refusal, rejectionOf, revalidated, ScriptedServer, text } from './scripted-server.ts';
import { tokenSource } from './tokens.ts';

describe('an answer with an ETag', () => {
  test('is asked for again only if it changed', async (test) => {
    const server = await ScriptedServer.start(test, revalidated('"one"', { id: '1' }));
    const client = createClient({ baseUrl: server.origin });

    assert.deepEqual(await client.contacts.get('1'), { id: '1' });
    assert.deepEqual(await client.contacts.get('1'), { id: '1' });
    server.react(revalidated('"two"', { id: '1', notes: 'called' }));
    assert.deepEqual(await client.contacts.get('1'), { id: '1', notes: 'called' });
    assert.deepEqual(await client.contacts.get('1'), { id: '1', notes: 'called' });

    assert.deepEqual(server.sent('if-none-match'), [undefined, '"one"', '"one"', '"two"']);
  });

  test('is no condition for a change at the same address', async (test) => {
    const server = await ScriptedServer.start(test, data({}, { ETag: '"one"' }));
    const client = createClient({ baseUrl: server.origin });

    await client.workspace.get();
    await client.workspace.update({ name: 'Acme' });

    assert.equal(server.last.headers['if-none-match'], undefined);
  });

  test('is kept by its whole address, lists with their pagination', async (test) => {
    const server = await ScriptedServer.start(test, page([1], 'next', { ETag: '"one"' }), text(304, ''), page([2]));
    const client = createClient({ baseUrl: server.origin });

    const first = await client.contacts.list({ page: 1 });
    assert.deepEqual(await client.contacts.list({ page: 1 }), first);
    await client.contacts.list({ page: 2 });

    assert.deepEqual(server.sent('if-none-match'), [undefined, '"one"', undefined]);
  });

  test('is given to every caller as a copy of their own', async (test) => {
    const server = await ScriptedServer.start(test, revalidated('"one"', { tags: ['vip'] }));
    const client = createClient({ baseUrl: server.origin });

    for (let reading = 0; reading < 3; reading++) {
      const contact = await client.contacts.get('1');
      assert.deepEqual(contact, { tags: ['vip'] });
      contact.tags.push('spoilt');
    }
  });

  test('makes room for newer ones beyond a hundred, the one longest unused first', async (test) => {
    const server = await ScriptedServer.start(test, data({}, { ETag: '"one"' }));
    const client = createClient({ baseUrl: server.origin });
    const isKept = async (id: string) => {
      await client.contacts.get(id);
      return server.last.headers['if-none-match'] !== undefined;
    };

    for (let id = 1; id <= 100; id++) assert.equal(await isKept(`${id}`), false);
    assert.equal(await isKept('1'), true);
    assert.equal(await isKept('101'), false);
    assert.equal(await isKept('1'), true);
    assert.equal(await isKept('3'), true);
    assert.equal(await isKept('2'), false);
  });

  test('is not kept where it could not be read, was refused, or answers a change', async (test) => {
    const etag = { ETag: '"one"' };
    const server = await ScriptedServer.start(
      test,
      text(200, '{"success":true,"da', etag),
      refusal(404, 'NOT_FOUND', {}, etag),
      data({}, etag),
      data({}),
    );
    const unhurried = { random: Math.random, pause: async () => {} };
    const client = clientOver(createTransport({ baseUrl: server.origin }, unhurried));

    await rejectionOf(client.workspace.get());
    await client.workspace.update({});
    await client.workspace.get();

    assert.deepEqual(server.sent('if-none-match'), Array(4).fill(undefined));
  });

  test('that the client does not keep is a ConnectionError where the API says only that it did not change', async (test) => {
    const server = await ScriptedServer.start(test, text(304, ''));
    const unhurried = { random: Math.random, pause: async () => {} };
    const client = clientOver(createTransport({ baseUrl: server.origin }, unhurried));

    assert.ok((await rejectionOf(client.workspace.get({ headers: { 'If-None-Match': '"mine"' } }))) instanceof ConnectionError);
  });
});

describe('kept answers', () => {
  test('are dropped by forgetting, and an answer that comes later reaches nobody', async (test) => {
    const server = await ScriptedServer.start(test);
    const client = createClient({ baseUrl: server.origin, getToken: tokenSource().getToken });
    const etag = { ETag: '"one"' };
    server.react(
      data({}, etag),
      (response, arrival) => {
        client.forget();
        return data({ id: 'late' }, etag)(response, arrival);
      },
      data({}),
    );

    await client.contacts.get('1');
    assert.equal(((await rejectionOf(client.contacts.get('2'))) as Error).name, 'AbortError');
    await client.contacts.get('1');
    await client.contacts.get('2');

    assert.deepEqual(server.sent('if-none-match'), Array(4).fill(undefined));
  });

  test('outlive the token of the same user and workspace, and go with those of another', async (test) => {
    const server = await ScriptedServer.start(test, data({}, { ETag: '"one"' }));
    const source = tokenSource({ life: 0 });
    const client = createClient({ baseUrl: server.origin, getToken: source.getToken });

    await client.contacts.get('1');
    await client.contacts.get('1');
    source.ws = 'other workspace';
    await client.contacts.get('1');
    source.sub = 'ben';
    await client.contacts.get('1');
    await client.contacts.get('1');

    assert.equal(source.given.length, 5);
    assert.deepEqual(server.sent('if-none-match'), [undefined, '"one"', undefined, undefined, '"one"']);
  });
});

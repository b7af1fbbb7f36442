import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { clientOver } from '../../src/client/client.ts';
import { createClient } from '../../src/client/index.ts';
import { createTransport } from '../../src/client/transport.ts';
import { cutOff, refusal, rejectionOf, reset, ScriptedServer, text } from './scripted-server.ts';

const SECRET = 'planted-secret';
const unhurried = { random: Math.random, pause: async () => {} };

/** Everything that a log of an error, its causes and its hidden properties could show. */
const laidOpen = (value: unknown) => inspect(value, { depth: Infinity, showHidden: true });

test('a token stands in the Authorization header and nowhere else', async (test) => {
  const lines: unknown[] = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    test.mock.method(console, method, (...line: unknown[]) => lines.push(line));
  }
  for (const reaction of [reset, cutOff, text(502, `Bearer ${SECRET}`), refusal(401, 'UNAUTHORIZED'), refusal(500, 'INTERNAL')]) {
    const server = await ScriptedServer.start(test, reaction);
    const heard: unknown[] = [];
    const client = clientOver(
      createTransport(
        { baseUrl: server.origin, getToken: async () => SECRET, onUnauthorized: (error) => heard.push(error) },
        unhurried,
      ),
    );

    const error = await rejectionOf(client.contacts.create({ email: 'a@example.com' }));

    assert.equal(server.last.headers.authorization, `Bearer ${SECRET}`);
    const { authorization: _, ...headers } = server.last.headers;
    for (const shown of [error, heard, client, lines, server.last.url, server.last.body, headers]) {
      assert.ok(!laidOpen(shown).includes(SECRET), laidOpen(shown));
    }
  }
});

test('a token that no header can carry is refused without being quoted', async () => {
  for (const token of [`${SECRET}\nX-Evil: 1`, `${SECRET} two`, `${SECRET}ü`]) {
    const client = createClient({ baseUrl: 'https://crm.example.com', token, fetch: () => assert.fail('sent') });
    const error = await rejectionOf(client.contacts.get('1'));

    assert.ok(error instanceof TypeError);
    assert.ok(!laidOpen(error).includes(SECRET), laidOpen(error));
  }
});

test('an unreadable answer to a sign-in is not quoted', async (test) => {
  for (const answer of [`{"success":true,"data":{"access_token":"${SECRET}`, `{"access_token":${SECRET}}`, SECRET]) {
    const server = await ScriptedServer.start(test, text(200, answer));
    const client = clientOver(createTransport({ baseUrl: server.origin }, unhurried));
    const error = await rejectionOf(client.auth.signIn({ email: 'a@example.com', password: SECRET }));

    assert.ok(!laidOpen(error).includes(SECRET), laidOpen(error));
  }
});

test('a base address that is none is named as the fault, and the address of the call is not quoted', async () => {
  for (const baseUrl of ['', 'crm.example.com', 'https://user:password@crm.example.com']) {
    const client = createClient({ baseUrl, fetch: () => assert.fail('sent') });
    const error = await rejectionOf(client.members.acceptInvitation(SECRET, {}));

    assert.ok(error instanceof TypeError);
    assert.match(error.message, /^baseUrl must be an origin/);
    assert.ok(!laidOpen(error).includes(SECRET), laidOpen(error));
  }
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiError, ConnectionError, createClient } from '../../src/client/index.ts';
import { clientOver } from '../../src/client/client.ts';
import { createTransport } from '../../src/client/transport.ts';
import { wait as pauseOfTheClient } from '../../src/client/abort.ts';
import { cutOff, refusal, rejectionOf, reset, ScriptedServer, silence, text } from './scripted-server.ts';

const patient = { random: Math.random, pause: async () => {} };

describe('a refusal', () => {
  test('carries everything the API said', async (test) => {
    const issues = [{ path: 'email', code: 'not_email', params: {}, message: 'Email must be an e-mail address.' }];
    const details = { email: 'Email must be an e-mail address.' };
    const server = await ScriptedServer.start(
      test,
      refusal(400, 'VALIDATION_ERROR', { details, issues }),
      refusal(409, 'DUPLICATE', { existing_id: 'other' }),
      refusal(409, 'CONFLICT', { allowed: ['confirmed', 'reschedule'] }),
      refusal(412, 'VERSION_MISMATCH', { current: { version: 3 } }),
      refusal(429, 'RATE_LIMITED', {}, { 'Retry-After': '900' }),
    );
    const client = createClient({ baseUrl: server.origin });
    const failure = () => rejectionOf(client.contacts.update('1', {})) as Promise<ApiError>;

    const invalid = await failure();
    assert.ok(invalid instanceof ApiError);
    assert.equal(String(invalid), 'ApiError: Refused with VALIDATION_ERROR.');
    assert.deepEqual(
      { ...invalid, name: undefined },
      {
        name: undefined,
        status: 400,
        code: 'VALIDATION_ERROR',
        details,
        issues,
        requestId: 'request-1',
        retryAfter: undefined,
        existingId: undefined,
        allowed: undefined,
        current: undefined,
      },
    );
    assert.partialDeepStrictEqual({ ...(await failure()) }, { code: 'DUPLICATE', existingId: 'other', details: {}, issues: [] });
    assert.partialDeepStrictEqual({ ...(await failure()) }, { code: 'CONFLICT', allowed: ['confirmed', 'reschedule'] });
    assert.partialDeepStrictEqual({ ...(await failure()) }, { code: 'VERSION_MISMATCH', current: { version: 3 } });
    assert.partialDeepStrictEqual({ ...(await failure()) }, { code: 'RATE_LIMITED', retryAfter: 900 });
  });
});

describe('no usable answer is a ConnectionError', () => {
  const failureOf = async (baseUrl: string) => {
    const client = clientOver(createTransport({ baseUrl }, patient));
    const error = await rejectionOf(client.contacts.get('1'));
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.name, 'ConnectionError');
    return error;
  };

  test('with its cause where the connection breaks, before the answer or in the middle of it', async (test) => {
    for (const reaction of [reset, cutOff]) {
      const server = await ScriptedServer.start(test, reaction);
      assert.ok((await failureOf(server.origin)).cause instanceof Error);
    }
  });

  test('where nobody listens', async (test) => {
    const server = await ScriptedServer.start(test);
    await server.close();

    assert.ok((await failureOf(server.origin)).cause instanceof Error);
  });

  test('where the answer is not the JSON of this API, whatever its status', async (test) => {
    const answers = [
      '<h1>Sign in to the Wi-Fi</h1>',
      '{"success":true,"data":{"token":"sec',
      'null',
      '{"error":"other API"}',
      '',
    ];
    for (const status of [200, 404, 502]) {
      for (const answer of answers) {
        const server = await ScriptedServer.start(test, text(status, answer));
        assert.match((await failureOf(server.origin)).message, new RegExp(String(status)), answer);
      }
    }
  });
});

describe('an abort', () => {
  test('rejects with the reason of the signal, untouched, wherever the call stands', async (test) => {
    const reason = { any: 'value' };
    const isReason = (error: unknown) => error === reason;
    const silent = await ScriptedServer.start(test, silence);
    const busy = await ScriptedServer.start(test, refusal(503, 'UNAVAILABLE', {}, { 'Retry-After': '60' }));
    const never = () => new Promise<never>(() => {});

    const whileAnswering = new AbortController();
    silent.react(() => whileAnswering.abort(reason));
    await assert.rejects(createClient({ baseUrl: silent.origin }).contacts.get('1', { signal: whileAnswering.signal }), isReason);

    const whileWaiting = new AbortController();
    const impatient = clientOver(
      createTransport(
        { baseUrl: busy.origin },
        {
          random: Math.random,
          pause: (milliseconds, signal) => {
            queueMicrotask(() => whileWaiting.abort(reason));
            return pauseOfTheClient(milliseconds, signal);
          },
        },
      ),
    );
    await assert.rejects(impatient.contacts.get('1', { signal: whileWaiting.signal }), isReason);

    const whileAskingForToken = new AbortController();
    const asking = createClient({ baseUrl: silent.origin, getToken: never }).contacts.get('1', {
      signal: whileAskingForToken.signal,
    });
    whileAskingForToken.abort(reason);
    await assert.rejects(asking, isReason);
  });

  test('before the call leaves no trace: no token, no request', async () => {
    const asked: string[] = [];
    const client = createClient({
      baseUrl: 'https://crm.example.com',
      getToken: async () => `${asked.push('token')}`,
      fetch: () => {
        asked.push('answer');
        return Response.json({ success: true, data: {} });
      },
    });
    const signal = AbortSignal.abort('early');

    await assert.rejects(client.contacts.create({ name: 'Anna' }, { signal }), (error) => error === 'early');
    await assert.rejects(client.auth.refresh({}, { signal }), (error) => error === 'early');
    await assert.rejects(pauseOfTheClient(60_000, signal), (error) => error === 'early');
    assert.deepEqual(asked, []);
  });

  test('is told apart from a failure also where nothing would be tried again', async (test) => {
    const controller = new AbortController();
    const server = await ScriptedServer.start(test, () => controller.abort('enough'));
    const client = createClient({ baseUrl: server.origin });

    await assert.rejects(client.contacts.update('1', {}, { signal: controller.signal }), (error) => error === 'enough');
  });

  test('counts as well where a fetch of the host takes no notice of it', async () => {
    const controller = new AbortController();
    const client = createClient({
      baseUrl: 'https://crm.example.com',
      fetch: () => {
        controller.abort('late');
        return Response.json({ success: true, data: {} });
      },
    });

    await assert.rejects(client.contacts.get('1', { signal: controller.signal }), (error) => error === 'late');
  });

  test('ends a pause and leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const controller = new AbortController();

    const pausing = pauseOfTheClient(60_000, controller.signal);
    assert.equal(timers(), before + 1);
    controller.abort('enough');

    await assert.rejects(pausing, (error) => error === 'enough');
    assert.equal(timers(), before);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';

test('importing the client changes nothing around it and gives four names', async () => {
  const before = Reflect.ownKeys(globalThis);
  const client = await import('../../src/client/index.ts');

  assert.deepEqual(Object.keys(client).toSorted(), ['ApiError', 'ConnectionError', 'createClient', 'liveOf']);
  assert.deepEqual(Reflect.ownKeys(globalThis), before);
});

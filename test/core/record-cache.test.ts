import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Change, LiveRow } from '../../src/core/live-page.ts';
import { RecordCache } from '../../src/core/record-cache.ts';

interface Row extends LiveRow {
  readonly title: string;
}

const row = (id: string, version: number, title = `${id} at ${version}`): Row => ({ id, version, title });

/** A cache, and everything that a watcher of its leads heard. */
function watched(most?: number) {
  const cache = new RecordCache(most);
  const heard: string[] = [];
  cache.watch('lead', (change) => heard.push(said(change)));
  return { cache, heard, titleOf: (id: string) => (cache.get('lead', id) as Row | undefined)?.title };
}

const said = (change: Change<LiveRow>) =>
  change.kind === 'gone' ? `gone ${change.id}` : `${change.kind} ${(change.row as Row).title}`;

describe('Of a record the newest version counts', () => {
  test('whichever way it comes, and everyone hears of it', () => {
    const { cache, heard, titleOf } = watched();
    cache.put('lead', row('a', 1), undefined, true);
    cache.put('lead', row('a', 2));
    cache.hear('lead', { kind: 'changed', row: row('a', 3) });
    cache.learn('lead', [row('a', 4)], cache.now());
    assert.deepEqual(heard, ['created a at 1', 'changed a at 2', 'changed a at 3', 'changed a at 4']);
    assert.equal(titleOf('a'), 'a at 4');
  });

  test('however late an older one comes', () => {
    const { cache, heard, titleOf } = watched();
    cache.put('lead', row('a', 5));
    heard.length = 0;
    assert.equal((cache.put('lead', row('a', 4)) as Row).title, 'a at 5');
    assert.deepEqual(cache.learn('lead', [row('a', 3), row('b', 1)], cache.now()), [row('a', 5), row('b', 1)]);
    assert.equal(titleOf('a'), 'a at 5');
    assert.deepEqual(heard, []);
  });

  test('and of two states of one version the one that was asked for later', () => {
    const { cache, heard, titleOf } = watched();
    const before = cache.now();
    cache.put('lead', row('a', 1, 'with the new name of its contact'));
    cache.learn('lead', [row('a', 1, 'with the old name')], before);
    assert.equal(titleOf('a'), 'with the new name of its contact');
    cache.learn('lead', [row('a', 1, 'with a newer name')], cache.now());
    assert.equal(titleOf('a'), 'with a newer name');
    assert.deepEqual(heard, ['changed with the new name of its contact', 'changed with a newer name']);
  });

  test('and what is only read again is no news', () => {
    const { cache, heard } = watched();
    cache.learn('lead', [row('a', 1)], cache.now());
    cache.learn('lead', [row('a', 1)], cache.now());
    assert.deepEqual(heard, []);
  });

  test('but what the stream tells is passed on to those who have not read it, as it is by now', () => {
    const { cache, heard } = watched();
    cache.learn('lead', [row('a', 2)], cache.now());
    cache.hear('lead', { kind: 'created', row: row('a', 1) });
    assert.deepEqual(heard, ['created a at 2']);
  });
});

describe('What is gone', () => {
  test('is not brought back by an answer to what was asked before', () => {
    const { cache, heard, titleOf } = watched();
    const asked = cache.now();
    cache.learn('lead', [row('a', 1)], asked);
    cache.gone('lead', 'a');
    cache.learn('lead', [row('a', 2)], asked);
    assert.equal(cache.put('lead', row('a', 3), asked), undefined);
    assert.equal(titleOf('a'), undefined);
    assert.deepEqual(heard, ['gone a']);
  });

  test('is not brought back by what the stream tells late of it, where it was deleted here', () => {
    const { cache, heard, titleOf } = watched();
    cache.put('lead', row('a', 1));
    cache.gone('lead', 'a');
    cache.hear('lead', { kind: 'changed', row: row('a', 1) });
    assert.equal(titleOf('a'), undefined);
    assert.deepEqual(heard, ['changed a at 1', 'gone a']);
  });

  test('is back where it was restored: told after its end, or asked for after it', () => {
    const { cache, titleOf } = watched();
    cache.gone('lead', 'a');
    cache.hear('lead', { kind: 'gone', id: 'a' });
    cache.hear('lead', { kind: 'changed', row: row('a', 3) });
    assert.equal(titleOf('a'), 'a at 3');
    cache.gone('lead', 'b');
    cache.learn('lead', [row('b', 2)], cache.now());
    assert.equal(titleOf('b'), 'b at 2');
  });
});

describe('A watcher', () => {
  test('of one record hears of that alone, and of its kind alone', () => {
    const cache = new RecordCache();
    const heard: string[] = [];
    cache.watch('lead', (change) => heard.push(said(change)), 'a');
    cache.put('lead', row('a', 1));
    cache.put('lead', row('b', 1));
    cache.put('contact', row('a', 1));
    cache.gone('lead', 'b');
    cache.gone('lead', 'a');
    assert.deepEqual(heard, ['changed a at 1', 'gone a']);
  });

  test('hears nothing more once it has left, even in the middle of a change', () => {
    const cache = new RecordCache();
    const heard: string[] = [];
    let leaveSecond = () => {};
    cache.watch('lead', () => leaveSecond());
    leaveSecond = cache.watch('lead', () => heard.push('second'));
    cache.put('lead', row('a', 1));
    cache.put('lead', row('a', 2));
    assert.deepEqual(heard, []);
  });

  test('that fails keeps nobody else from hearing', async (context) => {
    const failures: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    context.mock.method(globalThis, 'queueMicrotask', (act: () => void) => {
      try {
        act();
      } catch (error) {
        failures.push(error);
        resolve();
      }
    });
    const cache = new RecordCache();
    const heard: string[] = [];
    const fault = new Error('mine alone');
    cache.watch('lead', () => {
      throw fault;
    });
    cache.watch('lead', (change) => heard.push(said(change)));
    cache.put('lead', row('a', 1));
    await promise;
    assert.deepEqual(heard, ['changed a at 1']);
    assert.deepEqual(failures, [fault]);
  });
});

describe('The memory', () => {
  test('holds so many records, and drops those that nobody has used for longest', () => {
    const { cache, titleOf } = watched(3);
    for (const id of ['a', 'b', 'c']) cache.put('lead', row(id, 1));
    cache.get('lead', 'a');
    cache.put('lead', row('d', 1));
    assert.deepEqual(['a', 'b', 'c', 'd'].map(titleOf), ['a at 1', undefined, 'c at 1', 'd at 1']);
    assert.equal(cache.size, 3);
  });

  test('never drops what is watched by its id, until it is no longer', () => {
    const { cache, titleOf } = watched(2);
    const leave = cache.watch('lead', () => {}, 'a');
    cache.put('lead', row('a', 1));
    for (let number = 0; number < 10; number++) cache.put('lead', row(String(number), 1));
    assert.equal(titleOf('a'), 'a at 1');
    assert.equal(cache.size, 2);
    leave();
    cache.put('lead', row('x', 1));
    cache.put('lead', row('y', 1));
    assert.equal(titleOf('a'), undefined);
  });

  test('stays within its bounds whatever comes, goes and is buried', () => {
    const cache = new RecordCache(50);
    for (let number = 0; number < 10_000; number++) {
      cache.put('lead', row(String(number), 1));
      if (number % 3 === 0) cache.gone('lead', String(number));
    }
    assert.ok(cache.size <= 50, `${cache.size} records`);
  });

  test('gives nothing of what changes may have been missed of until it is read again, and everything goes with its user', () => {
    const { cache, titleOf } = watched();
    cache.watch('lead', () => {}, 'a');
    cache.put('lead', row('a', 1));
    cache.put('lead', row('b', 1));
    cache.doubt();
    assert.deepEqual([titleOf('a'), titleOf('b')], ['a at 1', undefined]);
    cache.learn('lead', [row('b', 2)], cache.now());
    cache.doubt();
    cache.learn('lead', [row('b', 1)], cache.now());
    assert.equal(titleOf('b'), 'b at 2');
    cache.clear();
    assert.equal(cache.size, 0);
  });
});

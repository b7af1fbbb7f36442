import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changedPage, type LivePage, type ListOrder } from '../../src/core/live-page.ts';

interface Row {
  id: string;
  version: number;
  rank: number;
}

const row = (id: string, rank: number, version = 1): Row => ({ id, version, rank });
const page = (rows: Row[], total: number | null = rows.length): LivePage<Row> => ({ rows, total, unseen: new Set() });
const PAGE = page([row('a', 10), row('b', 20), row('c', 30)], 9);

/** A list of rows below rank 100, the lowest first. */
const order: ListOrder<Row> = {
  isFirstPage: true,
  pageSize: 3,
  holds: ({ rank }) => rank < 100,
  precedes: (one, other) => one.rank < other.rank,
};
const laterPage = { ...order, isFirstPage: false };

const idsOf = ({ rows }: LivePage<Row>) => rows.map(({ id }) => id).join('');

describe('A page of a list after a change', () => {
  test('has a row that is shown in the place where it was, wherever it belongs now', () => {
    const after = changedPage(PAGE, { kind: 'changed', row: row('b', 99, 2) }, order);
    assert.equal(idsOf(after), 'abc');
    assert.equal(after.rows[1]!.rank, 99);
    assert.equal(after.total, 9);
  });

  test('has what a row copies from others, which changes without its version', () => {
    const after = changedPage(PAGE, { kind: 'changed', row: row('b', 25, 1) }, order);
    assert.equal(after.rows[1]!.rank, 25);
  });

  test('is the very same where the change is older than what it shows, says the same, or does not reach it', () => {
    assert.equal(changedPage(PAGE, { kind: 'changed', row: row('b', 5, 0) }, order), PAGE);
    assert.equal(changedPage(PAGE, { kind: 'changed', row: row('b', 20, 1) }, order), PAGE);
    assert.equal(changedPage(PAGE, { kind: 'changed', row: row('x', 50) }, order), PAGE);
    assert.equal(changedPage(PAGE, { kind: 'changed', row: row('x', 500) }, order), PAGE);
    assert.equal(changedPage(PAGE, { kind: 'changed', row: row('x', 1) }, laterPage), PAGE);
    assert.equal(changedPage(PAGE, { kind: 'gone', id: 'x' }, order), PAGE);
  });

  test('has a row on top that leads the list now, and no more rows than a page has', () => {
    const created = changedPage(PAGE, { kind: 'created', row: row('x', 1) }, order);
    assert.equal(idsOf(created), 'xab');
    assert.equal(created.total, 10);
    const changed = changedPage(PAGE, { kind: 'changed', row: row('x', 1) }, order);
    assert.equal(idsOf(changed), 'xab');
    assert.equal(changed.total, 9, 'it was in the list before, on another page');
  });

  test('counts a changed row that is new to a list which one page shows whole', () => {
    const after = changedPage(page([row('a', 10)]), { kind: 'changed', row: row('x', 1) }, order);
    assert.equal(after.total, 2);
    assert.equal(idsOf(changedPage(page([]), { kind: 'changed', row: row('x', 50) }, order)), 'x');
  });

  test('knows of new rows that stand elsewhere, until they go', () => {
    const one = changedPage(PAGE, { kind: 'created', row: row('x', 50) }, order);
    const two = changedPage(one, { kind: 'created', row: row('y', 1) }, laterPage);
    assert.deepEqual([...two.unseen], ['x', 'y']);
    assert.equal(idsOf(two), 'abc');
    assert.deepEqual([...changedPage(two, { kind: 'gone', id: 'x' }, order).unseen], ['y']);
    assert.deepEqual([...changedPage(two, { kind: 'changed', row: row('y', 500, 2) }, order).unseen], ['x']);
    const shown = changedPage(one, { kind: 'changed', row: row('x', 1, 2) }, order);
    assert.deepEqual([idsOf(shown), shown.total, shown.unseen.size], ['xab', 10, 0]);
  });

  test('lacks what is gone or belongs to the list no more', () => {
    const gone = changedPage(PAGE, { kind: 'gone', id: 'a' }, order);
    assert.equal(idsOf(gone), 'bc');
    assert.equal(gone.total, 8);
    assert.equal(idsOf(changedPage(PAGE, { kind: 'changed', row: row('c', 500, 2) }, order)), 'ab');
  });

  test('has no total where none was counted', () => {
    const uncounted = page([row('a', 10)], null);
    assert.equal(changedPage(uncounted, { kind: 'gone', id: 'a' }, order).total, null);
    assert.equal(changedPage(uncounted, { kind: 'created', row: row('x', 1) }, order).total, null);
  });
});

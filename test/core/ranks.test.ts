import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rankBetween, ranksBetween } from '../../src/core/ranks.ts';
import { seededRandom } from '../support/random.ts';

const inBytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));

function assertBetween(rank: string, before: string | undefined, after: string | undefined) {
  assert.match(rank, /^[A-Za-z][0-9A-Za-z]*[1-9A-Za-z]$/);
  if (before !== undefined) assert.ok(inBytes(before, rank) < 0, `${rank} is not above ${before}`);
  if (after !== undefined) assert.ok(inBytes(rank, after) < 0, `${rank} is not below ${after}`);
}

describe('A rank', () => {
  test('lies between its neighbours wherever they are, and is of base-62 digits that do not end in the smallest', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { below } = seededRandom(seed);
      const ranks: string[] = [];
      // A place is favoured for a while, as people do who sort a list by hand.
      let favoured = 0;
      for (let step = 0; step < 1_000; step++) {
        if (below(40) === 0) favoured = below(ranks.length + 1);
        const at = below(3) === 0 ? below(ranks.length + 1) : Math.min(favoured + below(2), ranks.length);
        const rank = rankBetween(ranks[at - 1], ranks[at]);
        assertBetween(rank, ranks[at - 1], ranks[at]);
        ranks.splice(at, 0, rank);
      }
      assert.deepEqual(ranks.toSorted(inBytes), ranks);
      assert.equal(new Set(ranks).size, ranks.length);
    }
  });

  test('grows as a logarithm does where a list goes on at either end', () => {
    for (const step of [(last?: string) => rankBetween(last), (last?: string) => rankBetween(undefined, last)]) {
      let last = rankBetween();
      for (let count = 1; count < 250_000; count++) {
        const next = step(last);
        if (count % 1_000 < 2 || next.length !== last.length) assert.notEqual(inBytes(next, last), 0);
        last = next;
      }
      assert.ok(last.length <= 5, `${last} is too long`);
    }
  });

  test('goes on at the ends in one direction, through every change of length', () => {
    const up = ranksBetween(undefined, undefined, 10_000);
    const down = ranksBetween(undefined, up[0], 10_000);
    const ranks = [...down, ...up];
    assert.deepEqual(ranks.toSorted(inBytes), ranks);
    assert.equal(new Set(ranks).size, 20_000);
  });

  test('needs a further digit only about every sixth time that the same gap is halved', () => {
    const low = rankBetween();
    let high = rankBetween(low);
    for (let count = 0; count < 300; count++) high = rankBetween(low, high);
    assert.ok(high.length <= 2 + 300 / 5, `${high} is too long`);
  });

  test('is refused between two that are not in order', () => {
    assert.throws(() => rankBetween('a1', 'a1'), RangeError);
    assert.throws(() => rankBetween('a2', 'a1'), RangeError);
  });
});

describe('Many ranks', () => {
  test('are as many as asked for, in order, between their bounds', () => {
    const { below } = seededRandom(7);
    const some = ranksBetween(undefined, undefined, 300);
    for (let round = 0; round < 200; round++) {
      const at = below(some.length);
      const before = below(4) === 0 ? undefined : some[at];
      const after = below(4) === 0 ? undefined : some[at + 1 + below(5)];
      const count = below(200);
      const ranks = ranksBetween(before, after, count);
      assert.equal(ranks.length, count);
      for (const [index, rank] of ranks.entries()) assertBetween(rank, ranks[index - 1] ?? before, ranks[index + 1] ?? after);
    }
  });

  test('stay short in one gap', () => {
    const longest = Math.max(...ranksBetween('a1', 'a2', 10_000).map(({ length }) => length));
    assert.ok(longest <= 6, `${longest} characters`);
  });
});

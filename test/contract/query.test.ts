import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type * as z from 'zod/mini';
import { flag, many, moment, oneOf, whole } from '../../src/contract/query.ts';
import { isDay } from '../../src/contract/time.ts';

const REFUSED = Symbol('refused');

const read = (schema: z.ZodMiniType, given: unknown) => {
  const { success, data } = schema.safeParse(given);
  return success ? data : REFUSED;
};

describe('a query parameter', () => {
  test('is a whole number within its bounds', () => {
    const schema = whole(1, 100);
    for (const [given, expected] of [
      ['1', 1],
      ['100', 100],
      ['007', 7],
      [5, 5],
    ] as const)
      assert.equal(read(schema, given), expected);
    for (const given of [
      '0',
      '101',
      '-1',
      '1.5',
      '1e1',
      '0x1',
      '',
      ' 1',
      '1 ',
      '+1',
      '٣',
      'x',
      '9'.repeat(16),
      ['1'],
      null,
      undefined,
      true,
    ])
      assert.equal(read(schema, given), REFUSED, String(given));
    assert.equal(read(whole(-5, 5), '-5'), -5);
  });

  test('is a flag that says true or false, and nothing else', () => {
    for (const [given, expected] of [
      ['true', true],
      ['false', false],
      [true, true],
      [false, false],
    ] as const)
      assert.equal(read(flag(), given), expected);
    for (const given of ['', '1', '0', 'yes', 'TRUE', ['true'], null, 1])
      assert.equal(read(flag(), given), REFUSED, String(given));
  });

  test('is one of its words', () => {
    assert.equal(read(oneOf(['asc', 'desc']), 'asc'), 'asc');
    for (const given of ['', 'ASC', 'up', ['asc'], 'toString', '__proto__'])
      assert.equal(read(oneOf(['asc', 'desc']), given), REFUSED, String(given));
  });

  test('may be given once or several times, a hundred at most', () => {
    const schema = many(oneOf(['a', 'b']));
    assert.deepEqual(read(schema, 'a'), ['a']);
    assert.deepEqual(read(schema, ['a', 'b', 'a']), ['a', 'b', 'a']);
    assert.equal(read(schema, ['a', 'c']), REFUSED);
    assert.equal(read(schema, 'a,b'), REFUSED);
    assert.notEqual(read(schema, Array(100).fill('a')), REFUSED);
    assert.equal(read(schema, Array(101).fill('a')), REFUSED);
  });

  test('is a day or a moment', () => {
    for (const given of [
      '2026-01-31',
      '2024-02-29',
      '0001-01-01',
      '9999-12-31',
      '2026-01-31T09:30:00Z',
      '2026-01-31T09:30:00.123Z',
      '2026-01-31T09:30:00+05:30',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
    ]) {
      assert.equal(read(moment(), given), given);
    }
    for (const given of [
      '',
      'today',
      '2026-02-30',
      '2023-02-29',
      '0000-01-01',
      '0000-01-01T00:00:00Z',
      // In another year when seen from UTC, or rounded.
      '0001-01-01T00:00:00+05:00',
      '9999-12-31T23:59:59-05:00',
      '9999-12-31T23:59:59.9999Z',
      '2026-1-1',
      '2026-01-31T09:30:00',
      '2026-01-31 09:30:00Z',
      '2026-02-30T09:30:00Z',
      '2026-01-31T25:00:00Z',
      '+275760-09-13',
      'infinity',
      '20260131',
    ]) {
      assert.equal(read(moment(), given), REFUSED, given);
    }
  });
});

test('a day is one that the calendar has, from the year 1 on', () => {
  for (const day of ['2026-12-31', '2000-02-29', '0001-01-01']) assert.ok(isDay(day), day);
  for (const day of ['2026-13-01', '2026-04-31', '1900-02-29', '0000-12-31', '2026-12-31T00:00:00Z', ''])
    assert.ok(!isDay(day), day);
});

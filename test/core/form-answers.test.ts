import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Email, Phone } from '../../src/contract/fields.ts';
import { problemsOf } from '../../src/core/form-answers.ts';
import { ruled } from '../../src/core/form-rules.ts';

const ADDRESSES = [
  'ada@example.com',
  "o'brien@example.com",
  'a+b@x.co.uk',
  'A_b-c.d@Example.COM',
  'a@x.c',
  'a@b',
  'a..b@x.com',
  '.a@x.com',
  'a.@x.com',
  'a@-x.com',
  'a@x-.com',
  'a@x_y.de',
  'a@x..de',
  'jörg@example.de',
  'a@exämple.de',
  'u@123.123.123.123',
  'a/b@x.de',
  'a b@x.de',
  '@x.de',
  'a@@x.de',
  `${'a'.repeat(260)}@x.de`,
];
const NUMBERS = [
  '+49 30 1234',
  '030/1234-5',
  '(030) 12 34 ext. 5',
  '030 1234 x12',
  '-----',
  '( ) ( ) ( )',
  '1 2--',
  '1-2-3',
  '1234',
  '12 3..',
  '+',
  'phone',
  '0123456789'.repeat(5),
  `${'0123456789'.repeat(5)}1`,
  `030 1234 x${'1'.repeat(50)}`,
];

describe('What a form takes', () => {
  for (const [type, given, contract] of [
    ['email', ADDRESSES, Email],
    ['tel', NUMBERS, Phone],
  ] as const)
    test(`for ${type} is what the contract takes of a contact, so that no answer is received of which none is made`, () => {
      const taken = (text: string) => problemsOf([ruled({ id: 'a', type })], { a: text }, () => true).length === 0;
      assert.deepEqual(
        given.filter(taken),
        given.filter((text) => contract.safeParse(text).success),
      );
      assert.ok(given.some(taken));
    });
});

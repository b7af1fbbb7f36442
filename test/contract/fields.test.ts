import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as z from 'zod/mini';
import {
  Country,
  Currency,
  Email,
  Locale,
  Metadata,
  optional,
  Phone,
  Tags,
  text,
  Timezone,
  WebAddress,
} from '../../src/contract/fields.ts';

/** What a field makes of good values, and that it refuses bad ones. */
function field(sentence: string, schema: z.ZodMiniType, good: [given: unknown, kept: unknown][], bad: unknown[]) {
  test(sentence, () => {
    for (const [given, kept] of good) assert.deepEqual(schema.parse(given), kept);
    for (const given of bad) assert.ok(!schema.safeParse(given).success, JSON.stringify(given));
  });
}

field(
  'text loses the space around it and keeps its bounds',
  text(5),
  [
    [' abc ', 'abc'],
    ['abcde', 'abcde'],
  ],
  ['', '  ', 'abcdef', null, 1],
);
field(
  'an optional field takes an empty text for null',
  optional(text(5)),
  [
    ['', null],
    ['  ', null],
    [null, null],
    [undefined, undefined],
    ['a', 'a'],
  ],
  ['abcdef', 1],
);
field(
  'an e-mail address is kept as it was typed',
  Email,
  [[' Ada@Example.test ', 'Ada@Example.test']],
  ['ada', 'ada@', '@x.test', 'a b@x.test', `${'a'.repeat(250)}@x.test`],
);
field(
  'a phone number has digits and the signs between them',
  Phone,
  [
    ['+49 30 123456', '+49 30 123456'],
    [' (030) 123-45/6 ', '(030) 123-45/6'],
    ['030 123456 ext. 12', '030 123456 ext. 12'],
  ],
  ['1234', 'abcde', '+', '-----', '1'.repeat(51), '030 12345; drop'],
);
field(
  'an address on the web is one that a browser may be sent to',
  WebAddress,
  [
    ['https://example.test/a?b#c', 'https://example.test/a?b#c'],
    ['HTTP://EXAMPLE.TEST', 'HTTP://EXAMPLE.TEST'],
  ],
  [
    'example.test',
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'https://',
    'ftp://example.test',
    `https://${'x'.repeat(2_000)}.test`,
    ' javascript:alert(1)',
  ],
);
field(
  'a country is one of two letters',
  Country,
  [
    ['de', 'DE'],
    [' US ', 'US'],
    ['XK', 'XK'],
  ],
  ['ZZ', 'EU', 'XA', 'D', 'DEU', 'Germany', '12', ''],
);
field(
  'a currency is one that is in use',
  Currency,
  [
    ['eur', 'EUR'],
    ['USD', 'USD'],
  ],
  ['ABC', 'EU', 'EURO', ''],
);
field(
  'a timezone is one that has a name',
  Timezone,
  [
    ['Europe/Berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
  ],
  ['Europe/Nowhere', '+01:00', '', 'x'.repeat(101)],
);
field(
  'a locale is a language tag',
  Locale,
  [
    ['en', 'en'],
    ['de-CH', 'de-CH'],
  ],
  ['', 'not a locale', 'x'.repeat(36)],
);
field(
  'tags count once, whatever their case, and are fifty at most',
  Tags,
  [
    [
      [' VIP ', 'vip', 'Vip', 'other'],
      ['VIP', 'other'],
    ],
    [[], []],
    [Array.from({ length: 50 }, (_, index) => `tag ${index}`), Array.from({ length: 50 }, (_, index) => `tag ${index}`)],
  ],
  [[''], ['x'.repeat(51)], Array.from({ length: 51 }, (_, index) => `tag ${index}`), 'tag', [null]],
);
field(
  'metadata is an object of at most 16 KB',
  Metadata,
  [
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }],
    [{ a: 'x'.repeat(16_376) }, { a: 'x'.repeat(16_376) }],
  ],
  [{ a: 'x'.repeat(16_377) }, { a: '字'.repeat(5_459) }, [], null, 'x'],
);

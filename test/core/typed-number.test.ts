import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { numberTyped, retyped, typedNumber } from '../../src/core/typed-number.ts';

describe('A number', () => {
  test('is read as people of a language type it', () => {
    const cases: [locale: string, text: string, number: number | undefined][] = [
      ['en', '1,234.50', 1234.5],
      ['en', '12,345,678', 12_345_678],
      ['en', '12.5', 12.5],
      ['en', '12,5', 12.5],
      ['en', '.5', 0.5],
      ['en', '-3', -3],
      ['en', '\u22123', -3],
      ['en', '1e3', 1000],
      ['de', '1.234,50', 1234.5],
      ['de', '1.234', 1234],
      ['de', '12.5', 12.5],
      ['de', '12,5', 12.5],
      ['fr', '1 234,5', 1234.5],
      ['fr', '1\u202f234,5', 1234.5],
      ['es', '12.345,6', 12_345.6],
      ['ar-EG', '١٬٢٣٤٫٥', 1234.5],
      ['ar-EG', '12.5', 12.5],
      ['hi', '12,34,567', 1_234_567],
      ['en', '  7 ', 7],
      ['en', '  ', undefined],
    ];
    for (const [locale, text, number] of cases) assert.equal(numberTyped(text, locale), number, `${locale} ${text}`);
  });

  test('is none where anything else was typed', () => {
    for (const text of ['twelve', '1.2.3', '1,2,3', '12 apples', '-', '.', '0x10', 'Infinity', '1,23.4.5'])
      assert.equal(Number.isNaN(numberTyped(text, 'en')), true, text);
  });

  test('is written so that reading it gives the same number', () => {
    for (const locale of ['en', 'de', 'fr', 'es', 'ar', 'ar-EG', 'hi'])
      for (const number of [0, 12, -3.75, 1234.5, 1e21, 0.1 + 0.2])
        assert.equal(numberTyped(typedNumber(number, locale), locale), number, `${locale} ${number}`);
    assert.equal(typedNumber(1234.5, 'de'), '1234,5');
    assert.equal(typedNumber(null, 'de'), '');
  });

  test('is typed anew in another language, and what is none stays', () => {
    assert.equal(retyped('1,300.5', 'en', 'de'), '1300,5');
    assert.equal(retyped('1.300', 'de', 'en'), '1300');
    assert.equal(retyped('12oo', 'en', 'de'), '12oo');
    assert.equal(retyped('', 'en', 'de'), '');
  });
});

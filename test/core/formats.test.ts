import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatsOf } from '../../src/core/formats.ts';
import { directionOf, localeOf, widened } from '../../src/core/locale-tags.ts';

/** Intl has its own kinds of spaces, which differ from release to release. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u200e\u200f\u061c]/g, '');

describe('Formats', () => {
  test('write numbers and shares in their locale, Arabic in its digits', () => {
    assert.equal(formatsOf('en').number(12_345.5), '12,345.5');
    assert.equal(formatsOf('de').number(12_345.5), '12.345,5');
    assert.equal(plain(formatsOf('fr').number(12_345.5)), '12 345,5');
    assert.equal(formatsOf('ar-EG').number(123), '١٢٣');
    assert.equal(formatsOf('ar-u-nu-latn').number(123), '123');
    assert.equal(plain(formatsOf('de').percent(0.256)), '25,6 %');
  });

  test('write money in its currency, without hundredths where there are none', () => {
    assert.equal(formatsOf('en').money(12_500, 'EUR'), '€12,500');
    assert.equal(formatsOf('en').money(99.5, 'USD'), '$99.50');
    assert.equal(plain(formatsOf('de').money(99.5, 'EUR')), '99,50 €');
    assert.equal(formatsOf('ja').money(99, 'JPY'), '￥99');
  });

  test('write a day as that day in every timezone, and a moment where the reader is', () => {
    const zone = process.env.TZ;
    try {
      for (const [tag, other] of [
        ['en-x-east', 'Pacific/Kiritimati'],
        ['en-x-west', 'Pacific/Pago_Pago'],
      ] as const) {
        process.env.TZ = other;
        assert.equal(formatsOf(tag).day('2026-05-04'), 'May 4, 2026');
      }
      assert.equal(formatsOf('en-x-west').day('2026-05-04T02:00:00Z'), 'May 3, 2026');
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
    assert.equal(formatsOf('de').day('2026-05-04'), '04.05.2026');
    const here = { dateStyle: 'medium', timeStyle: 'short' } as const;
    const moment = '2026-05-04T12:30:00Z';
    assert.equal(formatsOf('fr').moment(moment), new Intl.DateTimeFormat('fr', here).format(new Date(moment)));
    assert.equal(formatsOf('fr').time(moment), new Intl.DateTimeFormat('fr', { timeStyle: 'short' }).format(new Date(moment)));
  });

  test('give back what is no date', () => {
    assert.equal(formatsOf('en').day('soon'), 'soon');
    assert.equal(formatsOf('en').day('2026-13-01'), '2026-13-01');
    assert.equal(formatsOf('en').ago('soon', 0), 'soon');
  });

  test('say how long ago a moment was, in the largest unit that fits', () => {
    const now = Date.parse('2026-05-04T12:00:00Z');
    const ago = (locale: string, moment: string) => formatsOf(locale).ago(moment, now);
    assert.equal(ago('en', '2026-05-04T11:59:30Z'), 'now');
    assert.equal(ago('en', '2026-05-04T11:54:59Z'), '5 min. ago');
    assert.equal(ago('en', '2026-05-03T12:00:00Z'), 'yesterday');
    assert.equal(ago('en', '2026-05-05T12:00:00Z'), 'tomorrow');
    assert.equal(ago('de', '2026-04-20T12:00:00Z'), 'vor 2 Wochen');
    assert.equal(ago('de', '2024-05-03T12:00:00Z'), 'vor 2 Jahren');
  });

  test('write lists, ranges and sizes of files', () => {
    assert.equal(formatsOf('en').list(['red', 'green', 'blue']), 'red, green, and blue');
    assert.equal(formatsOf('de').list(['rot', 'blau'], 'or'), 'rot oder blau');
    assert.equal(formatsOf('ar').list(['أ', 'ب']), 'أ وب');
    assert.equal(formatsOf('en').range(1, 25), '1–25');
    assert.equal(formatsOf('en').range(26, 26), '26');
    assert.equal(formatsOf('en').range(1, NaN), '1–NaN');
    assert.equal(formatsOf('en').fileSize(0), '0 byte');
    assert.equal(formatsOf('en').fileSize(16_384), '16 kB');
    assert.equal(plain(formatsOf('de').fileSize(1_572_864)), '1,5 MB');
  });

  test('are the same object at every call, and those of English where a tag names no locale', () => {
    assert.equal(formatsOf('de-AT'), formatsOf('de-AT'));
    assert.equal(formatsOf('not a locale').locale, 'en');
  });
});

describe('Tags of locales', () => {
  test('are read as people write them', () => {
    assert.equal(localeOf('de_at'), 'de-AT');
    assert.equal(localeOf('zh-hant-tw'), 'zh-Hant-TW');
    for (const none of ['', null, undefined, 'x', 'not a locale', '*']) assert.equal(localeOf(none), undefined);
  });

  test('are a kind of wider ones', () => {
    assert.deepEqual(widened('zh-Hant-TW'), ['zh-Hant-TW', 'zh-Hant', 'zh']);
    assert.deepEqual(widened('ar-u-nu-latn'), ['ar']);
  });

  test('tell the way of writing', () => {
    for (const locale of ['ar', 'ar-EG', 'he', 'fa', 'ur', 'uz-Arab', 'dv']) assert.equal(directionOf(locale), 'rtl', locale);
    for (const locale of ['en', 'de-AT', 'uz', 'zh', 'ar-Latn']) assert.equal(directionOf(locale), 'ltr', locale);
  });
});

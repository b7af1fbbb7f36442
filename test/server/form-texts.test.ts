import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BUNDLES } from '../../server/forms/form-language.ts';
import { en } from '../../server/forms/texts/en.ts';
import { say } from '../../src/core/form-texts.ts';

const namesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).toSorted();
const formsOf = (text: string | Record<string, string>) => (typeof text === 'string' ? { other: text } : text);

describe('what forms say to visitors', () => {
  for (const [locale, texts] of Object.entries(BUNDLES)) {
    test(`has a text for each name in ${locale}`, () => {
      assert.deepEqual(Object.keys(texts).toSorted(), Object.keys(en).toSorted());
      for (const [name, text] of Object.entries(texts))
        for (const form of Object.values(formsOf(text))) assert.notEqual(form.trim(), '', name);
    });

    test(`fills the same blanks in ${locale} as in English`, () => {
      for (const [name, text] of Object.entries(texts)) {
        const wanted = namesOf(formsOf(en[name as keyof typeof en])['other']!);
        const forms = formsOf(text);
        assert.deepEqual(namesOf(forms['other']!), wanted, `${name} in ${locale}`);
        // One and two may be said without the digit.
        for (const form of Object.values(forms))
          for (const blank of namesOf(form)) assert.ok(wanted.includes(blank), `${name} in ${locale}`);
      }
    });

    test(`has each plural form that ${locale} needs, where English has two`, () => {
      const needed = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted();
      for (const [name, text] of Object.entries(texts)) {
        const isCounted = typeof en[name as keyof typeof en] !== 'string';
        assert.equal(typeof text !== 'string', isCounted, name);
        if (typeof text !== 'string') assert.deepEqual(Object.keys(text).toSorted(), needed, `${name} in ${locale}`);
      }
    });
  }

  test('counts in the words of its language', () => {
    const told = (locale: string, count: number) => say(BUNDLES[locale]!, 'stars', locale, { count });
    assert.equal(told('en', 1), '1 star');
    assert.equal(told('de', 3), '3 Sterne');
    assert.equal(told('fr', 0), '0 étoile');
    assert.equal(told('ar', 2), 'نجمتان');
    assert.match(told('ar', 3), /نجوم/);
    assert.match(told('ar', 11), /نجمة/);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatsOf } from '../../src/core/formats.ts';
import { filled, hasOwnTexts, layersOf, type Params, type Text, type TextTree } from '../../src/core/text-layers.ts';

const english = { save: 'Save', leads: { one: '{count} lead', other: '{count} leads' } };
const german = { save: 'Speichern', leads: { one: '{count} Lead', other: '{count} Leads' } };

/** What wins for a name, and by whose rules its plural forms are chosen. */
function won(locale: string, given: TextTree, bundle?: typeof german, name = 'save') {
  const layers = layersOf('forms', locale, { english, bundle, given });
  const layer = layers.find(({ texts }) => texts[name] !== undefined)!;
  return [layer.texts[name], layer.locale];
}

describe('A text is looked up', () => {
  test('in English where nobody has another, and then goes by the rules of English', () => {
    assert.deepEqual(won('pl', {}), ['Save', 'en']);
  });

  test('in the bundle of the language before English', () => {
    assert.deepEqual(won('de-AT', {}, german), ['Speichern', 'de-AT']);
  });

  test("among the host's own first, the closest to the locale before the others", () => {
    const all = { forms: { save: 'OK' } };
    assert.deepEqual(won('de-AT', all, german), ['OK', 'de-AT']);
    assert.deepEqual(won('de-AT', { ...all, de: { forms: { save: 'Sichern' } } }, german), ['Sichern', 'de-AT']);
    const both = { de: { forms: { save: 'Sichern' } }, de_AT: { forms: { save: 'Speichan' } } };
    assert.deepEqual(won('de-AT', both, german), ['Speichan', 'de-AT']);
    assert.deepEqual(won('de-CH', both, german), ['Sichern', 'de-CH']);
    assert.deepEqual(won('fr', both), ['Save', 'en']);
  });

  test('name by name: what a host leaves out stays as it is', () => {
    assert.deepEqual(won('de', { forms: { save: 'OK' } }, german, 'leads'), [german.leads, 'de']);
    assert.deepEqual(won('it', { it: { contactForm: { open: 'Apri' } } }), ['Save', 'en']);
  });

  test('in languages that only the host has', () => {
    const given = { it: { forms: { save: 'Salva' } } };
    assert.deepEqual(won('it-CH', given), ['Salva', 'it-CH']);
    assert.equal(hasOwnTexts(given, 'it-CH'), true);
    assert.equal(hasOwnTexts(given, 'de'), false);
  });
});

describe('A text is filled in', () => {
  const fill = (text: Text, params: Params, locale = 'en', rules = locale) =>
    filled(text, params, formatsOf(locale), formatsOf(rules));

  test('with words, numbers and days as the locale writes them', () => {
    assert.equal(fill('{rows} of {total}', { rows: '1–25', total: 12_345 }), '1–25 of 12,345');
    assert.equal(fill('{rows} von {total}', { rows: '1–25', total: 12_345 }, 'de'), '1–25 von 12.345');
    assert.equal(fill('{minimum} or later', { minimum: '2026-01-31' }), 'Jan 31, 2026 or later');
    assert.equal(fill('{a}{b}', { a: '' }), '');
  });

  test('in the plural form that its own language has for the number', () => {
    assert.equal(fill(english.leads, { count: 1 }), '1 lead');
    assert.equal(fill(english.leads, { count: 0 }, 'fr', 'en'), '0 leads');
    assert.equal(fill({ one: '{count} lead', other: '{count} leads' }, { count: 0 }, 'fr'), '0 lead');
    const forms = { zero: 'z', one: 'o', two: 't', few: 'f', many: 'm', other: 'x' };
    assert.equal([0, 1, 2, 3, 11, 100].map((count) => fill(forms, { count }, 'ar')).join(''), 'zotfmx');
  });

  test('without a word of the other direction turning around what stands beside it', () => {
    assert.equal(fill('إزالة {name}', { name: 'Ann' }, 'ar'), 'إزالة \u2068Ann\u2069');
    assert.equal(fill('Remove {name}', { name: 'سارة' }), 'Remove \u2068سارة\u2069');
    assert.equal(fill('{name} was added', { name: '\u202eevil' }), '\u2068\u202eevil\u2069 was added');
    assert.equal(fill('Remove {name}', { name: 'Ann' }), 'Remove Ann');
  });

  test('once: what is filled in is not looked through for names', () => {
    assert.equal(fill('{a} {b}', { a: '{b}', b: '$&' }), '{b} $&');
  });
});

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { ERROR_STATUS } from '../../src/contract/envelope.ts';
import { ISSUE_CODES } from '../../src/contract/issues.ts';
import { LANGUAGES, loadBundle, bundleOf } from '../../src/locales/bundles.ts';
import * as english from '../../src/locales/en.ts';

type Texts = Record<string, Record<string, string | Record<string, string>>>;

const en = english as unknown as Texts;
const bundles: Record<string, Texts> = { en };
for (const language of LANGUAGES) bundles[language] = (await loadBundle(language)) as unknown as Texts;

const formsOf = (text: string | Record<string, string>) => (typeof text === 'string' ? [text] : Object.values(text));
const namesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
const every = (texts: Texts) =>
  Object.entries(texts).flatMap(([section, named]) =>
    Object.entries(named).map(([name, text]) => ({ path: `${section}.${name}`, section, name, text })),
  );

const sources = globSync('src/**/*.ts', { exclude: ['src/locales/**'] })
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

/** Names that a variable holds when they are said; the last is the API's own word. */
const IN_VARIABLES = ['added', 'saved', 'good', 'bad', 'neutral', 'type.single value'];

/** Words that a name may be put together with: those in quotes, and the names of fields. */
const words = new Set([...sources.matchAll(/'([\w -]+)'|(?<!#)\b(\w+)\??:/g)].map(([, quoted, key]) => quoted ?? key));

/** Names that are put together: where they are said, or in a variable of their own. */
const joined = [...sources.matchAll(/(?:\b(?:text|say)\([^()`]*|const \w+ = )`((?:\w+\.)*\$\{[^`]+\}(?:\w|\.\w)*)`/g)]
  .map(([, name]) => name!)
  .filter((name) => /\w/.test(name.replace(/\$\{.*\}/, '')))
  .map((name) => new RegExp(`^${name.replaceAll('.', '\\.').replace(/\$\{.*\}/, '([\\w -]+)')}$`));

/**
 * Whether the sources say the text of this name, in some section. A name of one plain word is also found elsewhere, so it has
 * to stand where texts are asked for.
 */
function isSaid(name: string): boolean {
  const asked = new RegExp(`\\b(?:text|say)\\([^()]*'${name}'|\\b(?:texts|words|common)\\.${name}\\b`);
  if (IN_VARIABLES.includes(name) || asked.test(sources)) return true;
  if (/[._]/.test(name) && sources.includes(`'${name}'`)) return true;
  return joined.some((pattern) => words.has(pattern.exec(name)?.[1]));
}

describe('The bundles', () => {
  test('are those of five languages, each there once it was loaded', () => {
    assert.deepEqual(Object.keys(bundles), ['en', 'de', 'fr', 'es', 'ar']);
    assert.equal(bundleOf('de') as unknown, bundles['de']);
    assert.equal(bundleOf('it'), undefined);
  });

  test('have a sentence for every refusal and for everything that can be wrong with a value', () => {
    const lacking = [...Object.keys(ERROR_STATUS), ...ISSUE_CODES].filter((code) => !(code in english.errors));
    assert.deepEqual(lacking, []);
  });

  test('hold no text that nothing says', () => {
    const isCode = (name: string) => name in ERROR_STATUS || (ISSUE_CODES as readonly string[]).includes(name);
    const isUsed = (section: string) => new RegExp(`\\bLocalized\\([^()]*'${section}'`).test(sources);
    assert.deepEqual(
      Object.keys(en).filter((section) => !isUsed(section)),
      [],
    );
    const unsaid = every(en).filter(({ section, name }) => !(section === 'errors' && isCode(name)) && !isSaid(name));
    assert.deepEqual(
      unsaid.map(({ path }) => path),
      [],
    );
  });

  test('are plain data', () => {
    for (const texts of Object.values(bundles)) assert.deepEqual(JSON.parse(JSON.stringify(texts)), { ...texts });
  });
});

for (const [language, texts] of Object.entries(bundles)) {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();

  describe(`The bundle ${language}`, () => {
    test('has the names of English, and no others', () => {
      const names = (all: Texts) => every(all).map(({ path }) => path);
      assert.deepEqual(names(texts).toSorted(), names(en).toSorted());
    });

    test('says something in every text, without spaces around it', () => {
      for (const { path, text } of every(texts)) {
        for (const form of formsOf(text)) assert.match(form, /^\S(?:.*\S)?$/, `${path}: ${form}`);
      }
    });

    test('has plural forms where English has them, for every category of its language and no other', () => {
      for (const { path, section, name, text } of every(texts)) {
        const other = en[section]![name]!;
        assert.equal(typeof text, typeof other, path);
        if (typeof text === 'object') assert.deepEqual(Object.keys(text).toSorted(), pluralCategories.toSorted(), path);
      }
    });

    test('fills in what English fills in; only a form that means one number may leave the number out', () => {
      const ONE_NUMBER = language === 'ar' ? ['zero', 'one', 'two'] : [];
      for (const { path, section, name, text } of every(texts)) {
        const params = new Set(formsOf(en[section]![name]!).flatMap(namesIn));
        const forms = typeof text === 'string' ? { other: text } : text;
        for (const [category, form] of Object.entries(forms)) {
          const given = namesIn(form);
          const lacking = [...params].filter((param) => !given.includes(param));
          const extra = given.filter((param) => !params.has(param));
          assert.deepEqual(extra, [], `${path}.${category}`);
          const isWithoutCount = ONE_NUMBER.includes(category) && lacking.length === 1;
          if (!isWithoutCount) assert.deepEqual(lacking, [], `${path}.${category}`);
        }
      }
    });

    test('uses the quotes, spaces and signs of its language', () => {
      for (const { path, text } of every(texts)) {
        for (const form of formsOf(text)) {
          assert.doesNotMatch(form, /["']|\.\.\.| {2}/, path);
          if (language !== 'de' && language !== 'en') assert.doesNotMatch(form, /[“”„]/, path);
          if (language === 'de') assert.doesNotMatch(form, /”|[^\u00a0]…/, path);
          if (language === 'fr') assert.doesNotMatch(form, / [:;!?»]|« |[^\u00a0]:(?!\/)|[^\u202f][;!?]/, path);
          if (language === 'ar') assert.doesNotMatch(form, /[,;?]/, path);
        }
      }
    });

    test('shows examples in Latin letters apart from Arabic, in which they would be turned around', () => {
      if (language !== 'ar') return;
      for (const { path, text } of every(texts)) {
        for (const form of formsOf(text)) {
          const rest = form.replace(/\u2066[^\u2069]*\u2069/g, '').replace(/\{\w+\}/g, '');
          assert.doesNotMatch(rest, /[A-Za-z0-9]/, path);
        }
      }
    });
  });
}

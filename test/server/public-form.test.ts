import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { PublicForm } from '../../src/contract/capture.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { publicForm, TRAP } from '../../server/forms/public-form-service.ts';
import { newId } from '../../server/ids.ts';
import { TEN_FIELDS } from '../support/ten-field-form.ts';

const workspace = { locale: 'en', theme: {} };
const id = newId();
const shown = (definition: FormDefinition, lang?: string, at: typeof workspace = workspace) =>
  publicForm(definition, { id, version: 3, lang, workspace: at });

const LEAST: FormDefinition = {
  steps: [{ id: 'one', fields: [{ id: 'email', type: 'email', label: 'E-mail', maps_to: 'contact.email' }] }],
};

describe('a form as visitors meet it', () => {
  test('is what the contract says, and holds nothing of the workspace', () => {
    const form = shown({
      ...TEN_FIELDS,
      notify: ['boss@example.test'],
      allowed_origins: ['https://www.example.test'],
      lead: { tags: ['web'], source_id: newId(), owner: { kind: 'fixed', user_id: newId() } },
    });
    const wire = JSON.stringify(form);
    assert.deepEqual(PublicForm.parse(JSON.parse(wire)), JSON.parse(wire));
    for (const secret of ['maps_to', 'boss@example.test', 'www.example.test', '"web"', 'user_id', 'source_id', 'contact.'])
      assert.ok(!wire.includes(secret), secret);
  });

  test('takes less than 6 KB for ten fields, however it is packed', (t) => {
    assert.equal(TEN_FIELDS.steps.flatMap(({ fields }) => fields).length, 10);
    for (const lang of ['en', 'de', 'ar']) {
      const definition = { ...TEN_FIELDS, texts: { ...TEN_FIELDS.texts, ar: TEN_FIELDS.texts!['de']! } };
      const wire = JSON.stringify({ success: true, data: shown(definition, lang) });
      const [brotli, gzip] = [brotliCompressSync(wire).length, gzipSync(wire).length];
      t.diagnostic(`${lang}: ${wire.length} characters, ${brotli} bytes brotli, ${gzip} bytes gzip`);
      assert.ok(brotli < 6_144 && gzip < 6_144, `${brotli} ${gzip}`);
    }
  });

  test('says what it is made of where its author says nothing', () => {
    const form = shown(LEAST);
    assert.partialDeepStrictEqual(form, {
      id,
      version: 3,
      locale: 'en',
      dir: 'ltr',
      display: { mode: 'inline' },
      theme: {},
      success: { kind: 'message', title: 'Thank you!', message: 'Your message has arrived.' },
      trap: TRAP,
      proof: true,
      partial: false,
    });
    assert.ok(form.heights.length > 0);
    const plain = shown({ ...LEAST, spam: { honeypot: false, proof: false }, partial: true });
    assert.deepEqual([plain.trap, plain.proof, plain.partial], [undefined, false, true]);
  });

  test('tells browsers what belongs into a field, by its kind, by where it goes, or as its author says', () => {
    const form = shown({
      steps: [
        {
          id: 'one',
          fields: [
            { id: 'a', type: 'text', label: 'A', maps_to: 'contact.firstname' },
            { id: 'b', type: 'email', label: 'B' },
            { id: 'c', type: 'tel', label: 'C', autocomplete: 'work tel' },
            { id: 'd', type: 'text', label: 'D' },
            { id: 'e', type: 'hidden', maps_to: 'contact.city' },
            { id: 'f', type: 'select', label: 'F', options: [{ value: 'DE' }], maps_to: 'contact.country' },
          ],
        },
      ],
    });
    assert.deepEqual(
      form.steps[0]!.fields.map(({ autocomplete }) => autocomplete),
      ['given-name', 'email', 'work tel', undefined, undefined, 'country'],
    );
    assert.deepEqual(form.steps[0]!.fields[5]!.options, [{ value: 'DE', label: 'DE' }]);
  });

  test('wears the look of its workspace, with its own over it', () => {
    const theme = { brand_color: '#112233', font_family: 'Inter, sans-serif', radius: 'large', color_scheme: null };
    assert.deepEqual(
      shown({ ...LEAST, theme: { radius: 'none', density: 'compact' } }, undefined, { locale: 'en', theme }).theme,
      {
        brand_color: '#112233',
        font_family: 'Inter, sans-serif',
        radius: '0',
        space: '10px',
      },
    );
    assert.deepEqual(shown({ ...LEAST, theme: { background: '#102030', color_scheme: 'system' } }).theme, {
      background: '#102030',
      text_color: '#ffffff',
      color_scheme: 'light dark',
    });
    const hostile = { locale: 'en', theme: { font_family: 'x;} body{display:none' } };
    assert.deepEqual(shown(LEAST, undefined, hostile).theme, {});
  });

  test('brings the style sheet of what the widget makes of it, with its look and its height, and no rule that it has no use for', () => {
    const plain = shown({ ...LEAST, theme: { brand_color: '#112233', color_scheme: 'dark' } });
    assert.match(plain.styles, /\.root\{--_brand_color:#112233;--_color_scheme:dark;?\}/);
    for (const [width, height] of plain.heights)
      assert.ok(plain.styles.includes(`@container (min-width:${width}px){.inline>.body{min-block-size:${height}px}}`));
    assert.doesNotMatch(plain.styles, /\.rating|\.option:hover|\.bar|span 2|\n|\/\*/);
    const asks = (field: object) => shown({ ...LEAST, steps: [{ id: 'one', fields: [{ id: 'a', ...field } as never] }] }).styles;
    assert.match(asks({ type: 'rating', label: 'How was it?' }), /\.rating \.option/);
    assert.match(asks({ type: 'consent', label: 'I agree.', version: '1' }), /\.option:hover/);
    assert.match(asks({ type: 'text', label: 'Name', width: 'half' }), /span 2/);
    const step = (id: string) => ({ id, fields: [{ id, type: 'text' as const, label: 'Name' }] });
    assert.match(shown({ ...LEAST, steps: [step('one'), step('two')] }).styles, /\.bar\{/);
  });

  test('says every rule that its answers are judged by', () => {
    const [{ fields } = { fields: [] }] = shown({
      ...LEAST,
      steps: [
        {
          id: 'one',
          fields: [
            { id: 'email', type: 'email', label: 'E-mail' },
            { id: 'name', type: 'text', label: 'Name', max_length: 40 },
            { id: 'message', type: 'textarea', label: 'Message' },
            { id: 'stars', type: 'rating', label: 'Stars' },
          ],
        },
      ],
    }).steps;
    assert.deepEqual(
      fields.map(({ max_length, min, max }) => [max_length, min, max]),
      [
        [254, undefined, undefined],
        [40, undefined, undefined],
        [5_000, undefined, undefined],
        [undefined, 1, 5],
      ],
    );
    assert.match('ada@example.com', new RegExp(fields[0]!.format!, 'i'));
  });

  test('names its stars, and has the digits of its language where these are its own', () => {
    const definition: FormDefinition = { steps: [{ id: 'one', fields: [{ id: 'a', type: 'rating', label: 'A', max: 3 }] }] };
    const { steps, texts } = shown(definition, 'de', { locale: 'de', theme: {} });
    assert.deepEqual(steps[0]!.fields[0]!.options, [
      { value: '1', label: '1 Stern' },
      { value: '2', label: '2 Sterne' },
      { value: '3', label: '3 Sterne' },
    ]);
    assert.equal(texts['digits'], undefined);
    assert.equal(shown(LEAST, undefined, { locale: 'fa', theme: {} }).texts['digits'], '۰۱۲۳۴۵۶۷۸۹');
  });

  test('has a text on its side tab in any case', () => {
    const tab = shown({ ...LEAST, title: 'Ask us', display: { mode: 'side_tab' } });
    assert.equal(tab.display.opener, 'Ask us');
    assert.equal(shown({ ...LEAST, title: 'Ask us', display: { mode: 'popup' } }).display.opener, undefined);
  });

  test('sends the visitor on, or to another form, as its author says', () => {
    const redirect = { kind: 'redirect', url: 'https://www.example.test/thanks' } as const;
    assert.deepEqual(shown({ ...LEAST, success: redirect }).success, redirect);
    const next = { kind: 'form', form_id: newId() } as const;
    assert.deepEqual(shown({ ...LEAST, success: next }).success, next);
  });

  test('goes as far as its draft goes', () => {
    const form = shown({ steps: [{ id: 'one', fields: [{ id: 'a', type: 'select' }] }] });
    assert.deepEqual(JSON.parse(JSON.stringify(form.steps)), [{ id: 'one', fields: [{ id: 'a', type: 'select' }] }]);
  });
});

describe("a form's language", () => {
  const texts = {
    'de-AT': { title: 'Servus' },
    de: { title: 'Hallo' },
    'pt-BR': { title: 'Olá' },
    ar: { title: 'مرحبا' },
    'zh-Hant': { title: '您好' },
  };
  const many: FormDefinition = { ...LEAST, title: 'Hello', locale: 'en-GB', texts };
  for (const [wanted, locale, submit] of [
    [undefined, 'en-GB', 'Send'],
    ['', 'en-GB', 'Send'],
    ['de', 'de', 'Absenden'],
    ['DE', 'de', 'Absenden'],
    ['de-AT', 'de-AT', 'Absenden'],
    ['de-CH', 'de', 'Absenden'],
    ['pt', 'pt-BR', 'Send'],
    ['en-US', 'en-GB', 'Send'],
    ['fr', 'en-GB', 'Send'],
    ['fr, de;q=0.5, en;q=0.8', 'en-GB', 'Send'],
    ['fr, de;q=0.9, en;q=0.8', 'de', 'Absenden'],
    ['de;q=0, ar;q=0.1', 'ar', 'إرسال'],
    ['de;q=0', 'en-GB', 'Send'],
    ['*', 'en-GB', 'Send'],
    ['zh-TW', 'zh-Hant', 'Send'],
    ['zh-CN', 'en-GB', 'Send'],
    ['zh-CN, ar', 'ar', 'إرسال'],
    ['nonsense_, __proto__;q=x, de', 'de', 'Absenden'],
  ] as const)
    test(`is ${locale} where ${wanted === undefined ? 'nothing' : `“${wanted}”`} is wanted`, () => {
      const form = shown(many, wanted);
      assert.deepEqual([form.locale, form.texts['submit']], [locale, submit]);
    });

  test('is the workspace’s where its author names none', () => {
    const form = shown(LEAST, undefined, { locale: 'fr-FR', theme: {} });
    assert.deepEqual(
      [form.locale, form.texts['submit'], form.success.kind === 'message' && form.success.title],
      ['fr-FR', 'Envoyer', 'Merci !'],
    );
  });

  test('is written from right to left where it is', () => {
    for (const [locale, dir] of Object.entries({
      ar: 'rtl',
      he: 'rtl',
      'fa-IR': 'rtl',
      ur: 'rtl',
      'az-Arab': 'rtl',
      az: 'ltr',
      de: 'ltr',
      ja: 'ltr',
    }))
      assert.equal(shown({ ...LEAST, locale }).dir, dir, locale);
  });

  test('brings every text that its author wrote in it, and the others as they are', () => {
    const form = shown(TEN_FIELDS, 'de');
    const fields = form.steps.flatMap((step) => step.fields);
    const field = (id: string) => fields.find((one) => one.id === id)!;
    assert.deepEqual(
      form.steps.map(({ title }) => title),
      ['Über Sie', 'Ihr Vorhaben'],
    );
    assert.equal(form.title, 'Angebot anfragen');
    assert.equal(form.texts['submit'], 'Angebot anfragen');
    assert.equal(form.texts['next'], 'Weiter');
    assert.equal(field('name').label, 'Ihr Name');
    assert.equal(field('company').label, 'Company');
    assert.deepEqual(field('roof').options![0], { value: 'pitched', label: 'Schrägdach' });
    assert.deepEqual(field('roof').options![1], { value: 'flat', label: 'Flat roof' });
    assert.deepEqual(form.success, { kind: 'message', title: 'Thank you', message: 'Wir melden uns.' });
    assert.match(field('privacy').label!, /^Ich bin einverstanden/);
    assert.equal(shown(TEN_FIELDS).texts['submit'], 'Ask for a quote');
  });
});

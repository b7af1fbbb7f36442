import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { formSnippet } from '../../server/forms/form-snippet.ts';
import { publicForm } from '../../server/forms/public-form-service.ts';
import { TEN_FIELDS } from '../support/ten-field-form.ts';

const ID = '01a1ff40-c06b-742e-8cba-fd008eb21ab2';
const publicUrl = 'https://crm.example.test';
const cdn = { version: '1.2.3-abc', integrity: { 'millrace.js': 'sha384-AAAA+/==', 'millrace-inline.js': 'sha384-BBBB+/==' } };

const snippetsOf = (definition: FormDefinition, place: Parameters<typeof formSnippet>[1] = { publicUrl, cdn }) =>
  formSnippet(publicForm(definition, { id: ID, version: 4, workspace: { locale: 'en', theme: {} } }), place);
const LEAST: FormDefinition = {
  steps: [{ id: 'one', fields: [{ id: 'email', type: 'email', label: 'E-mail', maps_to: 'contact.email' }] }],
};

describe('the snippets of a form', () => {
  test('load the widget from here and name the form', () => {
    const { script, pinned, element, npm, iframe, link } = snippetsOf(LEAST);
    assert.ok(script.includes(`<script async src="${publicUrl}/cdn/v1/millrace-inline.js" data-form="${ID}"></script>`), script);
    assert.ok(
      pinned.includes(
        `<script async src="${publicUrl}/cdn/1.2.3-abc/millrace-inline.js" integrity="sha384-BBBB+/==" crossorigin="anonymous" data-form="${ID}"></script>`,
      ),
      pinned,
    );
    assert.ok(element.includes(`<mill-capture form="${ID}"></mill-capture>`));
    assert.ok(element.includes(`<script async src="${publicUrl}/cdn/v1/millrace.js"></script>`));
    assert.ok(npm.includes(`import 'millrace/components/capture/define';`));
    assert.ok(npm.includes(`<mill-capture form="${ID}" data-api="${publicUrl}"></mill-capture>`));
    assert.ok(iframe.startsWith(`<iframe src="${publicUrl}/f/${ID}"`));
    assert.equal(link, `${publicUrl}/f/${ID}`);
  });

  test('pin nothing where there is no released widget', () => {
    const { script, pinned } = snippetsOf(LEAST, { publicUrl });
    assert.equal(pinned, script);
  });

  test('reserve the height of what stands in the page, for each width, and of nothing that opens', () => {
    const form = publicForm(TEN_FIELDS, { id: ID, version: 1, workspace: { locale: 'en', theme: {} } });
    const { script, element } = snippetsOf(TEN_FIELDS);
    const [[, narrowest] = [], ...wider] = form.heights;
    assert.ok(script.includes(`.millrace-fd008eb21ab2>div{min-height:${narrowest}px}`), script);
    assert.ok(element.includes('mill-capture:not(:defined){display:block}'));
    for (const [width, height] of wider)
      assert.ok(
        element.includes(`@container (min-width:${width}px){.millrace-fd008eb21ab2>mill-capture{min-height:${height}px}}`),
        element,
      );
    const popup = snippetsOf({ ...LEAST, display: { mode: 'popup', triggers: [{ on: 'exit' }] } });
    assert.equal(popup.script, `<script async src="${publicUrl}/cdn/v1/millrace.js" data-form="${ID}"></script>`);
    assert.ok(popup.pinned.includes('/cdn/1.2.3-abc/millrace.js" integrity="sha384-AAAA+/=="'), popup.pinned);
  });

  test('have a button where nothing else opens the form', () => {
    const { script } = snippetsOf({ ...LEAST, title: 'Ask us', display: { mode: 'slide_in' } });
    assert.ok(script.endsWith(`<button type="button" data-mill-slide="${ID}">Ask us</button>`), script);
    for (const display of [
      { mode: 'popup', opener: 'Ask' },
      { mode: 'popup', triggers: [{ on: 'load' }] },
    ] as const)
      assert.ok(!snippetsOf({ ...LEAST, display: display as any }).script.includes('<button'));
    assert.ok(snippetsOf({ ...LEAST, display: { mode: 'popup', triggers: [{ on: 'call' }] } }).script.includes('<button'));
  });

  test('hold every field in plain HTML, which needs no script', () => {
    const { html } = snippetsOf({
      steps: [
        ...TEN_FIELDS.steps,
        {
          id: 'more',
          fields: [
            { id: 'stars', type: 'rating', label: 'Stars', required: true, max: 3 },
            { id: 'wants', type: 'multi_select', label: 'Wants', options: [{ value: 'a' }, { value: 'b' }], default: ['b'] },
            { id: 'ref', type: 'hidden', default: 'spring' },
            { id: 'note', type: 'heading', label: 'A note' },
          ],
        },
      ],
    });
    const has = (part: string) => assert.ok(html.includes(part), `${part}\n${html}`);
    has(
      `<form method="post" action="${publicUrl}/api/v2/public/forms/${ID}/submissions" accept-charset="utf-8" lang="en" dir="ltr">`,
    );
    has('<input type="hidden" name="_version" value="4">');
    has('<input type="hidden" name="_lang" value="en">');
    has('<input type="hidden" name="ref" value="spring">');
    has('<label for="millrace-fd008eb21ab2-name">Your name</label>');
    has('name="privacy" value="true" required');
    has('name="wants" value="b" checked');
    has('name="stars" value="3" required');
    has('<option value="flat">Flat roof</option>');
    has('<h3>A note</h3>');
    has('name="fax_line" tabindex="-1" autocomplete="off"');
    for (const id of ['name', 'email', 'phone', 'company', 'roof', 'which', 'budget', 'start', 'message', 'privacy'])
      assert.match(html, new RegExp(` name="${id}"`));
    // Nobody can be held to a question that may not be theirs.
    assert.doesNotMatch(html, /name="which"[^>]*required/);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    assert.equal(new Set(ids).size, ids.length);
    for (const [, of] of html.matchAll(/ for="([^"]+)"/g)) assert.ok(ids.includes(of!), of);
  });

  test('escape whatever people wrote, and carry no style or script of their own', () => {
    const hostile = `"></style></script><script>alert(1)</script><b x='`;
    const snippets = snippetsOf({
      title: hostile,
      display: { mode: 'inline' },
      steps: [
        {
          id: 'one',
          title: hostile,
          fields: [
            {
              id: 'a',
              type: 'select',
              label: hostile,
              placeholder: hostile,
              help: hostile,
              options: [{ value: hostile }],
              default: hostile,
            },
            { id: 'b', type: 'textarea', label: 'B', default: `</textarea>${hostile}` },
            { id: 'c', type: 'hidden', default: hostile },
          ],
        },
      ],
      texts: { en: { submit: hostile } },
    });
    for (const [way, snippet] of Object.entries(snippets)) {
      assert.ok(!snippet.includes('alert(1)</script>'), way);
      assert.ok(!snippet.includes('<b x='), way);
      assert.doesNotMatch(snippet, / style=| on\w+=/, way);
    }
  });
});

import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { newId } from '../../server/ids.ts';
import { newServer, ORIGIN, type TestServer, type TestWorkspace } from '../support/server.ts';
import { publishedForm } from '../support/published-form.ts';

const CONTACT: FormDefinition = {
  title: 'Talk to us',
  locale: 'en',
  steps: [
    {
      id: 'about',
      title: 'About you',
      fields: [
        { id: 'name', type: 'text', label: 'Name', required: true, maps_to: 'contact.name' },
        { id: 'email', type: 'email', label: 'E-mail', required: true, maps_to: 'contact.email' },
        { id: 'plan', type: 'hidden', default: 'basic' },
      ],
    },
    {
      id: 'wish',
      fields: [
        { id: 'topic', type: 'radio', label: 'Topic', options: [{ value: 'demo', label: 'A demo' }, { value: 'other' }] },
        {
          id: 'what',
          type: 'textarea',
          label: 'What then?',
          required: true,
          show_if: { all: [{ field: 'topic', operator: 'equals', value: 'other' }] },
        },
        { id: 'sizes', type: 'multi_select', label: 'Sizes', options: [{ value: 's' }, { value: 'l' }] },
        { id: 'agree', type: 'consent', label: 'I agree to be called.', version: '1', required: true },
      ],
    },
  ],
  texts: { de: { title: 'Sprechen Sie mit uns', 'name.label': 'Ihr Name' } },
};

describe('A hosted form', () => {
  let server: TestServer;
  let workspace: TestWorkspace;
  let id: string;

  before(async () => {
    server = await newServer();
    workspace = await server.newWorkspace();
    id = await publishedForm(workspace, CONTACT);
  });

  const read = async (address = `/f/${id}`, init: RequestInit = {}) => {
    const response = await server.fetch(address, init);
    return { response, html: await response.text() };
  };

  test('is a page with every field of every step, sent to the address of its submissions', async () => {
    const { response, html } = await read();
    assert.equal(response.status, 200);
    assert.match(html, /<html lang="en" dir="ltr">/);
    assert.match(html, /<h1>Talk to us<\/h1>/);
    assert.match(
      html,
      new RegExp(`<form method="post" action="/api/v2/public/forms/${id}/submissions" accept-charset="utf-8" novalidate>`),
    );
    for (const name of ['name', 'email', 'plan', 'topic', 'what', 'sizes', 'agree'])
      assert.match(html, new RegExp(`name="${name}"`));
    assert.match(html, /<input id="field-name" name="name" required autocomplete="name" type="text">/);
    assert.match(html, /name="plan" value="basic"/);
    assert.match(html, /I agree to be called\./);
  });

  test('requires in the browser nothing that only some answers ask for', async () => {
    const { html } = await read();
    assert.doesNotMatch(/<textarea[^>]*>/.exec(html)![0], /required/);
    assert.match(html, /What then\? <small>\(if it applies\)<\/small>/);
  });

  test('brings along a key of its own each time, its version, its language and a field that people do not see', async () => {
    const [first, second] = [(await read()).html, (await read()).html];
    const keyOf = (html: string) => /name="_key" value="([^"]+)"/.exec(html)![1]!;
    assert.match(keyOf(first), /^[0-9a-f-]{36}$/);
    assert.notEqual(keyOf(first), keyOf(second));
    assert.match(first, /name="_version" value="1"/);
    assert.match(first, /name="_lang" value="en"/);
    assert.match(first, new RegExp(`name="_page" value="${ORIGIN}/f/${id}"`));
    assert.match(first, /<div class="away" aria-hidden="true"><label>/);
  });

  test('speaks the language of the address, else the one that the browser wants', async () => {
    assert.match((await read(`/f/${id}?lang=de`)).html, /<html lang="de" dir="ltr">[\s\S]*<h1>Sprechen Sie mit uns<\/h1>/);
    const { response, html } = await read(`/f/${id}`, { headers: { 'accept-language': 'fr;q=0.4, de-AT' } });
    assert.match(html, /Ihr Name/);
    assert.match(html, /<button type="submit">Absenden<\/button>/);
    assert.match(response.headers.get('vary')!, /Accept-Language/);
  });

  test('is filled in from the address, but for what only the visitor can agree to', async () => {
    const { html } = await read(`/f/${id}?email=eva@example.com&topic=other&sizes=s&sizes=l&plan=pro&agree=true&nothing=1`);
    assert.match(html, /name="email" required autocomplete="email" type="email" value="eva@example.com"/);
    assert.match(html, /name="topic" value="other" checked/);
    assert.match(html, /name="sizes" value="s" checked[\s\S]*name="sizes" value="l" checked/);
    assert.match(html, /name="plan" value="pro"/);
    assert.doesNotMatch(/<input[^>]*name="agree"[^>]*>/.exec(html)![0], /checked/);
  });

  test('lets nothing run or look but what it brought itself, and names no style of an element', async () => {
    const { response, html } = await read();
    const policy = response.headers.get('content-security-policy')!;
    const [, nonce] = /<style nonce="([\w-]+)">/.exec(html)!;
    assert.match(policy, /^default-src 'none'; /);
    assert.ok(policy.includes(`style-src 'nonce-${nonce}'`));
    assert.match(policy, /form-action 'self';/);
    assert.match(policy, /require-trusted-types-for 'script'; trusted-types millrace/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.doesNotMatch(html, /\sstyle=|\son\w+=/);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.notEqual((await read()).html.match(/<style nonce="([\w-]+)">/)![1], nonce);
  });

  test('stands in frames of the pages that may submit it, of any page where none are named', async () => {
    const framing = async (form: string) =>
      /frame-ancestors [^;]*/.exec((await read(`/f/${form}`)).response.headers.get('content-security-policy')!)![0];
    assert.equal(await framing(id), 'frame-ancestors *');
    const named = await publishedForm(workspace, { ...CONTACT, allowed_origins: ['https://shop.example.com'] });
    assert.equal(await framing(named), "frame-ancestors 'self' https://shop.example.com");
  });

  test('has a policy that no address of its author ends', async () => {
    const hostile = await publishedForm(workspace, {
      ...CONTACT,
      allowed_origins: ['https://a;sandbox', 'https://b,c'],
      success: { kind: 'redirect', url: 'https://x;sandbox/thanks' },
    });
    const policy = (await read(`/f/${hostile}`)).response.headers.get('content-security-policy')!;
    assert.doesNotMatch(policy, /sandbox|,/);
    assert.match(policy, /form-action 'self';/);
    assert.match(policy, /frame-ancestors 'self';/);
  });

  test('that is closed says so and can not be sent', async () => {
    const closed = await publishedForm(workspace, CONTACT);
    const { version } = await workspace.client.forms.update(closed, { is_active: false });
    assert.ok(version > 0);
    const { html } = await read(`/f/${closed}`);
    assert.match(html, /This form is closed\./);
    assert.doesNotMatch(html, /<form/);
  });

  test('that does not exist, or is no longer there, is a page that says so in the visitor’s language', async () => {
    const gone = await publishedForm(workspace, CONTACT);
    await workspace.client.forms.remove(gone);
    const draft = await workspace.client.forms.create({ name: 'Draft', draft: CONTACT });
    for (const address of [`/f/${newId()}`, '/f/nothing', `/f/${gone}`, `/f/${draft.id}`, `/f/${newId()}/done`]) {
      const { response, html } = await read(address, { headers: { 'accept-language': 'de' } });
      assert.equal(response.status, 404, address);
      assert.match(html, /<html lang="de" dir="ltr">[\s\S]*Unter dieser Adresse gibt es kein Formular\./);
    }
  });

  test('says after it was sent what its author wants, or leads on', async () => {
    const success = { kind: 'message', title: 'Got it', message: 'First.\n\nSecond.' } as const;
    const message = await publishedForm(workspace, { ...CONTACT, success });
    assert.match((await read(`/f/${message}/done`)).html, /<h1>Got it<\/h1><p>First\.<\/p><p>Second\.<\/p>/);
    const url = 'https://shop.example.com/thanks?a=1&b=2';
    const redirect = await publishedForm(workspace, { ...CONTACT, success: { kind: 'redirect', url } });
    const led = await read(`/f/${redirect}/done`, { redirect: 'manual' });
    assert.deepEqual([led.response.status, led.response.headers.get('location')], [303, url]);
    // A browser holds the redirect of a form's post against the form's policy too.
    const { response } = await read(`/f/${redirect}`);
    assert.match(response.headers.get('content-security-policy')!, /form-action 'self' https:\/\/shop\.example\.com;/);
    const next = await publishedForm(workspace, { ...CONTACT, success: { kind: 'form', form_id: id } });
    const followed = await read(`/f/${next}/done?lang=en`, { redirect: 'manual' });
    assert.equal(followed.response.headers.get('location'), `/f/${id}?lang=en`);
  });

  test('is asked for by one address only so often', async () => {
    const limited = await newServer({ database: server.database, limits: { public: { name: 'public', quota: 2, seconds: 60 } } });
    const statuses = [];
    for (let call = 0; call < 3; call++) statuses.push((await limited.fetch(`/f/${id}`)).status);
    assert.deepEqual(statuses, [200, 200, 429]);
    assert.equal((await limited.fetch(`/f/${id}`, { address: '203.0.113.99' })).status, 200);
  });
});

describe('What authors and visitors write into a hosted form', () => {
  const HOSTILE = `</style></textarea></title><script>alert(1)</script>"'><img src=x onerror=alert(1)>&amp;`;
  let server: TestServer;
  let workspace: TestWorkspace;
  let html: string;

  beforeEach(async () => {
    server ??= await newServer();
    workspace ??= await server.newWorkspace();
  });

  const assertHarmless = (page: string) => {
    assert.doesNotMatch(page, /<script>|<img|onerror=alert\(1\)>/);
    assert.equal(page.match(/<\/style>/g)!.length, 1);
    assert.equal(page.match(/<\/title>/g)!.length, 1);
    assert.doesNotMatch(page, /"'>/);
  };

  test('is text wherever it stands', async () => {
    const text = { label: HOSTILE, help: HOSTILE, placeholder: HOSTILE };
    const options = [{ value: HOSTILE.slice(0, 100), label: HOSTILE }];
    const form = await publishedForm(workspace, {
      title: HOSTILE,
      locale: 'en',
      steps: [
        {
          id: 'one',
          title: HOSTILE,
          fields: [
            { id: 'email', type: 'email', required: true, maps_to: 'contact.email', ...text },
            { id: 'area', type: 'textarea', default: HOSTILE, ...text },
            { id: 'choice', type: 'select', options, label: HOSTILE, placeholder: HOSTILE },
            { id: 'radio', type: 'radio', options, label: HOSTILE },
            { id: 'many', type: 'multi_select', options, label: HOSTILE },
            { id: 'head', type: 'heading', label: HOSTILE },
            { id: 'kept', type: 'hidden', default: HOSTILE },
            { id: 'agree', type: 'consent', label: HOSTILE, version: '1' },
          ],
        },
      ],
      success: { kind: 'message', title: HOSTILE, message: HOSTILE },
      texts: { en: { submit: HOSTILE } },
    });
    const query = new URLSearchParams({
      email: HOSTILE,
      area: HOSTILE,
      kept: HOSTILE,
      choice: HOSTILE,
      lang: HOSTILE,
      [HOSTILE]: HOSTILE,
    });
    html = await (await server.fetch(`/f/${form}?${query}`)).text();
    assertHarmless(html);
    assert.match(html, /&#60;script&#62;alert\(1\)&#60;\/script&#62;/);
    assertHarmless(await (await server.fetch(`/f/${form}/done`)).text());
  });

  test('ends no attribute', async () => {
    const breaker = `x" autofocus onfocus="alert(1)`;
    const options = [{ value: breaker, label: 'One' }];
    const form = await publishedForm(workspace, {
      locale: 'en',
      steps: [
        {
          id: 'one',
          fields: [
            { id: 'email', type: 'email', label: 'E-mail', placeholder: breaker, maps_to: 'contact.email' },
            { id: 'choice', type: 'select', label: 'Choice', options },
            { id: 'kept', type: 'hidden', default: breaker },
          ],
        },
      ],
    });
    const page = await (await server.fetch(`/f/${form}?${new URLSearchParams({ email: breaker })}`)).text();
    assert.doesNotMatch(page, /\sonfocus="/);
    assert.equal(page.match(/="x&#34; autofocus onfocus=&#34;alert\(1\)"/g)!.length, 4);
  });

  test('ends no rule of the style sheet', async () => {
    const theme = {
      font_family: `"Open Sans", 'x', serif`,
      brand_color: '#ff0000',
      background: '#101010',
      radius: 'large',
    } as const;
    const form = await publishedForm(workspace, {
      theme,
      locale: 'en',
      steps: [{ id: 'one', fields: [{ id: 'email', type: 'email', label: 'E-mail', maps_to: 'contact.email' }] }],
    });
    const page = await (await server.fetch(`/f/${form}`)).text();
    assert.match(page, /--font: "Open Sans", 'x', serif/);
    // White on red is 4, black on red 5.25 to 1.
    assert.match(page, /--brand: #ff0000; --on-brand: #000000/);
    assert.match(page, /color-scheme: dark; --page: #101010; --surface: #101010; --text: #ffffff/);
    const open = await publishedForm(workspace, {
      theme: { font_family: `"Open` },
      locale: 'en',
      steps: [{ id: 'one', fields: [{ id: 'email', type: 'email', label: 'E-mail', maps_to: 'contact.email' }] }],
    });
    assert.doesNotMatch(await (await server.fetch(`/f/${open}`)).text(), /"Open/);
  });
});

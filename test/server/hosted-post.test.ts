import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import { publishedForm } from '../support/published-form.ts';
import { newServer, ORIGIN, type TestServer, type TestWorkspace } from '../support/server.ts';

const FORM: FormDefinition = {
  locale: 'en',
  steps: [
    {
      id: 'one',
      fields: [
        { id: 'name', type: 'text', label: 'Name', required: true, maps_to: 'contact.name' },
        { id: 'email', type: 'email', label: 'E-mail', required: true, maps_to: 'contact.email' },
        { id: 'note', type: 'textarea', label: 'Note' },
      ],
    },
  ],
};

describe('A hosted form that is sent', () => {
  let server: TestServer;
  let workspace: TestWorkspace;
  let form: string;

  before(async () => {
    server = await newServer();
    workspace = await server.newWorkspace();
    form = await publishedForm(workspace, FORM);
  });

  /** What a browser would send of the page by itself. */
  async function inputs(query = ''): Promise<Record<string, string>> {
    const html = await (await server.fetch(`/f/${form}${query}`)).text();
    const tags = html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g);
    return Object.fromEntries(Array.from(tags, ([, name, value]) => [name, value]));
  }

  async function post(values: Record<string, string>) {
    const response = await server.fetch(`/api/v2/public/forms/${form}/submissions`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: ORIGIN },
      body: new URLSearchParams(values).toString(),
      redirect: 'manual',
    });
    return { status: response.status, location: response.headers.get('location'), html: await response.text(), response };
  }

  const latest = async () => (await workspace.client.forms.submissions(form, { sort_by: 'created_at' })).data[0]!;

  test('leads to the page that thanks', async () => {
    const given = await inputs();
    server.later(10_000);
    const { status, location } = await post({ ...given, name: 'Ada', email: 'ada@example.test' });
    assert.deepEqual([status, location], [303, `${ORIGIN}/f/${form}/done?lang=en`]);
    assert.equal((await server.fetch(location!)).status, 200);
    const { state, answers, page } = await latest();
    assert.deepEqual([state, answers, page], ['accepted', { name: 'Ada', email: 'ada@example.test' }, `${ORIGIN}/f/${form}`]);
  });

  test('in less than the least time is kept as suspected, whatever the visitor makes of the mark', async () => {
    const given = await inputs();
    const { location } = await post({ ...given, name: 'Bot', email: 'bot@example.test' });
    assert.match(location!, /\/done/);
    const { state, spam_reasons: reasons } = await latest();
    assert.deepEqual([state, reasons], ['quarantined', ['too_fast']]);
    // Neither another form's mark nor a forged one says how long somebody took.
    const other = await publishedForm(workspace, FORM);
    const [, foreign] = /name="_started" value="([^"]+)"/.exec(await (await server.fetch(`/f/${other}`)).text())!;
    for (const [index, mark] of [foreign!, `1.${'0'.repeat(64)}`, `${given['_started']!}0`].entries()) {
      const again = await inputs();
      server.later(10_000);
      const { status } = await post({ ...again, _started: mark, name: 'Bot', email: `bot${index}@example.test` });
      assert.equal(status, 303);
      assert.deepEqual((await latest()).spam_reasons, ['too_fast']);
    }
  });

  test('twice by an impatient press is one', async () => {
    const given = { ...(await inputs()), name: 'Twice', email: 'twice@example.test' };
    server.later(10_000);
    const [first, second] = await Promise.all([post(given), post(given)]);
    assert.deepEqual([first.status, second.status, first.location === second.location], [303, 303, true]);
    const all = (await workspace.client.forms.submissions(form)).data;
    assert.equal(all.filter(({ answers }) => answers['email'] === 'twice@example.test').length, 1);
  });

  test('wrongly is shown again with all that was written, harmless, and its problems', async () => {
    const written = `"><script>alert(1)</script>`;
    const given = await inputs();
    const { status, html, response } = await post({ ...given, name: '', email: written, note: `</textarea>${written}` });
    assert.equal(status, 400);
    assert.match(response.headers.get('content-type')!, /^text\/html/);
    const [, nonce] = /<style nonce="([\w-]+)">/.exec(html)!;
    assert.ok(response.headers.get('content-security-policy')!.includes(`style-src 'nonce-${nonce}'`));
    assert.match(html, /<title>Please check 2 answers – Send<\/title>/);
    assert.match(html, /<div class="problems" role="alert" tabindex="-1" autofocus>/);
    assert.match(html, /<a href="#field-name">Name: Please fill this in\.<\/a>/);
    assert.match(
      html,
      /aria-describedby="field-email-problem" aria-invalid="true" type="email" value="&#34;&#62;&#60;script&#62;alert\(1\)/,
    );
    assert.doesNotMatch(html, /<script>/);
    // What is sent again is still the same submission, begun when it was.
    for (const name of ['_key', '_started', '_version', '_lang'])
      assert.ok(html.includes(`name="${name}" value="${given[name]}"`), name);
  });
});

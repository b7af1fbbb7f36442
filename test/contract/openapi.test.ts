import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Hono } from 'hono';
import { BULK_ACTIONS } from '../../src/contract/bulk.ts';
import { ERROR_STATUS } from '../../src/contract/envelope.ts';
import { ROLE_PERMISSIONS } from '../../src/contract/permissions.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { serveDocs } from '../../server/http/docs.ts';
import { endpoints, openApi } from '../../server/http/openapi.ts';

const router = new Hono();
serveDocs(router);

const operations = () =>
  Object.entries<Record<string, any>>(openApi()['paths']).flatMap(([path, methods]) =>
    Object.entries<any>(methods).map(([method, operation]) => ({ what: `${method.toUpperCase()} ${path}`, operation })),
  );

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(openApi());
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, '3.1');
  });

  test('is served as it is made, to any origin', async () => {
    const response = await router.request(`${API_PREFIX}/openapi.json`);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.deepEqual(await response.json(), JSON.parse(JSON.stringify(openApi())));
  });

  test('has every endpoint, and PUT beside each PATCH', () => {
    const expected = endpoints.flatMap(({ route: { method, path } }) => {
      const address = path.replace(/:(\w+)/g, '{$1}');
      return method === 'PATCH' ? [`PATCH ${address}`, `PUT ${address}`] : [`${method} ${address}`];
    });
    assert.deepEqual(
      operations()
        .map(({ what }) => what)
        .sort(),
      expected.sort(),
    );
  });

  test('tells of every operation what it does, what it answers and how it refuses', () => {
    const ids = new Set<string>();
    for (const { what, operation } of operations()) {
      assert.match(operation.summary, /^[A-Z].*\.$/, what);
      ids.add(operation.operationId);
      const statuses = Object.keys(operation.responses).map(Number);
      const successes = statuses.filter((status) => status < 300);
      // Some calls of a route may be queued.
      assert.equal(successes.length, successes.includes(202) && successes.includes(200) ? 2 : 1, what);
      for (const status of [403, 429, 500, 503]) assert.ok(statuses.includes(status), `${what} ${status}`);
      for (const [status, { description, content }] of Object.entries<any>(operation.responses)) {
        assert.ok(description.length > 0, what);
        if (Number(status) >= 400) {
          assert.equal(content['application/json'].schema.$ref, '#/components/schemas/Error');
          for (const code of description.split(', '))
            assert.equal(ERROR_STATUS[code as keyof typeof ERROR_STATUS], Number(status), `${what} ${code}`);
        }
      }
    }
    assert.equal(ids.size, operations().length);
  });

  test('tells of a body with several shapes what each takes', () => {
    const { post } = openApi()['paths']['/leads/bulk'];
    const shapes = post.requestBody.content['application/json'].schema.oneOf as any[];
    assert.deepEqual(
      shapes.map(({ properties }) => properties.action.const),
      [...BULK_ACTIONS],
    );
    assert.deepEqual(Object.keys(post.responses).slice(0, 2), ['200', '202']);
  });

  test('names every id of a path, and asks for a credential wherever one is needed', () => {
    for (const { group, verb, route } of endpoints) {
      const operation = openApi()['paths'][route.path.replace(/:(\w+)/g, '{$1}')][route.method.toLowerCase()];
      const named = operation.parameters
        .filter((parameter: any) => parameter.in === 'path')
        .map((parameter: any) => parameter.name);
      assert.deepEqual(
        named,
        [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name),
      );
      assert.deepEqual(operation.security, route.permission === 'public' ? [] : undefined, `${group}.${verb}`);
    }
  });

  test('lets a list be walked and a change be guarded', () => {
    const parametersOf = (path: string, method: string) =>
      openApi()['paths'][path][method].parameters.map(({ name }: any) => name);
    for (const name of ['page', 'page_size', 'cursor', 'count', 'sort_by', 'sort_order', 'If-None-Match'])
      assert.ok(parametersOf('/contacts', 'get').includes(name), name);
    for (const path of ['/contacts', '/leads', '/leads/board', '/leads/stats', '/leads/marks'])
      assert.ok(parametersOf(path, 'get').includes('cf.<name>') && !parametersOf(path, 'get').includes('cf'), path);
    assert.ok(parametersOf('/contacts', 'post').includes('Idempotency-Key'));
    assert.ok(parametersOf('/contacts/{id}', 'patch').includes('If-Match'));
  });
});

describe('the page for people', () => {
  const read = async () => {
    const response = await router.request(`${API_PREFIX}/docs`);
    return { html: await response.text(), policy: response.headers.get('content-security-policy')! };
  };

  test('loads nothing from anywhere, and runs nothing', async () => {
    const { html, policy } = await read();
    assert.doesNotMatch(html, /<script|<link|<img|<iframe|\son\w+=|\bstyle=|@import|url\(/i);
    for (const [, address] of html.matchAll(/(?:href|src|action)="([^"]*)"/g)) assert.match(address!, /^(?:#|\/api\/v2\/)/);
    assert.doesNotMatch(html.replace(/<td>[^<]*<\/td>|<p>[^<]*<\/p>/g, ''), /https?:\/\//);
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /script-src|unsafe|http|\*/);
  });

  test('allows its own style by its hash, and no other', async () => {
    const { html, policy } = await read();
    const styles = [...html.matchAll(/<style>([^]*?)<\/style>/g)].map(([, style]) => style!);
    assert.equal(styles.length, 1);
    const hash = createHash('sha256').update(styles[0]!).digest('base64');
    assert.equal(/style-src ([^;]+)/.exec(policy)![1], `'sha256-${hash}'`);
  });

  test('says how each credential is sent, and what is in the objects of an answer', async () => {
    const { html } = await read();
    const [rule] = /<dt>Credential<\/dt><dd>.*/.exec(html)!;
    for (const said of ['Authorization: Bearer', 'access token', 'sk_live_', 'embed token']) assert.ok(rule.includes(said), said);
    const [, lead] = html.split('id="leads.get"');
    assert.match(lead!.split('</article>')[0]!, /<code>contact<\/code><\/td><td>object with id, name, email/);
  });

  test('says what is in the objects of a body, in those of several kinds too, and what text must be like', async () => {
    const { html } = await read();
    const bodyOf = (id: string) => html.split(`id="${id}"`)[1]!.split('</article>')[0]!.split('<details>')[0]!;
    const field = bodyOf('customFields.create');
    assert.match(field, /<code>configuration\.options\[\]\.value<\/code><\/td><td>string<\/td>/);
    assert.ok(field.includes('<td>like ^[a-z][a-z0-9_]{0,49}$</td>'));
    const policies = bodyOf('workspace.update');
    assert.match(policies, /<code>policies\.working_hours\.mon\[\]\.from<\/code>/);
    assert.match(
      policies,
      /<code>policies\.owner_rule\.kind<\/code><\/td><td>&#34;nobody&#34; \| &#34;creator&#34; \| &#34;fixed&#34; \|/,
    );
    assert.match(policies, /<code>policies\.owner_rule\.user_id<\/code> <small>optional<\/small><\/td><td>id<\/td>/);
    assert.match(bodyOf('contacts.merge'), /<code>fields\.email<\/code>.*?&#34;survivor&#34; \| &#34;other&#34;/);
    assert.match(html, /<code>cf\.size\.gte=20<\/code>/);
  });

  test('has every endpoint, every error code and every permission, and no dead link', async () => {
    const { html } = await read();
    const ids = new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    for (const { group, verb } of endpoints) assert.ok(ids.has(`${group}.${verb}`), `${group}.${verb}`);
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.has(target!), target);
    for (const code of Object.keys(ERROR_STATUS)) assert.ok(html.includes(`<code>${code}</code>`), code);
    for (const permission of ROLE_PERMISSIONS.owner) assert.ok(html.includes(`<code>${permission}</code>`), permission);
  });
});

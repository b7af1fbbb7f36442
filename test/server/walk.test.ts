import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ROLE_PERMISSIONS, ROLES, type Permission, type Role } from '../../src/contract/permissions.ts';
import type { Access } from '../../src/contract/route.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { endpoints, type Endpoint } from '../../server/http/openapi.ts';
import { newId } from '../../server/ids.ts';
import { addressOf, positionsOf, put, sampleRequest, type Ids, type SampleRequest } from '../support/sample-request.ts';
import { newServer, PASSWORD, type TestMember, type TestServer, type TestWorkspace } from '../support/server.ts';

/** What a call may leave behind although it was refused. */
const ASIDE = ['audit_log', 'idempotency_keys', 'sessions', 'refresh_tokens', 'migrations'];

let server: TestServer;

/** A workspace with a record of every kind; the viewer works with the contact. */
async function furnished(): Promise<{ workspace: TestWorkspace; ids: Ids }> {
  const workspace = await server.newWorkspace();
  const company = await workspace.client.companies.create({ name: `Company ${newId()}` });
  const contact = await workspace.client.contacts.create({
    email: `${newId()}@example.test`,
    company_id: company.id,
    tags: ['kept'],
  });
  await workspace.client.contacts.assign(contact.id, { user_id: workspace.viewer.userId });
  const members = await workspace.client.members.list();
  const member = members.data.find(({ role }) => role === 'viewer')!;
  return {
    workspace,
    ids: { contact: contact.id, company: company.id, member: member.id, user: workspace.viewer.userId, workspace: workspace.id },
  };
}

/** Everything that is in the database, as one word. */
async function digest(): Promise<string> {
  const tables = await server.database.asOwner(
    `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const kept = tables.map(({ table_name }) => table_name as string).filter((name) => !ASIDE.includes(name));
  const parts = kept
    .sort()
    .map((name) => `select '${name}' as name, md5(string_agg(t::text, '|' order by t::text)) as mark from ${name} t`);
  return JSON.stringify(await server.database.asOwner(parts.join(' union all ')));
}

const nameOf = ({ group, verb }: Endpoint) => `${group}.${verb}`;

/** The methods that reach an endpoint: PUT is taken for PATCH. */
const methodsOf = ({ route }: Endpoint) => (route.method === 'PATCH' ? ['PATCH', 'PUT'] : [route.method]);

async function call(endpoint: Endpoint, sample: SampleRequest, caller?: TestMember, method: string = endpoint.route.method) {
  // Signing in names the workspace beside the caller's own password.
  const known = nameOf(endpoint) === 'auth.signIn' && caller ? { email: caller.email, password: PASSWORD } : {};
  const response = await server.fetch(API_PREFIX + addressOf(endpoint, sample), {
    method,
    headers: { 'Content-Type': 'application/json', ...(caller && { Authorization: `Bearer ${caller.token}` }) },
    ...(sample.body && { body: JSON.stringify({ ...sample.body, ...known }) }),
  });
  const text = await response.text();
  return { status: response.status, ...(text === '' ? {} : JSON.parse(text)) };
}

before(async () => {
  server = await newServer();
});

test('every route of the contract is served, and nothing else', () => {
  const addresses = (routes: readonly { method: string; path: string }[]) =>
    routes.map(({ method, path }) => `${method} ${path}`).sort();
  assert.deepEqual(addresses(server.app.api.served), addresses(endpoints.map(({ route }) => route)));
  assert.equal(new Set(addresses(server.app.api.served)).size, endpoints.length);
});

describe('an id of another workspace', () => {
  let ours: Awaited<ReturnType<typeof furnished>>;
  let theirs: Awaited<ReturnType<typeof furnished>>;

  before(async () => {
    ours = await furnished();
    theirs = await furnished();
  });

  for (const endpoint of endpoints) {
    for (const position of positionsOf(endpoint)) {
      test(`as ${position.name} in the ${position.part} of ${nameOf(endpoint)} is like one that nobody has, for every role, and changes nothing`, async () => {
        const untouched = await digest();
        for (const role of ROLES) {
          for (const method of methodsOf(endpoint)) {
            const sample = sampleRequest(endpoint, ours.ids);
            put(sample, position, theirs.ids[position.kind]);
            const answer = await call(endpoint, sample, ours.workspace[role], method);
            assertRefused(answer, position.part === 'path', `${role} ${method}`);

            const unknown = newId();
            put(sample, position, unknown);
            const nobodys = await call(endpoint, sample, ours.workspace[role], method);
            const plain = (body: any) =>
              JSON.stringify({ ...body, metadata: undefined }).replaceAll(theirs.ids[position.kind], unknown);
            assert.equal(plain(answer), plain(nobodys), `${role} ${method}`);
          }
        }
        assert.equal(await digest(), untouched);
      });
    }

    if (positionsOf(endpoint).length > 1) {
      test(`at every place of ${nameOf(endpoint)} at once is refused as well, for every role`, async () => {
        const untouched = await digest();
        for (const role of ROLES) {
          const isInPath = endpoint.route.path.includes(':');
          assertRefused(await call(endpoint, sampleRequest(endpoint, theirs.ids), ours.workspace[role]), isInPath, role);
        }
        assert.equal(await digest(), untouched);
      });
    }

    if (endpoint.route.permission !== 'public') {
      test(`without a credential ${nameOf(endpoint)} answers 401 and changes nothing`, async () => {
        const untouched = await digest();
        for (const method of methodsOf(endpoint)) {
          assert.partialDeepStrictEqual(await call(endpoint, sampleRequest(endpoint, theirs.ids), undefined, method), {
            status: 401,
            code: 'UNAUTHORIZED',
          });
        }
        assert.equal(await digest(), untouched);
      });
    }
  }

  /** In a path an id is 404 or, where the role may not call at all, 403; elsewhere it is a field that names nothing, or filters everything out. */
  function assertRefused({ status, data, issues }: any, isInPath: boolean, what: string) {
    if (isInPath) return assert.ok(status === 404 || status === 403, `${what} was answered with ${status}`);
    if (status === 200) return assert.deepEqual(data, [], what);
    if (status === 400) return assert.deepEqual([...new Set(issues.map(({ code }: any) => code))], ['not_found'], what);
    assert.ok(status === 404 || status === 403, `${what} was answered with ${status}`);
  }
});

describe('a role', () => {
  for (const role of ROLES) {
    test(`${role} is refused exactly the routes that it has no permission for, by the permission's name`, async () => {
      const { workspace, ids } = await furnished();
      for (const endpoint of endpoints) {
        const { status, code, error } = await call(
          endpoint,
          sampleRequest(endpoint, { ...ids, user: workspace[role].userId }),
          workspace[role],
        );
        const sentence = refusalOf(endpoint.route.permission, role);
        const what = `${nameOf(endpoint)} answered ${status}: ${error}`;
        if (sentence !== undefined)
          assert.deepEqual({ status, code, error }, { status: 403, code: 'FORBIDDEN', error: sentence }, what);
        else if (status === 403) assert.doesNotMatch(error, /This needs the permission|Only the workspace's owner/, what);
        if (endpoint.route.permission !== 'public') assert.notEqual(status, 401, what);
        assert.ok(status < 500, what);
      }
    });
  }

  function refusalOf(access: Access, role: Role): string | undefined {
    if (access === 'public' || access === 'signed-in') return undefined;
    if (access === 'owner') return role === 'owner' ? undefined : "Only the workspace's owner may do this.";
    if (ROLE_PERMISSIONS[role].has(access as Permission)) return undefined;
    return `This needs the permission ${access}, which the role ${role} does not have.`;
  }
});

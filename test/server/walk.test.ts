import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ROLE_PERMISSIONS, ROLES, type Permission, type Role } from '../../src/contract/permissions.ts';
import type { Access } from '../../src/contract/route.ts';
import { endpoints } from '../../server/http/openapi.ts';
import { newId } from '../../server/ids.ts';
import { positionsOf, put, sampleRequest } from '../support/sample-request.ts';
import { newServer, type TestServer } from '../support/server.ts';
import { assertRefused, callAs, digest, furnished, methodsOf, nameOf } from '../support/walk.ts';

let server: TestServer;

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
    ours = await furnished(server);
    theirs = await furnished(server);
  });

  for (const endpoint of endpoints) {
    for (const position of positionsOf(endpoint)) {
      test(`as ${position.name} in the ${position.part} of ${nameOf(endpoint)} is like one that nobody has, for every role, and changes nothing`, async () => {
        const untouched = await digest(server);
        for (const role of ROLES) {
          for (const method of methodsOf(endpoint)) {
            const sample = sampleRequest(endpoint, ours.ids);
            put(sample, position, theirs.ids[position.kind]);
            const answer = await callAs(server, endpoint, sample, ours.workspace[role], method);
            // What was expected and is not so is a conflict, whatever it was: the comparison below says that it is no other.
            if (!position.name.startsWith('expected_'))
              assertRefused(answer, position.part === 'path', theirs.ids, `${role} ${method}`);

            const unknown = newId();
            put(sample, position, unknown);
            const nobodys = await callAs(server, endpoint, sample, ours.workspace[role], method);
            const plain = (body: any) =>
              JSON.stringify({ ...body, metadata: undefined }).replaceAll(theirs.ids[position.kind], unknown);
            assert.equal(plain(answer), plain(nobodys), `${role} ${method}`);
          }
        }
        assert.equal(await digest(server), untouched);
      });
    }

    if (positionsOf(endpoint).length > 1) {
      test(`at every place of ${nameOf(endpoint)} at once is refused as well, for every role`, async () => {
        const untouched = await digest(server);
        for (const role of ROLES) {
          const isInPath = endpoint.route.path.includes(':');
          assertRefused(
            await callAs(server, endpoint, sampleRequest(endpoint, theirs.ids), ours.workspace[role]),
            isInPath,
            theirs.ids,
            role,
          );
        }
        assert.equal(await digest(server), untouched);
      });
    }

    if (endpoint.route.permission !== 'public') {
      test(`without a credential ${nameOf(endpoint)} answers 401 and changes nothing`, async () => {
        const untouched = await digest(server);
        for (const method of methodsOf(endpoint)) {
          assert.partialDeepStrictEqual(await callAs(server, endpoint, sampleRequest(endpoint, theirs.ids), undefined, method), {
            status: 401,
            code: 'UNAUTHORIZED',
          });
        }
        assert.equal(await digest(server), untouched);
      });
    }
  }
});

describe('a role', () => {
  for (const role of ROLES) {
    test(`${role} is refused exactly the routes that it has no permission for, by the permission's name`, async () => {
      const { workspace, ids } = await furnished(server);
      for (const endpoint of endpoints) {
        const { status, code, error } = await callAs(
          server,
          endpoint,
          sampleRequest(endpoint, { ...ids, user: workspace[role].userId }),
          workspace[role],
        );
        const sentence = refusalOf(endpoint.route.permission, role);
        const what = `${nameOf(endpoint)} answered ${status}: ${error}`;
        if (sentence !== undefined)
          assert.deepEqual({ status, code, error }, { status: 403, code: 'FORBIDDEN', error: sentence }, what);
        else if (status === 403) assert.doesNotMatch(error, /This needs|Only the workspace's owner/, what);
        if (endpoint.route.permission !== 'public') assert.notEqual(status, 401, what);
        assert.ok(status < 500, what);
      }
    });
  }

  function refusalOf(access: Access, role: Role): string | undefined {
    if (access === 'public' || access === 'signed-in' || access === 'any-credential') return undefined;
    if (access === 'secret-key')
      return 'This needs a secret key: call it from your server, with Authorization: Bearer sk_live_….';
    if (access === 'owner') return role === 'owner' ? undefined : "Only the workspace's owner may do this.";
    if (ROLE_PERMISSIONS[role].has(access as Permission)) return undefined;
    return `This needs the permission ${access}, which the role ${role} does not have.`;
  }
});

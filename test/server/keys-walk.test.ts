import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { PERMISSIONS, type Permission } from '../../src/contract/permissions.ts';
import { endpoints, type Endpoint } from '../../server/http/openapi.ts';
import { newId } from '../../server/ids.ts';
import { EMBEDDABLE, newEmbedToken, newKey } from '../support/keys.ts';
import { positionsOf, put, sampleRequest } from '../support/sample-request.ts';
import { newServer, type TestServer } from '../support/server.ts';
import { assertRefused, callAs, digest, furnished, methodsOf, nameOf, type Walker } from '../support/walk.ts';

let server: TestServer;
let ours: Awaited<ReturnType<typeof furnished>>;
let theirs: Awaited<ReturnType<typeof furnished>>;
/** Every kind of credential that programs have, each with all that it may hold. */
let walkers: Record<string, Walker>;
let publishable: Walker;

const guarded = endpoints.filter(({ route }) => route.permission !== 'public');

before(async () => {
  server = await newServer();
  ours = await furnished(server);
  theirs = await furnished(server);
  const { key } = await newKey(ours.workspace);
  const members = (await ours.workspace.client.members.list()).data;
  const ofMember = (role: string) =>
    newEmbedToken(server, key, { member_id: members.find((member) => member.role === role)!.id });
  walkers = {
    'a key': { token: key },
    'an embed token': { token: await newEmbedToken(server, key) },
    "an owner's embed token": { token: await ofMember('owner') },
    "a member's embed token": { token: await ofMember('member') },
  };
  publishable = { token: (await newKey(ours.workspace, { kind: 'publishable' })).key };
});

const forEveryWalker = async (work: (walker: Walker, name: string) => Promise<void>) => {
  for (const [name, walker] of Object.entries(walkers)) await work(walker, name);
};

describe('to a key and an embed token, an id of another workspace', () => {
  for (const endpoint of guarded) {
    for (const position of positionsOf(endpoint)) {
      test(`as ${position.name} in the ${position.part} of ${nameOf(endpoint)} is like one that nobody has, and changes nothing`, async () => {
        const untouched = await digest(server);
        await forEveryWalker(async (walker, name) => {
          for (const method of methodsOf(endpoint)) {
            const sample = sampleRequest(endpoint, ours.ids);
            put(sample, position, theirs.ids[position.kind]);
            const answer = await callAs(server, endpoint, sample, walker, method);
            // What was expected and is not so is a conflict, whatever it was: the comparison below says that it is no other.
            if (!position.name.startsWith('expected_'))
              assertRefused(answer, position.part === 'path', theirs.ids, `${name} ${method}`);

            const unknown = newId();
            put(sample, position, unknown);
            const nobodys = await callAs(server, endpoint, sample, walker, method);
            const plain = (body: any) =>
              JSON.stringify({ ...body, metadata: undefined }).replaceAll(theirs.ids[position.kind], unknown);
            assert.equal(plain(answer), plain(nobodys), `${name} ${method}`);
          }
        });
        assert.equal(await digest(server), untouched);
      });
    }
  }
});

describe('a key', () => {
  const needed = ({ route }: Endpoint) =>
    PERMISSIONS.includes(route.permission as Permission) ? (route.permission as Permission) : undefined;

  for (const permission of new Set(guarded.map(needed).filter((one) => one !== undefined))) {
    test(`and an embed token without ${permission} are refused what needs it, by its name`, async () => {
      const { key } = await newKey(ours.workspace, { permissions: PERMISSIONS.filter((one) => one !== permission) });
      const token = await newEmbedToken(server, key, { permissions: EMBEDDABLE.filter((one) => one !== permission) });
      const untouched = await digest(server);
      for (const endpoint of guarded.filter((one) => needed(one) === permission)) {
        for (const [walker, what] of [
          [{ token: key }, 'this key'],
          [{ token }, 'this token'],
        ] as const) {
          const { status, code, error } = await callAs(server, endpoint, sampleRequest(endpoint, ours.ids), walker);
          assert.deepEqual(
            { status, code, error },
            {
              status: 403,
              code: 'FORBIDDEN',
              error: `This needs the permission ${permission}, which ${what} does not have.`,
            },
            nameOf(endpoint),
          );
        }
      }
      assert.equal(await digest(server), untouched);
    });
  }

  test('that is publishable reaches no route that wants a credential', async () => {
    const untouched = await digest(server);
    for (const endpoint of guarded) {
      for (const method of methodsOf(endpoint)) {
        const { status, code, error } = await callAs(server, endpoint, sampleRequest(endpoint, ours.ids), publishable, method);
        assert.deepEqual(
          { status, code, error },
          {
            status: 403,
            code: 'FORBIDDEN',
            error: 'A publishable key reaches /public only: use a secret key, from your server.',
          },
          nameOf(endpoint),
        );
      }
    }
    assert.equal(await digest(server), untouched);
  });
});

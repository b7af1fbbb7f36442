import { createChallenge, verifySolution } from '../../server/node_modules/altcha-lib/dist/esm/v2/index.js';
import { deriveKey } from '../../server/node_modules/altcha-lib/dist/esm/v2/algorithms/web/pbkdf2.js';
import type { Sending } from '../../widget/parts.ts';
import { proofOf } from '../../widget/sending/proof.ts';
import { openSending } from '../../widget/sending/sending.ts';
import { afterEach, beforeEach, describe, equal, it, ok, until } from '../components/browser-test.ts';
import { entry, refusing, unreachable, World } from './sending-world.ts';

const SECRET = 'a secret of the server';
const making = {
  algorithm: 'PBKDF2/SHA-256',
  cost: 100,
  hmacSignatureSecret: SECRET,
  hmacKeySignatureSecret: `${SECRET} 2`,
  deriveKey,
};

const challengeFor = (counter: number, more: object = {}) => createChallenge({ ...making, counter, ...more });
const stale = refusing(400, {
  code: 'VALIDATION_ERROR',
  issues: [{ path: 'proof', code: 'not_option', params: {}, message: 'Too old.' }],
});

async function isRight(proof: string) {
  const { challenge, solution } = JSON.parse(atob(proof));
  const { verified } = await verifySolution({
    challenge,
    solution,
    deriveKey,
    hmacSignatureSecret: SECRET,
    hmacKeySignatureSecret: `${SECRET} 2`,
  });
  return verified;
}

describe('A proof of work', () => {
  for (const counter of [0, 1, 255, 300]) {
    it(`satisfies the protocol's own check when the counter is ${counter}`, async () => {
      const challenge = await challengeFor(counter, { data: { form: 'Ünïque' } });
      ok(await isRight(await proofOf(challenge as never, crypto.subtle)), 'It is wrong.');
    });
  }

  it('is also found where the key must begin with an odd number of digits', async () => {
    const challenge = await createChallenge({ ...making, keyPrefix: '0' });
    const { challenge: _, solution } = JSON.parse(atob(await proofOf(challenge as never, crypto.subtle)));
    ok(solution.derivedKey.startsWith('0'), solution.derivedKey);
  });
});

describe('A submission of a form that asks for a proof', () => {
  let world: World;
  let sending: Sending;
  beforeEach(() => {
    world = new World();
    world.server.challenge = async () => Response.json({ success: true, data: await challengeFor(3), metadata: {} });
    sending = openSending(world.parts());
  });
  afterEach(async () => {
    sending.close();
    await world.close();
  });
  const proofs = () => world.server.calls.map(({ body }) => body['proof'] as string);

  it('carries a right one, made anew for each sending', async () => {
    world.server.faults.push(unreachable);
    await sending.submit(entry({ needsProof: true }));
    await world.untilNextAttempt();
    await until('the queue is empty', () => world.count === 0);
    ok(await isRight(proofs()[0]!), 'The first is wrong.');
    ok(await isRight(proofs()[1]!), 'The second is wrong.');
    equal([world.server.challenges, new Set(proofs()).size], [2, 2]);
  });

  it('makes a fresh one at once where the server finds it stale', async () => {
    world.server.faults.push(stale, stale);
    const outcome = await sending.submit(entry({ needsProof: true }));
    equal([outcome.kind, world.server.challenges, new Set(proofs()).size], ['received', 3, 3]);
  });

  it('gives up where the server finds every proof stale', async () => {
    world.server.faults.push(...Array.from({ length: 9 }, () => stale));
    const outcome = await sending.submit(entry({ needsProof: true }));
    equal([outcome.kind, world.server.challenges], ['refused', 3]);
  });

  it('waits where no challenge comes', async () => {
    world.server.challenge = unreachable;
    const outcome = await sending.submit(entry({ needsProof: true }));
    equal([outcome.kind, world.server.calls.length], ['queued', 0]);
    world.server.challenge = refusing(429, { code: 'RATE_LIMITED' }, { 'Retry-After': '70' });
    world.comeBack();
    await until('another challenge was asked for', () => world.server.challenges === 2);
    equal(await world.untilPlanned(), 70_000);
  });

  it('waits where the challenge makes no sense', async () => {
    world.server.challenge = () => Response.json({ success: true, data: { parameters: {} }, metadata: {} });
    equal((await sending.submit(entry({ needsProof: true }))).kind, 'queued');
  });

  it('carries none on plain http, where browsers have no crypto.subtle', async () => {
    sending.close();
    sending = openSending({ ...world.parts(), crypto: { getRandomValues: (bytes) => crypto.getRandomValues(bytes) } });
    const outcome = await sending.submit(entry({ needsProof: true }));
    equal([outcome.kind, world.server.challenges, proofs()], ['received', 0, [undefined]]);
  });
});

import type { Sending } from '../../widget/parts.ts';
import { openSending } from '../../widget/sending/sending.ts';
import { afterEach, beforeEach, describe, equal, it, ok, until } from '../components/browser-test.ts';
import { entry, lostAnswer, refusing, unreachable, World } from './sending-world.ts';

let world: World;
let sending: Sending;
beforeEach(() => {
  world = new World();
  sending = openSending(world.parts());
});
afterEach(async () => {
  sending.close();
  await world.close();
});

const partOf = (answers: Record<string, string>) => entry({ body: { version: 3, answers } });

describe('A partial submission', () => {
  it('is saved, goes on with its token in rising order, and is completed by the last', async () => {
    const first = await sending.savePartial(partOf({ name: 'Ada' }));
    const second = await sending.savePartial(partOf({ name: 'Ada', email: 'ada@example.test' }), first);
    ok(second, 'It was not saved.');
    const outcome = await sending.submit(entry({ completes: second }));
    equal(outcome.kind === 'received' && outcome.receipt.id, second.id);
    equal(
      world.server.calls.map(({ method, path, headers }) => [method, path.split('/').at(-2), headers.get('Authorization')]),
      [
        ['POST', entry().formId, null],
        ['PATCH', 'submissions', `Bearer ${second.token}`],
        ['PATCH', 'submissions', `Bearer ${second.token}`],
      ],
    );
    const [saved, , completed] = world.server.calls.map(({ body }) => body);
    equal([saved!['is_partial'], completed!['complete']], [true, true]);
    const order = world.server.calls.slice(1).map(({ body }) => Number(body['sequence']));
    ok(order[0]! < order[1]!, `The order was ${order}.`);
    equal(world.server.leads.size, 1);
  });

  it('brings a proof of work when it is begun and when it ends', async () => {
    world.server.challenge = refusing(429);
    equal(await sending.savePartial(entry({ needsProof: true }), undefined), undefined);
    equal(
      (await sending.submit(entry({ needsProof: true, completes: { id: 'one', token: 'token', sequence: 1 } }))).kind,
      'queued',
    );
    equal([world.server.challenges, world.server.calls.length], [2, 0]);
    await sending.savePartial(entry({ needsProof: true }), { id: 'two', token: 'token', sequence: 1 });
    equal(world.server.calls[0]?.method, 'PATCH');
  });

  it('that does not come through is not kept, and the next one bears a higher number', async () => {
    world.server.faults.push(unreachable);
    equal(await sending.savePartial(partOf({})), undefined);
    const held = await sending.savePartial(partOf({}));
    world.server.faults.push(lostAnswer);
    const next = await sending.savePartial(partOf({ name: 'Ada' }), held);
    await sending.savePartial(partOf({ name: 'Bob' }), next);
    const order = world.server.calls.slice(2).map(({ body }) => body['sequence']);
    equal(new Set(order).size, 2);
    equal(await world.store.all().catch(() => []), []);
  });

  it('that the server no longer knows becomes a submission of its own, once', async () => {
    const held = { id: 'gone', token: 'token', sequence: 4 };
    world.server.faults.push((commit) => commit(), lostAnswer);
    const { key, kind } = await sending.submit(entry({ completes: held }));
    equal(kind, 'queued');
    await world.untilNextAttempt();
    await until('the queue is empty', () => world.count === 0);
    equal([...world.server.leads.keys()], [key]);
    equal(
      world.server.calls.map(({ method }) => method),
      ['PATCH', 'POST', 'PATCH', 'POST'],
    );
  });

  it('that the server no longer knows is begun anew', async () => {
    const held = await sending.savePartial(partOf({ name: 'Ada' }), { id: 'gone', token: 'token', sequence: 4 });
    ok(held && held.id !== 'gone' && world.server.partials.has(held.id), 'It was not begun anew.');
  });

  it('is completed once however often its answer is lost', async () => {
    const held = await sending.savePartial(partOf({ name: 'Ada' }));
    world.server.faults.push(lostAnswer, refusing(500), lostAnswer);
    await sending.submit(entry({ completes: held! }));
    while (world.server.faults.length > 0) await world.untilNextAttempt();
    await world.untilNextAttempt();
    await until('the queue is empty', () => world.count === 0);
    equal([...world.server.leads.keys()], [held!.id]);
  });
});

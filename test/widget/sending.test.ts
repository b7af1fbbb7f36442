import type { Outcome, Queued, Sending } from '../../widget/parts.ts';
import { openSending } from '../../widget/sending/sending.ts';
import type { SendingParts } from '../../widget/sending/sending-parts.ts';
import { afterEach, beforeEach, describe, equal, it, ok, until } from '../components/browser-test.ts';
import { cutAnswer, entry, lostAnswer, pageOfSomebodyElse, RANDOM, refusing, unreachable, World } from './sending-world.ts';

const SECOND = 1_000;
const DAY = 24 * 3_600 * SECOND;

let world: World;
let opened: Sending[] = [];
beforeEach(() => {
  world = new World();
});
afterEach(async () => {
  for (const sending of opened) sending.close();
  opened = [];
  await world.close();
});

function open(parts: Partial<SendingParts> = {}) {
  const sending = openSending({ ...world.parts(), ...parts });
  opened.push(sending);
  return sending;
}

/** What a tab is told of its queue. */
function settlements(sending: Sending) {
  const heard: [Queued, Outcome][] = [];
  sending.onSettled((entry, outcome) => heard.push([entry, outcome]));
  return heard;
}

const stored = () => world.store.all().catch(() => []);

describe('A submission', () => {
  it('is stored with its key before it is sent, and erased after the answer', async () => {
    let before: Queued[] = [];
    world.server.faults.push(async (commit) => {
      before = await world.store.all();
      return commit();
    });
    const outcome = await open().submit(entry());
    equal(outcome.kind, 'received');
    equal(
      before.map(({ key }) => key),
      world.server.keys,
    );
    equal([await stored(), world.count], [[], 0]);
  });

  it('tells the receipt', async () => {
    const { key, ...outcome } = await open().submit(entry());
    equal(outcome, {
      kind: 'received',
      receipt: { id: key, state: 'received', success: { kind: 'message', message: 'Thank you' } },
    });
  });

  it('has a key of its own, also where the page is on plain http', async () => {
    const sending = open({ crypto: { getRandomValues: (bytes) => crypto.getRandomValues(bytes) }, locks: undefined });
    const keys = [await sending.submit(entry()), await sending.submit(entry())].map(({ key }) => key);
    equal([new Set(keys).size, world.server.leads.size], [2, 2]);
  });

  for (const [name, fault] of Object.entries({
    'the connection was reset before the server had it': unreachable,
    'the connection was reset after the commit': lostAnswer,
    'the server failed': refusing(500, { code: 'INTERNAL' }),
    'the server is closing': refusing(503, { code: 'UNAVAILABLE' }),
    'too many have come': refusing(429, { code: 'RATE_LIMITED' }, { 'Retry-After': '30' }),
    'the server asks for a pause': refusing(409, { code: 'CONFLICT' }, { 'Retry-After': '1' }),
    'somebody between answers 200': pageOfSomebodyElse(200),
    'somebody between answers 201': pageOfSomebodyElse(201),
    'somebody between refuses': pageOfSomebodyElse(403),
    'somebody between finds it too large': pageOfSomebodyElse(413),
  })) {
    it(`stays where ${name}, and is sent again by its key until it is received`, async () => {
      world.server.faults.push(...Array.from({ length: 9 }, () => fault));
      const sending = open();
      const heard = settlements(sending);
      const outcome = await sending.submit(entry());
      equal([outcome.kind, (await stored()).length, world.count], ['queued', 1, 1]);
      while (heard.length === 0) {
        if (world.isPlanned) await world.untilNextAttempt();
        await until('it is told, or planned anew', () => heard.length === 1 || world.isPlanned);
      }
      equal([new Set(world.server.keys).size, world.server.leads.size], [1, 1]);
      equal([heard[0]![0].key, heard[0]![1].kind], [outcome.key, 'received']);
      equal([await stored(), world.count], [[], 0]);
    });
  }

  it('whose answer was cut off is asked for again at once, so that its receipt is told', async () => {
    world.server.faults.push(cutAnswer);
    const outcome = await open().submit(entry());
    equal(outcome.kind, 'received');
    equal([world.server.calls.length, new Set(world.server.keys).size, world.server.leads.size], [2, 1, 1]);
  });

  it('tells why it waits', async () => {
    const sending = open();
    const reason = async () => {
      const outcome = await sending.submit(entry());
      return outcome.kind === 'queued' && [outcome.reason, outcome.isKept];
    };
    world.server.faults.push(unreachable, refusing(500), refusing(429), refusing(503), unreachable);
    equal(await reason(), ['server', true]);
    equal(await reason(), ['server', true]);
    equal(await reason(), ['busy', true]);
    equal(await reason(), ['busy', true]);
    world.isOnline = false;
    equal(await reason(), ['offline', true]);
  });

  it('that is refused tells what is wrong with which answer, and does not stay', async () => {
    const issues = [
      { path: 'answers.size', code: 'too_small', params: { problem: 'too_small', minimum: 3 }, message: 'Too small.' },
      { path: 'version', code: 'unknown', params: {}, message: 'Version is unknown.' },
    ];
    world.server.faults.push(refusing(400, { error: 'Some answers are wrong.', code: 'VALIDATION_ERROR', issues }));
    const { key: _, ...outcome } = await open().submit(entry());
    equal(outcome, {
      kind: 'refused',
      problems: [{ field: 'size', code: 'too_small', params: { minimum: 3 } }],
      message: 'Some answers are wrong.',
    });
    equal(await stored(), []);
  });

  it('is queued for a visitor who has waited eight seconds, and goes on', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    world.server.faults.push(async (commit) => {
      await promise;
      return commit();
    });
    const sending = open();
    const heard = settlements(sending);
    const outcome = sending.submit(entry());
    await until('it is under way', () => world.server.calls.length === 1);
    world.clock.turn(8 * SECOND);
    equal((await outcome).kind, 'queued');
    resolve();
    await until('it is told', () => heard.length === 1);
    equal([heard[0]![1].kind, world.server.calls.length], ['received', 1]);
    equal(await stored(), []);
  });

  it('that is under way brings nothing to look after what waits', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    world.server.faults.push(async (commit) => {
      await promise;
      return commit();
    });
    const sending = open();
    const outcome = sending.submit(entry());
    await until('it is under way', () => world.server.calls.length === 1);
    world.comeBack();
    await stored();
    resolve();
    equal((await outcome).kind, 'received');
    await import('../../widget/later.ts');
    equal(world.leftovers, undefined);
  });

  it('that gets no answer for twenty seconds is given up and sent again', async () => {
    world.server.faults.push(() => new Promise(() => {}));
    const sending = open();
    const heard = settlements(sending);
    void sending.submit(entry());
    await until('it is under way', () => world.server.calls.length === 1);
    world.clock.turn(20 * SECOND);
    await world.untilNextAttempt();
    await until('it is told', () => heard.length === 1);
    equal([new Set(world.server.keys).size, world.server.leads.size], [1, 1]);
  });

  it('goes on when the tab is closed, unless it is near 64 KB or failed that way', async () => {
    const sending = open();
    const heard = settlements(sending);
    const withText = (bytes: number) => entry({ body: { version: 1, answers: { text: 'é'.repeat(bytes / 2) } } });
    world.server.faults.push(unreachable);
    await sending.submit(withText(100));
    await world.untilNextAttempt();
    await until('it is told', () => heard.length === 1);
    await sending.submit(withText(58_000));
    await sending.submit(withText(62_000));
    equal(
      world.server.calls.map(({ keepalive }) => keepalive),
      [true, false, true, false],
    );
  });
});

describe('The queue', () => {
  it('outlives the visit: the next one sends what is left, with the same key', async () => {
    world.server.faults.push(unreachable);
    const first = open();
    const { key } = await first.submit(entry());
    await world.untilPlanned();
    first.close();
    const heard = settlements(open());
    await until('it is told', () => heard.length === 1);
    equal(world.server.keys, [key, key]);
    equal(await stored(), []);
  });

  it('makes no database where nothing was ever sent', async () => {
    equal(await open().left, undefined);
    // An engine may list what was looked for and not made, as of version 0.
    const made = (await indexedDB.databases()).filter(({ version }) => version! > 0);
    ok(!made.some(({ name }) => name === world.name), 'There is a database.');
  });

  it('waits twice as long after each failure, five minutes at most', async () => {
    world.server.faults.push(...Array.from({ length: 11 }, () => unreachable));
    await open().submit(entry());
    const pauses: number[] = [];
    while (world.server.faults.length > 0) {
      pauses.push(await world.untilPlanned());
      await world.untilNextAttempt();
    }
    equal(
      pauses,
      [2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => (seconds * SECOND * (1 + RANDOM)) / 2),
    );
  });

  it('sends what the network kept from the server as soon as it, or the visitor, comes back', async () => {
    world.server.faults.push(...Array.from({ length: 8 }, () => unreachable));
    const sending = open();
    const heard = settlements(sending);
    await sending.submit(entry());
    while (world.server.faults.length > 0) await world.untilNextAttempt();
    await world.untilPlanned();
    world.comeBack();
    await until('it is told', () => heard.length === 1);
  });

  it('counts against the server only what the server has answered', async () => {
    world.server.faults.push(...Array.from({ length: 6 }, () => unreachable), refusing(500));
    await open().submit(entry());
    while (world.server.faults.length > 0) await world.untilNextAttempt();
    await until('the answer is written down', () => world.isPlanned);
    equal(await world.untilPlanned(), 1.8 * SECOND);
  });

  it('leaves a server alone for as long as it asks, over visits and whoever comes back', async () => {
    world.server.faults.push(refusing(429, {}, { 'Retry-After': '600' }), refusing(503, {}, { 'Retry-After': httpDate(900) }));
    const first = open();
    await first.submit(entry());
    equal(await world.untilPlanned(), 600 * SECOND);
    first.close();
    world.clock.turn(100 * SECOND);
    const second = open();
    const heard = settlements(second);
    equal(await world.untilPlanned(), 500 * SECOND);
    world.comeBack();
    equal(await world.untilPlanned(), 500 * SECOND);
    equal(world.server.calls.length, 1);
    await world.untilNextAttempt();
    equal(await world.untilPlanned(), 300 * SECOND);
    await world.untilNextAttempt();
    await until('it is told', () => heard.length === 1);
  });

  it('sends all that waits, the oldest first', async () => {
    world.server.faults.push(unreachable, unreachable, unreachable);
    const sending = open();
    const heard = settlements(sending);
    const keys: string[] = [];
    for (let number = 0; number < 3; number += 1) {
      keys.push((await sending.submit(entry())).key);
      world.clock.turn(1);
    }
    world.comeBack();
    await until('all are told', () => heard.length === 3);
    equal(
      heard.map(([{ key }]) => key),
      keys,
    );
  });

  it('shows after thirty days what could not be sent, and sends it when the visitor says so', async () => {
    world.server.faults.push(unreachable, unreachable);
    const first = open();
    const { key } = await first.submit(entry());
    await world.untilPlanned();
    first.close();
    world.clock.turn(30 * DAY + 1);
    const sending = open();
    const leftovers = (await sending.left)!;
    const left = await leftovers.overdue();
    equal(
      left.map((one) => [one.key, one.formTitle]),
      [[key, 'Quote']],
    );
    world.comeBack();
    equal([world.server.calls.length, world.count], [1, 1]);
    // It has as long again then.
    equal((await leftovers.retry(key)).kind, 'queued');
    equal(await leftovers.overdue(), []);
    const heard = settlements(sending);
    await world.untilNextAttempt();
    await until('it is told', () => heard.length === 1);
    equal(new Set(world.server.keys).size, 1);
  });

  it('keeps what is refused later on for the visitor to see, with the reason', async () => {
    world.server.faults.push(unreachable, refusing(409, { error: 'This form is closed.' }));
    const sending = open();
    const heard = settlements(sending);
    const { key } = await sending.submit(entry());
    await world.untilNextAttempt();
    await until('it is told', () => heard.length === 1);
    equal([heard[0]![1].kind, heard[0]![0].key], ['refused', key]);
    equal(
      (await world.leftovers!.overdue()).map((one) => [one.key, one.refusal]),
      [[key, 'This form is closed.']],
    );
    world.comeBack();
    equal([world.server.calls.length, world.count], [2, 1]);
    equal((await world.leftovers!.retry(key)).kind, 'received');
    equal([await stored(), world.count], [[], 0]);
  });

  it('forgets what the visitor drops, even while it is being sent', async () => {
    world.server.faults.push(unreachable, unreachable, () => new Promise(() => {}));
    const sending = open();
    const one = await sending.submit(entry());
    const other = await sending.submit(entry());
    await world.untilPlanned();
    await world.leftovers!.drop(one.key);
    equal(
      (await stored()).map(({ key }) => key),
      [other.key],
    );
    await world.untilNextAttempt();
    await world.leftovers!.drop(other.key);
    world.clock.turn(20 * SECOND);
    await until('nothing goes on', () => world.clock.ahead.length === 0);
    equal([await stored(), world.count], [[], 0]);
  });

  it('is not held up by a clock that was wrong', async () => {
    world.server.faults.push(refusing(500));
    world.clock.time += 300 * DAY;
    const first = open();
    await first.submit(entry());
    await world.untilPlanned();
    first.close();
    world.clock.time -= 300 * DAY;
    const heard = settlements(open());
    await until('it is told', () => heard.length === 1);
  });

  it('says nothing and plans nothing once it is closed', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    world.server.faults.push(unreachable, async () => {
      await promise;
      throw new TypeError('Failed to fetch');
    });
    const sending = open();
    await sending.submit(entry());
    await world.untilNextAttempt();
    sending.close();
    resolve();
    await until('nothing goes on', () => world.clock.ahead.length === 0);
    world.comeBack();
    equal([(await stored()).length, world.server.calls.length], [1, 2]);
  });
});

/** So many seconds after the world began, as the header Retry-After may say it. */
const httpDate = (seconds: number) => new Date(Date.UTC(2026, 5, 1) + seconds * SECOND).toUTCString();

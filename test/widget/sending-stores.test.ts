import type { Queued, Sending } from '../../widget/parts.ts';
import { alone } from '../../widget/sending/alone.ts';
import { openSending } from '../../widget/sending/sending.ts';
import { COUNT_ITEM } from '../../widget/launcher/left-count.ts';
import { ofThisBrowser, type SendingParts, storeInMemory } from '../../widget/sending/sending-parts.ts';
import { storeInIndexedDb } from '../../widget/sending/store-indexed-db.ts';
import { storeInItems } from '../../widget/sending/store-items.ts';
import type { Store } from '../../widget/sending/store.ts';
import { afterEach, beforeEach, describe, equal, it, ok, until } from '../components/browser-test.ts';
import { entry, unreachable, World } from './sending-world.ts';

const ITEM = 'millrace.queue.';

let world: World;
let opened: Sending[] = [];
beforeEach(() => {
  world = new World();
});
afterEach(async () => {
  for (const sending of opened) sending.close();
  opened = [];
  await world.close();
  localStorage.clear();
});

function open(parts: Partial<SendingParts>) {
  const sending = openSending({ ...world.parts(), ...parts });
  opened.push(sending);
  return sending;
}

const failing = (): Store => ({
  isKept: true,
  put: () => Promise.reject(new DOMException('Full', 'QuotaExceededError')),
  update: () => Promise.reject(new DOMException('Full', 'QuotaExceededError')),
  remove: () => Promise.reject(new DOMException('Blocked', 'SecurityError')),
  all: () => Promise.reject(new DOMException('Blocked', 'SecurityError')),
});
const silent = (): Store => ({
  isKept: true,
  put: () => new Promise(() => {}),
  update: () => new Promise(() => {}),
  remove: () => new Promise(() => {}),
  all: () => new Promise(() => {}),
});

const queued = (key: string): Queued => ({ ...entry(), key, at: 5, attempts: 0, notBefore: 0 });

for (const [name, make] of Object.entries<() => Store>({
  IndexedDB: () => storeInIndexedDb(world.name),
  'Local storage': () => storeInItems(true, () => localStorage),
  Memory: storeInMemory,
})) {
  describe(`${name} as a place to wait`, () => {
    it('gives back what was put, as it was changed last, and no more what was removed', async () => {
      const store = make();
      await store.put(queued('one'));
      await store.put(queued('two'));
      await store.update({ ...queued('one'), attempts: 3 });
      equal(await store.all(), [{ ...queued('one'), attempts: 3 }, queued('two')]);
      await store.remove('one');
      await store.remove('never there');
      await store.update({ ...queued('one'), attempts: 4 });
      equal(await store.all(), [queued('two')]);
    });

    it('says truly whether that outlives the tab', async () => {
      const [one, other] = [make(), make()];
      await one.put(queued('one'));
      equal((await other.all()).length === 1, one.isKept);
    });
  });
}

describe('IndexedDB as a place to wait', () => {
  it('is also read where a later version of the widget has changed the database', async () => {
    await world.store.put(queued('one'));
    await new Promise<void>((resolve) => {
      const opening = indexedDB.open(world.name, 7);
      opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('more'));
      opening.addEventListener('success', () => {
        opening.result.close();
        resolve();
      });
    });
    equal((await world.store.all()).length, 1);
  });

  it('stands in the way of nobody who takes the database away', async () => {
    await world.store.put(queued('one'));
    await world.close();
    await world.store.put(queued('two'));
    equal((await world.store.all()).length, 1);
  });
});

describe('Local storage as a place to wait', () => {
  it('bears items of others, and ruined ones', async () => {
    localStorage.setItem('somebody', 'else');
    localStorage.setItem('length', '3');
    localStorage.setItem(`${ITEM}ruined`, '{');
    const store = storeInItems(true, () => localStorage);
    await store.put(queued('one'));
    equal(await store.all(), [queued('one')]);
  });
});

describe('A submission', () => {
  const blocked = storeInItems(true, () => {
    throw new DOMException('Blocked', 'SecurityError');
  });

  for (const [name, broken] of Object.entries({ fails: failing(), 'says nothing': silent() })) {
    it(`waits in local storage where IndexedDB ${name}, and outlives the visit`, async () => {
      const stores = [broken, storeInItems(true, () => localStorage), storeInMemory()];
      world.server.faults.push(unreachable);
      const first = open({ stores });
      const outcome = untilToldWith(first);
      await outcome;
      const { key, ...told } = await outcome;
      equal(told, { kind: 'queued', isKept: true, reason: 'server' });
      ok(localStorage.getItem(ITEM + key), 'It is not in the local storage.');
      first.close();
      open({ stores });
      await passing(() => world.server.leads.size === 1 && localStorage.getItem(ITEM + key) === null);
      equal(world.server.keys, [key, key]);
    });
  }

  it('waits in memory where nothing else is left, and its visitor is told that it ends with the tab', async () => {
    world.server.faults.push(unreachable);
    const sending = open({ stores: [failing(), blocked, storeInMemory()] });
    const { key: _, ...told } = await sending.submit(entry());
    equal(told, { kind: 'queued', isKept: false, reason: 'server' });
    equal(world.count, 0);
    await world.untilNextAttempt();
    await until('the lead is there', () => world.server.leads.size === 1);
  });

  it('is sent where nothing can be stored at all', async () => {
    equal((await open({ stores: [] }).submit(entry())).kind, 'received');
  });

  it('is sent where the page may not use locks', async () => {
    const refuses = () => Promise.reject(new DOMException('Sandboxed', 'SecurityError'));
    const locks = { request: refuses, query: refuses } as unknown as LockManager;
    equal((await open({ locks }).submit(entry())).kind, 'received');
    equal(world.server.calls.length, 1);
  });

  it('is sent once where sending itself fails, with a lock or without', async () => {
    for (const locks of [navigator.locks, undefined]) {
      let times = 0;
      const failing = async () => {
        times += 1;
        throw new Error('It broke');
      };
      const failure = await alone(locks, crypto.randomUUID(), failing).catch((error: Error) => error.message);
      equal([failure, times], ['It broke', 1]);
    }
  });

  /** Submits, and lets the time pass that a silent store is waited for. */
  async function untilToldWith(sending: Sending) {
    let outcome: Awaited<ReturnType<Sending['submit']>> | undefined;
    void sending.submit(entry()).then((told) => (outcome = told));
    await passing(() => outcome);
    return outcome!;
  }

  async function passing(fact: () => unknown) {
    await until('it happens as the time passes', () => {
      world.clock.turn(10);
      return fact();
    });
  }
});

describe('What waits', () => {
  it('is said to wait before it is stored', async () => {
    const counts: number[] = [];
    const put = (one: Queued) => {
      counts.push(world.count);
      return world.store.put(one);
    };
    await open({ stores: [{ ...world.store, put }] }).submit(entry());
    equal(counts, [1]);
  });

  it('is not looked for at first where nothing is said to wait', async () => {
    let looks = 0;
    const all = () => {
      looks += 1;
      return world.store.all();
    };
    const stores = [{ ...world.store, all }];
    await open({ stores, mayWait: () => false }).left;
    equal(looks, 0);
    await open({ stores, mayWait: () => true }).left;
    equal(looks, 1);
  });

  it('is counted where the next visit looks before it loads anything', () => {
    const { leaveCount, mayWait } = ofThisBrowser();
    leaveCount(2);
    equal([localStorage.getItem(COUNT_ITEM), mayWait()], ['2', true]);
    leaveCount(0);
    equal([localStorage.getItem(COUNT_ITEM), mayWait()], [null, false]);
  });
});

import type { Outcome, Queued, Sending } from '../../widget/parts.ts';
import type * as code from '../../widget/sending/sending.ts';
import type { SendingParts } from '../../widget/sending/sending-parts.ts';
import { afterEach, beforeEach, describe, equal, it, ok, until } from '../components/browser-test.ts';
import { entry, refusing, unreachable, World } from './sending-world.ts';

/** A page of the same site, with the widget's code for itself. */
class Tab {
  readonly heard: [Queued, Outcome][] = [];
  readonly sending: Sending;
  readonly #frame: HTMLIFrameElement;

  private constructor(frame: HTMLIFrameElement, sending: Sending) {
    this.#frame = frame;
    this.sending = sending;
    sending.onSettled((entry, outcome) => this.heard.push([entry, outcome]));
  }

  static async open(world: World, parts: Partial<SendingParts> = {}): Promise<Tab> {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const page = frame.contentWindow as unknown as { eval(code: string): Promise<Code>; navigator: Navigator };
    const { openSending } = await page.eval("import('/widget/sending/sending.ts')");
    const { locks } = page.navigator;
    return new Tab(frame, openSending({ ...world.parts(), locks, ...parts }));
  }

  close() {
    this.sending.close();
    this.#frame.remove();
  }
}
type Code = typeof code;

let world: World;
let tabs: Tab[] = [];
beforeEach(() => {
  world = new World();
});
afterEach(async () => {
  for (const tab of tabs) tab.close();
  await world.close();
});

async function openTabs(count: number, parts: Partial<SendingParts> = {}) {
  tabs = await Promise.all(Array.from({ length: count }, () => Tab.open(world, parts)));
  return tabs;
}

/** A server that stands still until it is let go. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, fault: async (commit: () => Response) => promise.then(commit) };
}

describe('Several tabs', () => {
  it('send what waits once, and each hears what became of it', async () => {
    const all = await openTabs(3);
    world.server.faults.push(unreachable);
    const { key } = await all[0]!.sending.submit(entry());
    await world.untilPlanned();
    const still = gate();
    world.server.faults.push(still.fault);
    world.comeBack();
    await until('one sends it', () => world.server.calls.length === 2);
    world.comeBack();
    world.comeBack();
    still.open();
    await until('each has heard of it', () => all.every(({ heard }) => heard.length === 1));
    for (const { heard } of all) equal([heard[0]![0].key, heard[0]![1].kind], [key, 'received']);
    equal([world.server.calls.length, world.server.leads.size], [2, 1]);
  });

  it('leave alone what another has just been told to send later', async () => {
    const all = await openTabs(2);
    world.server.faults.push(unreachable, unreachable);
    await all[0]!.sending.submit(entry());
    await all[0]!.sending.submit(entry());
    const still = gate();
    let isTold = false;
    world.server.faults.push(still.fault, refusing(429, {}, { 'Retry-After': '600' }));
    world.comeBack();
    await until('each sends one', () => world.server.calls.length === 4);
    await until('one is told to wait', () => {
      void world.store.all().then((entries) => (isTold = entries.some(({ notBefore }) => notBefore > 0)));
      return isTold;
    });
    still.open();
    await until('each has heard of the other', () => all.every(({ heard }) => heard.length === 1));
    await until('both have gone through', () => world.clock.ahead.length === 2 && world.clock.ahead.includes(600_000));
    equal([world.server.calls.length, (await world.store.all()).length], [4, 1]);
  });

  it("leave a submission to the tab whose visitor waits for it, and don't hold up that of another", async () => {
    const [one, other] = await openTabs(2);
    const still = gate();
    world.server.faults.push(still.fault);
    const first = one!.sending.submit(entry());
    await until('it is under way', () => world.server.calls.length === 1);
    world.comeBack();
    equal((await other!.sending.submit(entry())).kind, 'received');
    still.open();
    equal((await first).kind, 'received');
    equal([world.server.calls.length, world.server.leads.size], [2, 2]);
  });

  it('without locks may send twice, which the key makes one', async () => {
    const all = await openTabs(2, { locks: undefined });
    world.server.faults.push(unreachable);
    await all[0]!.sending.submit(entry());
    await world.untilPlanned();
    const still = gate();
    world.server.faults.push(still.fault, still.fault);
    world.comeBack();
    await until('both send it', () => world.server.calls.length === 3);
    still.open();
    await until('both know', () => all.every(({ heard }) => heard.length > 0));
    equal([new Set(world.server.keys).size, world.server.leads.size], [1, 1]);
  });

  it('go on with what a closed one has left', async () => {
    const [one] = await openTabs(2);
    world.server.faults.push((commit) => {
      commit();
      return new Promise(() => {});
    });
    void one!.sending.submit(entry());
    await until('it is under way', () => world.server.calls.length === 1);
    one!.close();
    let left = 1;
    const look = async () => (left = (await world.store.all()).length);
    let looks = 0;
    await until('nothing waits any more', () => {
      // Now and then, for each return reads the queue.
      if (looks++ % 50 === 0) world.comeBack();
      void look();
      return left === 0;
    });
    ok(world.server.calls.length > 1, 'It was sent once more.');
    equal([new Set(world.server.keys).size, world.server.leads.size], [1, 1]);
  });
});

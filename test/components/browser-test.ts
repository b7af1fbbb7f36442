/** The little that tests in a browser need: the runner's own words, assertions, and waiting for a fact. */

interface Mocha {
  describe(title: string, body: () => void): void;
  it(title: string, body: () => void | Promise<void>): void;
  beforeEach(body: () => void | Promise<void>): void;
  afterEach(body: () => void | Promise<void>): void;
}
export const { describe, it, beforeEach, afterEach } = globalThis as unknown as Mocha;

/** Fails unless the fact holds. */
export function ok(fact: unknown, sentence: string): asserts fact {
  if (!fact) throw new Error(sentence);
}

/** Fails unless both are the same in value, and shows them. */
export function equal(actual: unknown, expected: unknown) {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  ok(is === should, `It is ${is}\nbut should be ${should}`);
}

const PATIENCE = 10_000;

/** Waits for a fact, and fails with its name where it never comes true. */
export async function until(sentence: string, fact: () => unknown) {
  const end = performance.now() + PATIENCE;
  while (!fact()) {
    ok(performance.now() < end, `Never came true: ${sentence}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const STILL_MS = 50;

/** The middle of an element, brought into view, once it stands still there: what was typed before may scroll the page late. */
export async function pressPointOf(element: Element): Promise<[number, number]> {
  let last = '';
  let since = 0;
  await until('it stands still where it can be pressed', () => {
    const { x, y } = element.getBoundingClientRect();
    const now = `${x} ${y}`;
    if (now !== last) {
      element.scrollIntoView({ block: 'center' });
      last = now;
      since = performance.now();
    }
    return performance.now() - since > STILL_MS;
  });
  const { x, y, width, height } = element.getBoundingClientRect();
  return [Math.round(x + width / 2), Math.round(y + height / 2)];
}

/** Counts the listeners that targets have got and not lost since; those that are called once at most are not counted. */
export function countListeners(...targets: EventTarget[]) {
  const open = new Map(targets.map((target) => [target, 0]));
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const count = (target: EventTarget | undefined, by: number) => {
    const counted = target ?? window;
    if (open.has(counted)) open.set(counted, open.get(counted)! + by);
  };
  EventTarget.prototype.addEventListener = function (...args: Parameters<typeof addEventListener>) {
    const { signal, once } = typeof args[2] === 'object' ? args[2] : {};
    if (!once && !signal?.aborted) count(this, 1);
    if (signal && !once) addEventListener.call(signal, 'abort', () => count(this, -1));
    return addEventListener.apply(this, args);
  };
  EventTarget.prototype.removeEventListener = function (...args: Parameters<typeof removeEventListener>) {
    count(this, -1);
    return removeEventListener.apply(this, args);
  };
  return {
    get open() {
      return [...open.values()];
    },
    stop: () => void Object.assign(EventTarget.prototype, { addEventListener, removeEventListener }),
  };
}

import type { Leftovers, Outcome, Queued } from '../parts.ts';
import { pauseAfter } from './backoff.ts';
import { deliver } from './delivery.ts';
import type { queueIn } from './queue.ts';
import type { SendingParts } from './sending-parts.ts';
import type { Answer } from './transport.ts';

const DAY = 24 * 3_600_000;
const OLDEST = 30 * DAY;

/** What became of a submission that its visitor does not wait for any more. */
export interface Settlement {
  entry: Queued;
  outcome: Outcome;
}

/** What the queue lends to whoever looks after what waits in it. */
export interface Desk {
  parts: SendingParts;
  queue: ReturnType<typeof queueIn>;
  /** Aborted once nothing is sent any more. */
  signal: AbortSignal;
  attempt(entry: Queued): Promise<Answer>;
  /** Does work for a submission unless someone else does. */
  alone(key: string, work: () => Promise<void>): Promise<void>;
  /** Tells all of this tab who listen. */
  tell(settlement: Settlement): void;
  queued(key: string, reason: 'server' | 'busy'): Outcome;
}

/** What looks after the submissions that wait. */
export interface LookingAfter extends Leftovers {
  /** Sends what may be sent by now. */
  sendWaiting(): Promise<void>;
  /** Goes on with an entry whose sending has begun, while its visitor may still wait. */
  goOn(entry: Queued, isWatched: () => boolean, answer: Answer): Promise<Outcome>;
  /** Sends what waits once it is time; to be called when nobody holds an entry any more that was just put back. */
  plan(): Promise<void>;
}

/** Brings the code for what could not be sent at once; rejects where it does not come. */
export type LoadLater = () => Promise<LaterChunk>;

/** What that code exports. */
export interface LaterChunk {
  openLeftovers(desk: Desk): LookingAfter;
}

/** Sends what waits, again and again and ever more seldom, until it has come or is too old to be sent unasked. */
export function leftoversOn({ parts, queue, signal, attempt, alone, tell, queued }: Desk): Omit<LookingAfter, 'notice'> {
  const { now, random, after, channel } = parts;
  let isGoingThrough = false;
  let callOff = () => {};
  signal.addEventListener('abort', () => callOff());

  const isOverdue = ({ at, refusal }: Queued) => refusal != null || now() - at > OLDEST;
  const isDue = (entry: Queued) => {
    const wait = entry.notBefore - now();
    // One of more than a day comes from a clock that was wrong.
    return !isOverdue(entry) && (wait <= 0 || wait > DAY);
  };
  const find = async (key: string) => (await queue.all()).find((entry) => entry.key === key);

  /** Sends an entry and brings the queue up to date; what its visitor does not wait for any more is told to all who listen. */
  async function send(entry: Queued, isWatched = () => false, answer?: Answer): Promise<Outcome> {
    const { key } = entry;
    const verdict = await deliver(entry, attempt, answer);
    if (verdict.kind === 'later') {
      const { status, pause, reason } = verdict;
      const attempts = entry.attempts + 1;
      // A network that was gone may be back at any moment; a server in trouble is left alone.
      const notBefore = status ? now() + Math.max(pause, pauseAfter(attempts, random)) : 0;
      await queue.update({ ...entry, attempts, notBefore });
      return queued(key, reason);
    }
    const isKnown = isWatched();
    if (isKnown || verdict.kind === 'received') await queue.remove(key);
    else await queue.update({ ...entry, refusal: verdict.message });
    if (!isKnown && !signal.aborted) {
      const settlement = { entry, outcome: verdict };
      tell(settlement);
      channel?.postMessage(settlement);
    }
    return verdict;
  }

  async function sendWaiting() {
    if (isGoingThrough) return;
    isGoingThrough = true;
    for (const { key } of (await queue.all()).filter(isDue)) {
      await alone(key, async () => {
        // Another tab may have dealt with it meanwhile.
        const entry = await find(key);
        if (entry && isDue(entry) && !signal.aborted) await send(entry);
      });
    }
    isGoingThrough = false;
    await plan();
  }

  async function plan() {
    const waiting = (await queue.all()).filter((entry) => !isOverdue(entry));
    const pauses = waiting.map(({ notBefore, attempts }) => Math.max(notBefore - now(), pauseAfter(attempts, random)));
    callOff();
    if (pauses[0] && !signal.aborted) callOff = after(Math.min(...pauses), sendWaiting);
  }

  return {
    sendWaiting,
    goOn: send,
    plan,
    overdue: async () => (await queue.all()).filter(isOverdue),

    async retry(key) {
      let outcome = queued(key, 'busy');
      await alone(key, async () => {
        const entry = await find(key);
        if (!entry) return;
        // The visitor has sent it anew, so it may wait as long again.
        const { refusal: _, ...again } = entry;
        outcome = await send({ ...again, at: now(), notBefore: 0 });
      });
      void plan();
      return outcome;
    },

    drop: (key) => queue.remove(key),
  };
}

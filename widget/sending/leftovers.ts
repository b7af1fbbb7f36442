import type { Leftovers, Outcome, Queued, Sending } from '../parts.ts';
import type { Parcel, Way } from './attempt.ts';
import { pauseAfter } from './backoff.ts';
import { deliver } from './delivery.ts';
import { completing, partialSaver } from './partial.ts';
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
  attempt(parcel: Parcel, way?: Way): Promise<Answer>;
  /** Does work for a submission unless someone else does. */
  alone(key: string, work: () => Promise<void>): Promise<void>;
  newKey(): string;
  /** Who in this tab listens to what becomes of submissions. */
  heard: ReadonlySet<Parameters<Sending['onSettled']>[0]>;
  queued(key: string, reason: 'server' | 'busy'): Outcome;
}

/** What looks after the submissions that wait. */
export interface LookingAfter extends Leftovers, Pick<Sending, 'savePartial'> {
  /** Sends what may be sent by now. */
  sendWaiting(): Promise<void>;
  /** Goes on with an entry that its visitor may still wait for; `answer` is what the first attempt came to, where there was one. */
  goOn(entry: Queued, isWatched: () => boolean, answer: Answer | undefined): Promise<Outcome>;
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
export function leftoversOn(desk: Desk): Omit<LookingAfter, 'notice'> {
  const { parts, queue, signal, alone, heard, queued } = desk;
  const { now, random, after } = parts;
  /** What this tab has sent without any answer: how often in a row, and when it is tried again unless something comes back before. */
  const unanswered = new Map<string, { times: number; until: number }>();
  /** Where tabs tell each other. */
  const channel = parts.openChannel();
  let isGoingThrough = false;
  let callOff = () => {};
  signal.addEventListener('abort', () => {
    callOff();
    channel.close();
  });
  channel.addEventListener('message', ({ data }) => {
    if (data?.entry && data.outcome) tell(data);
  });

  const tell = ({ entry, outcome }: Settlement) =>
    // Each in an async function of its own, so that one that throws stops nothing.
    heard.forEach(async (hear) => hear(entry, outcome));

  const isOverdue = ({ at, refusal }: Queued) => refusal != null || now() - at > OLDEST;
  const isDue = (entry: Queued) => {
    const wait = entry.notBefore - now();
    // One of more than a day comes from a clock that was wrong.
    return !isOverdue(entry) && (wait <= 0 || wait > DAY);
  };
  const find = async (key: string) => (await queue.all()).find((entry) => entry.key === key);
  const attempt = (entry: Queued, keepalive = false) =>
    desk.attempt(entry, { ...(entry.completes && completing(entry.completes)), keepalive });

  /** Sends an entry and brings the queue up to date; what its visitor does not wait for any more is told to all who listen. */
  async function send(entry: Queued, isWatched = () => false, first?: Answer): Promise<Outcome> {
    const { key } = entry;
    const verdict = await deliver(entry, attempt, now, first);
    const { times } = unanswered.get(key) ?? { times: 0 };
    unanswered.delete(key);
    if (verdict.kind === 'later') {
      const { status, pause, reason } = verdict;
      const attempts = entry.attempts + 1;
      // A network that was gone may be back at any moment, and says nothing of the server; one in trouble is left alone.
      if (status) await queue.update({ ...entry, attempts, notBefore: now() + Math.max(pause, pauseAfter(attempts, random)) });
      else unanswered.set(key, { times: times + 1, until: now() + pauseAfter(times + 1, random) });
      return queued(key, reason);
    }
    const isKnown = isWatched();
    if (isKnown || verdict.kind === 'received') await queue.remove(key);
    else await queue.update({ ...entry, refusal: verdict.message });
    if (!isKnown && !signal.aborted) {
      const settlement = { entry, outcome: verdict };
      tell(settlement);
      channel.postMessage(settlement);
    }
    return verdict;
  }

  async function sendWaiting() {
    if (isGoingThrough) return;
    isGoingThrough = true;
    callOff();
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
    const waits = (await queue.all())
      .filter((entry) => !isOverdue(entry))
      .map(({ key, notBefore }) => {
        const wait = Math.max(notBefore, unanswered.get(key)?.until ?? 0) - now();
        // What is due and still here is in the hands of somebody else, who may fail.
        return wait > 0 && wait <= DAY ? wait : pauseAfter(1, random);
      });
    callOff();
    if (waits[0] && !isGoingThrough && !signal.aborted) callOff = after(Math.min(...waits), sendWaiting);
  }

  return {
    sendWaiting,
    plan,
    savePartial: partialSaver(desk.attempt, desk.newKey),
    overdue: async () => (await queue.all()).filter(isOverdue),

    // A tab that is closed meanwhile still delivers what its visitor has just sent.
    goOn: async (entry, isWatched, answer) => send(entry, isWatched, answer ?? (await attempt(entry, true))),

    async retry(key) {
      let outcome = queued(key, 'busy');
      await alone(key, async () => {
        const entry = await find(key);
        if (!entry) return;
        // The visitor has sent it anew, so it may wait as long again.
        const { refusal: _, ...again } = { ...entry, at: now(), notBefore: 0 };
        await queue.update(again);
        outcome = await send(again);
      });
      void plan();
      return outcome;
    },

    drop: (key) => queue.remove(key),
  };
}

import type { SubmissionReceipt } from '../../src/contract/capture.ts';
import type { Outcome, Queued, Sending } from '../parts.ts';
import { alone, busy } from './alone.ts';
import { attempt } from './attempt.ts';
import type { Desk, LoadLater, LookingAfter } from './leftovers.ts';
import { newId } from './new-id.ts';
import { queueIn } from './queue.ts';
import { ofThisBrowser, type SendingParts } from './sending-parts.ts';
import { given } from './transport.ts';

/** A visitor who waits so long is told that it lies on the device; sending it goes on. */
const VISITOR_PATIENCE = 8_000;
const UNTIL_ASKED_AGAIN = 30_000;

/**
 * Opens the queue. What waits in it, from earlier visits or after a failure, is the business of the code that `loadLater`
 * brings, and so is what is sent in parts.
 */
export function openSending({ loadLater, ...world }: Partial<SendingParts> & { loadLater: LoadLater }): Sending {
  const parts: SendingParts = { __proto__: ofThisBrowser(), ...world } as never;
  const { now, after } = parts;
  const queue = queueIn(parts);
  const closing = new AbortController();
  const { signal } = closing;
  /** Who hears of what is settled later on. */
  const heard = new Set<Parameters<Sending['onSettled']>[0]>();
  let opening: Promise<LookingAfter> | undefined;
  let leftovers: LookingAfter | undefined;

  const queued = (key: string, reason: 'server' | 'busy'): Outcome => ({
    kind: 'queued',
    isKept: queue.isKept(key),
    reason: parts.isOnline() ? reason : 'offline',
  });
  const desk: Desk = {
    parts,
    queue,
    signal,
    attempt: (parcel, way) => attempt(parts, parcel, way),
    alone: (key, work) => alone(parts.locks, key, work),
    newKey: () => newId(parts.crypto),
    heard,
    queued,
  };

  /** Brings the code for what waits; without a network it comes when that is back. */
  async function lookAfter(): Promise<LookingAfter | undefined> {
    if (signal.aborted) return;
    try {
      opening ??= loadLater().then(({ openLeftovers }) => openLeftovers(desk));
      return (leftovers = await opening);
    } catch {
      opening = undefined;
      after(UNTIL_ASKED_AGAIN, sendWaiting);
      return;
    }
  }

  async function sendWaiting() {
    const here = (await queue.all()).some(({ key }) => !busy.has(key)) && (await lookAfter());
    if (!here) return;
    void here.sendWaiting();
    return here;
  }

  /** Sends what the visitor has just sent; what does not come through at once is looked into. */
  async function send(entry: Queued, isWatched: () => boolean): Promise<Outcome> {
    const answer = entry.completes ? undefined : await desk.attempt(entry);
    const receipt = answer && given<SubmissionReceipt>(answer);
    if (!receipt?.id || !isWatched()) return (await lookAfter())?.goOn(entry, isWatched, answer) ?? queued(entry.key, 'server');
    await queue.remove(entry.key);
    return { kind: 'received', receipt: receipt as SubmissionReceipt };
  }

  parts.onReturn(sendWaiting, signal);

  return {
    left: new Promise((resolve) => parts.atLeisure(() => resolve(parts.mayWait() ? sendWaiting() : undefined))),

    async submit(facts) {
      const key = desk.newKey();
      const entry: Queued = { ...facts, key, at: now(), attempts: 0, notBefore: 0 };
      let isWatched = true;
      const outcome = await new Promise<Outcome>((resolve) => {
        after(VISITOR_PATIENCE, () => {
          isWatched = false;
          resolve(queued(key, 'server'));
        });
        const work = desk.alone(key, async () => {
          await queue.add(entry);
          resolve(await send(entry, () => isWatched));
        });
        void work.then(() => leftovers?.plan());
      });
      return { ...outcome, key };
    },

    savePartial: async (...facts) => (await lookAfter())?.savePartial(...facts),
    drop: queue.remove,

    onSettled(hear) {
      heard.add(hear);
      return () => void heard.delete(hear);
    },

    close: () => closing.abort(),
  };
}

import type { SubmissionReceipt } from '../../src/contract/capture.ts';
import type { Outcome, Queued, Sending } from '../parts.ts';
import { alone } from './alone.ts';
import { attempt } from './attempt.ts';
import type { Desk, LoadLater, LookingAfter, Settlement } from './leftovers.ts';
import { newId } from './new-id.ts';
import { queueIn } from './queue.ts';
import { ofThisBrowser, type SendingParts } from './sending-parts.ts';

/** A visitor who waits so long is told that it lies on the device; sending it goes on. */
const VISITOR_PATIENCE = 8_000;
const UNTIL_ASKED_AGAIN = 30_000;

type PartialEntry = Parameters<Sending['savePartial']>[0];
type Held = Queued['completes'] | undefined;

/** Opens the queue; what waits in it, from earlier visits or after a failure, is the business of the code that `loadLater` brings. */
export function openSending({ loadLater, ...given }: Partial<SendingParts> & { loadLater: LoadLater }): Sending {
  const parts = { ...ofThisBrowser(), ...given };
  const { now, after, isOnline, locks, channel } = parts;
  const queue = queueIn(parts);
  const closing = new AbortController();
  const { signal } = closing;
  const heard = new Set<Parameters<Sending['onSettled']>[0]>();
  let opening: Promise<LookingAfter> | undefined;
  let leftovers: LookingAfter | undefined;

  const queued = (key: string, reason: 'server' | 'busy'): Outcome => ({
    kind: 'queued',
    isKept: queue.isKept(key),
    reason: isOnline() ? reason : 'offline',
  });
  const tell = (settlement: Settlement) =>
    // Each in an async function of its own, so that one that throws stops nothing.
    heard.forEach(async (hear) => hear(settlement.entry, settlement.outcome));

  const desk: Desk = {
    parts,
    queue,
    signal,
    attempt: (entry) => attempt(parts, entry),
    alone: (key, work) => alone(locks, key, work),
    tell,
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
    const here = (await queue.all())[0] && (await lookAfter());
    void here?.sendWaiting();
    return here;
  }

  /** Sends what the visitor has just sent; what does not come through at once is looked into. */
  async function send(entry: Queued, isWatched: () => boolean): Promise<Outcome> {
    const answer = await desk.attempt(entry);
    const receipt = answer.data as SubmissionReceipt | undefined;
    if (!receipt?.id || !isWatched()) return (await lookAfter())?.goOn(entry, isWatched, answer) ?? queued(entry.key, 'server');
    await queue.remove(entry.key);
    return { kind: 'received', receipt };
  }

  async function savePartial(given: PartialEntry, held?: Held): Promise<Held> {
    const { status, data } = await attempt(parts, { ...given, key: newId(parts.crypto), ...(held && { completes: held }) }, true);
    const { id, token } = (data ?? {}) as Partial<SubmissionReceipt>;
    if (id && token && id !== held?.id) return { id, token, sequence: 0 };
    // One that the server no longer knows is begun anew.
    if (held && status === 404) return savePartial(given);
    // Whether or not it came through: the next one must not carry the same number.
    return held && { ...held, sequence: held.sequence + 1 };
  }

  channel?.addEventListener('message', ({ data }) => {
    if (data?.entry && data.outcome) tell(data);
  });
  parts.onReturn(sendWaiting, signal);

  return {
    left: sendWaiting(),

    async submit(given) {
      const key = newId(parts.crypto);
      const entry: Queued = { ...given, key, at: now(), attempts: 0, notBefore: 0 };
      let isWatched = true;
      let isWaiting = false;
      const outcome = await new Promise<Outcome>((resolve) => {
        const stop = after(VISITOR_PATIENCE, () => {
          isWatched = false;
          resolve(queued(key, 'server'));
        });
        const work = desk.alone(key, async () => {
          await queue.add(entry);
          const outcome = await send(entry, () => isWatched);
          resolve(outcome);
          stop();
          isWaiting = outcome.kind === 'queued';
        });
        void work.then(() => {
          if (isWaiting) void leftovers?.plan();
        });
      });
      return { ...outcome, key };
    },

    savePartial,
    drop: queue.remove,

    onSettled(hear) {
      heard.add(hear);
      return () => void heard.delete(hear);
    },

    close() {
      closing.abort();
      channel?.close();
    },
  };
}

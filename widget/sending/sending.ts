import type { Outcome, Queued, Sending } from '../parts.ts';
import { alone } from './alone.ts';
import { pauseAfter } from './backoff.ts';
import { deliver } from './delivery.ts';
import { hexOf } from './proof.ts';
import { queueIn } from './queue.ts';
import { ofThisBrowser, type SendingParts } from './sending-parts.ts';

/** A visitor who waits so long is told that it lies on the device; sending it goes on. */
const VISITOR_PATIENCE = 8_000;
const DAY = 24 * 3_600_000;
const OLDEST = 30 * DAY;

/** Opens the queue and sends what earlier visits left. */
export function openSending(given: Partial<SendingParts> = {}): Sending {
  const parts = { ...ofThisBrowser(), ...given };
  const { now, random, after, isOnline, locks, channel } = parts;
  const queue = queueIn(parts);
  const closing = new AbortController();
  const { signal } = closing;
  const heard = new Set<Parameters<Sending['onSettled']>[0]>();
  let isGoingThrough = false;
  let callOff = () => {};

  const newKey = () => hexOf(parts.crypto.getRandomValues(new Uint8Array(16)));
  const queued = (key: string, reason: 'server' | 'busy'): Outcome => ({
    kind: 'queued',
    isKept: queue.isKept(key),
    reason: isOnline() ? reason : 'offline',
  });
  const isOverdue = ({ at, refusal }: Queued) => refusal != null || now() - at > OLDEST;
  const isDue = (entry: Queued) => {
    const wait = entry.notBefore - now();
    // One of more than a day comes from a clock that was wrong.
    return !isOverdue(entry) && (wait <= 0 || wait > DAY);
  };
  // Each in an async function of its own, so that one that throws stops nothing.
  const tell = (entry: Queued, outcome: Outcome) => heard.forEach(async (hear) => hear(entry, outcome));

  /** Sends an entry and brings the queue up to date; what its visitor does not wait for any more is told to all who listen. */
  async function send(entry: Queued, isWatched = () => false): Promise<Outcome> {
    const { key } = entry;
    const verdict = await deliver(parts, entry);
    if (verdict.kind === 'later') {
      const { status, pause, reason } = verdict;
      const attempts = entry.attempts + 1;
      // A network that was gone may be back at any moment; a server in trouble is left alone.
      const notBefore = status ? now() + Math.max(pause, pauseAfter(attempts, random)) : 0;
      await queue.update({ ...entry, attempts, notBefore });
      void plan();
      return queued(key, reason);
    }
    const isKnown = isWatched();
    if (isKnown || verdict.kind === 'received') await queue.remove(key);
    else await queue.update({ ...entry, refusal: verdict.message });
    if (!isKnown && !signal.aborted) {
      tell(entry, verdict);
      channel?.postMessage({ entry, outcome: verdict });
    }
    return verdict;
  }

  async function sendWaiting() {
    if (isGoingThrough) return;
    isGoingThrough = true;
    for (const { key } of (await queue.all()).filter(isDue)) {
      await alone(locks, key, async () => {
        // Another tab may have dealt with it meanwhile.
        const entry = (await queue.all()).find((one) => one.key === key && isDue(one));
        if (entry && !signal.aborted) await send(entry);
      });
    }
    isGoingThrough = false;
    await plan();
  }

  /** Sees to it that what waits is sent in time. */
  async function plan() {
    const waiting = (await queue.all()).filter((entry) => !isOverdue(entry));
    const pauses = waiting.map(({ notBefore, attempts }) => Math.max(notBefore - now(), pauseAfter(attempts, random)));
    callOff();
    if (pauses[0] && !signal.aborted) callOff = after(Math.min(...pauses), sendWaiting);
  }

  channel?.addEventListener('message', ({ data }) => {
    if (data?.entry && data.outcome) tell(data.entry, data.outcome);
  });
  parts.onReturn(sendWaiting, signal);
  void sendWaiting();

  return {
    async submit(given) {
      const key = newKey();
      const entry: Queued = { ...given, key, at: now(), attempts: 0, notBefore: 0 };
      let isWatched = true;
      const outcome = await new Promise<Outcome>((resolve) => {
        const stop = after(VISITOR_PATIENCE, () => {
          isWatched = false;
          resolve(queued(key, 'server'));
        });
        void alone(locks, key, async () => {
          await queue.add(entry);
          resolve(await send(entry, () => isWatched));
          stop();
        });
      });
      return { ...outcome, key };
    },

    async savePartial({ api, formId, needsProof, body }, held) {
      const parcel = { key: newKey(), api, formId, needsProof, body, ...(held && { completes: held }) };
      const verdict = await deliver(parts, parcel, true);
      const { id, token } = verdict.kind === 'received' ? verdict.receipt : {};
      if (id && token && id !== held?.id) return { id, token, sequence: 0 };
      // Whether or not it came through: the next one must not carry the same number.
      return held && { ...held, sequence: held.sequence + 1 };
    },

    overdue: async () => (await queue.all()).filter(isOverdue),

    async retry(key) {
      let outcome = queued(key, 'busy');
      await alone(locks, key, async () => {
        const entry = (await queue.all()).find((one) => one.key === key);
        if (!entry) return;
        // The visitor has sent it anew, so it may wait as long again.
        const { refusal: _, ...again } = entry;
        outcome = await send({ ...again, at: now(), notBefore: 0 });
      });
      return outcome;
    },

    drop: (key) => queue.remove(key),

    onSettled(hear) {
      heard.add(hear);
      return () => void heard.delete(hear);
    },

    close() {
      closing.abort();
      callOff();
      channel?.close();
    },
  };
}

import type { Challenge } from '../../src/contract/capture.ts';
import type { Queued } from '../parts.ts';
import { proofOf } from './proof.ts';
import type { SendingParts } from './sending-parts.ts';
import { type Answer, call } from './transport.ts';

/** What is sent: a submission, or part of one. */
export type Parcel = Pick<Queued, 'key' | 'api' | 'formId' | 'needsProof' | 'body' | 'completes'> & { attempts?: number };

/** Higher than any partial save's, so that none which comes late takes a completion's place. */
const LAST_SEQUENCE = 1_000_000;
/** Browsers refuse to carry on more than 64 KB for closed pages. */
const MOST_KEPT_ALIVE = 60_000;

/** Sends once. A challenge that makes no sense counts as a fault of the server. */
export const attempt = (parts: SendingParts, parcel: Parcel, isPartial = false): Promise<Answer> =>
  send(parts, parcel, isPartial).catch(() => ({ status: 500, pause: 0 }));

async function send(parts: SendingParts, parcel: Parcel, isPartial: boolean): Promise<Answer> {
  const { api, formId, key, body, completes, needsProof, attempts } = parcel;
  const address = `${api}/api/v2/public/`;
  const { subtle } = parts.crypto;
  let proof: string | undefined;
  // Going on with a partial submission is free; ending it is not.
  if (needsProof && subtle && !(completes && isPartial)) {
    const answer = await call(parts, `${address}forms/${formId}/challenge`);
    if (!answer.data) return answer;
    proof = await proofOf(answer.data as Challenge, subtle);
  }
  const purpose = completes
    ? { complete: !isPartial, sequence: isPartial ? completes.sequence + 1 : LAST_SEQUENCE }
    : { is_partial: isPartial };
  const bytes = new TextEncoder().encode(JSON.stringify({ ...body, proof, ...purpose }));
  return call(parts, address + (completes ? `submissions/${completes.id}` : `forms/${formId}/submissions`), {
    method: completes ? 'PATCH' : 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
      ...(completes && { Authorization: `Bearer ${completes.token}` }),
    },
    body: bytes,
    // A closed tab still delivers; what failed that way once goes the common way.
    keepalive: !attempts && bytes.length < MOST_KEPT_ALIVE,
  });
}
